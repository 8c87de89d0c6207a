/** Schedules of Keras and PyTorch: each rate here is the one there, or it is said what differs. */
import { describe, expect, it } from 'vitest'
import { learningRateAt } from '../../../../src/shared/catalog/schedules'
import { readTraining as ofKeras } from '../../../../src/shared/bridge/keras/training'
import { readTraining as ofTorch, type Told } from '../../../../src/shared/bridge/torch/training'
import { readExperiment } from '../../../../src/shared/experiment'
import type { ForeignTraining } from '../../../../src/shared/bridge/foreign'

const STEPS = 500
type Json = Record<string, unknown>
/** The rates that an experiment of this training has. */
function rates({ optimizer, schedule }: ForeignTraining): number[] {
  const { experiment } = readExperiment({ training: { steps: STEPS, optimizer, ...(schedule && { schedule }) } })
  const { training } = experiment
  return Array.from({ length: STEPS }, (_, step) =>
    learningRateAt(training.optimizer.learningRate as number, training.schedule, step, STEPS)
  )
}
const keras = (class_name: string, config: Json): ForeignTraining =>
  ofKeras({ optimizer: { class_name: 'SGD', config: { learning_rate: { class_name, config } } } }, STEPS)
const told = (name: string, settings: Json, more: Partial<Told> = {}): Told => ({ name, settings, ...more })
const torch = (schedule: Told): ForeignTraining =>
  ofTorch({ optimizer: told('SGD', { lr: 0.001, initial_lr: 0.1 }), schedule }, STEPS)
const said = (t: ForeignTraining): string => t.notes.map((n) => n.en).join('; ')
const COUNTED = 'the schedule counts steps here, as if it were called once a step'

describe('exactly', () => {
  const half = (t: number, of: number): number => (1 + Math.cos((Math.PI * t) / of)) / 2
  const climb = told('LinearLR', { start_factor: 0.1, end_factor: 1, total_iters: 9 })
  const cases: [string, ForeignTraining, (t: number) => number, string][] = [
    [
      'ExponentialDecay',
      keras('ExponentialDecay', { initial_learning_rate: 0.1, decay_steps: 100, decay_rate: 0.9 }),
      (t) => 0.1 * 0.9 ** (t / 100),
      ''
    ],
    [
      'ExponentialDecay in stairs',
      keras('ExponentialDecay', { initial_learning_rate: 0.1, decay_steps: 100, decay_rate: 0.9, staircase: true }),
      (t) => 0.1 * 0.9 ** Math.floor(t / 100),
      ''
    ],
    [
      'CosineDecay',
      keras('CosineDecay', { initial_learning_rate: 0.1, decay_steps: STEPS - 1, alpha: 0.2 }),
      (t) => 0.1 * (0.2 + 0.8 * half(t, STEPS - 1)),
      ''
    ],
    ['StepLR', torch(told('StepLR', { step_size: 30, gamma: 0.5 })), (t) => 0.1 * 0.5 ** Math.floor(t / 30), COUNTED],
    ['ExponentialLR', torch(told('ExponentialLR', { gamma: 0.99 })), (t) => 0.1 * 0.99 ** t, COUNTED],
    [
      'CosineAnnealingLR',
      torch(told('CosineAnnealingLR', { T_max: STEPS - 1, eta_min: 0.01 })),
      (t) => 0.01 + 0.09 * half(t, STEPS - 1),
      COUNTED
    ],
    ['LinearLR', torch(climb), (t) => 0.1 * (0.1 + (0.9 * Math.min(t, 9)) / 9), COUNTED],
    [
      'LinearLR, then CosineAnnealingLR',
      torch(
        told('SequentialLR', { milestones: [10] }, { parts: [climb, told('CosineAnnealingLR', { T_max: STEPS - 11 })] })
      ),
      (t) => (t < 10 ? (0.1 * (t + 1)) / 10 : 0.1 * half(t - 10, STEPS - 11)),
      COUNTED
    ]
  ]
  it.each(cases)('%s', (_name, training, there, words) => {
    expect(said(training)).toBe(words)
    rates(training).forEach((rate, t) => expect(rate).toBeCloseTo(there(t), 12))
  })
  it('MultiStepLR, with what comes behind its last milestone told', () => {
    const training = torch(told('MultiStepLR', { milestones: [200, 400], gamma: 0.1 }))
    expect(said(training)).toContain('also beyond step 400')
    rates(training).forEach((rate, t) => expect(rate).toBeCloseTo(0.1 * 0.1 ** Math.floor(t / 200), 12))
  })
})
describe('with a note', () => {
  it('a warm-up goes to its target', () => {
    const training = keras('CosineDecay', {
      initial_learning_rate: 0,
      decay_steps: 400,
      warmup_target: 0.1,
      warmup_steps: 100
    })
    expect(said(training)).toMatch(/at the last of 400 steps, not after 400; the warm-up of 100 steps/)
    expect(Math.max(...rates(training))).toBeCloseTo(0.1, 12)
  })
  it('a cosine of another length ends with the run', () => {
    expect(said(torch(told('CosineAnnealingLR', { T_max: 50 })))).toContain('not after 50')
  })
  it('constants between boundaries fall a step later there', () => {
    const config = { boundaries: [100, 200], values: [0.1, 0.01, 0.001] }
    const training = keras('PiecewiseConstantDecay', config)
    expect(said(training)).toMatch(/also beyond step 200.*a step later there/)
    expect([99, 100, 201].map((t) => rates(training)[t]!.toPrecision(3))).toEqual(['0.100', '0.0100', '0.00100'])
  })
})
describe('not', () => {
  const stays = (training: ForeignTraining, rate: number): void => {
    expect(training.schedule).toBeUndefined()
    expect(said(training)).toContain(`is left out: the rate stays at ${rate}`)
    expect(new Set(rates(training))).toEqual(new Set([rate]))
  }
  it.each([
    told('OneCycleLR', { total_steps: 100 }),
    told('LambdaLR', {}),
    told('ReduceLROnPlateau', { factor: 0.1 }),
    told('CosineAnnealingWarmRestarts', { T_0: 10 }),
    told('LinearLR', { start_factor: 1 / 3, end_factor: 1, total_iters: 5 }),
    told('MultiStepLR', { milestones: [30, 80], gamma: 0.1 }),
    told('StepLR', { step_size: 30, gamma: 2 }),
    told('ExponentialLR', { gamma: 1.1 }),
    told(
      'SequentialLR',
      { milestones: [5] },
      { parts: [told('ConstantLR', {}), told('ExponentialLR', { gamma: 0.9 })] }
    )
  ])('$name of PyTorch', (schedule) => stays(torch(schedule), 0.1))
  it.each([
    ['PolynomialDecay', { initial_learning_rate: 0.1, decay_steps: 10 }],
    ['InverseTimeDecay', { initial_learning_rate: 0.1, decay_steps: 10 }],
    ['CosineDecayRestarts', { initial_learning_rate: 0.1, first_decay_steps: 10 }],
    ['PiecewiseConstantDecay', { boundaries: [10, 50], values: [0.1, 0.01, 0.001] }],
    ['PiecewiseConstantDecay', { boundaries: [10, 20], values: [0.1, 0.01, 0.005] }],
    ['ExponentialDecay', { initial_learning_rate: 0.1, decay_steps: 2.5, decay_rate: 0.9, staircase: true }]
  ])('%s of Keras', (name, config) => stays(keras(name, config), 0.1))
  it('anew without a word, where it has made steps', () => {
    expect(torch(told('StepLR', { step_size: 30, gamma: 0.5, last_epoch: 7 })).moved).toBe(true)
    expect(torch(told('StepLR', { step_size: 30, gamma: 0.5, last_epoch: 0 })).moved).toBeUndefined()
  })
})
