import { describe, expect, it } from 'vitest'
import { vanishingExperiment } from '@shared/clinic/templates/parts/opening'
import { parseExperiment, type Experiment } from '@shared/experiment'
import { datasets } from '@shared/catalog/datasets'
import { remedies } from '@shared/clinic/remedies'
import { changed, experimentAt, liveChange, readScheduled, scheduleOf } from '@shared/run/change'
import { bytesOf, stored, unpack, withCheckpoint } from '@shared/run/checkpoints'
import { eventsCsv } from '@shared/run/csv'
import type { Checkpoint, RunEvent } from '@shared/run/types'
import { InputError } from '@shared/base/problems'
import { eventMarks, marksOf } from '@/features/views/runViews/marks'
import { clock, secondsLeft } from '@/features/views/queue/time'
import type { Run } from '@/stores/runs'

const experiment = vanishingExperiment(6)
const { id, ...params } = experiment.data.dataset
const info = datasets.get(id).describe(params, { seed: experiment.seed })
const on = (...list: object[]): Experiment => parseExperiment({ ...experiment, remedies: list })

describe('a change of a run', () => {
  // Which remedies a run can take over follows from what they touch; each is tried, so that a new one is covered too.
  it.each(remedies.all.map((r) => r.id))('%s on its own either is taken over or says why not', (remedy) => {
    const made = liveChange(experiment, { remedies: [{ id: remedy }] }, info, 7)
    if (made.problems.length) {
      for (const p of made.problems) {
        expect(p.path).toMatch(/^remedies/)
        expect(p.message.zh).not.toBe('')
      }
      return
    }
    expect(made.events).toMatchObject([{ step: 7, kind: 'remedyOn', remedy }])
    expect(made.effective.network.nodes.map((n) => n.id)).toEqual(experiment.network.nodes.map((n) => n.id))
    expect(made.effective.data).toEqual(experiment.data)
    const back = liveChange(made.experiment, { remedies: [] }, info, 9)
    expect(back.problems).toEqual([])
    expect(back.experiment).toEqual(experiment)
  })
  it.each([
    'clipByValue',
    'clipByNorm',
    'clipByGlobalNorm',
    'adaptiveClip',
    'learningRate',
    'warmUp',
    'l2',
    'l1',
    'weightDecay',
    'weightClip',
    'spectralNorm',
    'smallerBatch'
  ])('%s acts at once', (remedy) => {
    expect(liveChange(experiment, { remedies: [{ id: remedy }] }, info, 0).problems).toEqual([])
  })
  it.each(['activation', 'batchNorm', 'layerNorm', 'residual', 'fewerLayers', 'initializer', 'selu'])(
    '%s needs a new run',
    (remedy) => {
      const { problems } = liveChange(experiment, { remedies: [{ id: remedy }] }, info, 0)
      expect(problems.map((p) => p.path)).toEqual([`remedies.${remedy}`])
      expect(problems[0]!.message.en).toContain(`“${remedies.get(remedy).name.en}” changes the network`)
      expect(problems[0]!.message.zh).toContain(remedies.get(remedy).name.zh)
    }
  )
  it('names the one that is to blame among several, and keeps the order of those that stay', () => {
    const now = on({ id: 'clipByValue' }, { id: 'l1' })
    const { problems } = liveChange(
      now,
      { remedies: [{ id: 'l1' }, { id: 'batchNorm' }, { id: 'clipByNorm' }] },
      info,
      3
    )
    expect(problems.map((p) => p.path)).toEqual(['remedies.batchNorm'])
    expect(
      changed(now, { remedies: [{ id: 'weightDecay' }, now.remedies[1]!, now.remedies[0]!] }).remedies.map((r) => r.id)
    ).toEqual(['clipByValue', 'l1', 'weightDecay'])
  })
  it('of nothing is no event', () => {
    const now = on({ id: 'clipByValue' })
    expect(
      liveChange(
        now,
        { learningRate: now.training.optimizer['learningRate'] as number, remedies: now.remedies },
        info,
        3
      ).events
    ).toEqual([])
  })
  it('can be made again from its events', () => {
    let now = experiment
    const events: RunEvent[] = []
    for (const [step, change] of [
      [3, { learningRate: 0.5, remedies: [{ id: 'l1' }] }],
      [5, { remedies: [{ id: 'l1', lambda: 0.25 }, { id: 'warmUp' }] }],
      [5, { learningRate: 0.25 }],
      [9, { remedies: [{ id: 'warmUp' }] }]
    ] as const) {
      const made = liveChange(now, change as never, info, step)
      expect(made.problems).toEqual([])
      events.push(...made.events)
      now = made.experiment
    }
    expect(events.map((e) => e.kind)).toEqual([
      'learningRate',
      'remedyOn',
      'remedyChanged',
      'remedyOn',
      'learningRate',
      'remedyOff'
    ])
    expect(experimentAt(experiment, events)).toEqual(now)
    expect(experimentAt(experiment, events, 2)).toEqual(experiment)
    let again = experiment
    for (const { step, ...change } of scheduleOf(experiment, events))
      again = liveChange(again, change, info, step).experiment
    expect(again).toEqual(now)
    expect(scheduleOf(experiment, events).map((c) => c.step)).toEqual([3, 5, 9])
    const csv = eventsCsv(events).trim().split('\n')
    expect(csv.length).toBe(7)
    expect(csv[1]).toBe('3,learningRate,,0.1,0.5,learning rate 0.1 → 0.5')
  })
  it('is read from a line', () => {
    expect(readScheduled('100:learningRate=1e-3', experiment)).toEqual({ step: 100, learningRate: 1e-3 })
    expect(readScheduled('0:l1=on', experiment)).toEqual({ step: 0, remedies: [{ id: 'l1' }] })
    expect(readScheduled('5:l1.lambda=2', on({ id: 'l1' })).remedies).toEqual([{ id: 'l1', lambda: 2 }])
    expect(readScheduled('5:l1=off', on({ id: 'l1' })).remedies).toEqual([])
    for (const bad of ['x', '5', '5:l1', '-1:l1=on', '5:l1.lambda=2', '5:learningRate=fast', '5:=1'])
      expect(() => readScheduled(bad, experiment), bad).toThrow(InputError)
  })
})

describe('checkpoints', () => {
  const at = (step: number, size = 2): Checkpoint => ({
    step,
    drawn: step,
    variables: [{ name: 'a/kernel', shape: [size] }],
    values: new Float32Array(size).fill(step)
  })
  it('are kept as the trainer says, in order, each step once', () => {
    const list = [at(40), at(20)].reduce<Checkpoint[]>((l, c) => withCheckpoint(l, c, [20, 40]), [])
    expect(list.map((c) => c.step)).toEqual([20, 40])
    expect(withCheckpoint(list, at(60), [40, 60]).map((c) => c.step)).toEqual([40, 60])
    expect(withCheckpoint(list, { ...at(40), asked: true }, [20, 40]).map((c) => c.asked)).toEqual([undefined, true])
  })
  it('hold what their shapes say, or are refused', () => {
    expect(unpack(at(3)).get('a/kernel')).toEqual({ shape: [2], values: new Float32Array([3, 3]) })
    expect(() => unpack({ ...at(3), values: new Float32Array(3) })).toThrow(InputError)
    expect(() =>
      unpack({ ...at(3), variables: [at(3).variables[0]!, at(3).variables[0]!], values: new Float32Array(4) })
    ).toThrow(InputError)
  })
  it('go into a file as far as there is room: the last of each run first', () => {
    const runs = [
      { id: 'a', checkpoints: [at(1), at(2), at(3)] },
      { id: 'b', checkpoints: [at(1), at(2)] },
      { id: 'c' }
    ]
    const { kept, dropped } = stored(runs, 3 * bytesOf(at(1)))
    expect(kept.get('a')!.map((c) => c.step)).toEqual([3])
    expect(kept.get('b')!.map((c) => c.step)).toEqual([1, 2])
    expect(dropped).toBe(2)
    expect(stored(runs).dropped).toBe(0)
  })
})

describe('marks', () => {
  const events: RunEvent[] = [
    { step: 4, kind: 'learningRate', text: { en: 'learning rate 0.1 → 1e-5', zh: '学习率' }, before: 0.1, after: 1e-5 },
    { step: 4, kind: 'remedyOn', text: { en: 'L1 on', zh: '启用' }, remedy: 'l1', after: { id: 'l1' } },
    { step: 9, kind: 'nan', text: { en: 'first NaN: the loss', zh: '首次' } }
  ]
  it('stand at the step of their events, one for each step', () => {
    expect(eventMarks(events, (t) => t.en)).toEqual([
      { step: 4, label: 'α = 1e-5 · + L1 penalty', full: 'learning rate 0.1 → 1e-5 · L1 on', tone: 'accent' },
      { step: 9, label: 'NaN', full: 'first NaN: the loss', tone: 'bad' }
    ])
  })
  it('of faults come once per kind, and not where an event says the same', () => {
    const fault = (kind: string, from: number): object => ({ kind, severity: 'bad', from })
    const run = {
      events,
      findings: [fault('unstable', 6), fault('unstable', 8), fault('lossNaN', 9), fault('weightsNaN', 10)]
    } as unknown as Run
    expect(marksOf(run, (t) => t.en).map((m) => [m.step, m.label])).toEqual([
      [4, 'α = 1e-5 · + L1 penalty'],
      [6, 'Unstable'],
      [9, 'NaN']
    ])
    expect(marksOf({ ...run, events: [] }, (t) => t.en).map((m) => m.label)).toEqual([
      'Unstable',
      'Loss NaN',
      'Weights NaN'
    ])
  })
})

describe('time left', () => {
  it('is told while a run goes on and its rate is known', () => {
    expect(secondsLeft({ state: 'running', step: 100, steps: 400, rate: 7 })).toBe(43)
    expect(secondsLeft({ state: 'paused', step: 100, steps: 400, rate: 7 })).toBeUndefined()
    expect(secondsLeft({ state: 'running', step: 100, steps: 400 })).toBeUndefined()
    expect([clock(7), clock(75), clock(3675)]).toEqual(['0:07', '1:15', '1:01:15'])
  })
})
