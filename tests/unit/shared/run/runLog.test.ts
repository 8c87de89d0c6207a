import fc from 'fast-check'
import * as v from 'valibot'
import { describe, expect, it } from 'vitest'
import { BINS } from '@shared/run/histogram'
import { again, RunLog, START, type Cursor, type RunHead } from '@shared/run/runLog'
import { runUpdate, type RunUpdate } from '@shared/run/update'
import type { Checkpoint, FrameBatch, RunRecord } from '@shared/run/types'
import { sampleRun } from '../project/sample'

const sample = sampleRun()
const schema = sample.schema!
const { continuedFrom: _, ...plain } = sample
const head = (): RunHead => ({
  id: plain.id,
  name: plain.name,
  experiment: plain.experiment,
  createdAt: plain.createdAt
})
const frames = (...steps: number[]): FrameBatch => ({
  steps: Int32Array.from(steps),
  values: Float32Array.from(steps.flatMap((s) => [s, s / 8])),
  scalars: Float32Array.from(steps.flatMap((s) => [-s, NaN]))
})
const checkpoint = (step: number): Checkpoint => ({
  step,
  drawn: 8 * step,
  variables: [{ name: 'a/kernel', shape: [2] }],
  values: Float32Array.of(step, -0)
})
const told = (log: RunLog, id = START): RunUpdate[] => log.since(id).updates
const replay = (updates: readonly RunUpdate[]): RunLog => {
  const log = new RunLog(head())
  for (const update of updates) log.apply(update)
  return log
}
/** A log of the schema alone. */
const begun = (): RunLog => replay([{ kind: 'schema', schema }])

describe('a run log', () => {
  it('begins queued, at the step where its run is continued', () => {
    expect(new RunLog(head()).progress).toEqual({ state: 'queued', step: 0, steps: plain.experiment.training.steps })
    expect(new RunLog({ ...head(), continuedFrom: { run: 'b', name: 'B', step: 7 } }).progress.step).toBe(7)
  })
  it('tells which part an update changed, and that one which was applied before changes none', () => {
    const log = new RunLog(head())
    const apply = (update: RunUpdate) => [log.apply(update), log.apply(update)]
    expect(apply({ kind: 'schema', schema })).toEqual(['schema', undefined])
    expect(apply({ kind: 'frames', frames: frames(0, 2) })).toEqual(['frames', undefined])
    expect(log.apply({ kind: 'frames', frames: frames(2, 3) })).toBe('frames')
    expect([...log.table!.steps]).toEqual([0, 2, 3])
    expect(apply({ kind: 'evaluation', evaluation: sample.evaluations[0]! })).toEqual(['evaluations', undefined])
    expect(apply({ kind: 'event', event: sample.events![0]!, index: 0 })).toEqual(['events', undefined])
    expect(apply({ kind: 'histograms', histograms: sample.histograms![0]! })).toEqual(['histograms', undefined])
    expect(log.apply({ kind: 'findings', findings: sample.findings })).toBe('findings')
    expect(log.apply({ kind: 'checkpoint', checkpoint: checkpoint(3), kept: [3] })).toBe('checkpoints')
    expect(apply({ kind: 'done', state: 'stopped', step: 4 })).toEqual(['progress', undefined])
  })
  it('refuses frames that come before their schema or do not fit it, and a gap among the events', () => {
    expect(() => new RunLog(head()).apply({ kind: 'frames', frames: frames(0) })).toThrow(/before their schema/)
    const log = begun()
    expect(() => log.apply({ kind: 'frames', frames: { ...frames(0, 1), values: new Float32Array(6) } })).toThrow(
      RangeError
    )
    expect(() => log.apply({ kind: 'event', event: sample.events![0]!, index: 1 })).toThrow(/one is missing/)
    expect(log.toRecord()).toEqual(begun().toRecord())
  })
  it('keeps two equal events, and the checkpoints that the producer keeps', () => {
    const log = begun()
    const event = sample.events![0]!
    log.apply({ kind: 'event', event, index: 0 })
    log.apply({ kind: 'event', event, index: 1 })
    expect(log.events).toEqual([event, event])
    log.apply({ kind: 'checkpoint', checkpoint: checkpoint(1), kept: [1] })
    log.apply({ kind: 'checkpoint', checkpoint: checkpoint(2), kept: [1, 2] })
    log.apply({ kind: 'checkpoint', checkpoint: checkpoint(3), kept: [2, 3] })
    expect(log.checkpoints.map((c) => c.step)).toEqual([2, 3])
  })
  it('ends once: later progress and a second end change nothing', () => {
    const log = begun()
    log.apply({ kind: 'progress', progress: { state: 'running', step: 3, steps: 9, rate: 2 } })
    const failure = { message: { en: 'broke', zh: '坏' } }
    log.apply({ kind: 'failure', failure, step: 4 })
    log.apply({ kind: 'progress', progress: { state: 'running', step: 5, steps: 9 } })
    log.apply({ kind: 'done', state: 'finished', step: 9 })
    expect(log.progress).toEqual({ state: 'failed', step: 4, steps: 9, failure })
    expect(log.over).toBe(true)
  })
  it('is the record that it was made from, and the record is the updates that it tells', () => {
    const log = RunLog.from(sample)
    expect(log.toRecord()).toEqual(sample)
    const bits = (a: Float32Array): number[] => [...new Uint32Array(a.buffer, a.byteOffset, a.length)]
    expect(bits(log.toRecord().frames.values)).toEqual(bits(sample.frames.values))
    const { rate: _rate, ...progress } = sample.progress
    const all = told(log)
    for (const update of all) expect(v.safeParse(runUpdate, update).issues).toBeUndefined()
    const { continuedFrom: _from, ...record } = sample
    expect(replay(all).toRecord()).toEqual({ ...record, progress })
    const bare: RunRecord = { ...plain, schema: undefined, frames: frames(), evaluations: [], findings: [] }
    expect(RunLog.from(bare).toRecord()).toMatchObject({ frames: { steps: new Int32Array(0) }, evaluations: [] })
  })
})

describe('what a consumer is missing', () => {
  it('is all at first, then only what is new; and progress again when it is asked for', () => {
    const log = begun()
    log.apply({ kind: 'frames', frames: frames(0, 1, 2) })
    const first = log.since(START)
    expect(first.updates.map((u) => u.kind)).toEqual(['schema', 'frames', 'progress'])
    expect(log.isAhead(first.cursor)).toBe(false)
    expect(log.since(first.cursor).updates).toEqual([])
    log.apply({ kind: 'frames', frames: frames(3) })
    log.apply({ kind: 'frames', frames: frames(5) })
    expect(log.isAhead(first.cursor)).toBe(true)
    // However many batches came, one goes out.
    const { updates, cursor } = log.since(first.cursor)
    expect(updates).toEqual([{ kind: 'frames', frames: frames(3, 5) }])
    expect(told(log, again(cursor, 'progress'))).toEqual([{ kind: 'progress', progress: log.progress }])
  })
  it('comes in batches for which there is room, and the end waits for the last of them', () => {
    const log = begun()
    log.apply({ kind: 'frames', frames: frames(0, 1, 2, 3, 4) })
    log.apply({ kind: 'evaluation', evaluation: { step: 0, metrics: {} } })
    log.apply({ kind: 'evaluation', evaluation: { step: 4, metrics: {} } })
    log.apply({ kind: 'done', state: 'finished', step: 5 })
    const seen: string[][] = []
    let cursor: Cursor = START
    while (log.isAhead(cursor)) {
      const more = log.since(cursor, { batches: 1, numbers: 10, evaluations: 1 })
      cursor = more.cursor
      seen.push(more.updates.map((u) => (u.kind === 'frames' ? `${u.frames.steps}` : u.kind)))
    }
    expect(seen).toEqual([
      ['schema', '0,1', 'evaluation'],
      ['2,3', 'evaluation'],
      ['4', 'done']
    ])
  })
  it('is a copy: what was given does not change with the run', () => {
    const log = begun()
    log.apply({ kind: 'frames', frames: frames(0) })
    const update = told(log).find((u) => u.kind === 'frames')!
    expect(update.frames.values.buffer.byteLength).toBe(8)
    log.table!.values[0] = 99
    expect(update.frames).toEqual(frames(0))
  })

  const update = fc.oneof(
    { arbitrary: fc.nat(3).map((n) => ['frames', n] as const), weight: 4 },
    fc.constant(['evaluation', 0] as const),
    fc.constant(['event', 0] as const),
    fc.constant(['live', 0] as const),
    fc.constant(['kept', 0] as const),
    fc.constant(['same', 0] as const),
    fc.nat(3).map((n) => ['checkpoint', n] as const),
    fc.nat(9).map((n) => ['findings', n] as const),
    fc.constant(['progress', 0] as const)
  )
  it('makes the same run of any stream, whenever and in whatever pieces it is asked for, and when some is told twice', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(update, fc.boolean(), fc.integer({ min: 1, max: 3 })), { maxLength: 60 }),
        fc.boolean(),
        (plan, ends) => {
          const log = begun()
          const copy = new RunLog(head())
          let cursor: Cursor = START
          let before: Cursor = START
          let step = 0
          const read = (batches: number, numbers: number): void => {
            before = cursor
            const more = log.since(cursor, { batches, numbers, evaluations: batches })
            cursor = more.cursor
            for (const u of more.updates) copy.apply(u)
          }
          for (const [[kind, n], reads, room] of plan) {
            step++
            if (kind === 'frames')
              log.apply({ kind, frames: frames(...Array.from({ length: n }, (_, i) => step++ + i)) })
            else if (kind === 'evaluation') log.apply({ kind, evaluation: { step, metrics: { loss: step } } })
            else if (kind === 'event')
              log.apply({ kind, event: { ...sample.events![0]!, step }, index: log.events.length })
            else if (kind === 'live' || kind === 'kept' || kind === 'same')
              log.apply({
                kind: 'histograms',
                histograms: {
                  // A live set of a step that has a set already.
                  step: kind === 'same' ? (log.histograms[0]?.step ?? step) : step,
                  ...(kind !== 'kept' && { live: true }),
                  entries: sample.histograms![0]!.entries,
                  bins: new Float32Array(BINS).fill(step)
                }
              })
            else if (kind === 'checkpoint')
              log.apply({
                kind,
                checkpoint: checkpoint(step),
                kept: [...log.checkpoints.map((c) => c.step).slice(n), step]
              })
            else if (kind === 'findings') log.apply({ kind, findings: [{ ...sample.findings[0]!, to: n }] })
            else log.apply({ kind, progress: { state: 'running', step, steps: 400 } })
            if (reads) read(room, 10 * room)
          }
          if (ends) log.apply({ kind: 'done', state: 'finished', step })
          while (log.isAhead(cursor)) read(1, 5)
          expect(copy.toRecord()).toEqual(log.toRecord())
          // A consumer that is told something anew is no other.
          for (const u of log.since(before).updates) copy.apply(u)
          expect(copy.toRecord()).toEqual(log.toRecord())
        }
      ),
      { numRuns: 200 }
    )
  })
})

describe('the schemas of updates', () => {
  it.each<[string, RunUpdate | object]>([
    ['an unknown kind', { kind: 'gossip' }],
    ['lists in place of typed arrays', { kind: 'frames', frames: { steps: [0], values: [1], scalars: [] } }],
    ['too few values', { kind: 'frames', frames: { ...frames(0, 1), values: new Float32Array(3) } }],
    ['values without steps', { kind: 'frames', frames: { ...frames(), scalars: new Float32Array(1) } }],
    [
      'bins that are missing',
      { kind: 'histograms', histograms: { ...sample.histograms![0]!, bins: new Float32Array(1) } }
    ],
    [
      'a checkpoint that is cut',
      { kind: 'checkpoint', checkpoint: { ...checkpoint(1), values: new Float32Array(1) }, kept: [1] }
    ],
    ['progress that says the end', { kind: 'progress', progress: { state: 'finished', step: 1, steps: 2 } }],
    ['an end without a step', { kind: 'done', state: 'finished' }],
    ['an event without a place', { kind: 'event', event: sample.events![0]! }]
  ])('refuse %s', (_name, bad) => {
    expect(v.safeParse(runUpdate, bad).success).toBe(false)
  })
  it('let typed arrays pass without a copy', () => {
    const update: RunUpdate = { kind: 'frames', frames: frames(0, 1) }
    const out = v.parse(runUpdate, update) as typeof update
    expect(out.frames.values).toBe(update.frames.values)
  })
})
