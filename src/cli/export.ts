import { mkdirSync, readdirSync, statSync, writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import type { Attachments } from '../shared/catalog/datasets'
import type { Experiment } from '../shared/experiment'
import { TARGET_IDS, type TargetId } from '../shared/takehome/targets'
import { firstDifference, writers } from '../shared/takehome/write'
import { parseJsonText } from '../shared/base/json'
import { takeHome } from '../trainer/takeHome'
import { bad, parseArguments } from './args'
import { readAttached, readBytes, readGiven, resolveExperiment } from './input'
import { checkExperiment, type Console } from './run'

/** Kinds of events by which a run is no longer its experiment. */
const CHANGES = ['learningRate', 'remedyOn', 'remedyOff', 'remedyChanged', 'continued']
const JSON_BYTES = 64e6

/** Options of `clinic export`. */
export interface ExportArguments {
  run: string
  to: TargetId
  dir: string
  /** After which the weights are taken; absent: the last. */
  step?: number
  /** Folder of the tables that the experiment names. */
  data?: string
}

/** @throws InputError */
export function parseExportArguments(args: readonly string[]): ExportArguments {
  const { rest, given } = parseArguments(args, ['--to', '--step', '--data'], [])
  const last = (name: string): string | undefined => given.get(name)?.slice(-1)[0]
  const [to, step, data] = [last('--to'), last('--step'), last('--data')]
  const known = TARGET_IDS.join(', ')
  if (rest.length !== 2)
    throw bad(
      'RUN DIR',
      `a run and a folder to write to are needed, not ${rest.length} names`,
      `需要一个运行和一个输出文件夹，而不是 ${rest.length} 个名称`
    )
  if (!TARGET_IDS.includes(to as TargetId)) throw bad('--to', `must be one of: ${known}`, `应为其中之一：${known}`)
  if (step !== undefined && !/^\d{1,9}$/.test(step))
    throw bad('--step', `"${step}" is not a step: use a whole number from 0`, `“${step}” 不是步号：请用不小于 0 的整数`)
  return {
    run: rest[0]!,
    to: to as TargetId,
    dir: rest[1]!,
    ...(step !== undefined && { step: Number(step) }),
    ...(data !== undefined && { data })
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
}
const isFolder = (path: string): boolean => {
  try {
    return statSync(path).isDirectory()
  } catch {
    return false
  }
}

/** Opens RUN: a folder that `clinic run` wrote, a project, or an experiment. @throws InputError */
function find({ run, data }: ExportArguments): Found {
  if (!isFolder(run)) {
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
    events
  } = parseJsonText(text, 'run.json', false) as {
    experiment?: unknown
    steps?: { done?: number }
    events?: { kind: string }[]
  }
  if (given === undefined) throw bad(run, 'holds no finished run', '其中没有已完成的运行')
  const experiment = resolveExperiment(given, { set: [] })
  return {
    experiment,
    files: readAttached(experiment, join(data ?? run, '-'), {}),
    ...(typeof steps?.done === 'number' && { done: steps.done }),
    lossTable: readBytes(join(run, 'loss.csv'), 'loss.csv', JSON_BYTES).toString('utf8'),
    changed: Array.isArray(events) && events.some((e) => CHANGES.includes(e.kind))
  }
}

/** `clinic export`. @returns the exit code. @throws InputError */
export async function exportRun(args: ExportArguments, version: string, console: Console): Promise<number> {
  const found = find(args)
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
  const files = writers[args.to](taken)
  try {
    mkdirSync(args.dir, { recursive: true })
    if (readdirSync(args.dir).length)
      throw bad('DIR', `${args.dir} is not empty: name a new folder`, `${args.dir} 不为空：请指定新文件夹`)
    for (const [name, content] of Object.entries(files)) writeFileSync(join(args.dir, name), content)
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (!code) throw error
    throw bad('DIR', `cannot be written: ${code}`, `无法写入：${code}`)
  }
  if (found.changed)
    console.err(`clinic: remark: ${basename(args.run)}: changes made while it ran are not taken along\n`)
  console.out(`Written to ${args.dir}: ${Object.keys(files).join(', ')}\n`)
  return 0
}
