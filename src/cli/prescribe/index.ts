import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { DataInfo } from '../../shared/catalog/datasets/types'
import { treated } from '../../shared/cure/candidates'
import { searchCure } from '../../shared/cure/search'
import { defaultGoal, lossCompares } from '../../shared/cure/trial'
import type { Goal, Outcome } from '../../shared/cure/types'
import { GROUPS, toldFigure } from '../../shared/cure/words'
import { remedies } from '../../shared/clinic/remedies'
import type { Experiment } from '../../shared/experiment'
import { describeData } from '../../trainer/data'
import { metricNames } from '../../trainer/metrics'
import { bad } from '../args'
import { readAttached, readGiven, resolveExperiment } from '../input'
import { checkExperiment, type Console } from '../run'
import { toJson } from '../runJson'
import type { PrescribeArguments } from './args'
import { prescriptionCsv, prescriptionTable } from './output'
import { Pool } from './pool'

/** Threads of one training: many run at once, and their bits must not depend on how many. */
const THREADS = 1

/** @throws InputError naming a metric or a remedy that there is not */
function checkChoices({ goal, consider }: PrescribeArguments, experiment: Experiment, info: DataInfo): Goal {
  const unknown = consider?.find((id) => !remedies.find(id))
  if (unknown !== undefined)
    throw bad(
      '--consider',
      `"${unknown}" is not a remedy; there are: ${remedies.all.map((r) => r.id).join(', ')}`,
      `没有对策“${unknown}”；现有：${remedies.all.map((r) => r.id).join(', ')}`
    )
  if (!goal) return defaultGoal({ info })
  const metrics = ['loss', ...metricNames(info)]
  if (!metrics.includes(goal.metric))
    throw bad(
      '--goal',
      `"${goal.metric}" is not measured here; there are: ${metrics.join(', ')}`,
      `此处没有指标“${goal.metric}”；现有：${metrics.join(', ')}`
    )
  if (goal.metric === 'loss' && !lossCompares(experiment))
    throw bad(
      '--goal',
      'this loss grows with the number of examples: it does not compare remedies that change the batch; choose a metric',
      '该损失随样本数增长，无法比较改变批大小的对策：请改用其他指标'
    )
  return goal
}

/** `clinic prescribe`. @returns the exit code. @throws InputError */
export async function prescribe(args: PrescribeArguments, version: string, console: Console): Promise<number> {
  const given = readGiven(args.file)
  const experiment = resolveExperiment(given.experiment, { set: args.set, ...(args.steps && { steps: args.steps }) })
  const files = readAttached(experiment, args.file, given.files)
  checkExperiment(experiment, files)
  const info = describeData(experiment, files)
  const goal = checkChoices(args, experiment, info)
  const runs = join(args.out, 'runs')
  try {
    mkdirSync(runs, { recursive: true })
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    throw bad('--out', `cannot be written: ${code}`, `无法写入：${code}`)
  }
  const seeds = Array.from({ length: args.seeds }, (_, i) => experiment.seed + i)
  const pool = new Pool(process.argv[1]!, { file: args.file, goal, runs, threads: THREADS }, args.jobs)
  const end = args.budget === undefined ? Infinity : Date.now() + args.budget
  let stopped = false
  const interrupt = (): void => void (stopped = true)
  process.once('SIGINT', interrupt)
  // Jobs that wait are not begun once the budget is spent; those under way end.
  const waiting: (() => void)[] = []
  let running = 0
  const place = async (): Promise<void> => {
    if (running >= args.jobs) await new Promise<void>((resolve) => waiting.push(resolve))
    running++
  }
  try {
    const prescription = await searchCure(experiment, info, {
      goal,
      seeds,
      pairs: args.pairs,
      ...(args.consider && { consider: args.consider }),
      async train(job) {
        await place()
        try {
          return stopped || Date.now() > end ? null : await pool.run(job)
        } finally {
          running--
          waiting.shift()?.()
        }
      },
      told(outcome) {
        if (!args.quiet) console.err(`${GROUPS[outcome.group].en}: ${outcome.id} (${toldFigure(goal, outcome.mean)})\n`)
      }
    })
    writeFileSync(
      join(args.out, 'prescription.json'),
      toJson({
        format: 'gradient-clinic/prescription',
        version: 1,
        ...prescription,
        versions: { 'gradient-clinic': version, threads: THREADS }
      })
    )
    writeFileSync(join(args.out, 'prescription.csv'), prescriptionCsv(prescription))
    const [best] = prescription.candidates
    if (args.apply && best?.group === 'cures') writeCured(args.out, experiment, best)
    console.out(`${experiment.name}: ${prescriptionTable(prescription)}`)
    return 0
  } finally {
    process.removeListener('SIGINT', interrupt)
    pool.close()
  }
}

/** The experiment with the cure switched on, as a file that `clinic run` takes. */
function writeCured(dir: string, experiment: Experiment, best: Outcome): void {
  writeFileSync(join(dir, 'cured.json'), toJson(treated(experiment, best)))
}
