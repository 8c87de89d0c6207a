import { sizeOf } from '../base/sizeOf'
import { strFromU8, strToU8 } from 'fflate'
import * as v from 'valibot'
import type { Attachments } from '../catalog/datasets/types'
import { readExperiment } from '../experiment/parse'
import { upgradeEntries, upgradeEvents } from '../experiment/upgrade'
import type { Experiment } from '../experiment/types'
import type { Project } from './types'
import { issuesToProblems } from '../base/issues'
import { BINS, type HistogramSet } from '../run/histogram'
import { stored } from '../run/checkpoints'
import {
  bilingual,
  checkpoint,
  count,
  evaluation,
  finding,
  histogramSet,
  runEvent,
  runSchema,
  runVerdict,
  text
} from '../run/schemas'
import type { Checkpoint, FrameBatch, RunRecord } from '../run/types'
import { problem, InputError, type Problem } from '../base/problems'
import { migrate, PROJECT_VERSION, type Json } from './migrations'
import { decodeNumbers, encodeNumbers } from './numbers'
import { parseJsonText } from '../base/json'
import { safeName, unzip, zip, ZipError, type ZipLimits } from '../base/zip'

const PROJECT_FORMAT = 'gradient-clinic/project'
const MB = 2 ** 20
/** What is refused however it may have come about. */
export const LIMITS: ZipLimits & { json: number; depth: number } = {
  file: 1024 * MB,
  entries: 10_000,
  entry: 1024 * MB,
  total: 2048 * MB,
  json: 256 * MB,
  depth: 64
}

const MANIFEST = 'project.json'
const isMap = (x: unknown): x is Json => typeof x === 'object' && x !== null && !Array.isArray(x)

const refuse = (path: string, en: string, zh: string): InputError => new InputError([problem(path, en, zh)])

// ---- writing

/** Little-endian whatever the machine is. */
function bytesOf(frames: FrameBatch): Uint8Array {
  const n = frames.steps.length + frames.values.length + frames.scalars.length
  const view = new DataView(new ArrayBuffer(n * 4))
  let at = 0
  for (const s of frames.steps) view.setInt32(at++ * 4, s, true)
  const bits = (a: Float32Array): Uint32Array => new Uint32Array(a.buffer, a.byteOffset, a.length)
  // As bits: a NaN keeps its payload.
  for (const part of [frames.values, frames.scalars]) for (const b of bits(part)) view.setUint32(at++ * 4, b, true)
  return new Uint8Array(view.buffer)
}
/** As bits, little-endian. */
function floatBytes(values: Float32Array): Uint8Array {
  const view = new DataView(new ArrayBuffer(values.length * 4))
  new Uint32Array(values.buffer, values.byteOffset, values.length).forEach((b, i) => view.setUint32(i * 4, b, true))
  return new Uint8Array(view.buffer)
}
/** Counts of all sets, little-endian. */
function histogramBytes(sets: readonly HistogramSet[]): Uint8Array {
  const view = new DataView(new ArrayBuffer(sets.reduce((n, s) => n + s.bins.length, 0) * 4))
  let at = 0
  for (const { bins } of sets) for (const b of bins) view.setFloat32(at++ * 4, b, true)
  return new Uint8Array(view.buffer)
}
/** Entry for an attached file: its own name where that is a safe one. */
function entryName(name: string, i: number, taken: Set<string>, binary: boolean): string {
  const own = `files/${name}`
  const entry =
    safeName(own) && !name.includes('/') && !taken.has(own.toLowerCase())
      ? own
      : `files/${binary ? `data-${i + 1}.bin` : `table-${i + 1}.csv`}`
  taken.add(entry.toLowerCase())
  return entry
}

/**
 * A project as the bytes of its file: a zip with `project.json`, each run's frames as `runs/<n>.bin` (int32 steps, then
 * float32 values and scalars, little-endian), its histograms as `runs/<n>-histograms.bin` (float32 counts), its
 * checkpoints as `runs/<n>-<step>.bin` as far as there is room (`stored`), and the attached files as `files/<name>`.
 */
export function encodeProject(project: Project): Uint8Array {
  const entries = new Map<string, { data: Uint8Array; stored?: boolean }>([[MANIFEST, { data: new Uint8Array(0) }]])
  const { kept } = stored(project.runs)
  const runs = project.runs.map(({ frames, histograms, checkpoints, ...given }, i) => {
    const rest: Omit<RunRecord, 'frames' | 'histograms' | 'checkpoints'> & {
      histograms?: unknown
      checkpoints?: unknown
    } = given
    if (histograms?.length) {
      const file = `runs/${i + 1}-histograms.bin`
      entries.set(file, { data: histogramBytes(histograms) })
      rest.histograms = { bins: BINS, file, sets: histograms.map(({ bins: _, ...set }) => set) }
    }
    if (checkpoints)
      rest.checkpoints = (kept.get(given.id) ?? []).map(({ values, ...c }) => {
        const file = `runs/${i + 1}-${c.step}.bin`
        entries.set(file, { data: floatBytes(values), stored: true })
        return { ...c, file }
      })
    const count = frames.steps.length
    if (!count) return { ...rest, frames: { count: 0 } }
    const file = `runs/${i + 1}.bin`
    entries.set(file, { data: bytesOf(frames), stored: true })
    return {
      ...rest,
      frames: { count, values: frames.values.length / count, scalars: frames.scalars.length / count, file }
    }
  })
  const taken = new Set<string>()
  const files = Object.entries(project.files).map(([name, content], i) => {
    const binary = typeof content !== 'string'
    const file = entryName(name, i, taken, binary)
    // What is packed already gets no smaller.
    entries.set(
      file,
      binary ? { data: content, stored: content[0] === 0x1f && content[1] === 0x8b } : { data: strToU8(content) }
    )
    return { name, file, type: binary ? 'binary' : 'text' }
  })
  const { extra, ...known } = project
  const doc = { ...extra, ...known, format: PROJECT_FORMAT, version: PROJECT_VERSION, runs, files }
  entries.set(MANIFEST, { data: strToU8(JSON.stringify(encodeNumbers(doc))) })
  return zip(entries)
}

// ---- reading

const list = <T extends v.GenericSchema>(item: T): v.ArraySchema<T, undefined> => v.array(item)
const run = v.looseObject({
  id: v.pipe(v.string(), v.regex(/^[\w-]{1,64}$/)),
  name: text,
  experiment: v.looseObject({}),
  createdAt: text,
  seconds: v.optional(v.number()),
  progress: v.looseObject({
    state: v.picklist(['queued', 'starting', 'running', 'paused', 'finished', 'diverged', 'stopped', 'failed']),
    step: count,
    steps: count,
    failure: v.optional(v.looseObject({ message: bilingual }))
  }),
  schema: v.optional(runSchema),
  frames: v.object({ count, values: v.optional(count), scalars: v.optional(count), file: v.optional(text) }),
  histograms: v.optional(
    v.object({
      bins: v.literal(BINS),
      file: text,
      sets: list(v.object(histogramSet))
    })
  ),
  checkpoints: v.optional(list(v.looseObject({ ...checkpoint, file: text }))),
  continuedFrom: v.optional(v.looseObject({ run: text, name: text, step: count })),
  events: v.optional(list(runEvent)),
  evaluations: list(evaluation),
  findings: list(finding),
  verdict: v.optional(runVerdict)
})
const manifest = v.looseObject({
  format: v.literal(PROJECT_FORMAT),
  version: count,
  name: text,
  experiments: v.pipe(list(v.looseObject({})), v.minLength(1)),
  current: count,
  runs: list(run),
  files: list(
    v.object({
      name: v.pipe(v.string(), v.minLength(1), v.maxLength(1000)),
      file: text,
      type: v.picklist(['text', 'binary'])
    })
  )
})
const KNOWN = new Set(['format', 'version', 'name', 'experiments', 'current', 'runs', 'files'])

/** @throws InputError for nesting beyond `LIMITS.depth` and for keys that would change what an object is. */
function checkJson(value: unknown, path: string, depth: number): void {
  if (typeof value !== 'object' || value === null) return
  if (depth > LIMITS.depth)
    throw refuse(path, `is nested more than ${LIMITS.depth} deep`, `嵌套超过 ${LIMITS.depth} 层`)
  for (const k of Object.keys(value)) {
    if (k === '__proto__')
      throw refuse(
        path || MANIFEST,
        'holds a key "__proto__", which no project has',
        '包含键“__proto__”，正常项目中不会出现'
      )
    checkJson((value as Json)[k], path ? `${path}.${k}` : k, depth + 1)
  }
}
function parseJson(bytes: Uint8Array, byHand: boolean): Json {
  if (bytes.length > LIMITS.json)
    throw refuse(MANIFEST, `is larger than ${LIMITS.json / MB} MB`, `大于 ${LIMITS.json / MB} MB`)
  const doc = parseJsonText(strFromU8(bytes).replace(/^\ufeff/, ''), MANIFEST, byHand)
  checkJson(doc, '', 0)
  if (!isMap(doc)) throw refuse(MANIFEST, 'must be an object', '必须是对象')
  try {
    return decodeNumbers(doc) as Json
  } catch (error) {
    throw refuse(MANIFEST, (error as Error).message, (error as Error).message)
  }
}

/** Whether everything in `raw` is in `read` as well: reading added defaults, but lost nothing. */
function kept(raw: unknown, read: unknown): boolean {
  if (Array.isArray(raw))
    return Array.isArray(read) && raw.length === read.length && raw.every((x, i) => kept(x, read[i]))
  if (isMap(raw))
    return (
      isMap(read) &&
      Object.keys(raw).every((k) => Object.prototype.hasOwnProperty.call(read, k) && kept(raw[k], read[k]))
    )
  return Object.is(raw, read)
}
/**
 * Unfinished work (an empty block, say) may be saved and opened; what can't be read without losing something is
 * refused.
 */
function experimentAt(raw: Readonly<Record<string, unknown>>, path: string, problems: Problem[]): Experiment {
  const read = readExperiment(raw)
  const upgraded = upgradeEntries(raw)
  const whole = { ...read.experiment, entries: raw.entries }
  if (upgraded.problems.length || (read.problems.length && !kept(upgraded.document, whole)))
    problems.push(...read.problems.map((p) => ({ ...p, path: p.path ? `${path}.${p.path}` : path })))
  return read.experiment
}

function framesOf(
  meta: v.InferOutput<typeof run>['frames'],
  schema: RunRecord['schema'],
  path: string,
  read: (name: string) => Uint8Array
): FrameBatch {
  const n = meta.count
  if (n === 0) return { steps: new Int32Array(0), values: new Float32Array(0), scalars: new Float32Array(0) }
  const values = meta.values ?? 0
  const scalars = meta.scalars ?? 0
  if (!schema || values !== schema.columns.length || scalars !== schema.scalars.length)
    throw refuse(
      path,
      `has ${values} values and ${scalars} scalars per frame, its schema ${schema?.columns.length ?? 0} and ${schema?.scalars.length ?? 0}`,
      '每帧的数值个数与其描述不符'
    )
  const bytes = read(meta.file ?? '')
  const words = n * (1 + values + scalars)
  if (bytes.length !== words * 4)
    throw refuse(
      `${path}.file`,
      `has ${bytes.length} bytes instead of ${words * 4}`,
      `有 ${bytes.length} 字节，应为 ${words * 4}`
    )
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const steps = new Int32Array(n)
  const out = { steps, values: new Float32Array(n * values), scalars: new Float32Array(n * scalars) }
  for (let i = 0; i < n; i++) {
    steps[i] = view.getInt32(i * 4, true)
    if (i && steps[i]! <= steps[i - 1]!) throw refuse(`${path}.file`, 'its steps do not rise', '步数未递增')
  }
  let at = n
  for (const part of [out.values, out.scalars]) {
    const bits = new Uint32Array(part.buffer)
    for (let i = 0; i < bits.length; i++) bits[i] = view.getUint32(at++ * 4, true)
  }
  return out
}

function checkpointsOf(
  raw: NonNullable<v.InferOutput<typeof run>['checkpoints']>,
  path: string,
  read: (name: string) => Uint8Array
): Checkpoint[] {
  return raw.map(({ file, ...c }, i) => {
    if (i && c.step <= raw[i - 1]!.step) throw refuse(`${path}.${i}.step`, 'the steps do not rise', '步数未递增')
    const bytes = read(file)
    const words = c.variables.reduce((n, w) => n + sizeOf(w.shape), 0)
    if (bytes.length !== words * 4)
      throw refuse(
        `${path}.${i}.file`,
        `has ${bytes.length} bytes instead of ${words * 4}`,
        `有 ${bytes.length} 字节，应为 ${words * 4}`
      )
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    const values = new Float32Array(words)
    const bits = new Uint32Array(values.buffer)
    for (let k = 0; k < words; k++) bits[k] = view.getUint32(k * 4, true)
    return { ...c, values } as Checkpoint
  })
}
function histogramsOf(
  meta: v.InferOutput<typeof run>['histograms'],
  schema: RunRecord['schema'],
  path: string,
  read: (name: string) => Uint8Array
): HistogramSet[] {
  if (!meta) return []
  const bytes = read(meta.file)
  const words = meta.sets.reduce((n, s) => n + s.entries.length, 0) * BINS
  if (bytes.length !== words * 4)
    throw refuse(
      `${path}.file`,
      `has ${bytes.length} bytes instead of ${words * 4}`,
      `有 ${bytes.length} 字节，应为 ${words * 4}`
    )
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  let at = 0
  return meta.sets.map((set, i) => {
    if (i && set.step <= meta.sets[i - 1]!.step)
      throw refuse(`${path}.sets.${i}.step`, 'the steps do not rise', '步数未递增')
    if (set.entries.some((e) => e.layer >= (schema?.layers.length ?? 0)))
      throw refuse(`${path}.sets.${i}`, 'is of a layer that there is not', '所指的层不存在')
    return {
      ...set,
      bins: Float32Array.from({ length: set.entries.length * BINS }, () => view.getFloat32(at++ * 4, true))
    } as HistogramSet
  })
}

function fromManifest(doc: Json, read: (name: string) => Uint8Array): Project {
  if (doc['format'] !== PROJECT_FORMAT)
    throw refuse('format', 'this is not a Gradient Clinic project', '这不是梯度诊所的项目文件')
  const version = doc['version']
  if (typeof version !== 'number' || !Number.isInteger(version) || version < 1)
    throw refuse('version', 'must be a whole number from 1', '必须是不小于 1 的整数')
  if (version > PROJECT_VERSION)
    throw refuse(
      'version',
      `the project was saved by a newer Gradient Clinic (file version ${version}, this program reads up to ${PROJECT_VERSION}): update the program to open it`,
      `该项目由更新版本保存（文件版本 ${version}，本程序最高支持 ${PROJECT_VERSION}）：请升级程序`
    )
  const parsed = v.safeParse(manifest, migrate(doc))
  if (!parsed.success) throw new InputError(issuesToProblems(parsed.issues, ''))
  const m = parsed.output
  if (m.current >= m.experiments.length)
    throw refuse(
      'current',
      `is ${m.current}, but there are ${m.experiments.length} experiments`,
      `为 ${m.current}，但只有 ${m.experiments.length} 个实验`
    )
  const problems: Problem[] = []
  const experiments = m.experiments.map((raw, i) => experimentAt(raw, `experiments.${i}`, problems))
  const ids = new Set<string>()
  const runs = m.runs.map((raw, i): RunRecord => {
    const path = `runs.${i}`
    if (ids.has(raw.id)) problems.push(problem(`${path}.id`, `"${raw.id}" is used twice`, `“${raw.id}” 重复`))
    ids.add(raw.id)
    const schema = raw.schema as RunRecord['schema']
    schema?.columns.forEach((c, k) => {
      if (c.layer >= schema.layers.length)
        problems.push(
          problem(
            `${path}.schema.columns.${k}.layer`,
            `is ${c.layer}, but there are ${schema.layers.length} layers`,
            `为 ${c.layer}，但只有 ${schema.layers.length} 层`
          )
        )
    })
    const experiment = experimentAt(raw.experiment, `${path}.experiment`, problems)
    const { histograms, checkpoints, ...rest } = raw
    const sets = histogramsOf(histograms, schema, `${path}.histograms`, read)
    const kept = checkpoints && checkpointsOf(checkpoints, `${path}.checkpoints`, read)
    return {
      ...rest,
      experiment,
      ...(rest.events && { events: upgradeEvents(rest.events, raw.experiment) }),
      frames: framesOf(raw.frames, schema, `${path}.frames`, read),
      ...(sets.length && { histograms: sets }),
      ...(kept && { checkpoints: kept })
    } as unknown as RunRecord
  })
  if (problems.length) throw new InputError(problems)
  const files: Attachments = {}
  for (const { name, file, type } of m.files) {
    if (name === '__proto__' || Object.prototype.hasOwnProperty.call(files, name))
      throw refuse('files', `"${name}" cannot be used as a name, or is used twice`, `名称“${name}”不可用或重复`)
    // A copy: a view would keep the whole project file, and be sent with it.
    files[name] = type === 'text' ? strFromU8(read(file)) : new Uint8Array(read(file))
  }
  const extra = Object.fromEntries(Object.entries(m).filter(([k]) => !KNOWN.has(k)))
  return {
    format: PROJECT_FORMAT,
    version: PROJECT_VERSION,
    name: m.name,
    experiments,
    current: m.current,
    runs,
    files,
    ...(Object.keys(extra).length && { extra })
  }
}

/** A project with this one experiment. */
export const projectOf = (experiment: Experiment): Project => ({
  format: PROJECT_FORMAT,
  version: PROJECT_VERSION,
  name: experiment.name,
  experiments: [experiment],
  current: 0,
  runs: [],
  files: {}
})

/**
 * Reads a project file; an experiment as plain JSON becomes a project around it. Nothing in the bytes is trusted.
 * @throws InputError saying what is wrong and where.
 */
export function decodeProject(bytes: Uint8Array): Project {
  try {
    if (bytes.length === 0) throw refuse('', 'the file is empty', '文件是空的')
    const first = bytes.subarray(0, 64).find((b) => b > 32 && b < 128)
    if (first === 0x7b) {
      const read = readExperiment(parseJson(bytes, true))
      if (read.problems.length) throw new InputError(read.problems)
      return projectOf(read.experiment)
    }
    if (bytes[0] !== 0x50 || bytes[1] !== 0x4b)
      throw refuse('', 'this is not a Gradient Clinic project', '这不是梯度诊所的项目文件')
    const { read } = unzip(bytes, LIMITS)
    return fromManifest(parseJson(read(MANIFEST), false), read)
  } catch (error) {
    if (error instanceof ZipError) throw refuse(error.where, error.message, error.zh)
    throw error
  }
}
