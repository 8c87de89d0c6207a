import { number, remark, type Definitions } from '../base/python'
import { generatorOf, planGenerator } from '../experiment'
import { drawnNoise, type DrawnNoise } from './noise'
import { rateOf } from './rate'
import type { Taken } from './types'

/** What the training of a critic has beside that of any other network, as statements of either language. */
export interface Critic<Model> {
  /** The generator's network, where it has one and learns. */
  generator?: Model
  define: Definitions
  constants: readonly string[]
  noises: readonly DrawnNoise[]
  /** Statements that begin a step, compute the output in its loss, and end a step. */
  unpack: readonly string[]
  output: readonly string[]
  turn: readonly string[]
  functions: readonly (readonly string[])[]
}

/** What is written alike in both languages. */
export interface CriticParts extends Pick<Critic<never>, 'constants' | 'noises' | 'unpack' | 'turn'> {
  settings: NonNullable<ReturnType<typeof generatorOf>>
  /** The generator's network; absent where points are the data's own, moved by noise. */
  plan: ReturnType<typeof planGenerator>
  /** Whether the generator's learning rate goes with that of the critic. */
  rateMoves: boolean
  /** Docstrings of the pair and of the generator, and the generator's title. */
  pairDoc: string
  generatorDoc: string
  generatorTitle: string
  /** The head of the function that lets the generator learn. */
  step: readonly string[]
  /** A remark on why the critic's norms are put back behind it. */
  keeps: string
}

/** A step's statements, behind one that names the critic where they speak of it. @param lines as they are indented */
export const namingCritic = (lines: readonly string[]): string[] => [
  ...(lines.some((l) => /\bmodel\b/.test(l)) ? ['    model = pair.critic'] : []),
  ...lines
]

/** @returns undefined for any other task */
export function criticParts(taken: Taken, library: 'torch' | 'keras'): CriticParts | undefined {
  const { experiment } = taken
  const settings = generatorOf(experiment)
  if (!settings) return undefined
  const plan = planGenerator(settings)
  const rateMoves = plan !== undefined && rateOf(taken, library) !== undefined
  const { latent, criticSteps, spread, optimizer } = settings
  return {
    settings,
    plan,
    rateMoves,
    noises: drawnNoise(taken),
    constants: plan
      ? [
          `CRITIC_STEPS = ${number(criticSteps)}`,
          `LATENT = ${number(latent)}`,
          ...(rateMoves ? [`GENERATOR_RATE = ${number(optimizer['learningRate'])}`] : [])
        ]
      : [`SPREAD = ${number(spread)}`],
    unpack: plan ? ['optimizer, generator_optimizer = optimizers'] : [],
    turn: plan
      ? ['if (step + 1) % CRITIC_STEPS == 0:', '    generator_step(pair, generator_optimizer, step, len(x))']
      : [],
    pairDoc: `"""A critic, and the ${plan ? 'generator' : 'noise'} that it learns against."""`,
    generatorDoc: `Turns ${number(latent)} standard normal number${latent === 1 ? '' : 's'} into a point.`,
    generatorTitle: `Generator of ${remark(experiment.name) || 'Network'}`,
    step: [
      'def generator_step(pair, optimizer, step, rows):',
      '    """The generator learns from the critic as the step leaves it."""'
    ],
    keeps: "    # Norms keep the means of the critic's own batches."
  }
}
