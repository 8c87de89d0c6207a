import { moduleText, quoted } from '../../base/python'
import { CHECK_DOC, comparison, recordNoise } from '../check'
import type { KerasModel } from './model'

/**
 * `check.py`.
 * @param start file of the weights before step 0
 * @param goesOn whether the optimizer goes on from another training
 */
export function kerasCheck({ noises }: KerasModel, start: string, goesOn: boolean): string {
  const recorded = noises.length
    ? [
        'def recorded(noise, output):',
        '    """Stands for a layer that draws noise, and takes the recorded one."""',
        '    steps = iter(noise)',
        '    return lambda x, training=None: output(x, next(steps))',
        '',
        '',
        ...recordNoise(noises, ({ layer }) => ({
          name: layer,
          put: [`model.get_layer(${quoted(layer)}).call = recorded(noise, output)`]
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
    'from model import build',
    `from train import ${goesOn ? 'go_on, ' : ''}gradients_of, make_optimizer, train_step`,
    '',
    'TOLERANCE = 1e-4',
    '',
    '',
    ...recorded,
    'def start(file):',
    '    model = build()',
    `    model.load_weights(${quoted(start)})`,
    ...(noises.length ? ['    record(model, file)'] : []),
    '    return model',
    '',
    '',
    ...comparison({
      change: [
        'for w in model.trainable_variables:',
        '    change = rng.uniform(-1, 1, w.shape) * eps',
        '    w.assign(keras.ops.convert_to_numpy(w) * (1 + change))'
      ],
      gradients: [
        '_, gradients = gradients_of(model, *next(batches(x, target)))',
        'names = [f"{a.name}/{w.name}" for a in model.layers for w in a.trainable_variables]',
        'return {name: keras.ops.convert_to_numpy(g) for name, g in zip(names, gradients)}'
      ],
      optimizer: [
        'optimizer = make_optimizer()',
        'optimizer.build(model.trainable_variables)',
        ...(goesOn ? ['go_on(optimizer, model)'] : [])
      ],
      separator: '/',
      library: 'Keras {keras.__version__} on {keras.backend.backend()}'
    })
  ])
}
