import { describe, expect, it } from 'vitest'
import { dropGraph, type GraphEngine } from '../../src/trainer/engine'
import type { Training } from '../../src/trainer/session/training'
import { begin, bits, netOf } from './support'

const STEPS = 6
/** @returns whether the graph was there already, and the bits of every frame and of what was learnt */
async function train(net: string, seed: number, hooks: string[] = []): Promise<{ reused: boolean; made: unknown }> {
  const experiment = { ...netOf(net, { steps: STEPS, hooks }), seed }
  const running = begin(experiment, { snapshots: [STEPS] })
  let reused = false
  running.session.getReady()
  reused = ((running.session as unknown as { training: Training }).training.engine as GraphEngine).isReused
  await running.end
  const values = running.table!.values
  return { reused, made: [bits(running, STEPS), Buffer.from(values.buffer, values.byteOffset, values.byteLength)] }
}

describe('a kept graph', () => {
  it.each([
    ['deepRelu', []],
    ['batchNorm', []],
    ['conv', []],
    ['lastStep', []],
    ['plain', ['clipByGlobalNorm', 'weightDecay']]
  ])('%s %j: another seed has the same graph, and the bits of a graph of its own', async (net, hooks) => {
    dropGraph()
    const alone = await train(net, 8, hooks)
    expect(alone.reused).toBe(false)
    dropGraph()
    expect((await train(net, 7, hooks)).reused).toBe(false)
    const after = await train(net, 8, hooks)
    expect(after.reused).toBe(true)
    expect(after.made).toEqual(alone.made)
  })
  it('draws other noise with another seed: the graph is made anew', async () => {
    dropGraph()
    const alone = await train('criticOfGenerator', 8)
    dropGraph()
    await train('criticOfGenerator', 7)
    const after = await train('criticOfGenerator', 8)
    expect(after.reused).toBe(false)
    expect(after.made).toEqual(alone.made)
    expect((await train('criticOfGenerator', 8)).reused).toBe(true)
  })
  it('is of one experiment alone', async () => {
    dropGraph()
    await train('plain', 7)
    expect((await train('plain', 7, ['clipByGlobalNorm'])).reused).toBe(false)
    expect((await train('plain', 7)).reused).toBe(false)
  })
})
