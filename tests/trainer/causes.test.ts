/** Faults that lie in data, output layer, start or rate: named as such, and cured by the first advice. */
import { makeRng } from '@shared/base/random/rng'
import type { Attachments } from '@shared/catalog/datasets'
import { parseExperiment, type Experiment } from '@shared/experiment'
import type { Finding } from '@shared/run/types'
import { describe, expect, it } from 'vitest'
import { bits, runToEnd, type Told } from './support'

const dense = (id: string, units: number, activation: unknown, more: object = {}): object => ({
  id,
  kind: 'dense',
  params: { units, activation, ...more }
})
/** Lines of a table of so many rows. */
function table(rows: number, header: string, row: (normal: () => number) => number[]): string {
  const rng = makeRng(11, 'test/table')
  return [header, ...Array.from({ length: rows }, () => row(() => rng.normal()).join())].join('\n')
}
const first = (found: readonly Finding[], kind: string): Finding => {
  const f = found.find((x) => x.kind === kind)
  expect(f, found.map((x) => `${x.kind} ${x.text.en}`).join('\n')).toBeDefined()
  return f!
}
/** The run with the first advice of a finding. */
const treated = (e: Experiment, { advice, choices }: Finding, files?: Attachments): Promise<Told> =>
  runToEnd(parseExperiment({ ...e, remedies: [{ id: advice[0]!, ...choices?.[advice[0]!] }] }), files && { files })
const score = (told: Told, name: string): number => told.evaluations[told.evaluations.length - 1]!.metrics[name]!

describe('data out of scale', () => {
  // Widths in millimetres and weights in grams, next to a share.
  const files = {
    'parts.csv': table(300, 'width,weight,share,price', (normal) => {
      const [a, b, c] = [normal(), normal(), normal()]
      return [120 + 60 * a, 4000 + 900 * b, 0.5 + 0.1 * c, 52_000 + 9000 * a - 4000 * b + 3000 * a * c]
    })
  }
  const raw = parseExperiment({
    seed: 3,
    data: { dataset: { id: 'csv', file: 'parts.csv' }, standardize: false },
    network: { nodes: [dense('h', 24, 'relu'), dense('out', 1, 'linear')] },
    training: { steps: 150, batchSize: 24, loss: 'meanSquaredError', optimizer: { id: 'sgd', learningRate: 0.01 } }
  })
  it('are told before anything has turned into NaN, and scaling cures', async () => {
    const told = await runToEnd(raw, { files })
    const found = first(told.findings, 'dataScale')
    expect(found).toMatchObject({ from: 0, severity: 'bad' })
    expect(found.text.en).toContain('“weight”')
    for (const f of told.findings) expect(f.advice[0]).toBe('scaleData')
    const cured = await treated(raw, found, files)
    expect(cured.findings.map((f) => f.kind)).not.toContain('dataScale')
    expect(score(cured, 'r2')).toBeGreaterThan(0.7)
    // In thousands, as the targets are.
    expect(score(cured, 'meanAbsoluteError')).toBeGreaterThan(100)
    expect(score(cured, 'meanAbsoluteError')).toBeLessThan(6000)
  })
  it('of a shipped table left as it is: targets in hundreds', async () => {
    const told = await runToEnd(
      parseExperiment({
        data: { dataset: 'diabetes', standardize: false },
        network: { nodes: [dense('h', 16, 'tanh'), dense('out', 1, 'linear')] },
        training: { steps: 40, batchSize: 32, loss: 'meanSquaredError', optimizer: { id: 'adam', learningRate: 0.001 } }
      })
    )
    expect(first(told.findings, 'dataScale').measured.target).toBeGreaterThan(150)
  })
})

const digits = (nodes: object[], training: object, more: object = {}): Experiment =>
  parseExperiment({
    seed: 5,
    data: { dataset: 'digits' },
    network: { nodes },
    training: { batchSize: 48, loss: 'softmaxCrossEntropy', ...training },
    ...more
  })
const sgd = (learningRate: number): object => ({ id: 'sgd', learningRate })

describe('the output layer at fault', () => {
  it('twice squashed: named at the first step, cured by its own remedy', async () => {
    const e = digits([dense('h', 24, 'relu'), dense('out', 10, 'tanh')], { steps: 80, optimizer: sgd(0.02) })
    const found = first((await runToEnd(e)).findings, 'outputLayer')
    expect(found).toMatchObject({ from: 0, layers: ['out'], advice: ['outputLayer'] })
    const cured = await treated(e, found)
    expect(cured.findings.map((f) => f.kind)).toEqual(['healthy'])
  })
  it('dead: the output is blamed and no hidden layer', async () => {
    // Every target is negative but for a few, and the output starts below 0 for good.
    const files = { 't.csv': table(200, 'a,b,y', (n) => [n(), n(), Math.abs(n())]) }
    const e = parseExperiment({
      data: { dataset: { id: 'csv', file: 't.csv' }, standardize: false },
      network: {
        nodes: [
          dense('h1', 8, 'relu'),
          dense('h2', 8, 'relu'),
          dense('out', 1, 'relu', { initializer: { id: 'constant', value: -1 } })
        ]
      },
      training: { steps: 40, batchSize: 20, loss: 'meanSquaredError', optimizer: sgd(0.02) }
    })
    const told = await runToEnd(e, { files })
    const found = first(told.findings, 'outputLayer')
    expect(found.from).toBeLessThan(10)
    expect(found.layers).toEqual(['out'])
    for (const kind of ['vanishing', 'notUpdating']) expect(told.findings.map((f) => f.kind)).not.toContain(kind)
    const cured = await treated(e, found, files)
    expect(score(cured, 'loss')).toBeLessThan(0.7 * score(told, 'loss'))
  })
})

describe('symmetry', () => {
  const tied = (value: number): Experiment =>
    digits(
      [
        dense('h1', 20, 'tanh', { initializer: { id: 'constant', value } }),
        dense('h2', 20, 'tanh', { initializer: { id: 'constant', value } }),
        dense('out', 10, 'linear')
      ],
      { steps: 120, optimizer: { id: 'adam', learningRate: 0.005 } }
    )
  it('is measured: only the layer whose updates are equal too, cured by another start', async () => {
    const e = tied(0.07)
    const told = await runToEnd(e)
    const found = first(told.findings, 'symmetry')
    expect(found).toMatchObject({ from: 2, layers: ['h1'] })
    expect(found.measured.units).toBe(20)
    const cured = await treated(e, found)
    expect(cured.findings.map((f) => f.kind)).not.toContain('symmetry')
    expect(score(cured, 'accuracy')).toBeGreaterThan(score(told, 'accuracy') + 0.3)
  })
  it('an output layer that starts at zero is no case of it', async () => {
    const e = digits([dense('h', 20, 'relu'), dense('out', 10, 'linear', { initializer: 'zeros' })], {
      steps: 40,
      optimizer: sgd(0.05)
    })
    expect((await runToEnd(e)).findings.map((f) => f.kind)).toEqual(['healthy'])
  })
})

describe('the learning rate', () => {
  const net = (optimizer: object, steps = 150): Experiment =>
    digits([dense('h1', 40, 'relu'), dense('h2', 40, 'relu'), dense('out', 10, 'linear')], { steps, optimizer })
  it.each([
    ['SGD', sgd(3e-6)],
    ['Adam', { id: 'adam', learningRate: 2e-8 }]
  ])('too small with %s: named within ten steps, and raised by as much as it needs', async (_name, optimizer) => {
    const e = net(optimizer)
    const told = await runToEnd(e)
    const found = first(told.findings, 'rateTooSmall')
    expect(found.from).toBeLessThan(10)
    expect(score(await treated(e, found), 'accuracy')).toBeGreaterThan(0.5)
  })
  it.each([
    ['SGD', sgd(3)],
    ['Adam', { id: 'adam', learningRate: 0.7 }]
  ])('too large with %s: named within three steps of the rise, and lowered', async (_name, optimizer) => {
    const e = net(optimizer)
    const told = await runToEnd(e)
    const found = first(told.findings, 'rateTooLarge')
    expect(found.from).toBeLessThanOrEqual(found.measured.step! + 2)
    expect(found.advice[0]).toBe('learningRate')
    expect(score(await treated(e, found), 'accuracy')).toBeGreaterThan(0.6)
  })
})

describe('a recurrent state that overflows', () => {
  it('before the first update is told along time, and both gates and another start cure', async () => {
    const e = parseExperiment({
      data: { dataset: { id: 'addingProblem', length: 80, count: 300 } },
      network: {
        nodes: [
          {
            id: 'rnn',
            kind: 'simpleRnn',
            params: { units: 48, activation: 'relu', recurrentInitializer: { id: 'normal', std: 0.34 } }
          },
          dense('out', 1, 'linear')
        ]
      },
      training: { steps: 30, batchSize: 25, loss: 'meanSquaredError', optimizer: sgd(0.001) }
    })
    const told = await runToEnd(e)
    const found = told.findings.find((f) => f.rule === 'explodingInTime')!
    expect(found).toMatchObject({ from: 0, layers: ['rnn'] })
    expect(found.measured.gainPerStep).toBeGreaterThan(1.2)
    expect(found.advice.slice(0, 2)).toEqual(['recurrentCell', 'recurrentStart'])
    for (const f of told.findings) for (const id of ['batchNorm', 'fewerLayers']) expect(f.advice).not.toContain(id)
    for (const id of found.advice.slice(0, 2))
      expect(score(await treated(e, { ...found, advice: [id] }), 'loss')).toBeLessThan(2)
  })
})

describe('no alarm', () => {
  it('on saturated first layers of a net that learns', async () => {
    const e = digits(
      [dense('h', 32, 'tanh', { initializer: { id: 'normal', std: 1.1 } }), dense('out', 10, 'linear')],
      {
        steps: 200,
        optimizer: sgd(0.08)
      }
    )
    const told = await runToEnd(e)
    const share = told.table!.value(50, told.table!.column(0, 'saturatedShare'))!
    expect(share).toBeGreaterThan(0.6)
    expect(told.findings.map((f) => f.kind)).toEqual(['healthy'])
  })
  it.each([1, 2])('on a net that learns from %i examples at a time', async (batchSize) => {
    const e = parseExperiment({
      seed: 6,
      data: { dataset: 'iris' },
      network: { nodes: [dense('h1', 10, 'relu'), dense('h2', 10, 'relu'), dense('out', 3, 'linear')] },
      training: { steps: 500, batchSize, loss: 'softmaxCrossEntropy', optimizer: sgd(0.05) }
    })
    const told = await runToEnd(e)
    expect(score(told, 'accuracy')).toBeGreaterThan(0.85)
    expect(told.findings.map((f) => f.kind)).toEqual(['healthy'])
  })
})

describe('classes out of balance', () => {
  const rare = table(600, 'a,b,kind', (n) => [n(), n()])
    .split('\n')
    .map((line, i) => {
      const [a, b] = line.split(',').map(Number)
      return i ? `${line},${a! + b! > 2.2 ? 'yes' : 'no'}` : line
    })
    .join('\n')
  const files = { 'rare.csv': rare }
  const e = parseExperiment({
    seed: 2,
    data: { dataset: { id: 'csv', file: 'rare.csv' }, standardize: true },
    network: { nodes: [dense('h', 8, 'sigmoid'), dense('out', 1, 'linear')] },
    training: { steps: 150, batchSize: 40, loss: 'sigmoidCrossEntropy', optimizer: { id: 'sgd', learningRate: 0.2 } }
  })
  it('are told when only the majority is answered, and weights are advised', async () => {
    const told = await runToEnd(e, { files })
    const found = first(told.findings, 'imbalance')
    expect(found.severity).toBe('warn')
    expect(found.advice[0]).toBe('classWeights')
    expect(found.text.en).toContain('“no”')
    expect((await treated(e, found, files)).findings.map((f) => f.kind)).not.toContain('imbalance')
  })
  it('weights of classes that are equal leave every bit as it is, others do not', async () => {
    const balanced = (more: object, validation = 0): Promise<Told> =>
      runToEnd(
        parseExperiment({
          data: { dataset: 'iris', validation },
          network: { nodes: [dense('h', 6, 'tanh'), dense('out', 3, 'linear')] },
          training: { steps: 12, batchSize: 20, loss: 'softmaxCrossEntropy', optimizer: sgd(0.1), ...more }
        }),
        { snapshots: [12] }
      )
    const [plain, weighed] = [await balanced({}), await balanced({ classWeights: 'balanced' })]
    expect(weighed.schema!.compiled).toBe(true)
    expect(bits(weighed, 12)).toEqual(bits(plain, 12))
    const other = [await balanced({}, 0.31), await balanced({ classWeights: 'balanced' }, 0.31)] as const
    expect(bits(other[1], 12)).not.toEqual(bits(other[0], 12))
  })
})

describe('a network without a bend', () => {
  const of = (dataset: object, nodes: object[], more: object = {}): Experiment =>
    parseExperiment({
      seed: 4,
      data: { dataset, validation: 0.3 },
      network: { nodes },
      training: {
        steps: 120,
        batchSize: 32,
        loss: 'sigmoidCrossEntropy',
        optimizer: { id: 'adam', learningRate: 0.02 },
        ...more
      }
    })
  const xor = { id: 'xor', count: 300 }
  it.each([
    ['no hidden layer', [dense('out', 1, 'linear')]],
    ['linear ones', [dense('h', 12, 'linear'), dense('g', 12, 'linear'), dense('out', 1, 'linear')]]
  ])('is named, and gets the bend it lacks: %s', async (_name, nodes) => {
    const e = of(xor, nodes)
    const told = await runToEnd(e)
    const found = first(told.findings, 'linear')
    expect(found).toMatchObject({ severity: 'bad', advice: ['hiddenLayer'] })
    const cured = await treated(e, found)
    expect(cured.findings.map((f) => f.kind)).not.toContain('linear')
    expect(score(cured, 'accuracy')).toBeGreaterThan(0.9)
  })
  it('is named where a straight line tells a little', async () => {
    const waves = table(400, 'a,b,y', (n) => {
      const [a, b] = [n(), n()]
      return [a, b, Math.sin(3 * a) + 0.3 * a]
    })
    const nodes = [dense('h', 16, 'linear'), dense('out', 1, 'linear')]
    const e = of({ id: 'csv', file: 'y.csv' }, nodes, { loss: 'meanSquaredError', steps: 200 })
    const told = await runToEnd({ ...e, data: { ...e.data, standardize: true } }, { files: { 'y.csv': waves } })
    const found = first(told.findings, 'linear')
    expect(found).toMatchObject({ severity: 'bad', advice: ['hiddenLayer'] })
    expect(found.text.en).toContain('little above what a guess has')
    expect(found.measured['reached']).toBeGreaterThan(0.1)
  })
  it('is not to blame for noise, nor where the target is a straight line', async () => {
    const noise = table(300, 'a,b,y', (n) => [n(), n(), n()])
    const line = table(300, 'a,b,y', (n) => {
      const [a, b] = [n(), n()]
      return [a, b, a - 2 * b + 0.3 * n()]
    })
    for (const text of [noise, line]) {
      const e = of({ id: 'csv', file: 'y.csv' }, [dense('out', 1, 'linear')], { loss: 'meanSquaredError' })
      const told = await runToEnd({ ...e, data: { ...e.data, standardize: true } }, { files: { 'y.csv': text } })
      expect(told.findings.filter((f) => f.severity === 'bad').map((f) => f.text.en)).toEqual([])
    }
  })
})

describe('a layer norm over a single output unit', () => {
  it('is named from the first step on, alone, and is taken out', async () => {
    const e = parseExperiment({
      seed: 4,
      data: { dataset: { id: 'moons', count: 300 }, validation: 0.3 },
      network: {
        nodes: [
          dense('h', 16, 'relu'),
          dense('g', 16, 'relu'),
          dense('out', 1, 'linear'),
          { id: 'n', kind: 'layerNorm' }
        ]
      },
      training: { steps: 100, loss: 'sigmoidCrossEntropy', optimizer: { id: 'adam', learningRate: 0.02 } }
    })
    const told = await runToEnd(e)
    expect(told.findings.map((f) => [f.kind, f.from, f.layers])).toEqual([['constant', 0, ['n']]])
    expect(score(await treated(e, told.findings[0]!), 'accuracy')).toBeGreaterThan(0.85)
  })
})

describe('a critic', () => {
  it('that nothing holds is no healthy one, and a penalty holds it', async () => {
    const e = parseExperiment({
      seed: 4,
      data: { dataset: { id: 'swissRoll', count: 300, generator: 'noise' }, validation: 0.3 },
      network: { nodes: [dense('h', 24, 'relu'), dense('g', 24, 'relu'), dense('out', 1, 'linear')] },
      training: { steps: 60, batchSize: 32, loss: 'wasserstein', optimizer: { id: 'adam', learningRate: 0.001 } }
    })
    const told = await runToEnd(e)
    expect(told.findings.map((f) => [f.kind, f.from])).toEqual([['slopeLimit', 0]])
    expect((await treated(e, told.findings[0]!)).findings.map((f) => f.kind)).toEqual(['healthy'])
  })
})

describe('a recurrent layer that makes the output', () => {
  const files = {
    'level.csv': `t,level\n${Array.from({ length: 300 }, (_, t) => `${t},${20 + 8 * Math.sin(t / 3)}`).join('\n')}\n`
  }
  it.each(['lstm', 'gru', 'simpleRnn'])(
    'is told from the first step, and a dense layer behind it cures: %s',
    async (kind) => {
      const e = parseExperiment({
        seed: 5,
        data: {
          dataset: { id: 'csv', file: 'level.csv', lines: 'windows', time: 't', target: 'level', length: 12 },
          standardize: true,
          validation: 0.3
        },
        network: { nodes: [{ id: 'out', kind, params: { units: 1 } }] },
        training: { steps: 150, batchSize: 32, loss: 'meanSquaredError', optimizer: { id: 'adam', learningRate: 0.02 } }
      })
      const told = await runToEnd(e, { files })
      const found = first(told.findings, 'outputLayer')
      expect(found).toMatchObject({
        from: 0,
        layers: ['out'],
        advice: expect.arrayContaining(['outputLayer']) as string[]
      })
      expect(found.text.en).toContain('which gives values of -1 … 1')
      const cured = await treated(e, { ...found, advice: ['outputLayer'] }, files)
      expect(cured.findings.map((f) => f.kind)).not.toContain('outputLayer')
      expect(score(cured, 'r2')).toBeGreaterThan(0.9)
    }
  )
})

it('exponentials behind each other overflow whatever the weights: another activation is advised', async () => {
  const e = parseExperiment({
    seed: 5,
    data: { dataset: 'digits' },
    network: {
      nodes: [
        dense('a', 32, 'exponential'),
        dense('b', 32, 'exponential'),
        dense('c', 32, 'exponential'),
        dense('out', 10, 'linear')
      ]
    },
    training: { steps: 60, batchSize: 32, loss: 'softmaxCrossEntropy', optimizer: { id: 'sgd', learningRate: 0.1 } }
  })
  const found = first((await runToEnd(e)).findings, 'lossNaN')
  expect(found).toMatchObject({ from: 0, advice: expect.arrayContaining(['activation']) as string[] })
  expect(found.advice[0]).toBe('activation')
  const cured = await treated(e, found)
  expect(cured.findings.map((f) => f.kind)).not.toContain('lossNaN')
  expect(score(cured, 'accuracy')).toBeGreaterThan(0.5)
})
