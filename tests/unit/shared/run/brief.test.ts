import { describe, expect, it } from 'vitest'
import * as v from 'valibot'
import { savedProject } from '@shared/ipc/shapes'
import { briefOf, wholeOf } from '@shared/run/brief'
import { RunLog } from '@shared/run/runLog'
import type { RunRecord } from '@shared/run/types'
import { sampleProject, sampleRun } from '../project/sample'

const run = sampleRun()
/** Another log of the same run: what comes over a channel is a copy. */
const copyOf = (record: RunRecord = run): RunLog => RunLog.from(structuredClone(record))
const bits = (f: Float32Array): number[] => [...new Uint32Array(f.slice().buffer)]
/** The sample run with some of it changed. */
function changed(change: (r: RunRecord) => void): RunLog {
  const record = structuredClone(run)
  change(record)
  return RunLog.from(record)
}

describe('a run in brief', () => {
  it('becomes the same record again, bit for bit, where the rest is known', () => {
    const log = RunLog.from(run)
    const record = wholeOf(structuredClone(briefOf(log)), copyOf())!
    expect(record).toEqual(log.toRecord())
    expect(bits(record.frames.values)).toEqual(bits(run.frames.values))
  })
  it('carries no numbers, and passes as a run that is to be saved', () => {
    const brief = briefOf(RunLog.from(run))
    const holdsArrays = (x: unknown): boolean =>
      ArrayBuffer.isView(x) || (typeof x === 'object' && x !== null && Object.values(x).some(holdsArrays))
    expect([holdsArrays(brief), holdsArrays(run)]).toEqual([false, true])
    expect(v.is(savedProject, { ...sampleProject(), runs: [brief, run] })).toBe(true)
    expect(v.is(savedProject, { ...sampleProject(), runs: [{ ...brief, marks: {} }] })).toBe(false)
  })
  it('of before its schema, or without any frames, is whole as well', () => {
    const { id, name, experiment, createdAt } = run
    const empty = new RunLog({ id, name, experiment, createdAt })
    expect(wholeOf(briefOf(empty), copyOf())).toEqual(empty.toRecord())
    empty.apply({ kind: 'schema', schema: run.schema! })
    expect(wholeOf(briefOf(empty), copyOf())).toEqual(empty.toRecord())
  })
  it('is taken as it was when the other log has gone on', () => {
    const log = RunLog.from(run)
    const brief = briefOf(log)
    const ahead = copyOf()
    const last = ahead.table!.lastStep!
    ahead.apply({
      kind: 'frames',
      frames: {
        steps: Int32Array.of(last + 1, last + 2),
        values: new Float32Array(2 * ahead.table!.width).fill(7),
        scalars: new Float32Array(2 * ahead.table!.scalarWidth).fill(7)
      }
    })
    ahead.apply({ kind: 'evaluation', evaluation: { step: last + 2, metrics: { loss: 1 } } })
    // Sums of more frames were asked for before those of fewer.
    briefOf(ahead)
    expect(wholeOf(brief, ahead)).toEqual(log.toRecord())
  })
  const others: [what: string, log: () => RunLog][] = [
    [
      'has fewer frames',
      () =>
        changed(
          (r) => (r.frames = { steps: new Int32Array(0), values: new Float32Array(0), scalars: new Float32Array(0) })
        )
    ],
    ['has another step', () => changed((r) => r.frames.steps[r.frames.steps.length - 1]!++)],
    [
      'has another bit in a value',
      () => changed((r) => (new Uint32Array(r.frames.values.buffer, r.frames.values.byteOffset)[0]! ^= 1))
    ],
    ['has another scalar', () => changed((r) => (r.frames.scalars[1] = 0.5))],
    ['lacks an evaluation', () => changed((r) => r.evaluations.pop())],
    ['has an evaluation of another step', () => changed((r) => r.evaluations[r.evaluations.length - 1]!.step++)],
    ['lacks a histogram', () => changed((r) => r.histograms!.pop())],
    ['has other histograms', () => changed((r) => r.histograms![0]!.bins[0]!++)],
    ['lacks a checkpoint', () => changed((r) => r.checkpoints!.pop())],
    ['has another checkpoint', () => changed((r) => (r.checkpoints![0]!.values[0] = 0.5))],
    ['has no schema', () => new RunLog(run)]
  ]
  it.each(others)('is not made whole by a log that %s', (_, log) => {
    expect(wholeOf(briefOf(RunLog.from(run)), log())).toBeUndefined()
  })
})
