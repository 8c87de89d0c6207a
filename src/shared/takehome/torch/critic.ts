import { isUnwritable } from '../../base/python'
import { paramsOf } from '../../base/params'
import { optimizers } from '../../catalog/optimizers'
import { criticParts, type Critic } from '../critic'
import { refuseTorch as refuse } from '../refuse'
import type { Taken } from '../types'
import { torchModel, type TorchModel } from './model'

/** What the training of a critic has beside that of any other network. */
export type TorchCritic = Critic<TorchModel>

const NOISE = `class Noise(nn.Module):
    """Random numbers of a step: check.py puts the recorded ones in its place."""

    def forward(self, use, *shape):
        return torch.rand(shape) if use == "between" else torch.randn(shape)`

const pairOf = (doc: string, learns: boolean): string =>
  [
    'class Pair(nn.Module):',
    `    ${doc}`,
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
  const parts = criticParts(taken, 'torch')
  if (!parts) return undefined
  const { settings, plan, rateMoves, noises, constants, unpack } = parts
  const define = { Noise: NOISE, Pair: pairOf(parts.pairDoc, plan !== undefined) }
  const joined = ['output = model(torch.cat([x, points]))', 'target = torch.cat([target, torch.zeros_like(target)])']
  if (!plan)
    return {
      define,
      noises,
      constants,
      unpack,
      output: ['model = pair.critic', 'points = x + SPREAD * pair.noise("points", *x.shape)', ...joined],
      turn: parts.turn,
      functions: [['def make_optimizer(pair):', '    return make_critic_optimizer(pair.critic)']]
    }
  const { python, name } = optimizers.get(settings.optimizer.id)
  if (isUnwritable(python.torch)) return refuse('data.dataset.generatorOptimizer', name, python.torch.why)
  const made = python.torch(paramsOf(settings.optimizer))
  const generator = torchModel(plan, parts.generatorTitle, { name: 'Generator', doc: parts.generatorDoc })
  const drawn = (use: string, rows: string): string => `pair.generator(pair.noise("${use}", ${rows}, LATENT))`
  const turn = [
    ...parts.step,
    ...(made.each?.some((l) => /\bt\b/.test(l)) ? ['    t = (step + 1) // CRITIC_STEPS'] : []),
    ...(rateMoves || made.each
      ? [
          '    for group in optimizer.param_groups:',
          ...(rateMoves ? ['        group["lr"] = GENERATOR_RATE / LEARNING_RATE * learning_rate(step)'] : []),
          ...(made.each ?? []).map((l) => `        ${l}`)
        ]
      : []),
    ...(model.counters.length
      ? [parts.keeps, '    kept = {k: b.clone() for k, b in pair.critic.named_buffers()}']
      : []),
    `    loss = -pair.critic(${drawn('update', 'rows')}).mean()`,
    '    optimizer.zero_grad()',
    '    loss.backward(inputs=list(pair.generator.parameters()))',
    '    optimizer.step()',
    ...(model.counters.length ? ['    pair.critic.load_state_dict(kept, strict=False)'] : [])
  ]
  return {
    generator,
    define: { ...made.define, ...define },
    noises,
    constants,
    unpack,
    output: ['model = pair.critic', 'with torch.no_grad():', `    points = ${drawn('points', 'len(x)')}`, ...joined],
    turn: parts.turn,
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
