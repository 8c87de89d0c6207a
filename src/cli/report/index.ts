import { existsSync, statSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import * as v from 'valibot'
import { issuesToProblems } from '../../shared/base/issues'
import { InputError } from '../../shared/base/problems'
import type { Text } from '../../shared/base/text'
import type { Attachments } from '../../shared/catalog/datasets'
import { middlePair, shownRuns } from '../../shared/cure/middle'
import { prescription as prescriptionSchema } from '../../shared/cure/state'
import { bestPoint, type Sweep } from '../../shared/cure/sweep'
import type { Prescription } from '../../shared/cure/types'
import { parseExperiment, type Experiment } from '../../shared/experiment'
import { decodeProject } from '../../shared/project'
import { reportHtml, type ReportInput, type ReportRun } from '../../shared/report'
import { examplesOf, otherFiles } from '../../shared/report/examples'
import { reportRun } from '../../shared/report/run'
import { RunLog } from '../../shared/run/runLog'
import { bad, parseArguments } from '../args'
import { openFolder, spare, writeWhole } from '../disk'
import { readAttached, readBytes } from '../input'
import { carriedFiles } from '../elsewhere/attached'
import { sha256, sumsOf } from '../jobs/address'
import type { Console } from '../run'
import { findFiles } from '../runFiles'
import { readRunFolder, readWritten } from './read'

/** Options of `clinic report`. */
interface ReportArguments {
  /** One or two. */
  sources: string[]
  out?: string
  language: 'en' | 'zh'
  /** Folder of the tables that the experiment names. */
  data?: string
}
const PROJECT_BYTES = 1e9

/** @throws InputError */
function parse(args: readonly string[]): ReportArguments {
  const { rest, given } = parseArguments(args, ['--out', '--language', '--data'], [])
  const last = (name: string): string | undefined => given.get(name)?.slice(-1)[0]
  const [out, language = 'en', data] = [last('--out'), last('--language'), last('--data')]
  if (rest.length !== 1 && rest.length !== 2)
    throw bad(
      'DIR',
      `name what run, prescribe or sweep wrote, a project, or two runs, not ${rest.length} names`,
      `请指定 run、prescribe 或 sweep 的输出文件夹、一个项目，或两个运行，而不是 ${rest.length} 个名称`
    )
  if (out === '') throw bad('--out', 'names no file', '没有指定文件')
  if (language !== 'en' && language !== 'zh')
    throw bad('--language', `"${language}" must be en or zh`, `“${language}” 应为 en 或 zh`)
  return { sources: rest, language, ...(out !== undefined && { out }), ...(data !== undefined && { data }) }
}

/** What was read of a source. */
type Found = Pick<ReportInput, 'runs' | 'search' | 'sweep'> & {
  remarks: Text[]
  files: Attachments
  near: string
  /** What run.json says of the files that the run read. */
  told?: unknown
}

/** @throws InputError where no run is left */
function someRuns(where: string, runs: readonly (ReportRun | undefined)[]): ReportRun[] {
  const found = runs.filter((r): r is ReportRun => r !== undefined)
  if (!found.length) throw bad(where, 'holds no run that has recorded anything', '其中没有记录到内容的运行')
  return found
}

/** Runs of a search or a sweep by their names. @throws InputError */
const readRuns = (folder: string, names: readonly string[]): ReturnType<typeof readRunFolder>[] =>
  names.map((name) => {
    const run = join(folder, 'runs', basename(name))
    if (!existsSync(run))
      throw bad(run, 'is missing: a report needs the runs beside what was found', '缺失：报告需要与结果放在一起的运行')
    return readRunFolder(run)
  })
function readSearch(folder: string): Found {
  const read = v.safeParse(prescriptionSchema, readWritten(folder, 'prescription.json'))
  if (!read.success) throw new InputError(issuesToProblems(read.issues.slice(0, 3), join(folder, 'prescription.json')))
  const prescription = read.output as unknown as Prescription
  const remarks: Text[] = []
  const shown = shownRuns(prescription, (name) => {
    const [read] = readRuns(folder, [name])
    if (!remarks.length) remarks.push(...read!.remarks)
    return read!.run
  })
  const all = someRuns(folder, shown)
  const experiment = { ...all[0]!.experiment, seed: prescription.case.seeds[0] ?? all[0]!.experiment.seed }
  return { runs: all, search: { prescription, experiment }, remarks, files: {}, near: folder }
}
const sweepSchema = v.looseObject({
  format: v.literal('gradient-clinic/sweep'),
  name: v.string(),
  experiment: v.looseObject({}),
  goal: v.looseObject({ metric: v.string(), better: v.picklist(['higher', 'lower']) }),
  seeds: v.array(v.number()),
  points: v.pipe(
    v.array(v.looseObject({ id: v.string(), seeds: v.array(v.looseObject({ run: v.string() })) })),
    v.minLength(1)
  ),
  blocked: v.array(v.looseObject({ id: v.string() }))
})
function readSweep(folder: string): Found {
  const read = v.safeParse(sweepSchema, readWritten(folder, 'sweep.json'))
  if (!read.success) throw new InputError(issuesToProblems(read.issues.slice(0, 3), join(folder, 'sweep.json')))
  const sweep = read.output as unknown as Sweep
  const { points } = sweep
  const best = bestPoint(sweep)
  const names = middlePair(best === points[0] ? undefined : best.seeds, points[0]!.seeds)
  const runs = readRuns(folder, names)
  return {
    runs: someRuns(
      folder,
      runs.map((r) => r.run)
    ),
    sweep,
    remarks: runs[0]!.remarks,
    files: {},
    near: folder
  }
}
function readProjectFile(file: string): Found {
  const { runs: records, search: state, files } = decodeProject(readBytes(file, basename(file), PROJECT_BYTES))
  const runs = new Map(records.map((r) => [r.id, r]))
  const asRun = (id: string): ReportRun | undefined => {
    const record = runs.get(id)
    if (!record) return undefined
    const { head, table: frames, ...log } = RunLog.from(record)
    return reportRun({ ...log, ...head, frames })
  }
  const near = dirname(file)
  const prescription = state?.prescription
  if (state && prescription?.case.untreated.seeds.length) {
    const found = shownRuns(prescription, asRun)
    const { consider, experiment } = state.order
    const search = { prescription, experiment, time: state.time, ...(consider && { consider }) }
    return { runs: someRuns(file, found), search, remarks: [], files, near }
  }
  const last = [...records]
    .reverse()
    .map((r) => asRun(r.id))
    .find(Boolean)
  return { runs: someRuns(file, [last]), remarks: [], files, near }
}
/** Opens what a report is asked of. @throws InputError */
function find(source: string): Found {
  const info = statSync(source, { throwIfNoEntry: false })
  if (!info) throw bad(source, 'there is no such file or folder', '没有此文件或文件夹')
  if (!info.isDirectory()) return readProjectFile(source)
  if (existsSync(join(source, 'prescription.json'))) return readSearch(source)
  if (existsSync(join(source, 'sweep.json'))) return readSweep(source)
  if (!existsSync(join(source, 'run.json')))
    throw bad(
      source,
      'holds no run.json, prescription.json or sweep.json: name a folder that clinic run, prescribe or sweep wrote',
      '其中没有 run.json、prescription.json 或 sweep.json：请指定 clinic run、prescribe 或 sweep 写出的文件夹'
    )
  const { run, remarks, told } = readRunFolder(source)
  return { runs: [run], remarks, files: {}, near: source, told }
}
/** The files of an experiment; none where they are not at hand, which a report can do without. */
function filesOf(experiment: Experiment, { near, files, told }: Found, data: string | undefined): Attachments {
  if (data === undefined && told !== undefined) {
    const found = findFiles(experiment, near, told)
    return 'files' in found ? found.files : files
  }
  try {
    return readAttached(
      experiment,
      join(data ?? near, '-'),
      data === undefined ? { ...carriedFiles(near), ...files } : files
    )
  } catch {
    return files
  }
}

/** `clinic report`. @returns the exit code. @throws InputError */
export function report(args: readonly string[], version: string, console: Console): number {
  const { sources, out, language, data } = parse(args)
  const [found, second] = sources.map(find)
  if (second && (found!.search ?? found!.sweep ?? second.search ?? second.sweep))
    throw bad(
      sources.join(' '),
      'two runs are compared; a search or a sweep stands alone',
      '只能比较两个运行；搜索或扫描须单独生成报告'
    )
  const { runs, search, sweep, remarks } = found!
  const first = runs[0]!
  const experiment = parseExperiment(first.experiment)
  const there = filesOf(experiment, found!, data)
  const other = otherFiles(runs, there)
  const all = other ? {} : there
  const examples = other ? undefined : examplesOf(experiment, all)
  const html = reportHtml(
    {
      runs: [...runs, ...(second?.runs ?? [])],
      ...(search && { search }),
      ...(sweep && { sweep }),
      files: sumsOf(all),
      ...(examples && { dataSum: sha256(examples.bytes) }),
      remarks: other ? [other] : remarks.length ? remarks : (examples?.remarks ?? []).map((r) => r.message),
      version,
      made: new Date().toISOString()
    },
    language
  )
  const [source] = sources
  const isFolder = statSync(source!).isDirectory()
  const file = out ?? (isFolder ? join(source!, 'report.html') : source!.replace(/\.[^./\\]*$/, '') + '.html')
  openFolder(dirname(file))
  spare(file, 'html')
  writeWhole(dirname(file), basename(file), html)
  console.out(`Written to ${file}\n`)
  return 0
}
