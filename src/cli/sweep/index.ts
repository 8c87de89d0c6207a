import { basename, join } from 'node:path'
import { InputError } from '../../shared/base/problems'
import { counted } from '../../shared/base/text'
import { datasets, type Attachments } from '../../shared/catalog/datasets'
import { treated } from '../../shared/cure/candidates'
import { gridOf, sweepOutcome, type Sweep, type SweepPoint } from '../../shared/cure/sweep'
import { sparse } from '../../shared/cure/job'
import { seedsFrom } from '../../shared/cure/trial'
import type { Goal, Trial } from '../../shared/cure/types'
import { toldFigure } from '../../shared/cure/words'
import { diffExperiments, type Experiment } from '../../shared/experiment'
import { describeData } from '../../trainer/data'
import { ENGINE_VERSION } from '../../trainer/engineVersion'
import { bad } from '../args'
import { openFolder, writeWhole } from '../disk'
import { readAttached, readGiven, resolveExperiment, setPath } from '../input'
import { tidy } from '../jobs/record'
import { readGoal } from '../prescribe/args'
import { checkGoal } from '../prescribe/goal'
import { checkExperiment, type Console } from '../run'
import { toJson } from '../../shared/base/toJson'
import { THREADS, Trainings } from '../trainings'
import type { SweepArguments } from './args'
import { sweepCsv, sweepTable } from './output'
import { experimentFile, readPlan, type SweepPlan } from './plan'

/** A point that can be trained. */
interface Arm {
  point: SweepPoint
  /** With its remedies listed, recorded sparsely. */
  experiment: Experiment
  /** With its remedies applied. */
  effective: Experiment
}

/** Problems of a point, each with the point in front. */
const within = (where: string, error: InputError): InputError =>
  new InputError(error.problems.map((p) => ({ ...p, path: `${where}: ${p.path}` })))

/** The names of an experiment's files. */
function filesNamed({ data: { dataset }, weights }: Experiment): string {
  const { id, ...params } = dataset
  const fields = Object.entries(datasets.get(id).fields)
  const named = fields.filter(([, f]) => f.type === 'text' && (f.role === 'file' || f.role === 'binary'))
  return JSON.stringify([named.map(([name]) => params[name]), weights ?? ''])
}

/** The experiment with what a point sets, without its remedies. @throws InputError naming the setting */
function settle(given: unknown, { id, settings }: SweepPoint): Experiment {
  let raw = given
  for (const [path, value] of Object.entries(settings)) raw = setPath(raw, path, value, 'settings')
  try {
    return resolveExperiment(raw, { set: [] })
  } catch (error) {
    throw error instanceof InputError ? within(`settings, ${id}`, error) : error
  }
}

/**
 * What is trained at each point of a plan, and the points that can't be. @throws InputError naming the setting at which
 * something is wrong that is not due to a remedy
 */
function armsOf(
  plan: SweepPlan,
  given: unknown,
  read: (experiment: Experiment) => Attachments
): { base: Experiment; files: Attachments; arms: Arm[]; blocked: Sweep['blocked'] } {
  const base = resolveExperiment(given, { set: [] })
  const points = gridOf(plan.settings, plan.remedies)
  const files = read(base)
  const arms: Arm[] = []
  const blocked: Sweep['blocked'] = []
  const known = new Map<string, Experiment>()
  for (const point of points) {
    const key = JSON.stringify(point.settings)
    let plain = known.get(key)
    if (!plain) {
      plain = settle(given, point)
      if (filesNamed(plain) !== filesNamed(base))
        throw bad(
          'settings',
          `${point.id}: a sweep is about one set of files: make a sweep for each`,
          `${point.id}：一次扫描只针对同一组文件：请分别进行`
        )
      try {
        checkExperiment(plain, files)
      } catch (error) {
        throw error instanceof InputError ? within(`settings, ${point.id}`, error) : error
      }
      known.set(key, plain)
    }
    const experiment = sparse(treated(plain, { remedies: point.remedies, off: [] }))
    try {
      arms.push({ point, experiment, effective: checkExperiment(experiment, files) })
    } catch (error) {
      if (!(error instanceof InputError)) throw error
      blocked.push({ ...point, reason: error.problems[0]!.message })
    }
  }
  if (!arms.length) throw new InputError(blocked.map((b) => ({ path: `remedies, ${b.id}`, message: b.reason })))
  return { base, files, arms, blocked }
}

/** The goal, which each point has to measure. @throws InputError */
function goalOf(plan: SweepPlan, arms: readonly Arm[], files: Attachments): Goal {
  const asked = plan.goal === undefined ? undefined : readGoal(plan.goal, 'goal')
  const [first] = arms
  const goal = checkGoal(asked, first!.effective, describeData(first!.effective, files), 'goal')
  for (const { effective } of arms) checkGoal(goal, effective, describeData(effective, files), 'goal')
  return goal
}

/** `clinic sweep`. @returns the exit code. @throws InputError */
export async function sweep(args: SweepArguments, version: string, console: Console): Promise<number> {
  const plan = readPlan(args.plan)
  const file = experimentFile(plan, args.plan)
  const given = typeof plan.experiment === 'string' ? readGiven(file) : { experiment: plan.experiment, files: {} }
  const counts = [...Object.values(plan.settings).map((v) => v.length), Math.max(1, plan.remedies.length)]
  const perPoint = Array.isArray(plan.seeds) ? plan.seeds.length : plan.seeds
  const asked = counts.reduce((a, n) => a * n, perPoint)
  if (asked > plan.trainings)
    throw bad(
      'trainings',
      `the plan comes to ${[...counts, perPoint].join(' × ')} = ${counted(asked, 'training')}, and allows for ${plan.trainings}: set "trainings" to ${asked}, or name fewer values, remedies or seeds`,
      `该计划共需 ${[...counts, perPoint].join(' × ')} = ${asked} 次训练，而上限为 ${plan.trainings}：请将 "trainings" 设为 ${asked}，或减少取值、对策或种子`
    )
  const { base, files, arms, blocked } = armsOf(plan, given.experiment, (e) => readAttached(e, file, given.files))
  const goal = goalOf(plan, arms, files)
  const seeds = Array.isArray(plan.seeds) ? plan.seeds : seedsFrom(base.seed, perPoint)
  const runs = join(args.out, 'runs')
  openFolder(args.out, ['sweep.json', 'sweep.csv'])
  openFolder(runs)
  tidy(runs)
  const trainings = new Trainings({ file, goal, runs }, args.jobs, args, console)
  try {
    const trials = arms.map((): Trial[] => [])
    // Seed by seed: a sweep that is cut short has compared all points on those that it came to.
    await Promise.all(
      seeds.flatMap((seed) =>
        arms.map(async ({ experiment, point }, i) => {
          const result = await trainings.make({ experiment: { ...experiment, seed } })
          if (!result) return
          trials[i]!.push(result.trial)
          if (!args.quiet) console.err(`${point.id}, seed ${seed}: ${toldFigure(goal, result.trial.value)}\n`)
        })
      )
    )
    const first = trials[0]!
    const found: Sweep = {
      name: base.name,
      experiment: base,
      goal,
      seeds,
      points: arms.map(({ point, effective }, i) =>
        sweepOutcome(point, goal, diffExperiments(arms[0]!.effective, effective), trials[i]!, first, seeds.length)
      ),
      blocked,
      trainings: trials.reduce((n, t) => n + t.length, 0)
    }
    const versions = { 'gradient-clinic': version, engine: ENGINE_VERSION, threads: THREADS }
    writeWhole(args.out, 'sweep.json', toJson({ format: 'gradient-clinic/sweep', version: 1, ...found, versions }))
    writeWhole(args.out, 'sweep.csv', sweepCsv(found))
    console.out(`${base.name}: ${sweepTable(found)}`)
    console.out(`Written to ${args.out}: sweep.json, sweep.csv, ${basename(runs)}\n`)
    return 0
  } finally {
    trainings.close()
  }
}
