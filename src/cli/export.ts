import { existsSync, mkdirSync, readdirSync, renameSync, rmdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { basename, join, resolve } from 'node:path'
import type { Attachments } from '../shared/catalog/datasets'
import type { Experiment } from '../shared/experiment'
import { TARGET_IDS, type TargetId } from '../shared/takehome/targets'
import { ownChanges } from '../shared/takehome/ownCode'
import type { ProjectFiles, Taken } from '../shared/takehome/types'
import { changesOf, codeOf, firstDifference, ownCode, writers } from '../shared/takehome/write'
import { attachedTo } from '../shared/experiment/attached'
import { decodeProject } from '../shared/project'
import { wasChanged } from '../shared/run/changed'
import { FrameTable } from '../shared/run/frameTable'
import { lossCsv } from '../shared/run/csv'
import type { Prescription } from '../shared/cure/types'
import { useThreads } from '../trainer/tensorflow'
import { parseJsonText } from '../shared/base/json'
import { InputError } from '../shared/base/problems'
import { takeHome } from '../trainer/takeHome'
import { bad, oneOf, parseArguments } from './args'
import { makeFolder, unwritable } from './disk'
import { readAttached, readBytes, readGiven, resolveExperiment } from './input'
import { findFiles } from './runFiles'
import { checkExperiment, type Console } from './run'

const JSON_BYTES = 64e6
const PROJECT_BYTES = 1e9

/** Options of `clinic export`. */
export interface ExportArguments {
  run: string
  to: TargetId
  dir: string
  /** After which the weights are taken; absent: the last. */
  step?: number
  /** Folder of the tables that the experiment names. */
  data?: string
  /** Name of a run of a project; absent: the project's current experiment. */
  named?: string
  /** What the code is compared with, named as the run is. */
  diff?: string
}

/** @throws InputError */
export function parseExportArguments(args: readonly string[]): ExportArguments {
  const { rest, given } = parseArguments(args, ['--to', '--step', '--data', '--run', '--diff'], [])
  const last = (name: string): string | undefined => given.get(name)?.slice(-1)[0]
  const [to, step, data, named, diff] = ['--to', '--step', '--data', '--run', '--diff'].map(last)
  if (rest.length !== 2)
    throw bad(
      'RUN DIR',
      `a run and a folder to write to are needed, not ${rest.length} names`,
      `需要一个运行和一个输出文件夹，而不是 ${rest.length} 个名称`
    )
  if (to === undefined)
    throw bad('--to', `must be one of: ${TARGET_IDS.join(', ')}`, `应为其中之一：${TARGET_IDS.join('、')}`)
  if (step !== undefined && !/^\d{1,9}$/.test(step))
    throw bad('--step', `"${step}" is not a step: use a whole number from 0`, `“${step}” 不是步号：请用不小于 0 的整数`)
  return {
    run: rest[0]!,
    to: oneOf('--to', to, TARGET_IDS),
    dir: rest[1]!,
    ...(step !== undefined && { step: Number(step) }),
    ...(data !== undefined && { data }),
    ...(named !== undefined && { named }),
    ...(diff !== undefined && { diff })
  }
}

/** What there is of a run. */
interface Found {
  experiment: Experiment
  files: Attachments
  /** Steps done, where the run says so. */
  done?: number
  /** `loss.csv`. */
  lossTable: string
  /** It was changed while it ran. */
  changed: boolean
  /** Of TensorFlow, where the run says so: the last bits hang on their number. */
  threads?: number
}
/** A path as a shell takes it. */
const typed = (path: string): string => (/^[\w./:\\~-]+$/.test(path) ? path : `"${path}"`)
const isFolder = (path: string): boolean => {
  try {
    return statSync(path).isDirectory()
  } catch {
    return false
  }
}

/** The run of a project that has a name. @throws InputError naming those that there are */
function ofProject(path: string, named: string): Found {
  const { runs, files } = decodeProject(readBytes(path, basename(path), PROJECT_BYTES))
  const record = runs.filter((r) => r.name === named).pop()
  if (!record) {
    const names = runs.map((r) => `“${r.name}”`).join(', ')
    throw bad('--run', `there is no run “${named}”; there are: ${names}`, `没有名为“${named}”的运行；现有：${names}`)
  }
  const { schema, frames, evaluations, events } = record
  return {
    experiment: record.experiment,
    files: attachedTo(record.experiment, files),
    done: record.progress.step,
    lossTable: schema ? lossCsv(new FrameTable(schema, frames), evaluations) : '',
    changed: wasChanged(events ?? [])
  }
}
/**
 * The best candidate of a search: the run of its first seed, and the untreated one of that seed.
 * @throws InputError where none cures or helps: what came nearest would pass for a cure
 */
function ofPrescription(folder: string): { run: string; diff: string } | undefined {
  const path = join(folder, 'prescription.json')
  if (!existsSync(path)) return undefined
  const { candidates, ...rest } = parseJsonText(
    readBytes(path, 'prescription.json', JSON_BYTES).toString('utf8'),
    'prescription.json',
    false
  ) as Partial<Pick<Prescription, 'candidates' | 'case'>>
  const best = candidates?.[0]
  const [trial] = best?.group === 'cures' || best?.group === 'helps' ? best.seeds : []
  const untreated = rest.case?.untreated.seeds.find((s) => s.seed === trial?.seed)
  if (!trial || !untreated)
    throw bad(
      folder,
      'holds no candidate that cures or helps: name one of its trainings, a folder in its runs',
      '其中没有可治愈或有帮助的候选：请指定其中的一次训练，即 runs 中的一个文件夹'
    )
  return { run: join(folder, 'runs', trial.run), diff: join(folder, 'runs', untreated.run) }
}

/** Where the files of a run are looked for, and what a person types to name their folder. */
interface Wanted {
  run: string
  data: string | undefined
  /** Folders above the run's own. */
  above: number
  /** The command, without the folder. */
  command: string
}
/**
 * The files that a run's experiment names, of the folder that was named, or else from where they were.
 * @param told what run.json says of them
 * @throws InputError with the command that names their folder
 */
function filesOf(experiment: Experiment, told: unknown, { run, data, above, command }: Wanted): Attachments {
  if (data !== undefined) return readAttached(experiment, join(data, '-'), {})
  const found = findFiles(experiment, run, told, above)
  if ('files' in found) return found.files
  const looked = found.looked.join(', ')
  const named = `clinic ${command} --data FOLDER`
  if (found.changed.length)
    throw bad(
      run,
      `the files in ${found.changed.join(', ')} are not those that it was trained with. Name the folder of those by  ${named}`,
      `${found.changed.join('、')} 中的文件不是训练时所用的文件。请指明原文件所在的文件夹：${named}`
    )
  throw new InputError(
    found.error!.problems.map((p) => ({
      ...p,
      message: {
        en: `${p.message.en}. A run does not hold the files of its experiment, and they are not in ${looked}. Name their folder by  ${named}`,
        zh: `${p.message.zh}。运行中不含实验所用的文件，以下文件夹中也没有：${looked}。请指明其文件夹：${named}`
      }
    }))
  )
}

/**
 * Opens RUN: a folder that `clinic run` wrote, a project, one of its runs, or an experiment.
 * @throws InputError
 */
function find(
  { run, data, named }: Pick<ExportArguments, 'run' | 'data' | 'named'>,
  { above, command }: Pick<Wanted, 'above' | 'command'>
): Found {
  if (!isFolder(run)) {
    if (named !== undefined) return ofProject(run, named)
    const given = readGiven(run)
    const experiment = resolveExperiment(given.experiment, { set: [] })
    return {
      experiment,
      files: readAttached(experiment, data === undefined ? run : join(data, '-'), given.files),
      lossTable: '',
      changed: false
    }
  }
  const text = readBytes(join(run, 'run.json'), 'run.json', JSON_BYTES).toString('utf8')
  const {
    experiment: given,
    steps,
    events,
    versions,
    files
  } = parseJsonText(text, 'run.json', false) as {
    experiment?: unknown
    steps?: { done?: number }
    events?: { kind: string }[]
    versions?: { threads?: unknown }
    files?: unknown
  }
  if (given === undefined) throw bad(run, 'holds no finished run', '其中没有已完成的运行')
  const experiment = resolveExperiment(given, { set: [] })
  const threads = Number(versions?.threads)
  return {
    experiment,
    files: filesOf(experiment, files, { run, data, above, command }),
    ...(Number.isInteger(threads) && threads > 0 && { threads }),
    ...(typeof steps?.done === 'number' && { done: steps.done }),
    lossTable: readBytes(join(run, 'loss.csv'), 'loss.csv', JSON_BYTES).toString('utf8'),
    changed: Array.isArray(events) && wasChanged(events)
  }
}

/** What differs from the run that it is compared with. @throws InputError */
async function changesFrom(
  args: ExportArguments,
  run: string,
  { taken, project, chosen }: { taken: Taken; project: ProjectFiles; chosen: Experiment['remedies'] },
  where: Pick<Wanted, 'above' | 'command'>
): Promise<ProjectFiles> {
  const { experiment, files } = find({ run, ...(args.data !== undefined && { data: args.data }) }, where)
  const before = await takeHome(experiment, files, 0, { lossTable: '', version: taken.version })
  const code = codeOf(await writers[args.to](before))
  const own = args.to === 'pytorch' ? ownChanges(before, taken, chosen) : []
  return { ...changesOf(project, code), ...ownCode(own) }
}

/** `clinic export`. @returns the exit code. @throws InputError */
export async function exportRun(args: ExportArguments, version: string, console: Console): Promise<number> {
  const best = isFolder(args.run) ? ofPrescription(args.run) : undefined
  // Runs of a search lie two folders below the one that it was asked to write.
  const where = {
    above: best ? 3 : 1,
    command: `export ${typed(args.run)} ${typed(args.dir)} --to ${args.to}`
  }
  const found = find({ ...args, run: best?.run ?? args.run }, where)
  if (found.threads !== undefined) useThreads(found.threads)
  const other = args.diff ?? best?.diff
  checkExperiment(found.experiment, found.files)
  const done = found.done ?? found.experiment.training.steps
  const { lossTable } = found
  const taken = await takeHome(found.experiment, found.files, Math.min(args.step ?? done, done), { lossTable, version })
  const off = found.changed ? undefined : firstDifference(lossTable, taken.losses)
  if (off)
    throw bad(
      args.run,
      `was made by another version or on another machine: step ${off.step} gives ${taken.losses[off.step]!} here and ${off.recorded} there; run it again`,
      `由其他版本或在其他机器上产生：第 ${off.step} 步此处为 ${taken.losses[off.step]!}，原为 ${off.recorded}；请重新运行`
    )
  const project = await writers[args.to](taken)
  const chosen = found.experiment.remedies
  const files = {
    ...project,
    ...(other !== undefined && (await changesFrom(args, other, { taken, project, chosen }, where)))
  }
  // All of it or nothing: what is written lies beside, and gets the folder's name at the end.
  const temp = `${resolve(args.dir)}.${process.pid}.tmp`
  const wasThere = existsSync(args.dir)
  try {
    makeFolder(args.dir)
    if (readdirSync(args.dir).length)
      throw bad('DIR', `${args.dir} is not empty: name a new folder`, `${args.dir} 不为空：请指定新文件夹`)
    mkdirSync(temp)
    for (const [name, content] of Object.entries(files)) writeFileSync(join(temp, name), content)
    rmdirSync(args.dir)
    renameSync(temp, args.dir)
  } catch (error) {
    rmSync(temp, { recursive: true, force: true })
    if (!wasThere && isFolder(args.dir) && !readdirSync(args.dir).length) rmdirSync(args.dir)
    throw unwritable(error, args.dir)
  }
  if (found.changed)
    console.err(`clinic: remark: ${basename(args.run)}: changes made while it ran are not taken along\n`)
  console.out(`Written to ${args.dir}: ${Object.keys(files).join(', ')}\n`)
  return 0
}
