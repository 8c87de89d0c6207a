import { effectiveExperiment, type Experiment } from '@shared/experiment'
import { Judge } from '@shared/clinic/judge'
import { experimentAt } from '@shared/run/change'
import { eventsCsv, framesCsv, lossCsv } from '@shared/run/csv'
import { RunHistory } from '@shared/run/history'
import { RunLog, type RunHead } from '@shared/run/runLog'
import type { Finding } from '@shared/run/types'
import { runUpdate, type RunUpdate } from '@shared/run/update'
import * as v from 'valibot'

/**
 * A recorded run as a text: its head as JSON on the first line, then one update on each line. Typed arrays are their
 * bytes (little-endian, base64); numbers that JSON doesn't have are their names.
 */
export const toLines = (head: RunHead, updates: readonly RunUpdate[]): string =>
  [head, ...updates].map((x) => `${JSON.stringify(x, (_key, value: unknown) => encoded(value))}\n`).join('')

function encoded(value: unknown): unknown {
  if (typeof value === 'number' && (!Number.isFinite(value) || Object.is(value, -0)))
    return { number: Object.is(value, -0) ? '-0' : String(value) }
  if (!(value instanceof Int32Array || value instanceof Float32Array)) return value
  const bytes = Buffer.from(value.buffer, value.byteOffset, value.byteLength).toString('base64')
  return value instanceof Int32Array ? { int32: bytes } : { float32: bytes }
}
function decoded(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value
  const { number, int32, float32 } = value as { number?: string; int32?: string; float32?: string }
  if (typeof number === 'string') return Number(number)
  if (typeof int32 === 'string') return new Int32Array(bytesOf(int32))
  return typeof float32 === 'string' ? new Float32Array(bytesOf(float32)) : value
}
const bytesOf = (base64: string): ArrayBuffer => new Uint8Array(Buffer.from(base64, 'base64')).buffer

/** Plays a recorded run. Every update is checked with its schema. @throws Error naming the line that is no update */
export function play(lines: string): RunLog {
  const [head, ...updates] = lines
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line, (_key, value: unknown) => decoded(value)) as unknown)
  const log = new RunLog(head as RunHead)
  updates.forEach((update, i) => {
    const read = v.safeParse(runUpdate, update)
    if (!read.success) throw new Error(`line ${i + 2}: ${read.issues[0].message}`)
    log.apply(read.output)
  })
  return log
}

/** The figures that a run exports. */
export const figuresOf = ({ table, schema, evaluations, events }: RunLog): Record<string, string> => ({
  'frames.csv': [...framesCsv(table!, schema!.layers)].join(''),
  'loss.csv': lossCsv(table!, evaluations),
  'events.csv': eventsCsv(events)
})

/** Judges a run frame by frame, as the trainer does while it trains. */
export function judged({ head, schema, table, evaluations, events }: RunLog): Finding[] {
  const experimentOf = (step: number): Experiment => {
    const chosen = experimentAt(head.experiment, events, step)
    return { ...effectiveExperiment(chosen, schema!.info).experiment, remedies: chosen.remedies }
  }
  const rateOf = (e: Experiment): number => e.training.optimizer['learningRate'] as number
  const start = experimentOf(-1)
  const history = new RunHistory(schema!, rateOf(start), start)
  const judge = new Judge(history)
  const waiting = [...evaluations]
  const { steps, values, scalars, width, scalarWidth } = table!
  steps.forEach((step, i) => {
    while (waiting.length && waiting[0]!.step <= step) history.evaluations.push(waiting.shift()!)
    history.experiment = experimentOf(step)
    history.learningRate = rateOf(history.experiment)
    history.append(
      step,
      values.slice(i * width, (i + 1) * width),
      scalars.slice(i * scalarWidth, (i + 1) * scalarWidth)
    )
    judge.look()
  })
  history.evaluations.push(...waiting)
  judge.look(true)
  return judge.findings()
}
