/** Regularisation that leaves the loss no say: named with its number and cured; the usual amounts are no fault. */
import { parseExperiment, type Experiment } from '@shared/experiment'
import { describe, expect, it } from 'vitest'
import { runToEnd, type Told } from './support'

const dense = (id: string, units: number, activation: string, l2 = 0): object => ({
  id,
  kind: 'dense',
  params: { units, activation, l2 }
})
const digits = (nodes: object[], training: object): Experiment =>
  parseExperiment({
    seed: 7,
    data: { dataset: 'digits' },
    network: { nodes },
    training: {
      steps: 150,
      batchSize: 48,
      loss: 'softmaxCrossEntropy',
      optimizer: { id: 'adam', learningRate: 0.003 },
      ...training
    }
  })
const penalised = (l2: number, optimizer: object): Experiment =>
  digits([dense('h1', 32, 'tanh', l2), dense('h2', 32, 'tanh', l2), dense('out', 10, 'linear', l2)], { optimizer })
const plain = [dense('h1', 32, 'relu'), dense('h2', 32, 'relu'), dense('out', 10, 'linear')]
const dropped = (rate: number): Experiment =>
  digits(
    [
      dense('h1', 64, 'relu'),
      { id: 'd1', kind: 'dropout', params: { rate } },
      dense('h2', 64, 'relu'),
      { id: 'd2', kind: 'dropout', params: { rate } },
      dense('out', 10, 'linear')
    ],
    { steps: 200, optimizer: { id: 'adam', learningRate: 0.001 } }
  )
/** Sigmoids, through which little of the loss comes back to hold the weights up. */
const decayed = (learningRate: number, weightDecay: number): Experiment =>
  digits([dense('h1', 32, 'sigmoid'), dense('h2', 32, 'sigmoid'), dense('out', 10, 'linear')], {
    steps: 300,
    optimizer: { id: 'adamW', learningRate, weightDecay }
  })
const kinds = ({ findings }: Told): string[] => findings.filter((f) => f.severity !== 'ok').map((f) => f.kind)
const sgd = { id: 'sgd', learningRate: 0.05 }
const adam = { id: 'adam', learningRate: 0.003 }
/** Weights that are cut to a limit after each step. */
const cut = (id: string, limit: number, optimizer: object): Experiment =>
  digits(plain, { optimizer, steps: 250, hooks: [{ id, limit }] })
const deepCut = digits([...[1, 2, 3, 4, 5, 6].map((i) => dense(`h${i}`, 32, 'relu')), dense('out', 10, 'linear')], {
  optimizer: sgd,
  steps: 300,
  hooks: [{ id: 'spectralNorm', limit: 0.5 }]
})
/** Dropouts none of which is too strong by itself. */
const chained = digits(
  [
    ...[1, 2, 3, 4, 5, 6].flatMap((i) => [
      dense(`h${i}`, 32, 'relu'),
      { id: `d${i}`, kind: 'dropout', params: { rate: 0.6 } }
    ]),
    dense('out', 10, 'linear')
  ],
  { steps: 300 }
)

describe('too much of it', () => {
  const cases: [string, Experiment, RegExp][] = [
    ['an L2 penalty of 1 under SGD', penalised(1, sgd), /L2 penalty, λ = 1, /],
    ['an L2 penalty of 10 under Adam', penalised(10, adam), /L2 penalty, λ = 10, /],
    ['an L2 penalty that throws the weights', penalised(30, sgd), /L2 penalty, λ = 30, /],
    ['a decay of AdamW', decayed(0.003, 10), /optimizer’s weight decay, λ = 10, /],
    [
      'a decay beside SGD',
      digits(plain, { optimizer: sgd, hooks: [{ id: 'weightDecay', lambda: 9 }] }),
      /weight decay, λ = 9, /
    ],
    ['a dropout', dropped(0.95), /dropout, p = 0\.95, /]
  ]
  it.each(cases)('%s is named, silences what it causes, and is cured by less', async (_name, e, text) => {
    const told = await runToEnd(e)
    const found = told.findings.find((f) => f.kind === 'regularisation')
    expect(found?.text.en ?? kinds(told).join()).toMatch(text)
    for (const kind of ['vanishing', 'unstable']) expect(kinds(told)).not.toContain(kind)
    expect(found!.advice[0]).toBe('lessRegularisation')
    const cured = await runToEnd(parseExperiment({ ...e, remedies: [{ id: 'lessRegularisation' }] }))
    expect(kinds(cured)).not.toContain('regularisation')
  })
  const holding: [string, Experiment, RegExp][] = [
    ['a limit on each weight', cut('weightClip', 0.01, sgd), /limit on each weight, c = 0\.01, /],
    ['a limit on each weight under Adam', cut('weightClip', 0.001, adam), /limit on each weight, c = 0\.001, /],
    ['a limit on the spectral norm', cut('spectralNorm', 0.01, sgd), /limit on the spectral norm, c = 0\.01, /],
    ['a limit through which little comes back', deepCut, /limit on the spectral norm, c = 0\.5, /],
    ['dropouts that add up', chained, /dropout, p = 0\.6, at 6 places one behind the other .* 15\.6 × as much noise/]
  ]
  it.each(holding)('%s is named alone, and what it causes is cured with it', async (_name, e, text) => {
    const told = await runToEnd(e)
    const found = told.findings.find((f) => f.kind === 'regularisation')
    expect(found?.text.en ?? kinds(told).join()).toMatch(text)
    for (const kind of ['vanishing', 'unstable', 'rateTooLarge', 'notUpdating']) expect(kinds(told)).not.toContain(kind)
    for (const f of told.findings) expect(f.advice[0], f.kind).toBe('lessRegularisation')
    const cured = await runToEnd(parseExperiment({ ...e, remedies: [{ id: 'lessRegularisation' }] }))
    expect(kinds(cured)).not.toContain('regularisation')
    expect(cured.log.verdict!.state).toBe('learned')
  })
})
describe('a penalty that outweighs the loss of a network that learns', () => {
  const outweighed = (l2: number): Promise<Told> =>
    runToEnd(parseExperiment({ ...penalised(l2, adam), training: { ...penalised(l2, adam).training, steps: 300 } }))
  it('is told, with how much it weighs', async () => {
    const told = await outweighed(0.1)
    const found = told.findings.find((f) => f.kind === 'regularisation')!
    expect(found).toMatchObject({ severity: 'warn', advice: ['lessRegularisation'] })
    expect(found.text.en).toMatch(/it weighs [\d.]+ × as much as what is left of the loss/)
    expect(found.measured['outweighs']).toBeGreaterThan(0.25)
  })
  it('is none where targets are noisy, and smaller weights answer other examples better', async () => {
    const noisy = parseExperiment({
      seed: 11,
      data: { dataset: 'diabetes', standardize: true },
      network: { nodes: [dense('h1', 32, 'relu', 0.05), dense('h2', 32, 'relu', 0.05), dense('out', 1, 'linear')] },
      training: { steps: 400, batchSize: 32, loss: 'meanSquaredError', optimizer: { id: 'adam', learningRate: 0.005 } }
    })
    const told = await runToEnd(noisy)
    expect(told.log.verdict!.measured['r2']).toBeGreaterThan(0.55)
    expect(kinds(told)).toEqual([])
  })
  it('is none at a hundredth of that', async () => {
    expect(kinds(await outweighed(0.001))).toEqual([])
  })
})
describe('a run that is short, or that learns a little', () => {
  const regularised = ({ findings }: Told): boolean => findings.some((f) => f.kind === 'regularisation')
  it('is told of a strong penalty all the same, and not of what the penalty causes', async () => {
    const sigmoids = Array.from({ length: 8 }, (_, i) => dense(`h${i + 1}`, 24, 'sigmoid', 1))
    const told = await runToEnd(digits([...sigmoids, dense('out', 10, 'linear')], { steps: 28, optimizer: adam }))
    expect(regularised(told)).toBe(true)
    expect(kinds(told)).not.toContain('vanishing')
  })
  it('that a better forecast than the mean beats is held back by it', async () => {
    const e = parseExperiment({
      seed: 5,
      data: { dataset: { id: 'sineForecast', count: 400, length: 20 } },
      network: {
        nodes: [{ id: 'cell', kind: 'simpleRnn', params: { units: 16, l2: 0.2 } }, dense('out', 1, 'linear', 0.2)]
      },
      training: { steps: 200, batchSize: 32, loss: 'meanSquaredError', optimizer: { id: 'adam', learningRate: 0.005 } }
    })
    const told = await runToEnd(e)
    expect(told.log.verdict!.state).toBe('notLearning')
    expect(regularised(told)).toBe(true)
    const cured = await runToEnd(parseExperiment({ ...e, remedies: [{ id: 'lessRegularisation' }] }))
    expect(cured.log.verdict!.state).toBe('learned')
  })
})
describe('the usual amounts are none', () => {
  it.each<[string, Experiment]>([
    ['L2 of 1e-4', penalised(1e-4, adam)],
    ['L2 of 1e-2', penalised(1e-2, sgd)],
    ['a decay of 0.1', digits(plain, { optimizer: { id: 'adamW', learningRate: 0.003, weightDecay: 0.1 } })],
    ['dropout of a half', dropped(0.5)],
    ['weights of at most 0.3', cut('weightClip', 0.3, sgd)],
    ['a spectral norm of at most 2', cut('spectralNorm', 2, sgd)],
    ['dropout of 0.8 that learns', dropped(0.8)]
  ])('%s', async (_name, e) => {
    expect(kinds(await runToEnd(e))).not.toContain('regularisation')
  })
})
