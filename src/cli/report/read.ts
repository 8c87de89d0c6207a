import { closeSync, existsSync, openSync, readSync } from 'node:fs'
import { basename, join } from 'node:path'
import * as v from 'valibot'
import { issuesToProblems } from '../../shared/base/issues'
import { parseJsonText } from '../../shared/base/json'
import { InputError } from '../../shared/base/problems'
import { effectiveExperiment } from '../../shared/experiment'
import type { ReportRun } from '../../shared/report'
import { FRAMES_COLUMNS } from '../../shared/run/frameLines'
import { bitsOf, FrameTable, MISSING } from '../../shared/run/frameTable'
import { count, finding, runEvent, runSchema, runVerdict, text } from '../../shared/run/schemas'
import type { Evaluation, Finding, RunEvent, RunSchema, RunState, RunVerdict } from '../../shared/run/types'
import { bad } from '../args'
import { readBytes, resolveExperiment } from '../input'

const JSON_BYTES = 64e6
const TABLE_BYTES = 512e6
/** Statistics that a report shows. */
const STATISTICS = ['activationGradientRms', 'preActivationGradientRms']
const BLOCK = 4 << 20

const NUMBERS: Readonly<Record<string, number>> = { NaN: NaN, Infinity: Infinity, '-Infinity': -Infinity }
/** A value in which numbers that JSON has no words for were written as texts. */
function withNumbers(value: unknown): unknown {
  if (typeof value === 'string') return Object.prototype.hasOwnProperty.call(NUMBERS, value) ? NUMBERS[value] : value
  if (Array.isArray(value)) return value.map(withNumbers)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([k, x]) => [k, withNumbers(x)]))
}
/** The content of a file that the command line wrote. @throws InputError naming the file */
export function readWritten(folder: string, name: string): unknown {
  const bytes = readBytes(join(folder, name), join(basename(folder), name), JSON_BYTES)
  return withNumbers(parseJsonText(bytes.toString('utf8'), name, false))
}

const written = v.looseObject({
  format: v.literal('gradient-clinic/run'),
  state: text,
  steps: v.looseObject({ asked: count, done: count }),
  versions: v.record(v.string(), v.string()),
  experiment: v.looseObject({}),
  findings: v.array(finding),
  events: v.array(runEvent),
  verdict: v.optional(runVerdict),
  seconds: v.optional(v.number()),
  files: v.optional(v.unknown()),
  data: v.optional(v.looseObject({ remarks: v.array(v.looseObject({ text: v.object({ en: text, zh: text }) })) })),
  schema: runSchema
})

/** The lines of a file, without holding all of it. */
function* linesOf(path: string): Generator<string> {
  const file = openSync(path, 'r')
  const buffer = Buffer.alloc(BLOCK)
  const decoder = new TextDecoder()
  let rest = ''
  try {
    for (let n = readSync(file, buffer); n > 0; n = readSync(file, buffer)) {
      const lines = (rest + decoder.decode(buffer.subarray(0, n), { stream: true })).split('\n')
      rest = lines.pop()!
      yield* lines
    }
    if (rest) yield rest
  } finally {
    closeSync(file)
  }
}
/** A table whose columns are not those of a run. */
const foreign = (path: string): InputError =>
  bad(path, 'is not what clinic run writes: train again', '不是 clinic run 写出的文件：请重新训练')

/** The scalars of each recorded step, and the evaluations, of `loss.csv`. */
function readLosses(
  path: string,
  scalars: readonly string[]
): { rows: Map<number, number[]>; evaluations: Evaluation[] } {
  const [head = '', ...lines] = readBytes(path, basename(path), TABLE_BYTES).toString('utf8').trim().split('\n')
  const names = head.split(',')
  if (names[0] !== 'step' || scalars.some((s) => !names.includes(s))) throw foreign(path)
  const places = scalars.map((s) => names.indexOf(s))
  const held = names.flatMap((n, i) => (n.startsWith('validation_') ? [[n.slice(11), i] as const] : []))
  const rows = new Map<number, number[]>()
  const evaluations: Evaluation[] = []
  for (const line of lines) {
    const cells = line.split(',')
    const step = Number(cells[0])
    if (places.every((p) => cells[p]))
      rows.set(
        step,
        places.map((p) => Number(cells[p]))
      )
    const metrics = Object.fromEntries(held.flatMap(([n, i]) => (cells[i] ? [[n, Number(cells[i])]] : [])))
    if (Object.keys(metrics).length) evaluations.push({ step, metrics })
  }
  return { rows, evaluations }
}
/** The gradients of `frames.csv`, at the steps that `loss.csv` has. */
function readFrames(path: string, schema: RunSchema, rows: ReadonlyMap<number, number[]>): FrameTable {
  const columns = schema.columns.filter((c) => c.time === undefined && STATISTICS.includes(c.statistic))
  const place = new Map(columns.map((c, i) => [`${c.layer},${c.statistic}`, i]))
  const steps = Int32Array.from(rows.keys())
  const frame = new Map(Array.from(steps, (s, i) => [s, i]))
  const values = new Float32Array(steps.length * columns.length)
  bitsOf(values).fill(MISSING)
  const lines = linesOf(path)
  if (!String(lines.next().value).startsWith(FRAMES_COLUMNS)) throw foreign(path)
  for (const line of lines) {
    // Ids of layers hold no commas.
    const [step, layer, , , statistic, value] = line.split(',')
    const at = place.get(`${layer!},${statistic!}`)
    const f = frame.get(Number(step))
    if (at !== undefined && f !== undefined && value) values[f * columns.length + at] = Number(value)
  }
  return new FrameTable(
    { ...schema, columns },
    { steps, values, scalars: Float32Array.from([...rows.values()].flat()) }
  )
}

/** A run that the command line wrote, with what its data was remarked on. @throws InputError naming the file */
export function readRunFolder(folder: string): {
  run: ReportRun
  remarks: { en: string; zh: string }[]
  /** What it says of the files that it read. */
  told: unknown
} {
  const raw = readWritten(folder, 'run.json')
  const read = v.safeParse(written, raw)
  if (!read.success) {
    const isUnfinished = typeof raw === 'object' && raw !== null && (raw as { state?: unknown }).state === 'starting'
    throw isUnfinished
      ? bad(folder, 'holds a run that has not ended: report it when it has', '其中的运行尚未结束：请结束后再生成报告')
      : new InputError(issuesToProblems(read.issues.slice(0, 3), join(folder, 'run.json')))
  }
  const { experiment: given, state, steps, findings, events, verdict, seconds, data, versions, files } = read.output
  const experiment = resolveExperiment(given, { set: [] })
  const schema = read.output.schema as unknown as RunSchema
  const machine = existsSync(join(folder, 'machine.json'))
    ? (readWritten(folder, 'machine.json') as { versions?: Record<string, string> }).versions
    : {}
  const { rows, evaluations } = readLosses(join(folder, 'loss.csv'), schema.scalars)
  const effective = effectiveExperiment(experiment, schema.info).experiment
  return {
    run: {
      name: experiment.name,
      experiment,
      effective,
      schema: { ...schema, versions: { ...schema.versions, ...versions, ...machine } },
      frames: readFrames(join(folder, 'frames.csv'), schema, rows),
      evaluations,
      findings: findings as unknown as Finding[],
      events: events as unknown as RunEvent[],
      ...(verdict && { verdict: verdict as unknown as RunVerdict }),
      progress: { state: state as RunState, step: steps.done, steps: steps.asked },
      ...(seconds !== undefined && { seconds })
    },
    remarks: (data?.remarks ?? []).map((r) => r.text),
    told: files
  }
}
