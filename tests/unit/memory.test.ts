import { describe, expect, it } from 'vitest'
import { memoryNeeded, memoryProblem, parseExperiment, planExperiment, planNetwork, type Experiment } from '@shared/experiment'
import type { DataInfo } from '@shared/datasets/types'

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
    expect(told.message.en).toMatch(/has 5,101,\d{3},\d{3} parameters; training it takes about \d+ GB, and this machine has 16 GB: make layers narrower or fewer/)
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
