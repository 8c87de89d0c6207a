import { counted } from '../shared/base/text'
import { rmSync, writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import type { Remark } from '../shared/catalog/datasets/parts/remark'
import type { Attachments } from '../shared/catalog/datasets'
import { divergedText, VERDICTS } from '../shared/clinic/verdict'
import { effectiveExperiment, planExperiment, type Experiment } from '../shared/experiment'
import { fromSnapshot } from '../shared/run/checkpoints'
import { liveChange, readScheduled } from '../shared/run/change'
import type { RunLog } from '../shared/run/runLog'
import type { Checkpoint, ScheduledChange } from '../shared/run/types'
import { InputError, together, type Problem } from '../shared/base/problems'
import { npz, readNpz } from '../shared/takehome/npz'
import type { Text } from '../shared/base/text'
import { describeData, guessesOn, remarksOn } from '../trainer/data'
import { machineMemory } from '../trainer/memory'
import { TrainerSession } from '../trainer/session/session'
import { useThreads } from '../trainer/tensorflow'
import { bad, type RunArguments } from './args'
import { diskFull, isDiskFull, openFolder, unwritable, writeWhole } from './disk'
import { readBytes, readGiven, readAttached, resolveExperiment } from './input'
import { toJson } from '../shared/base/toJson'
import { Recorder } from './recorder'
import { describeFiles } from './runFiles'
import { runJson } from './runJson'

export interface Console {
  out(text: string): void
  err(text: string): void
}

/**
 * Checks whatever can be checked before the training library is loaded. @param warn hears what does not keep it from
 * training. @throws InputError
 */
export function checkExperiment(
  experiment: Experiment,
  files: Attachments,
  warn: (problem: Problem) => void = () => undefined
): Experiment {
  const info = describeData(experiment, files)
  const { experiment: effective, problems } = effectiveExperiment(experiment, info)
  const all = [...problems, ...planExperiment(effective, info, machineMemory()).problems]
  const errors = all.filter((p) => p.severity !== 'warning')
  if (errors.length) throw new InputError(errors)
  together(all).forEach(warn)
  return effective
}

/** @throws InputError */
function readCheckpoint(file: string): Checkpoint {
  const bytes = readBytes(file, '--from', 4e9)
  try {
    return fromSnapshot(readNpz(bytes))
  } catch (error) {
    const why =
      error instanceof InputError
        ? error.problems[0]!.message
        : { en: (error as Error).message, zh: (error as Error).message }
    throw bad(`--from ${file}`, why.en, why.zh)
  }
}
/** The changes that are asked for, each checked against what runs by then. @throws InputError */
function schedule(
  texts: readonly string[],
  experiment: Experiment,
  files: Attachments,
  first: number,
  steps: number
): ScheduledChange[] {
  const info = describeData(experiment, files)
  let now = experiment
  return [...texts]
    .map((text) => ({ text, step: Number(/^\d+/.exec(text)?.[0] ?? -1) }))
    .sort((a, b) => a.step - b.step)
    .map(({ text, step }) => {
      const change = readScheduled(text, now)
      if (step >= steps) throw bad(`--at ${text}`, `the last step is ${steps - 1}`, `最后一步为 ${steps - 1}`)
      if (step < first) throw bad(`--at ${text}`, `the run begins at step ${first}`, `运行从第 ${first} 步开始`)
      const made = liveChange(now, change, info, step)
      if (made.problems.length)
        throw new InputError(made.problems.map((p) => ({ ...p, path: `--at ${text}: ${p.path}` })))
      now = made.experiment
      return change
    })
}

/** Remarks on the data, each told; of data that is refused, what was guessed of it. @throws InputError */
function toldOf(experiment: Experiment, files: Attachments, tell: (remark: Remark) => void): Remark[] {
  try {
    const remarks = remarksOn(experiment, files)
    remarks.forEach(tell)
    return remarks
  } catch (error) {
    if (error instanceof InputError) guessesOn(experiment, files).forEach(tell)
    throw error
  }
}

/** `clinic run`. @returns the exit code. @throws InputError */
export const run = async (args: RunArguments, version: string, console: Console): Promise<number> =>
  (await trainFile(args, version, console)).code

/** What a command trains for, where it is not the run alone. */
interface Purpose {
  /** @throws InputError where the experiment in the file does not serve the purpose */
  check?(asked: Experiment, files: Attachments): void
  /** The experiment that is trained in place of the one in the file. */
  change?(asked: Experiment): Experiment
  /** Files that the command will write beside the run. */
  writes?: readonly string[]
}
/**
 * Trains what a file holds, and writes the run.
 * @returns the exit code, and the run without the statistics of its layers. @throws InputError
 */
export async function trainFile(
  args: RunArguments,
  version: string,
  console: Console,
  purpose: Purpose = {}
): Promise<{ code: number; log: RunLog }> {
  if (args.threads !== undefined) useThreads(args.threads)
  const given = readGiven(args.file)
  const asked = resolveExperiment(given.experiment, args)
  const files = readAttached(asked, args.file, given.files)
  purpose.check?.(asked, files)
  const experiment = purpose.change?.(asked) ?? asked
  const warn = (kind: string, { path, message }: { path: string; message: Text }): void =>
    console.err(`clinic: ${kind}: ${path}: ${message.en}\n`)
  // First: too few examples, for one, are explained by the rows left out.
  const remarks = toldOf(experiment, files, (r) => warn('remark', r))
  const effective = checkExperiment(experiment, files, (p) => warn('warning', p))
  const from = args.from === undefined ? undefined : readCheckpoint(args.from)
  if (from && from.step >= effective.training.steps)
    throw bad(
      '--from',
      `${counted(from.step, 'step is', 'steps are')} done already, of ${effective.training.steps}: give more with --steps`,
      `已完成 ${from.step} 步，共 ${effective.training.steps} 步：请用 --steps 增加`
    )
  const early = args.snapshot.find((s) => from && s < from.step)
  if (early !== undefined)
    throw bad(
      '--snapshot',
      `${early} is before the run begins, at step ${from!.step}`,
      `${early} 早于运行的起点第 ${from!.step} 步`
    )
  const late = args.snapshot.find((s) => s > effective.training.steps)
  if (late !== undefined)
    throw bad(
      '--snapshot',
      `${late} is beyond the last step ${effective.training.steps}`,
      `${late} 超过最后一步 ${effective.training.steps}`
    )
  const changes = schedule(args.at, experiment, files, from?.step ?? 0, effective.training.steps)
  try {
    openFolder(args.out, ['run.json', 'loss.csv', 'events.csv', 'frames.csv', ...(purpose.writes ?? [])])
    writeWhole(args.out, 'run.json', toJson({ state: 'starting' }))
  } catch (error) {
    throw isDiskFull(error) ? diskFull(args.out) : error
  }

  try {
    return await train(args, version, console, { experiment, given, files, effective, remarks, from, changes })
  } catch (error) {
    if (!isDiskFull(error)) throw unwritable(error, args.out)
    // Of a run that could not be written there is no result: nothing may look like one.
    rmSync(join(args.out, 'run.json'), { force: true })
    throw diskFull(args.out)
  }
}

/** What a run is made of, checked. */
interface Prepared {
  experiment: Experiment
  given: ReturnType<typeof readGiven>
  files: Attachments
  effective: Experiment
  remarks: Remark[]
  from: Checkpoint | undefined
  changes: ScheduledChange[]
}
/** Trains and writes. @returns as `trainFile`. @throws InputError */
async function train(
  args: RunArguments,
  version: string,
  console: Console,
  { experiment, given, files, effective, remarks, from, changes }: Prepared
): Promise<{ code: number; log: RunLog }> {
  const created = new Date().toISOString()
  const record = new Recorder(args.out, experiment, created)
  const { log } = record
  const session: TrainerSession = new TrainerSession(
    experiment,
    files,
    (update) => {
      record.take(update)
      if (update.kind === 'frames') session.ack(1)
      else if (update.kind === 'progress' && !args.quiet && process.stderr.isTTY) {
        const { state, step, steps, rate } = update.progress
        console.err(`\r${state} ${step}/${steps}${rate ? `, ${rate.toFixed(0)} steps/s` : ''}   `)
      }
    },
    {
      changes,
      ...(from && { from: { run: args.from!, name: basename(args.from!), checkpoint: from } }),
      snapshots: args.snapshot,
      onSnapshot: (step, arrays) => writeFileSync(join(args.out, `step-${step}.npz`), npz(arrays))
    }
  )
  const interrupt = (): void => session.stop()
  const start = performance.now()
  process.once('SIGINT', interrupt)
  try {
    await session.run()
  } finally {
    process.removeListener('SIGINT', interrupt)
    record.close()
  }
  if (!args.quiet && process.stderr.isTTY) console.err('\n')
  const { state, failure } = log.progress
  writeWhole(
    args.out,
    'run.json',
    runJson(log, {
      version,
      done: session.step,
      remarks,
      effective,
      given: given.experiment,
      files: describeFiles(args.out, args.file, files),
      schema: record.schema,
      seconds: (performance.now() - start) / 1000
    })
  )
  if (failure) {
    if (failure.log) console.err(`${failure.log.split('\n')[0]}\n`)
    if (failure.problems?.length) throw new InputError(failure.problems)
    console.err(`clinic: ${failure.message.en}\n`)
    return { code: 1, log }
  }
  if (!args.quiet) {
    const { steps } = effective.training
    const how =
      state === 'diverged' && log.verdict
        ? divergedText(log.verdict, steps).en
        : `${state} after ${session.step} of ${counted(steps, 'step')}`
    console.out(`${experiment.name}: ${how}\n`)
    if (log.verdict) console.out(`  ${VERDICTS[log.verdict.state].en.toLowerCase()}: ${log.verdict.text.en}\n`)
    const eager = record.schema?.compiled
    if (eager !== undefined && eager !== true)
      console.out(`  each step ran op by op, which is slower, as it could not be recorded: ${eager.en}\n`)
    for (const e of log.events) console.out(`  step ${e.step}: ${e.text.en}\n`)
    for (const f of log.findings) console.out(`  ${f.kind} (steps ${f.from}–${f.to}): ${f.text.en}\n`)
    console.out(
      `Written to ${args.out}: ${['run.json', 'loss.csv', 'frames.csv', 'events.csv', ...args.snapshot.map((s) => `step-${s}.npz`)].join(', ')}\n`
    )
  }
  return { code: 0, log }
}
