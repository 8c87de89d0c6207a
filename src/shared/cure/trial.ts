import { crc32 } from '../base/crc32'
import { rounded } from '../base/rounded'
import type { Text } from '../base/text'
import { losses } from '../catalog/losses'
import { median } from '../clinic/rules/parts/view'
import { baselineOf } from '../clinic/verdict/baseline'
import type { Experiment } from '../experiment/types'
import type { RunLog } from '../run/runLog'
import type { RunSchema } from '../run/types'
import type { JobResult } from './job'
import type { Goal, Trial } from './types'
import { metricName } from './words'

/** Share of a run, at its end, over which no finding may be bad. */
const SETTLED = 0.1
/** Decades between gradients of which one is 0, or no number. */
const NO_SPAN = 99

/** What a search goes by when nothing else is asked for: accuracy, r², or a critic's estimated distance. */
export function defaultGoal(schema: Pick<RunSchema, 'info'>): Goal {
  const { task } = schema.info
  return task === 'critic'
    ? { metric: 'wasserstein', better: 'higher' }
    : { metric: task === 'regression' ? 'r2' : 'accuracy', better: 'higher' }
}
/** Seeds are numbers of 32 bits: behind the last comes 0. */
const SEEDS = 2 ** 32
/** So many seeds from the one of an experiment on. */
export const seedsFrom = (seed: number, count: number): number[] =>
  Array.from({ length: count }, (_, i) => (seed + i) % SEEDS)

/** Whether more of a metric is better, or less. */
export const betterOf = (metric: string): Goal['better'] =>
  metric === 'loss' || metric === 'meanAbsoluteError' ? 'lower' : 'higher'

/** Why no run can tell whether a goal is reached; undefined where one can. */
export function goalRefused({ metric, better, target }: Goal): Text | undefined {
  const usual = betterOf(metric)
  const { en, zh } = metricName(metric)
  if (better !== usual)
    return usual === 'higher'
      ? {
          en: `more of ${en} is better: write ${metric}>=${target}`,
          zh: `${zh}越高越好：请写成 ${metric}>=${target}`
        }
      : { en: `less of ${en} is better: write ${metric}<=${target}`, zh: `${zh}越低越好：请写成 ${metric}<=${target}` }
  if (target === undefined) return undefined
  if (metric === 'accuracy' && !(target >= 0 && target <= 1))
    return {
      en: `accuracy goes from 0 to 1, and ${target} is outside: write 0.9 for 90 %`,
      zh: `准确率在 0 到 1 之间，而目标为 ${target}：90 % 请写成 0.9`
    }
  if (/^r2\b/.test(metric) && target > 1)
    return { en: `r² is never above 1, and the target is ${target}`, zh: `r² 不会超过 1，而目标为 ${target}` }
  if (metric === 'meanAbsoluteError' && target < 0)
    return {
      en: `an absolute error is never below 0, and the target is ${target}`,
      zh: `绝对误差不会小于 0，而目标为 ${target}`
    }
  return undefined
}
/** What a forecast that learns nothing has of the goal's metric; undefined where there is none. */
const chanceOf = ({ schema, head }: RunLog, { metric }: Goal): number | undefined =>
  baselineOf(schema, head.experiment.training.loss.id, metric)

/** Decades between the largest and the smallest activation gradient of the layers with a kernel, at the last frame. */
function gradientSpan({ schema, table }: RunLog): number {
  if (!schema || !table?.length) return NO_SPAN
  const last = table.length - 1
  const values = schema.layers
    .filter((l) => l.main)
    .map((l) => table.column(l.index, 'activationGradientRms'))
    .filter((c) => c >= 0)
    .map((c) => table.value(last, c) ?? NaN)
  const [least, most] = [Math.min(...values), Math.max(...values)]
  const span = Math.log10(most / least)
  return values.length && Number.isFinite(span) ? Math.min(NO_SPAN, span) : NO_SPAN
}

/** RMS of ∂loss/∂h at both ends of the network, over the last tenth of the recorded steps. */
function gradientOf({ schema, table }: RunLog): Trial['gradient'] {
  if (!schema || !table?.length) return undefined
  const columns = schema.layers
    .filter((l) => l.main)
    .map((l) => table.column(l.index, 'activationGradientRms'))
    .filter((c) => c >= 0)
  if (!columns.length) return undefined
  const from = Math.min(table.length - 1, Math.floor(table.length * (1 - SETTLED)))
  const of = (column: number): number =>
    median(Array.from({ length: table.length - from }, (_, i) => table.value(from + i, column) ?? NaN))
  return { first: of(columns[0]!), last: of(columns[columns.length - 1]!), layers: columns.length }
}
/** Step of the first evaluation that reaches the goal's target; undefined without one. */
function stepToGoal({ evaluations }: RunLog, { metric, better, target }: Goal): number | undefined {
  if (target === undefined) return undefined
  return evaluations.find((e) => {
    const value = e.metrics[metric]
    return value !== undefined && (better === 'higher' ? value >= target : value <= target)
  })?.step
}

/** A checksum of every loss and evaluation: equal for runs that computed the same bits. */
function fingerprintOf({ table, evaluations }: RunLog): string {
  const numbers = [
    ...(table ? Array.from({ length: table.length }, (_, i) => table.scalar(i, table.scalarColumn('loss'))) : []),
    ...evaluations.flatMap((e) => [e.step, ...Object.values(e.metrics)])
  ]
  const values = Float64Array.from(numbers, (v) => v ?? NaN)
  return crc32(new Uint8Array(values.buffer)).toString(16)
}

/** What a run is called by in a search, and how long its steps took. */
type TrialRun = Pick<Trial, 'stepMs' | 'run'>

/**
 * What a run that has ended says of its candidate. Repaired is a run that beats its baseline by more than noise, has
 * reached the goal's target, and had no bad finding over its last tenth. A critic has no baseline: a healthy gradient
 * and the target are what it is judged by.
 */
function trialOf(log: RunLog, goal: Goal, { stepMs, run }: TrialRun): Trial {
  const { schema, progress, verdict, head } = log
  const { steps, state, step } = progress
  const bad = log.findings.filter((f) => f.severity === 'bad' && f.to >= step * (1 - SETTLED)).map((f) => f.kind)
  const measured = log.evaluations[log.evaluations.length - 1]?.metrics[goal.metric]
  const chance = chanceOf(log, goal)
  const isNumber = measured !== undefined && Number.isFinite(measured) && state !== 'diverged' && state !== 'failed'
  const value = isNumber ? measured : (chance ?? (goal.better === 'higher' ? 0 : NaN))
  const { target } = goal
  const gradient = gradientOf(log)
  const toGoal = stepToGoal(log, goal)
  const reached = target === undefined || (goal.better === 'higher' ? value >= target : value <= target)
  const learnt = schema?.info.task === 'critic' ? state === 'finished' : verdict?.state === 'learned'
  return {
    seed: head.experiment.seed,
    steps,
    value,
    repaired: isNumber && learnt && reached && !bad.length,
    state,
    verdict: verdict?.state ?? 'unclear',
    span: gradientSpan(log),
    bad: [...new Set(bad)],
    fingerprint: fingerprintOf(log),
    stepMs,
    ...(gradient && { gradient }),
    ...(toGoal !== undefined && { toGoal }),
    run
  }
}

/** Whether a loss may be a goal: one that grows with the batch can't be compared between batch sizes. */
export const lossCompares = (experiment: Experiment): boolean => !losses.find(experiment.training.loss.id)?.sums

/** Half, and a tenth, of the steps of a run have a gradient whose global norm is below; undefined where one is none. */
function normsOf({ table }: RunLog): { half: number; tenth: number } | undefined {
  const column = table?.scalarColumn('gradientNorm') ?? -1
  if (!table || column < 0) return undefined
  const norms = Array.from({ length: table.length }, (_, i) => table.scalar(i, column)!).sort((a, b) => a - b)
  if (!norms.length || !norms.every((v) => Number.isFinite(v) && v > 0)) return undefined
  const at = (share: number): number => rounded(norms[Math.floor(share * (norms.length - 1))]!, 2)
  return { half: at(0.5), tenth: at(0.1) }
}

/** What a run that has ended tells its search. */
export function resultOf(log: RunLog, goal: Goal, run: TrialRun): JobResult {
  const norms = normsOf(log)
  const chance = chanceOf(log, goal)
  const judged = log.schema?.judged?.count
  return {
    trial: trialOf(log, goal, run),
    findings: [...log.findings],
    ...(norms && { norms }),
    ...(judged !== undefined && { judged }),
    ...(chance !== undefined && { baseline: { name: log.schema!.baselines![0]!.name, value: chance } })
  }
}
