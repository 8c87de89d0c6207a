import { readdirSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { describe, expect, it } from 'vitest'
import { dropGraphs } from '../../src/trainer/engine'
import { loadTensorFlow } from '../../src/trainer/tensorflow'
import { netOf, runToEnd } from './support'

const { tf, backend } = loadTensorFlow()
const held = (): { js: number; native: number; sessions: number } => ({
  js: tf.memory().numTensors,
  native: backend.binding.getNumOfTensors(),
  sessions: backend.binding.getNumOfSavedModels()
})

describe('memory', () => {
  it.each([
    ['recorded', false, 'batchNorm', []],
    ['eager', true, 'batchNorm', []],
    ['recorded critic', false, 'criticOfGenerator', ['gradientPenalty']],
    ['eager critic', true, 'criticOfGenerator', ['gradientPenalty']]
  ] as const)('%s: no tensor is left behind, in no run and at no step', async (_name, eager, net, hooks) => {
    await runToEnd(netOf(net, { steps: 2, hooks }), { eager })
    // Graphs are kept for trainings to come.
    dropGraphs()
    const before = held()
    const counts: number[] = []
    const steps = eager ? 60 : 4000
    await runToEnd(netOf(net, { steps, hooks, optimizer: { id: 'adam' } }), {
      eager,
      snapshots: [0, 10],
      // The generator's weights become native tensors when it first learns, at the fifth step.
      hear: (update) =>
        update.kind === 'frames' && update.frames.steps[0]! >= 10 && counts.push(backend.binding.getNumOfTensors())
    })
    // Flat while it runs …
    expect(counts.length).toBeGreaterThan(2)
    expect(new Set(counts).size).toBe(1)
    // … and back where it was when it ends.
    dropGraphs()
    expect(held()).toEqual(before)
  })
  it('many runs in one process: tensors flat, resident memory bounded', async () => {
    const run = (): Promise<unknown> =>
      runToEnd(
        netOf('deepRelu', { steps: 1000, optimizer: { id: 'momentum' } }, { record: { every: 5, evaluateEvery: 100 } })
      )
    for (let i = 0; i < 3; i++) await run()
    const before = held()
    const rss = process.memoryUsage().rss
    for (let i = 0; i < 12; i++) await run()
    expect(held()).toEqual(before)
    expect((process.memoryUsage().rss - rss) / 1e6).toBeLessThan(150)
  })
  it('leaves no graph in the temporary folder', async () => {
    await runToEnd(netOf('plain', { steps: 2 }))
    const own = readdirSync(tmpdir()).filter((f) => f.startsWith(`gradient-clinic-graph-${process.pid}-`))
    expect(own).toEqual([])
  })
})
