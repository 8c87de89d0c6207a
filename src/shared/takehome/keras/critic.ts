import { isUnwritable } from '../../base/python'
import { paramsOf } from '../../base/params'
import { optimizers } from '../../catalog/optimizers'
import { criticParts, type Critic } from '../critic'
import { refuseKeras } from '../refuse'
import type { Taken } from '../types'
import { kerasModel, type KerasModel } from './model'

/** What the training of a critic has beside that of any other network. */
export interface KerasCritic extends Critic<KerasModel> {
  /** Numbers that a point is made of. */
  latent: number
  /** Statements at the end of the training. */
  save: readonly string[]
}
/** Files of the generator's weights: before step 0, after the steps of the run, after those of the project. */
export const GENERATOR_FILES = ['generator-start.keras', 'generator-weights.keras', 'generator-trained.keras'] as const

const NOISE = `def draw(use, *shape):
    """Random numbers of a step: check.py puts the recorded ones in its place."""
    kind = np.random.random if use == "between" else np.random.standard_normal
    return ops.convert_to_tensor(kind(shape).astype("float32"))`

const pairOf = (start: string, doc: string, learns: boolean): string =>
  [
    'class Pair:',
    `    ${doc}`,
    '',
    '    def __init__(self):',
    '        self.critic = build()',
    `        self.critic.load_weights("${start}")`,
    ...(learns
      ? ['        self.generator = build_generator()', `        self.generator.load_weights("${GENERATOR_FILES[0]}")`]
      : []),
    '        self.noise = draw'
  ].join('\n')

const gradientsOf = [
  'def gradients_of(pair, x, target):',
  '    """The critic\'s loss of a batch, and its gradients."""',
  '    return differentiate(pair.critic, lambda: loss_of(pair, x, target))'
]
const joined = [
  'output = model(ops.concatenate([x, points]), training=training)',
  'target = ops.concatenate([target, ops.zeros_like(target)])'
]
const given = ['model = pair.critic', 'x, target = ops.convert_to_tensor(x), ops.convert_to_tensor(target)']

/**
 * How a critic learns against its generator: the same order of steps, each with noise of its own.
 * @param model the critic. @param start file of its weights before step 0. @param goesOn whether its optimizer does
 * @returns undefined for any other task
 * @throws InputError naming what can't be written
 */
export function kerasCritic(taken: Taken, model: KerasModel, start: string, goesOn: boolean): KerasCritic | undefined {
  const parts = criticParts(taken, 'keras')
  if (!parts) return undefined
  const { settings, plan, rateMoves, noises, constants, unpack } = parts
  const define = { draw: NOISE, Pair: pairOf(start, parts.pairDoc, plan !== undefined) }
  const goes = goesOn ? ['    go_on(optimizer, pair.critic)'] : []
  if (!plan)
    return {
      latent: settings.latent,
      define,
      noises,
      constants,
      unpack,
      output: [...given, 'points = x + SPREAD * pair.noise("points", *x.shape)', ...joined],
      turn: parts.turn,
      functions: [
        gradientsOf,
        [
          'def make_optimizer(pair):',
          '    optimizer = make_critic_optimizer()',
          '    optimizer.build(pair.critic.trainable_variables)',
          ...goes,
          '    return optimizer'
        ]
      ],
      save: []
    }
  const { python, name } = optimizers.get(settings.optimizer.id)
  if (isUnwritable(python.keras)) return refuseKeras('data.dataset.generatorOptimizer', name, python.keras.why)
  const made = python.keras(paramsOf(settings.optimizer), rateMoves)
  const generator = kerasModel(plan, parts.generatorTitle, !!made.pullsBiases, {
    name: 'build_generator',
    doc: parts.generatorDoc
  })
  const keeps = model.nodes.some((n) => n.layer.object.class === 'BatchNormalization')
  const turn = [
    ...parts.step,
    ...(rateMoves ? ['    optimizer.learning_rate = GENERATOR_RATE / LEARNING_RATE * learning_rate(step)'] : []),
    '',
    '    def loss_of_points():',
    '        points = pair.generator(pair.noise("update", rows, LATENT))',
    '        return -ops.mean(pair.critic(points, training=True))',
    '',
    ...(keeps
      ? [
          parts.keeps,
          '    means = pair.critic.non_trainable_weights',
          '    kept = [ops.convert_to_numpy(w).copy() for w in means]'
        ]
      : []),
    '    _, gradients = differentiate(pair.generator, loss_of_points)',
    '    optimizer.apply(gradients, pair.generator.trainable_variables)',
    ...(keeps ? ['    for w, value in zip(means, kept):', '        w.assign(value)'] : [])
  ]
  return {
    generator,
    latent: settings.latent,
    define: { ...made.define, ...define },
    noises,
    constants,
    unpack,
    output: [
      ...given,
      'points = pair.generator(pair.noise("points", len(x), LATENT))',
      'points = ops.stop_gradient(points)',
      ...joined
    ],
    turn: parts.turn,
    functions: [
      gradientsOf,
      ['def make_generator_optimizer():', `    return ${made.make}`],
      [
        'def make_optimizer(pair):',
        '    """That of the critic, and that of the generator."""',
        '    optimizer, other = make_critic_optimizer(), make_generator_optimizer()',
        '    optimizer.build(pair.critic.trainable_variables)',
        ...goes,
        '    other.build(pair.generator.trainable_variables)',
        '    return optimizer, other'
      ],
      turn
    ],
    save: [`pair.generator.save("${GENERATOR_FILES[2]}")`]
  }
}
