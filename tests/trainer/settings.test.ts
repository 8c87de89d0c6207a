/** Settings of the optimizer and schedules that spoil a run: named as such, and cured by the first advice. */
import { parseExperiment, type Experiment } from '@shared/experiment'
import { describe, expect, it } from 'vitest'
import { runToEnd, treated, type Told } from './support'

const dense = (id: string, units: number, activation: string, inputs?: string[]): object => ({
  id,
  kind: 'dense',
  params: { units, activation, initializer: activation === 'relu' ? 'heNormal' : 'glorotNormal' },
  ...(inputs && { inputs })
})
const digits = (training: object): Experiment =>
  parseExperiment({
    seed: 5,
    data: { dataset: 'digits' },
    network: { nodes: [dense('h1', 32, 'relu'), dense('h2', 32, 'relu'), dense('out', 10, 'linear')] },
    training: { steps: 200, batchSize: 32, loss: 'softmaxCrossEntropy', ...training }
  })
const diabetes = (training: object): Experiment =>
  parseExperiment({
    seed: 5,
    data: { dataset: 'diabetes', standardize: true },
    network: { nodes: [dense('h1', 24, 'tanh'), dense('h2', 24, 'tanh'), dense('out', 1, 'linear')] },
    training: { steps: 200, batchSize: 32, loss: 'meanSquaredError', ...training }
  })
const faults = ({ findings }: Told) => findings.filter((f) => f.severity === 'bad' || f.severity === 'warn')
const worst = (told: Told) =>
  faults(told).sort((a, b) => Number(b.severity === 'bad') - Number(a.severity === 'bad') || a.from - b.from)[0]!

describe('a setting of the optimizer that nobody trains with', () => {
  it.each<[string, object, string]>([
    ['ε of Adam', { id: 'adam', learningRate: 0.001, epsilon: 1 }, 'Adam: ε = 1 '],
    ['ε of RMSProp', { id: 'rmsprop', learningRate: 0.001, epsilon: 1 }, 'RMSProp: ε = 1 '],
    ['momentum', { id: 'momentum', learningRate: 0.01, momentum: 0.999 }, 'Momentum: momentum μ = 0.999 '],
    ['β₂', { id: 'adam', learningRate: 0.003, beta2: 0 }, 'Adam: β₂ = 0 '],
    ['ρ', { id: 'rmsprop', learningRate: 0.01, rho: 0.9999 }, 'RMSProp: ρ = 0.9999 ']
  ])('%s is named, and its usual value cures', async (_name, optimizer, text) => {
    const e = digits({ optimizer })
    const told = await runToEnd(e)
    const found = worst(told)
    expect(
      found.kind,
      faults(told)
        .map((f) => f.text.en)
        .join()
    ).toBe('optimizerSettings')
    expect(found.text.en).toContain(text)
    // The rate is as it should be: nothing else says that it is not.
    expect(told.findings.map((f) => f.kind)).not.toContain('rateTooLarge')
    const cured = await treated(e, found)
    expect(cured.log.verdict!.state).toBe('learned')
    expect(faults(cured)).toEqual([])
  })
  it('is named where the network is sure of wrong answers, though most are right', async () => {
    const e = parseExperiment({
      seed: 3,
      data: { dataset: 'wine', standardize: true },
      network: { nodes: [dense('h1', 16, 'relu'), dense('out', 3, 'linear')] },
      training: {
        steps: 300,
        batchSize: 16,
        loss: 'softmaxCrossEntropy',
        optimizer: { id: 'momentum', learningRate: 0.05, momentum: 0.9995 }
      }
    })
    const told = await runToEnd(e)
    expect(told.log.verdict!.state).not.toBe('learned')
    const found = worst(told)
    expect(found?.kind).toBe('optimizerSettings')
    expect(found.text.en).toContain('momentum μ = 0.9995')
    const cured = await treated(e, found)
    expect(cured.log.verdict!.state).toBe('learned')
    expect(faults(cured)).toEqual([])
  })
  it.each<[string, Experiment]>([
    ['β₁ of 0.999', digits({ optimizer: { id: 'adam', learningRate: 0.003, beta1: 0.999 } })],
    ['momentum of 0.99', diabetes({ optimizer: { id: 'momentum', learningRate: 0.01, momentum: 0.99 } })],
    ['β₁ and β₂ of 0', digits({ optimizer: { id: 'adam', learningRate: 0.003, beta1: 0, beta2: 0 } })]
  ])('%s is none where the network learns', async (_name, e) => {
    expect(faults(await runToEnd(e))).toEqual([])
  })
})

describe('a rate too large under momentum', () => {
  it.each([
    [0.9, 2],
    [0.9, 8],
    [0.95, 2]
  ])('is lowered as far as a momentum of %f carries: %f', async (momentum, learningRate) => {
    const e = digits({ optimizer: { id: 'momentum', learningRate, momentum } })
    const found = worst(await runToEnd(e))
    expect([found.kind, found.advice[0]]).toEqual(['rateTooLarge', 'learningRate'])
    expect((await treated(e, found)).log.verdict!.state).toBe('learned')
  })
})

describe('saturation that long steps have made', () => {
  it('is cured by shorter ones', async () => {
    const e = digits({ optimizer: { id: 'momentum', learningRate: 0.6, momentum: 0.9 }, steps: 300 })
    const hidden = ['a', 'b', 'c', 'd'].map((id) => dense(id, 32, 'tanh'))
    const deep = parseExperiment({ ...e, network: { nodes: [...hidden, dense('out', 10, 'linear')] } })
    const found = (await runToEnd(deep)).findings.find((f) => f.kind === 'saturated')!
    expect(found.advice[0]).toBe('learningRate')
    expect((await treated(deep, found)).log.verdict!.state).toBe('learned')
  })
})

describe('a schedule that raises the rate too far', () => {
  const warmUp = { id: 'constant', warmUp: 100 }
  it.each<[string, Experiment, string]>([
    ['a warm-up', digits({ optimizer: { id: 'sgd', learningRate: 5 }, schedule: warmUp }), 'warm-up'],
    [
      'a rise',
      diabetes({ optimizer: { id: 'sgd', learningRate: 8 }, schedule: { id: 'rise', start: 0.001 } }),
      'Exponential rise'
    ]
  ])('%s is named, with the rate that was still good, and cured', async (_name, e, name) => {
    const told = await runToEnd(e)
    const found = told.findings.find((f) => f.kind === 'rateTooLarge')
    expect(found?.text.en ?? told.findings.map((f) => f.text.en).join()).toContain(`The schedule (${name})`)
    expect(found!.measured['learningRate']).toBeGreaterThan(3 * found!.measured['best']!)
    const cured = await treated(e, worst(told))
    expect(cured.log.verdict!.state).toBe('learned')
    expect(faults(cured)).toEqual([])
  })
  // How far such a run is thrown hangs on its last bits: several of them tell more than one.
  it.each([3, 4, 7, 8, 9, 12])(
    'is named where right answers survive the loss that is thrown back: seed %d',
    async (seed) => {
      const e = parseExperiment({
        seed,
        data: { dataset: 'moons' },
        network: { nodes: [dense('h1', 24, 'relu'), dense('h2', 24, 'relu'), dense('out', 1, 'linear')] },
        training: {
          steps: 400,
          batchSize: 32,
          loss: 'sigmoidCrossEntropy',
          optimizer: { id: 'adam', learningRate: 1 },
          schedule: { id: 'rise' }
        }
      })
      const told = await runToEnd(e)
      expect(told.findings.map((f) => f.kind)).not.toContain('unstable')
      const found = faults(told).find((f) => f.kind === 'rateTooLarge')
      expect(found?.text.en).toContain('The schedule (Exponential rise)')
      const cured = await treated(e, found!)
      expect(cured.log.verdict!.state).toBe('learned')
      expect(faults(cured)).toEqual([])
    }
  )
  it('is none where the network learns at the full rate', async () => {
    const e = digits({ optimizer: { id: 'sgd', learningRate: 0.2 }, schedule: warmUp })
    expect(faults(await runToEnd(e))).toEqual([])
  })
})

describe('a rate that is too small for the steps there are', () => {
  it.each<[string, Experiment]>([
    ['of Adagrad', digits({ optimizer: { id: 'adagrad', learningRate: 0.0005 } })],
    ['of RMSProp', digits({ optimizer: { id: 'rmsprop', learningRate: 0.00002 } })],
    [
      'of a loss that is the mean over ten outputs',
      digits({ optimizer: { id: 'sgd', learningRate: 0.001 }, loss: 'meanSquaredError', steps: 500 })
    ],
    [
      'that a warm-up holds',
      digits({ optimizer: { id: 'sgd', learningRate: 0.1 }, schedule: { id: 'constant', warmUp: 20000 } })
    ]
  ])('%s is named where the loss falls slowly, and cured', async (_name, e) => {
    const told = await runToEnd(e)
    const found = worst(told)
    expect(found.kind, told.findings.map((f) => f.text.en).join()).toBe('rateTooSmall')
    expect(found.text.en).toMatch(/^The loss falls, but slowly/)
    const cured = await treated(e, found)
    expect(cured.log.verdict!.state).toBe('learned')
    expect(faults(cured)).toEqual([])
  })
})

describe('a clip that leaves next to nothing', () => {
  const clipped = digits({
    optimizer: { id: 'sgd', learningRate: 0.05 },
    steps: 300,
    hooks: [{ id: 'adaptiveClip', ratio: 1e-5 }]
  })
  it('is named to the end, though the loss falls a little', async () => {
    const told = await runToEnd(clipped)
    const found = told.findings.filter((f) => f.kind === 'rateTooSmall').pop()!
    expect(found).toMatchObject({ severity: 'warn', to: 299 })
    expect(found.text.en).toMatch(/^The loss falls, but slowly.*clipping leaves a gradient of 1\.0e-5 × the weights/)
    expect(told.findings.map((f) => f.kind)).not.toContain('healthy')
    expect((await treated(clipped, found)).log.verdict!.state).toBe('learned')
  })
})

describe('residual sums that grow from block to block', () => {
  const residual = (blocks: number, data: object, outputs: number, training: object): Experiment =>
    parseExperiment({
      seed: 5,
      data,
      network: {
        nodes: [
          dense('h', 24, 'relu'),
          ...Array.from({ length: blocks }, (_, i) => {
            const from = i ? `s${i}` : 'h'
            return [
              dense(`a${i + 1}`, 24, 'relu', [from]),
              { id: `s${i + 1}`, kind: 'add', inputs: [`a${i + 1}`, from] }
            ]
          }).flat(),
          dense('out', outputs, 'linear', [`s${blocks}`])
        ]
      },
      training: { steps: 200, batchSize: 32, ...training }
    })
  it.each<[string, Experiment]>([
    [
      'of a classifier',
      residual(30, { dataset: 'digits' }, 10, {
        loss: 'softmaxCrossEntropy',
        optimizer: { id: 'sgd', learningRate: 0.05 }
      })
    ],
    [
      'of a regression',
      residual(16, { dataset: 'diabetes', standardize: true }, 1, {
        loss: 'meanSquaredError',
        optimizer: { id: 'sgd', learningRate: 0.01 }
      })
    ]
  ])('%s are named before the first update, and smaller branches cure', async (_name, e) => {
    const told = await runToEnd(e)
    const found = worst(told)
    expect(found).toMatchObject({ kind: 'exploding', from: 0 })
    expect(found.advice[0]).toBe('branchScale')
    expect(told.findings.map((f) => f.kind)).not.toContain('rateTooLarge')
    expect((await treated(e, found)).log.verdict!.state).toBe('learned')
  })
})
