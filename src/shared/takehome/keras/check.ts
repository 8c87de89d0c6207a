import { moduleText, quoted } from '../../base/python'
import { CHECK_DOC, comparison, recordNoise } from '../check'
import type { KerasCritic } from './critic'
import type { KerasModel } from './model'

/** Statements that give the recorded noise of a call of the critic. */
const ANY_ROWS = [
  '    step = -1',
  '',
  '    def call(x, training=None):',
  '        nonlocal step',
  '        # A step asks once for real and generated points; for fewer it draws the same again.',
  '        step += x.shape[0] == noise.shape[1]',
  '        return output(x, noise[step, : x.shape[0]])',
  '',
  '    return call'
]
/** What stands for the noise of a critic's training. */
const drawn = (noises: KerasCritic['noises']): string[] => [
  'def drawn(file):',
  '    """Stands for the noise of the training, and gives the recorded one."""',
  `    uses = [${noises.map(({ use }) => quoted(use)).join(', ')}]`,
  '    steps = {use: iter(file[f"noise/{use}"]) for use in uses}',
  '    return lambda use, *shape: keras.ops.convert_to_tensor(next(steps[use]))',
  '',
  ''
]

/**
 * `check.py`.
 * @param start file of the weights before step 0
 * @param goesOn whether the optimizer goes on from another training
 * @param critic what it takes to train a critic
 */
export function kerasCheck({ noises }: KerasModel, start: string, goesOn: boolean, critic?: KerasCritic): string {
  const net = critic ? 'model.critic' : 'model'
  const recorded = noises.length
    ? [
        'def recorded(noise, output):',
        '    """Stands for a layer that draws noise, and takes the recorded one."""',
        ...(critic
          ? ANY_ROWS
          : ['    steps = iter(noise)', '    return lambda x, training=None: output(x, next(steps))']),
        '',
        '',
        ...recordNoise(noises, ({ layer }) => ({
          name: layer,
          put: [`${net}.get_layer(${quoted(layer)}).call = recorded(noise, output)`]
        }))
      ]
    : []
  return moduleText([
    ...CHECK_DOC,
    '',
    'import sys',
    '',
    'import keras',
    'import numpy as np',
    ...(recorded.some((l) => /\bops\./.test(l)) ? ['from keras import ops'] : []),
    '',
    'from data import batches, load',
    ...(critic
      ? ['from train import Pair, gradients_of, make_optimizer, train_step']
      : [
          'from model import build',
          `from train import ${goesOn ? 'go_on, ' : ''}gradients_of, make_optimizer, train_step`
        ]),
    '',
    'TOLERANCE = 1e-4',
    '',
    '',
    ...(critic ? drawn(critic.noises) : []),
    ...recorded,
    'def start(file):',
    ...(critic
      ? ['    model = Pair()', '    model.noise = drawn(file)']
      : ['    model = build()', `    model.load_weights(${quoted(start)})`]),
    ...(noises.length ? ['    record(model, file)'] : []),
    '    return model',
    '',
    '',
    ...comparison({
      change: [
        critic?.generator
          ? 'for w in model.critic.trainable_variables + model.generator.trainable_variables:'
          : `for w in ${net}.trainable_variables:`,
        '    change = rng.uniform(-1, 1, w.shape) * eps',
        '    w.assign(keras.ops.convert_to_numpy(w) * (1 + change))'
      ],
      gradients: [
        '_, gradients = gradients_of(model, *next(batches(x, target)))',
        `names = [f"{a.name}/{w.name}" for a in ${net}.layers for w in a.trainable_variables]`,
        'return {name: keras.ops.convert_to_numpy(g) for name, g in zip(names, gradients)}'
      ],
      optimizer: critic
        ? ['optimizer = make_optimizer(model)']
        : [
            'optimizer = make_optimizer()',
            'optimizer.build(model.trainable_variables)',
            ...(goesOn ? ['go_on(optimizer, model)'] : [])
          ],
      wide: ['keras.config.set_floatx("float64")', 'keras.config.set_dtype_policy("float64")'],
      narrow: ['keras.config.set_floatx("float32")', 'keras.config.set_dtype_policy("float32")'],
      // Graphics cards of some kinds have no float64.
      within: (statement) => ['with keras.device("cpu"):', `    ${statement}`],
      widened: 'value.astype(np.float64)',
      separator: '/',
      library: 'Keras {keras.__version__} on {keras.backend.backend()}'
    })
  ])
}
