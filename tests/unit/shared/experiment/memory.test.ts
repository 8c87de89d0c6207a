import { describe, expect, it } from 'vitest'
import {
  columnsOf,
  memoryNeeded,
  memoryProblem,
  parseExperiment,
  planExperiment,
  planNetwork,
  type Experiment
} from '@shared/experiment'
import { fixFor } from '@shared/experiment/fix'
import type { DataInfo } from '@shared/catalog/datasets/types'

const info = (count: number): DataInfo => ({ inputShape: [64], targetShape: [10], task: 'regression', count })
const net = (units: number, times: number, training: object = {}): Experiment =>
  parseExperiment({
    data: { dataset: { id: 'randomPairs', inputs: 64, outputs: 10 }, validation: 0 },
    network: {
      nodes: [
        { id: 'h', kind: 'repeat', times, body: [{ id: 'd', kind: 'dense', params: { units } }] },
        { id: 'out', kind: 'dense', params: { units: 10, activation: 'linear' } }
      ]
    },
    training: { loss: 'meanSquaredError', optimizer: { id: 'sgd' }, ...training }
  })
const need = (e: Experiment, batch: number): number => memoryNeeded(planNetwork(e.network, [64]), e, batch)

describe('a network too large for the machine', () => {
  it('grows with weights, optimizer state, batch and depth', () => {
    const base = need(net(512, 10), 64)
    expect(need(net(1024, 10), 64)).toBeGreaterThan(base)
    expect(need(net(512, 20), 64)).toBeGreaterThan(base)
    expect(need(net(512, 10), 6400)).toBeGreaterThan(base)
    const [sgd, adam] = [need(net(512, 10), 0), need(net(512, 10, { optimizer: 'adam' }), 0)]
    expect((adam - need(net(1, 1), 0)) / (sgd - need(net(1, 1), 0))).toBeCloseTo(3, 1)
  })
  it('is refused for its weights, naming them and the memory there is', () => {
    const { problems } = planExperiment(net(16384, 20), info(1000), 16e9)
    const told = problems.find((p) => p.path === 'network.nodes')!
    expect(told.message.en).toMatch(
      /has 5,101,\d{3},\d{3} parameters; training it takes about \d+ GB, and this machine has 16 GB: make layers narrower or fewer/
    )
    expect(told.message.zh).toContain('16 GB')
  })
  it('is refused for its batch when that is what takes the memory', () => {
    const { problems } = planExperiment(net(1024, 40, { batchSize: 0 }), info(200_000), 16e9)
    expect(problems.map((p) => p.path)).toEqual(['training.batchSize'])
    expect(problems[0]!.message.en).toMatch(/is 200,000; .* make batches smaller/)
  })
  it('is refused for its data when that is what takes the memory', () => {
    const { problems } = planExperiment(net(64, 2, { batchSize: 32 }), info(30_000_000), 16e9)
    expect(problems.map((p) => p.path)).toEqual(['data.dataset'])
    expect(problems[0]!.message.en).toMatch(/30,000,000 examples of 64 values; .* take fewer examples/)
  })
  it('is not refused where it fits', () => {
    const e = net(1024, 40, { batchSize: 64 })
    expect(planExperiment(e, info(200_000), 16e9).problems).toEqual([])
    expect(memoryProblem(planNetwork(e.network, [64]), e, 1000, 1e8)).toBeDefined()
  })
})

const sequences = (kind: string, units: number, T: number, batchSize: number, rest: object = {}): Experiment =>
  parseExperiment({
    data: { dataset: { id: 'addingProblem', length: T, count: 2000 }, validation: 0 },
    network: {
      nodes: [
        { id: 'cell', kind, params: { units } },
        { id: 'out', kind: 'dense', params: { units: 1, activation: 'linear' } }
      ]
    },
    training: { loss: 'meanSquaredError', batchSize, ...rest }
  })
const over = (T: number): DataInfo => ({
  inputShape: [T, 2],
  targetShape: [1],
  task: 'regression',
  count: 2000,
  timeAxis: true
})
const needOver = (e: Experiment, T: number, batch: number): number =>
  memoryNeeded(planNetwork(e.network, [T, 2]), e, batch)

describe('a recurrent layer too large for the machine', () => {
  it('grows with the time steps and the gates, though its output does not', () => {
    const one =
      needOver(sequences('lstm', 512, 100, 128), 100, 128) - needOver(sequences('lstm', 512, 100, 128), 100, 0)
    expect(
      needOver(sequences('lstm', 512, 200, 128), 200, 128) - needOver(sequences('lstm', 512, 200, 128), 200, 0)
    ).toBeCloseTo(2 * one, -7)
    const all = ['simpleRnn', 'gru', 'lstm'].map((kind) => needOver(sequences(kind, 512, 100, 128), 100, 128))
    expect(all[0]! < all[1]! && all[1]! < all[2]!).toBe(true)
  })
  // Peaks of three steps in a process of its own, in GB.
  it.each([
    ['lstm', 'tanh', 2.17],
    ['gru', 'tanh', 2.05],
    ['simpleRnn', 'tanh', 1.33],
    ['lstm', 'relu', 6.2]
  ])('is near what was measured: %s with %s, 512 units, 200 steps, batch 128', (kind, activation, measured) => {
    const e = sequences(kind, 512, 200, 128)
    Object.assign((e.network.nodes[0] as { params: object }).params, { activation: { id: activation } })
    const ratio = needOver(e, 200, 128) / 1e9 / measured
    expect(ratio).toBeGreaterThan(0.75)
    expect(ratio).toBeLessThan(1.35)
  })
  it('is refused, and smaller batches are offered', () => {
    const e = sequences('lstm', 1024, 1000, 256)
    const { problems } = planExperiment(e, over(1000), 16e9)
    expect(problems.map((p) => p.path)).toEqual(['training.batchSize'])
    expect(problems[0]!.message.en).toMatch(
      /^is 256; with what all layers keep of so many examples training takes about \d+ GB, and this machine has 16 GB: make batches smaller$/
    )
    const fix = fixFor(e, problems[0]!, over(1000), 16e9)!
    expect(fix.experiment.training.batchSize).toBeGreaterThan(1)
    expect(planExperiment(fix.experiment, over(1000), 16e9).problems).toEqual([])
  })
  it('counts all pieces of a maxout layer', () => {
    const wide = (pieces: number): number =>
      memoryProblem(
        planNetwork(
          parseExperiment({ network: { nodes: [{ id: 'm', kind: 'maxout', params: { units: 4096, pieces } }] } })
            .network,
          [64]
        ),
        net(1, 1, { batchSize: 20_000 }),
        20_000,
        16e9
      )
        ? 1
        : 0
    expect([wide(2), wide(16)]).toEqual([0, 1])
  })
})

describe('a record too large for the machine', () => {
  const long = (T: number, steps: number, every = 1): Experiment => ({
    ...sequences('simpleRnn', 8, T, 4, { steps }),
    record: { every, evaluateEvery: 1000, keepEvery: 0 }
  })
  it('has a column for each time step', () => {
    const [short, more] = [10, 110].map((T) => columnsOf(planNetwork(long(T, 1).network, [T, 2])))
    expect(more! - short!).toBe(100)
  })
  it('is refused where it says how often to record, with what would do', () => {
    const e = long(10_000, 1_000_000)
    const { problems } = planExperiment(e, over(10_000), 16e9)
    expect(problems.map((p) => p.path)).toEqual(['record.every'])
    expect(problems[0]!.message.en).toMatch(
      /^is 1: 1,000,000 frames of 10,0\d\d values take 40 GB, and on this machine the record of a run may take 1\.0 GB: record every \d\d steps, or train fewer$/
    )
    expect(problems[0]!.message.zh).toContain('1,000,000 帧')
    const fix = fixFor(e, problems[0]!, over(10_000), 16e9)!
    expect(planExperiment(fix.experiment, over(10_000), 16e9).problems).toEqual([])
    // Not rarer than needed.
    const { every } = fix.experiment.record
    expect(planExperiment(long(10_000, 1_000_000, every - 1), over(10_000), 16e9).problems).toHaveLength(1)
  })
  it('depends on the memory there is', () => {
    const e = long(100, 1_000_000)
    expect(planExperiment(e, over(100), 16e9).problems).toEqual([])
    expect(planExperiment(e, over(100), 3e9).problems.map((p) => p.path)).toEqual(['record.every'])
  })
})
