import { strFromU8 } from 'fflate'
import * as v from 'valibot'
import type { Attachments } from '../catalog/datasets/types'
import type { SearchState } from '../cure/state'
import { readExperiment } from '../experiment/parse'
import { upgradeEntries, upgradeEvents } from '../experiment/upgrade'
import type { Experiment } from '../experiment/types'
import { issuesToProblems } from '../base/issues'
import { InputError, problem, type Problem } from '../base/problems'
import { parseJsonText } from '../base/json'
import type { Text } from '../base/text'
import { unzip, ZipError } from '../base/zip'
import type { RunRecord } from '../run/types'
import { checkpointOf, checkRising, framesOf, histogramsOf, NO_FRAMES, type Entries } from './entries'
import { MANIFEST, PROJECT_FORMAT } from './format'
import { checkLengths, LIMITS, surveyJson, tooLarge } from './limits'
import { manifest } from './manifest'
import { migrate, PROJECT_VERSION, type Json } from './migrations'
import { decodeNumbers } from './numbers'
import { refuse } from './refuse'
import type { Project } from './types'

const isMap = (x: unknown): x is Json => typeof x === 'object' && x !== null && !Array.isArray(x)
const KNOWN = new Set(['format', 'version', 'name', 'experiments', 'current', 'runs', 'files', 'search'])

/** The way to a key that would change what an object is. */
function hostileKey(value: unknown): string[] | undefined {
  if (typeof value !== 'object' || value === null) return undefined
  for (const k of Object.keys(value)) {
    const way = k === '__proto__' ? [] : hostileKey((value as Json)[k])
    if (way) return k === '__proto__' ? way : [k, ...way]
  }
  return undefined
}
/** @param values how many the document holds, as its survey has found */
function parseJson(bytes: Uint8Array, byHand: boolean): { doc: Json; values: number } {
  const values = surveyJson(bytes, MANIFEST)
  // No hand has written a document so large that its keys would have to be counted one by one.
  const doc = parseJsonText(strFromU8(bytes).replace(/^\ufeff/, ''), MANIFEST, byHand && values <= LIMITS.problemsOf)
  const way = hostileKey(doc)
  if (way)
    throw refuse(
      way.join('.') || MANIFEST,
      'holds a key "__proto__", which no project has',
      '包含键“__proto__”，正常项目中不会出现'
    )
  if (!isMap(doc)) throw refuse(MANIFEST, 'must be an object', '必须是对象')
  checkLengths(doc)
  try {
    return { doc: decodeNumbers(doc) as Json, values }
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
    for (const p of read.problems) problems.push({ ...p, path: p.path ? `${path}.${p.path}` : path })
  return read.experiment
}

/** What of a project file could be read. */
export interface Reading {
  project: Project
  /** Parts that are damaged or absent, each with what is lost; empty for a file that is whole. */
  missing: Problem[]
}
/** A part that cannot be read is left out, and told. */
class Parts {
  readonly missing: Problem[] = []
  private left = 0
  take<T>(what: Text, read: () => T, without: T): T {
    try {
      return read()
    } catch (error) {
      if (!(error instanceof ZipError)) throw error
      if (++this.left <= LIMITS.missing)
        this.missing.push(
          problem(
            error.where,
            `${what.en} could not be read and is left out: ${error.message}`,
            `${what.zh}无法读取，已略去：${error.zh}`
          )
        )
      else
        this.missing[LIMITS.missing] = problem(
          '',
          `and ${this.left - LIMITS.missing} more parts`,
          `另有 ${this.left - LIMITS.missing} 个部分`
        )
      return without
    }
  }
}

function fromManifest({ doc, values }: { doc: Json; values: number }, entries: Entries): Reading {
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
  // A problem takes more room than what it is about: of a large document the first one has to do.
  const parsed = v.safeParse(manifest, migrate(doc), { abortEarly: values > LIMITS.problemsOf })
  if (!parsed.success) throw new InputError(issuesToProblems(parsed.issues, ''))
  const m = parsed.output
  if (m.current >= m.experiments.length)
    throw refuse(
      'current',
      `is ${m.current}, but there are ${m.experiments.length} experiments`,
      `为 ${m.current}，但只有 ${m.experiments.length} 个实验`
    )
  const problems: Problem[] = []
  const parts = new Parts()
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
    const of = (en: string, zh: string): Text => ({
      en: `${en} of the run "${raw.name}"`,
      zh: `运行“${raw.name}”的${zh}`
    })
    const sets = parts.take(
      of('the histograms', '直方图'),
      () => histogramsOf(histograms, schema, `${path}.histograms`, entries),
      []
    )
    checkRising(checkpoints, `${path}.checkpoints`)
    const kept = checkpoints?.flatMap((c, k) =>
      parts.take(
        of(`the checkpoint at step ${c.step}`, `第 ${c.step} 步检查点`),
        () => [checkpointOf(c, `${path}.checkpoints.${k}`, entries)],
        []
      )
    )
    return {
      ...rest,
      experiment,
      ...(rest.events && { events: upgradeEvents(rest.events, raw.experiment) }),
      frames: parts.take(
        of('the recorded steps', '逐步记录'),
        () => framesOf(raw.frames, schema, `${path}.frames`, entries),
        NO_FRAMES()
      ),
      ...(sets.length && { histograms: sets }),
      ...(kept && { checkpoints: kept })
    } as unknown as RunRecord
  })
  const search = m.search && {
    ...m.search,
    order: {
      ...m.search.order,
      experiment: experimentAt(m.search.order.experiment, 'search.order.experiment', problems)
    }
  }
  if (problems.length) throw new InputError(problems)
  const files: Attachments = {}
  for (const { name, file, type } of m.files) {
    if (name === '__proto__' || Object.prototype.hasOwnProperty.call(files, name))
      throw refuse('files', `"${name}" cannot be used as a name, or is used twice`, `名称“${name}”不可用或重复`)
    const content = parts.take(
      { en: `the file "${name}"`, zh: `文件“${name}”` },
      // A copy: a view would keep the whole project file, and be sent with it.
      () => (type === 'text' ? strFromU8(entries.read(file)) : new Uint8Array(entries.read(file))),
      undefined
    )
    if (content !== undefined) files[name] = content
  }
  const extra = Object.fromEntries(Object.entries(m).filter(([k]) => !KNOWN.has(k)))
  const project: Project = {
    format: PROJECT_FORMAT,
    version: PROJECT_VERSION,
    name: m.name,
    experiments,
    current: m.current,
    runs,
    files,
    ...(search && { search: search as unknown as SearchState }),
    ...(Object.keys(extra).length && { extra })
  }
  return { project, missing: parts.missing }
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
 * Reads a project file, as far as it is whole; an experiment as plain JSON becomes a project around it. Nothing in the
 * bytes is trusted. @throws InputError saying what is wrong and where.
 */
export function readProject(bytes: Uint8Array): Reading {
  try {
    if (bytes.length === 0) throw refuse('', 'the file is empty', '文件是空的')
    const first = bytes.subarray(0, 64).find((b) => b > 32 && b < 128)
    if (first === 0x7b) {
      const read = readExperiment(parseJson(bytes, true).doc)
      if (read.problems.length) throw new InputError(read.problems)
      return { project: projectOf(read.experiment), missing: [] }
    }
    if (bytes[0] !== 0x50 || bytes[1] !== 0x4b)
      throw refuse('', 'this is not a Gradient Clinic project', '这不是梯度诊所的项目文件')
    const entries = unzip(bytes, LIMITS)
    if (entries.size(MANIFEST) > LIMITS.json) throw tooLarge(MANIFEST)
    return fromManifest(parseJson(entries.read(MANIFEST), false), entries)
  } catch (error) {
    if (error instanceof ZipError) throw refuse(error.where, error.message, error.zh)
    throw error
  }
}

/** Reads a project file that is to be whole. @throws InputError saying what is wrong, or missing, and where. */
export function decodeProject(bytes: Uint8Array): Project {
  const { project, missing } = readProject(bytes)
  if (missing.length) throw new InputError(missing)
  return project
}
