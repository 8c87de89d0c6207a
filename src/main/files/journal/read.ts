import { lstat, readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import * as v from 'valibot'
import { searchState, type SearchState } from '@shared/cure/state'
import { codeOf } from '@shared/base/system'
import { InputError, problem, type Problem } from '@shared/base/problems'
import type { Attachments } from '@shared/catalog/datasets'
import type { Experiment } from '@shared/experiment/types'
import { decodeProject, encodeProject, migrate, PROJECT_VERSION } from '@shared/project'
import { decodeNumbers } from '@shared/project/numbers'
import type { Project, RunStub } from '@shared/project/types'
import { RunLog } from '@shared/run/runLog'
import { isLive } from '@shared/run/state'
import type { RunRecord } from '@shared/run/types'
import { runUpdate, type RunUpdate } from '@shared/run/update'
import { readFrames } from './framing'
import { checkpointPath, runPath, type Written } from './runFile'

/** What the small file of a journal says: the project without runs and attached files. */
export interface JournalDocument {
  /** That of the program's project files when it was written. */
  version: number
  name: string
  experiments: Experiment[]
  current: number
  extra?: Record<string, unknown>
  path: string | null
  /** Of the content that the file of this path had when it was opened or saved last: see `sum`. */
  sum?: string
  /** There is something in it that is not saved. */
  dirty: boolean
  runs: RunStub[]
  files: { name: string; file: string; type: 'text' | 'binary' }[]
}
export const DOCUMENT = 'project.json'
/** The search for a cure. */
export const SEARCH = 'search.json'
/** Where the attached files of a journal lie. */
export const FILES = 'files'

const NO_FRAMES = { steps: new Int32Array(0), values: new Float32Array(0), scalars: new Float32Array(0) }
/** Journals from before they named their version. */
const UNNAMED = 2
const shape = v.looseObject({
  version: v.pipe(v.number(), v.integer(), v.minValue(UNNAMED)),
  name: v.string(),
  experiments: v.array(v.looseObject({})),
  current: v.number(),
  path: v.nullable(v.string()),
  sum: v.optional(v.string()),
  dirty: v.boolean(),
  runs: v.array(v.looseObject({ id: v.string(), name: v.string() })),
  files: v.array(v.looseObject({ name: v.string(), file: v.pipe(v.string(), v.regex(/^[\w-]+$/)) }))
})
/** The small file of a journal; undefined when it can't be read. */
export async function readDocument(folder: string): Promise<JournalDocument | undefined> {
  try {
    const read = decodeNumbers(JSON.parse(await readFile(join(folder, DOCUMENT), 'utf8'))) as JournalDocument
    const { version = UNNAMED } = read
    const document = { ...read, version }
    const parsed = v.safeParse(shape, version > PROJECT_VERSION ? document : migrate({ ...document }))
    return parsed.success ? (parsed.output as unknown as JournalDocument) : undefined
  } catch {
    return undefined
  }
}
/** Why a journal can't be read by this program, if it was written by a newer one. */
export const tooNew = ({ version }: JournalDocument): Problem | undefined =>
  version > PROJECT_VERSION
    ? problem(
        'version',
        `it was left by a newer Gradient Clinic (version ${version}, this program reads up to ${PROJECT_VERSION}): update the program to take it up`,
        `由更新版本的程序留下（版本 ${version}，本程序最高支持 ${PROJECT_VERSION}）：请升级程序后再恢复`
      )
    : undefined
/** Ids of the runs in a journal, in the order in which their files were made. */
export async function runsIn(folder: string): Promise<string[]> {
  const names = (await readdir(folder).catch(() => [] as string[])).filter((n) => n.endsWith('.run'))
  const times = new Map<string, number>()
  for (const n of names) times.set(n, (await lstat(join(folder, n))).birthtimeMs)
  return names.sort((a, b) => times.get(a)! - times.get(b)!).map((n) => n.slice(0, -'.run'.length))
}

const lack = (path: string, en: string, zh: string): Problem => problem(path, en, zh)

/** Whether an update makes sense after what came before it; then it is applied. */
function applies(log: RunLog, update: RunUpdate): boolean {
  try {
    log.apply(update)
    return true
  } catch {
    return false
  }
}
/** The log of a run of a journal. @returns undefined when nothing of it can be read */
export async function readLog(folder: string, id: string, lacks: Problem[] = []): Promise<RunLog | undefined> {
  let log: RunLog | undefined
  let missing = new Set<number>()
  const { values: records, unread } = readFrames(await readFile(runPath(folder, id)).catch(() => new Uint8Array(0)))
  let isWhole = unread === 0
  for (const written of records as Written[]) {
    if (written.kind === 'head') {
      if (log) Object.assign(log.head, written.head)
      else log = new RunLog(written.head)
      continue
    }
    if (!log) break
    let update = written as RunUpdate
    if (written.kind === 'checkpoint') {
      const { step } = written.checkpoint
      const file = await readFile(checkpointPath(folder, id, step)).catch(() => new Uint8Array(0))
      const [values] = readFrames(file).values
      missing = new Set([...missing].filter((s) => written.kept.includes(s)))
      if (!(values instanceof Float32Array)) {
        missing.add(step)
        continue
      }
      missing.delete(step)
      // A copy: a view would keep, and be sent with, all bytes of the file.
      update = { ...written, checkpoint: { ...written.checkpoint, values: values.slice() } }
    } else if (written.kind === 'histograms')
      update = { ...written, histograms: { ...written.histograms, bins: written.histograms.bins.slice() } }
    const checked = v.safeParse(runUpdate, update)
    if (!checked.success || !applies(log, checked.output)) {
      isWhole = false
      break
    }
  }
  if (!log) return undefined
  if (!isWhole) {
    const { step } = log.progress
    lacks.push(
      lack(
        log.head.name,
        `what was recorded after step ${step} can’t be read: it was being written when the program ended, or is damaged`,
        `第 ${step} 步之后的记录无法读取：程序结束时正在写入，或已损坏`
      )
    )
  }
  if (missing.size)
    lacks.push(
      lack(
        log.head.name,
        `lacks what was kept at step ${[...missing].join(', ')}`,
        `缺少第 ${[...missing].join('、')} 步保存的内容`
      )
    )
  return log
}
/** A run of a journal. One that had not ended is `interrupted`. @returns undefined when nothing of it can be read */
export async function readRun(folder: string, id: string, lacks: Problem[] = []): Promise<RunRecord | undefined> {
  const record = (await readLog(folder, id, lacks))?.toRecord()
  if (!record) return undefined
  const { state, step, steps } = record.progress
  return isLive(state) ? { ...record, progress: { state: 'stopped', step, steps, interrupted: true } } : record
}

async function readFiles(folder: string, document: JournalDocument, lacks: Problem[]): Promise<Attachments> {
  const files: Attachments = {}
  for (const { name, file, type } of document.files)
    try {
      const bytes = await readFile(join(folder, FILES, file))
      files[name] = type === 'text' ? bytes.toString('utf8') : new Uint8Array(bytes)
    } catch (error) {
      lacks.push(lack(name, `is missing: ${(error as Error).message}`, `缺失：${(error as Error).message}`))
    }
  return files
}
async function readSearch(folder: string, lacks: Problem[]): Promise<SearchState | undefined> {
  try {
    const parsed = v.safeParse(searchState, decodeNumbers(JSON.parse(await readFile(join(folder, SEARCH), 'utf8'))))
    if (parsed.success) return parsed.output as unknown as SearchState
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined
  }
  lacks.push(lack(SEARCH, 'can’t be read: the search for a cure is missing', '无法读取：缺少疗法搜索'))
  return undefined
}
/** The same project with all that older programs wrote differently brought up to date. @throws InputError */
function upgraded(project: Project): Project {
  const bare = project.runs.map(({ frames: _f, histograms: _h, checkpoints: _c, ...run }) => ({
    ...run,
    frames: NO_FRAMES
  }))
  const read = decodeProject(encodeProject({ ...project, runs: bare, files: {} }))
  return {
    ...read,
    files: project.files,
    runs: project.runs.map(({ frames, histograms, checkpoints }, i) => ({
      ...read.runs[i]!,
      frames,
      ...(histograms && { histograms }),
      ...(checkpoints && { checkpoints })
    }))
  }
}

/** A project of a journal, with what of it is missing. */
export interface ReadJournal {
  project: Project
  path: string | null
  /** What the file of that path held when it was opened or saved last: see {@link JournalDocument}. */
  sum?: string
  lacks: Problem[]
}
/** Reads a journal. @throws InputError when nothing of it can be used */
export async function readJournal(folder: string): Promise<ReadJournal> {
  const lacks: Problem[] = []
  const document = await readDocument(folder)
  const newer = document && tooNew(document)
  if (newer) throw new InputError([newer])
  const stubs = document?.runs ?? []
  const order = (id: string): number => {
    const at = stubs.findIndex((s) => s.id === id)
    return at < 0 ? stubs.length : at
  }
  const there = (await runsIn(folder)).sort((a, b) => order(a) - order(b))
  const runs: RunRecord[] = []
  for (const id of [...there, ...stubs.map((s) => s.id).filter((id) => !there.includes(id))]) {
    const stub = stubs.find((s) => s.id === id)
    const record = await readRun(folder, id, lacks)
    if (!record) {
      lacks.push(lack(stub?.name ?? id, 'can’t be read', '无法读取'))
      continue
    }
    if (stub) {
      record.name = stub.name
      if (stub.seconds !== undefined) record.seconds = stub.seconds
      if (stub.experiment !== undefined) record.experiment = { ...record.experiment, name: stub.experiment }
    }
    runs.push(record)
  }
  if (!document)
    lacks.push(lack(DOCUMENT, 'can’t be read: experiments are those of the runs', '无法读取：实验取自各次运行'))
  const experiments = document?.experiments.length ? document.experiments : runs.map((r) => r.experiment)
  const search = await readSearch(folder, lacks)
  const project: Project = {
    format: 'gradient-clinic/project',
    version: PROJECT_VERSION,
    name: document?.name ?? runs[0]?.name ?? '',
    experiments,
    current: Math.min(Math.max(0, document?.current ?? 0), Math.max(0, experiments.length - 1)),
    runs,
    files: document ? await readFiles(folder, document, lacks) : {},
    ...(search && { search }),
    ...(document?.extra && { extra: document.extra })
  }
  const { path = null, sum } = document ?? {}
  return { project: upgraded(project), path, lacks, ...(sum !== undefined && { sum }) }
}
