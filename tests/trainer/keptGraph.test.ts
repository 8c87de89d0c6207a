import { describe, expect, it } from 'vitest'
import { parseExperiment, type Experiment, type TrainingSettings } from '../../src/shared/experiment'
import { dropGraphs, type GraphEngine } from '../../src/trainer/engine'
import type { Training } from '../../src/trainer/session/training'
import { begin, bits, netOf } from './support'

const STEPS = 6
/** @returns whether the graph was there already, and the bits of every frame and of what was learnt */
async function train(
  net: string,
  seed: number,
  hooks: string[] = [],
  change = (e: Experiment): Experiment => e
): Promise<{ reused: boolean; made: unknown }> {
  const experiment = change({ ...netOf(net, { steps: STEPS, hooks }), seed })
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
    ['plain', ['clipByGlobalNorm', 'weightDecay']],
    // Their noise is another one: what it is drawn by is fed.
    ['noisy', []],
    ['criticOfGenerator', []],
    ['criticOfGenerator', ['gradientPenalty']]
  ])('%s %j: another seed has the same graph, and the bits of a graph of its own', async (net, hooks) => {
    dropGraphs()
    const alone = await train(net, 8, hooks)
    expect(alone.reused).toBe(false)
    dropGraphs()
    expect((await train(net, 7, hooks)).reused).toBe(false)
    const after = await train(net, 8, hooks)
    expect(after.reused).toBe(true)
    expect(after.made).toEqual(alone.made)
  })
  it.each(['noisy', 'criticOfGenerator'])('%s: another seed draws other noise', async (net) => {
    dropGraphs()
    expect((await train(net, 7)).made).not.toEqual((await train(net, 8)).made)
  })
  it('is of one step alone; those of some others are kept beside it', async () => {
    dropGraphs()
    const alone = await train('plain', 7)
    expect((await train('plain', 7, ['clipByGlobalNorm'])).reused).toBe(false)
    expect((await train('deepRelu', 7)).reused).toBe(false)
    expect(await train('plain', 7)).toEqual({ ...alone, reused: true })
    expect((await train('plain', 7, ['clipByGlobalNorm'])).reused).toBe(true)
  })
  const training = (e: Experiment, change: Partial<TrainingSettings>): Experiment => ({
    ...e,
    training: { ...e.training, ...change }
  })
  it.each<[string, (e: Experiment) => Experiment]>([
    ['learning rate', (e) => training(e, { optimizer: { ...e.training.optimizer, learningRate: 0.003 } })],
    ['schedule', (e) => training(e, { schedule: { id: 'cosine' } })],
    ['threshold', (e) => training(e, { hooks: [{ ...e.training.hooks[0]!, maxNorm: 0.01 }] })],
    ['steps', (e) => training(e, { steps: STEPS + 2 })],
    [
      'initializer',
      (e) => parseExperiment(JSON.parse(JSON.stringify(e).replace(/"glorotUniform"/g, '"heNormal"')) as object)
    ]
  ])('another %s has the same graph, and the bits of a graph of its own', async (_, change) => {
    dropGraphs()
    const alone = await train('plain', 7, ['clipByGlobalNorm'], change)
    dropGraphs()
    const before = await train('plain', 7, ['clipByGlobalNorm'])
    expect(before.made).not.toEqual(alone.made)
    expect(await train('plain', 7, ['clipByGlobalNorm'], change)).toEqual({ reused: true, made: alone.made })
  })
  it.each<[string, (e: Experiment) => Experiment]>([
    ['optimizer', (e) => training(e, { optimizer: { ...e.training.optimizer, momentum: 0.5 } })],
    ['batch', (e) => training(e, { batchSize: e.training.batchSize + 1 })]
  ])('another %s has another', async (_, change) => {
    dropGraphs()
    await train('plain', 7)
    expect((await train('plain', 7, [], change)).reused).toBe(false)
  })
})
