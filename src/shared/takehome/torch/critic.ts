import { isUnwritable, number, remark, type Definitions } from '../../base/python'
import { paramsOf } from '../../base/params'
import { optimizers } from '../../catalog/optimizers'
import { generatorOf, planGenerator } from '../../experiment'
import { drawnNoise, type DrawnNoise } from '../noise'
import { rateOf } from '../rate'
import { refuseTorch as refuse } from '../refuse'
import type { Taken } from '../types'
import { torchModel, type TorchModel } from './model'

/** What the training of a critic has beside that of any other network. */
export interface TorchCritic {
  /** The generator's network, where it has one and learns. */
  generator?: TorchModel
  learns: boolean
  define: Definitions
  constants: readonly string[]
  noises: readonly DrawnNoise[]
  /** Statements that begin a step, compute the output in its loss, and end a step. */
  unpack: readonly string[]
  output: readonly string[]
  turn: readonly string[]
  functions: readonly (readonly string[])[]
}

const NOISE = `class Noise(nn.Module):
    """Random numbers of a step: check.py puts the recorded ones in its place."""

    def forward(self, use, *shape):
        return torch.rand(shape) if use == "between" else torch.randn(shape)`

const pairOf = (learns: boolean): string =>
  [
    'class Pair(nn.Module):',
    `    """A critic, and ${learns ? 'the generator' : 'the noise'} that it learns against."""`,
    '',
    '    def __init__(self):',
    '        super().__init__()',
    '        self.critic = Net()',
    ...(learns ? ['        self.generator = Generator()'] : []),
    '        self.noise = Noise()'
  ].join('\n')

/**
 * How a critic learns against its generator: the same order of steps, each with noise of its own.
 * @param model the critic
 * @returns undefined for any other task
 * @throws InputError naming what can't be written
 */
export function torchCritic(taken: Taken, model: TorchModel): TorchCritic | undefined {
  const { experiment } = taken
  const settings = generatorOf(experiment)
  if (!settings) return undefined
  const plan = planGenerator(settings)
  const define = { Noise: NOISE, Pair: pairOf(plan !== undefined) }
  const noises = drawnNoise(taken)
  const joined = ['output = model(torch.cat([x, points]))', 'target = torch.cat([target, torch.zeros_like(target)])']
  if (!plan)
    return {
      learns: false,
      define,
      noises,
      constants: [`SPREAD = ${number(settings.spread)}`],
      unpack: ['model = pair.critic'],
      output: ['model = pair.critic', 'points = x + SPREAD * pair.noise("points", *x.shape)', ...joined],
      turn: [],
      functions: [['def make_optimizer(pair):', '    return make_critic_optimizer(pair.critic)']]
    }
  const { python, name } = optimizers.get(settings.optimizer.id)
  if (isUnwritable(python.torch)) return refuse('data.dataset.generatorOptimizer', name, python.torch.why)
  const made = python.torch(paramsOf(settings.optimizer))
  const numbers = `${number(settings.latent)} standard normal number${settings.latent === 1 ? '' : 's'}`
  const generator = torchModel(plan, `Generator of ${remark(experiment.name) || 'Network'}`, {
    name: 'Generator',
    doc: `Turns ${numbers} into a point.`
  })
  const drawn = (use: string, rows: string): string => `pair.generator(pair.noise("${use}", ${rows}, LATENT))`
  const rateMoves = rateOf(taken, 'torch') !== undefined
  const turn = [
    'def generator_step(pair, optimizer, step, rows):',
    '    """The generator learns from the critic as the step leaves it."""',
    ...(made.each?.some((l) => /\bt\b/.test(l)) ? ['    t = (step + 1) // CRITIC_STEPS'] : []),
    ...(rateMoves || made.each
      ? [
          '    for group in optimizer.param_groups:',
          ...(rateMoves ? ['        group["lr"] = GENERATOR_RATE / LEARNING_RATE * learning_rate(step)'] : []),
          ...(made.each ?? []).map((l) => `        ${l}`)
        ]
      : []),
    ...(model.counters.length
      ? [
          "    # Norms keep the means of the critic's own batches.",
          '    kept = {k: b.clone() for k, b in pair.critic.named_buffers()}'
        ]
      : []),
    `    loss = -pair.critic(${drawn('update', 'rows')}).mean()`,
    '    optimizer.zero_grad()',
    '    loss.backward(inputs=list(pair.generator.parameters()))',
    '    optimizer.step()',
    ...(model.counters.length ? ['    pair.critic.load_state_dict(kept, strict=False)'] : [])
  ]
  return {
    generator,
    learns: true,
    define: { ...made.define, ...define },
    noises,
    constants: [
      `CRITIC_STEPS = ${number(settings.criticSteps)}`,
      `LATENT = ${number(settings.latent)}`,
      ...(rateMoves ? [`GENERATOR_RATE = ${number(settings.optimizer['learningRate'])}`] : [])
    ],
    unpack: ['model, (optimizer, generator_optimizer) = pair.critic, optimizers'],
    output: ['model = pair.critic', 'with torch.no_grad():', `    points = ${drawn('points', 'len(x)')}`, ...joined],
    turn: ['if (step + 1) % CRITIC_STEPS == 0:', '    generator_step(pair, generator_optimizer, step, len(x))'],
    functions: [
      ['def make_generator_optimizer(model):', `    return ${made.make}`],
      [
        'def make_optimizer(pair):',
        '    """That of the critic, and that of the generator."""',
        '    return make_critic_optimizer(pair.critic), make_generator_optimizer(pair.generator)'
      ],
      turn
    ]
  }
}
