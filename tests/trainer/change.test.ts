import { parseExperiment, type Experiment } from '@shared/experiment'
import { experimentAt, scheduleOf } from '@shared/run/change'
import type { RunChange } from '@shared/run/types'
import { InputError } from '@shared/base/problems'
import { describe, expect, it } from 'vitest'
import { at, begin, bits, eventsOf, netOf, runToEnd, until, type Running, type Told } from './support'

const STEPS = 60
const base = (training: object = {}): Experiment => netOf('plain', { steps: STEPS, ...training })
const clip = { id: 'clipByGlobalNorm', maxNorm: 0.05 }
const rates = (told: Told): number[] =>
  Array.from(told.table!.steps, (_, i) => told.table!.scalar(i, told.table!.scalarColumn('learningRate'))!)

/** A run that is held before a step, changed there, and goes on. */
async function changedByHand(experiment: Experiment, step: number, ...changes: RunChange[]): Promise<Running> {
  const running: Running = begin(experiment, {
    snapshots: [STEPS],
    hear: (update) => update.kind === 'schema' && running.session.pause()
  })
  await until(running, () => running.progress.some((p) => p.state === 'paused'))
  for (let i = 1; i <= step; i++) {
    running.session.singleStep()
    await until(running, () => running.session.step === i)
  }
  for (const c of changes) expect(await running.session.change(c)).toEqual({ step })
  running.session.resume()
  await running.end
  expect(running.failed).toBeUndefined()
  return running
}

describe.each([
  ['learning rate', base(), { learningRate: 0.003 }],
  ['a remedy in the step', base(), { remedies: [clip] }],
  ['a penalty', base(), { remedies: [{ id: 'l2', lambda: 0.01 }] }],
  ['the batch', base(), { remedies: [{ id: 'smallerBatch', size: 8 }] }],
  ['the schedule', base(), { remedies: [{ id: 'warmUp', steps: 50 }] }],
  [
    'with momentum',
    base({ optimizer: { id: 'momentum', learningRate: 0.05 } }),
    { remedies: [{ id: 'weightDecay', lambda: 0.1 }], learningRate: 0.02 }
  ]
] as [string, Experiment, RunChange][])('a change of %s', (_name, experiment, change) => {
  it('at the same step gives the same bits, by hand or by itself, and leaves the steps before as they were', async () => {
    const plain = await runToEnd(experiment, { snapshots: [STEPS] })
    const byHand = await changedByHand(experiment, 25, change)
    const byItself = await runToEnd(experiment, { snapshots: [STEPS], changes: [{ step: 25, ...change }] })
    expect(bits(byHand, STEPS)).toEqual(bits(byItself, STEPS))
    expect(byHand.table!.values).toEqual(byItself.table!.values)
    expect(bits(byHand, STEPS)).not.toEqual(bits(plain, STEPS))
    const width = plain.table!.width
    expect(byHand.table!.values.subarray(0, 25 * width)).toEqual(plain.table!.values.subarray(0, 25 * width))
    expect(eventsOf(byHand).every((e) => e.step === 25)).toBe(true)
    expect(eventsOf(byHand)).toEqual(eventsOf(byItself))
  })
})

describe('a penalty switched on while a run goes on', () => {
  it('is on the record from that step, and nothing before it', async () => {
    const told = await runToEnd(base(), { changes: [{ step: 25, remedies: [{ id: 'l2', lambda: 0.01 }] }] })
    const { table } = told
    const column = table!.scalarColumn('penalty')
    const recorded = Array.from(table!.steps, (_, i) => table!.scalar(i, column)!)
    expect(recorded.slice(0, 25)).toEqual(new Array(25).fill(0))
    expect(recorded.slice(25).every((v) => v > 0)).toBe(true)
  })
})

describe('a change', () => {
  it('is an event, from which the run can be repeated', async () => {
    const experiment = base()
    const told = await runToEnd(experiment, {
      snapshots: [STEPS],
      changes: [
        { step: 10, remedies: [clip] },
        { step: 20, remedies: [{ ...clip, maxNorm: 0.5 }], learningRate: 0.01 },
        { step: 40, remedies: [] }
      ]
    })
    const events = eventsOf(told)
    expect(events.map((e) => [e.step, e.kind, e.remedy])).toEqual([
      [10, 'remedyOn', clip.id],
      [20, 'learningRate', undefined],
      [20, 'remedyChanged', clip.id],
      [40, 'remedyOff', clip.id]
    ])
    expect(events[1]).toMatchObject({
      before: experiment.training.optimizer['learningRate'],
      after: 0.01,
      text: { en: expect.stringContaining('0.01') as string, zh: expect.stringContaining('学习率') as string }
    })
    expect(experimentAt(experiment, events, 30).remedies).toEqual([{ ...clip, maxNorm: 0.5 }])
    const again = await runToEnd(experiment, { snapshots: [STEPS], changes: scheduleOf(experiment, events) })
    expect(bits(again, STEPS)).toEqual(bits(told, STEPS))
    expect(rates(told).map((r) => r.toPrecision(4))).toEqual(
      Array.from({ length: STEPS }, (_, i) =>
        Math.fround(i < 20 ? (experiment.training.optimizer['learningRate'] as number) : 0.01).toPrecision(4)
      )
    )
  })
  it('there and back within a step leaves every bit as it was', async () => {
    const experiment = base()
    const plain = await runToEnd(experiment, { snapshots: [STEPS] })
    const told = await changedByHand(
      experiment,
      20,
      { remedies: [clip] },
      { remedies: [] },
      { learningRate: 9 },
      { learningRate: experiment.training.optimizer['learningRate'] as number }
    )
    expect(bits(told, STEPS)).toEqual(bits(plain, STEPS))
    expect(eventsOf(told).length).toBe(4)
  })
  it('is felt by the very next step: clipped, the weights move by at most α·c', async () => {
    const told = await runToEnd(base(), {
      snapshots: [29, 30, 31],
      changes: [{ step: 30, learningRate: 0.5, remedies: [{ id: 'clipByGlobalNorm', maxNorm: 1e-3 }] }]
    })
    const weights = [...told.snapshots.get(30)!.keys()].filter((n) => n.startsWith('weights/'))
    const moved = (step: number): number =>
      Math.sqrt(
        weights.reduce(
          (s, n) => s + at(told, step, n).reduce((q, w, i) => q + (at(told, step + 1, n)[i]! - w) ** 2, 0),
          0
        )
      )
    expect(moved(30)).toBeGreaterThan(0.9 * 0.5e-3)
    expect(moved(30)).toBeLessThan(1.1 * 0.5e-3)
    expect(moved(29)).toBeGreaterThan(10 * moved(30))
  })
  it.each([
    ['batchNorm', {}],
    ['activation', { to: { id: 'relu' }, matching: true }],
    ['residual', {}]
  ])(
    'that would be another network (%s) is refused with the reason, and the run goes on as it was',
    async (id, params) => {
      const plain = await runToEnd(base(), { snapshots: [STEPS] })
      const running: Running = begin(base(), {
        snapshots: [STEPS],
        hear: (update) => update.kind === 'schema' && running.session.pause()
      })
      await until(running, () => running.progress.some((p) => p.state === 'paused'))
      const error = await running.session.change({ remedies: [{ id, ...params }] }).catch((e: unknown) => e)
      expect(error).toBeInstanceOf(InputError)
      expect((error as InputError).problems.map((p) => p.path)).toEqual([`remedies.${id}`])
      expect((error as InputError).message).toMatch(/changes the network, which a run keeps: start a new run/)
      running.session.resume()
      await running.end
      expect(bits(running, STEPS)).toEqual(bits(plain, STEPS))
      expect(eventsOf(running)).toEqual([])
    }
  )
  it('out of range, or of a run that is over, is refused', async () => {
    const running = begin(base())
    await expect(running.session.change({ learningRate: -1 })).rejects.toThrow(/learningRate/)
    await running.end
    await expect(running.session.change({ learningRate: 0.1 })).rejects.toThrow(/has ended/)
  })
  it('asked for before the run has begun is made at step 0', async () => {
    const running = begin(base(), { snapshots: [STEPS] })
    expect(await running.session.change({ learningRate: 0.001 })).toEqual({ step: 0 })
    await running.end
    expect(rates(running)[0]).toBeCloseTo(0.001, 6)
  })
  it('does not care whether the step is recorded as a graph or runs eagerly', async () => {
    const changes = [{ step: 20, learningRate: 0.01, remedies: [clip] }]
    const [graph, eager] = [
      await runToEnd(base(), { snapshots: [STEPS], changes }),
      await runToEnd(base(), { snapshots: [STEPS], changes, eager: true })
    ]
    const [a, b] = [at(graph, STEPS, 'weights/first/kernel'), at(eager, STEPS, 'weights/first/kernel')]
    a.forEach((w, i) => expect(b[i]!).toBeCloseTo(w, 4))
  })
})

describe('the first NaN', () => {
  it('is an event at exactly its step', async () => {
    const deep = Array.from({ length: 4 }, (_, i) => ({
      id: `w${i}`,
      kind: 'dense',
      params: { units: i < 3 ? 30 : 3, activation: 'linear' }
    }))
    const experiment = parseExperiment({
      data: { dataset: { id: 'randomPairs', count: 64, inputs: 20, outputs: 3 } },
      network: { nodes: deep },
      training: { steps: 60, batchSize: 32, loss: 'sumOfSquares', optimizer: { id: 'sgd', learningRate: 10 } }
    })
    const told = await runToEnd(experiment)
    const column = (name: string): number[] =>
      Array.from(told.table!.steps, (_, i) => told.table!.scalar(i, told.table!.scalarColumn(name))!)
    const norm = column('gradientNorm')
    const first = column('loss').findIndex((l, i) => Number.isNaN(l) || Number.isNaN(norm[i]))
    expect(first).toBeGreaterThan(0)
    expect(eventsOf(told)).toMatchObject([{ kind: 'nan', step: first }])
  })
})
