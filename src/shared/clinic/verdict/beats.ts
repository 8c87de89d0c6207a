import type { Task } from '../../catalog/datasets/types'
import type { Baseline, Evaluation } from '../../run/types'
import type { RunView } from '../../run/view'

/** Standard deviations by which a share of right answers has to be above the baseline's. */
const DEVIATIONS = 2
/** Share of the baseline's loss under which a loss is better than that. */
const BETTER = 0.99
/** What is known of a run, sorted. */
export interface Case {
  view: RunView
  trials: readonly Evaluation[]
  /** Of a regression, `loss` where that is not a squared one: r² is not what was trained. */
  metric: 'accuracy' | 'balancedAccuracy' | 'r2' | 'loss' | undefined
  /** All have to be beaten; the best first. */
  baselines: readonly Baseline[]
}

/** What a run is judged by, and what it has to beat: of what it was trained for. */
function measureOf(task: Task, baselines: readonly Baseline[]): Pick<Case, 'metric' | 'baselines'> {
  if (task === 'critic') return { metric: undefined, baselines }
  if (task === 'regression') return { metric: baselines.some((b) => b.id === 'constant') ? 'loss' : 'r2', baselines }
  // The majority’s loss is that of other examples than were trained on: the rare ones counted more.
  return baselines[0]?.metrics['balancedAccuracy'] === undefined
    ? { metric: 'accuracy', baselines }
    : { metric: 'balancedAccuracy', baselines: baselines.slice(0, 1) }
}
/** What is known of a run, sorted. */
export const caseOf = (view: RunView): Case => ({
  view,
  trials: view.trials ?? view.evaluations,
  ...measureOf(view.schema.info.task, view.schema.baselines ?? [])
})

/** Rows that metrics count. */
function rowsOf({ schema: { info, judged } }: RunView): number {
  const answers = info.targetShape.length > 1 ? Math.min(info.scoredSteps ?? Infinity, info.targetShape[0]!) : 1
  return Math.max(1, (judged?.count ?? 0) * answers)
}
/** The share of the variance, or of a loss, that a forecast of so many rows may explain by chance. */
const chanceOf = (rows: number): number => Math.min(0.5, Math.max(0.02, 9 / rows))
/**
 * By how much a metric has to be above the baseline's to be more than noise. For a share of right answers that is two
 * standard deviations. A forecast of the best size that has nothing to do with the target explains 1/n of the variance
 * by chance: for r² it is nine times that, and so it is for the share of another loss. Each class has a deviation of
 * its own in a balanced share.
 */
function marginOf({ view, metric }: Case, { metrics }: Baseline): number {
  const n = rowsOf(view)
  const least = metrics[metric!]!
  if (metric === 'balancedAccuracy') {
    const shares = (view.schema.data?.classes ?? []).filter((s) => s > 0)
    const perRow = shares.reduce((sum, s) => sum + 1 / s, 0) / shares.length ** 2
    return DEVIATIONS * Math.sqrt((least * (1 - least) * perRow) / n)
  }
  if (metric === 'r2') return chanceOf(n) * (1 - least)
  return Math.max(1 / n, DEVIATIONS * Math.sqrt((least * (1 - least)) / n))
}
function beats(of: Case, baseline: Baseline, { metrics }: Evaluation): boolean {
  const [value, least] = [metrics[of.metric!]!, baseline.metrics[of.metric!]!]
  if (of.metric === 'loss') return value < least * (1 - chanceOf(rowsOf(of.view)))
  const halved = metrics['loss']! < baseline.metrics['loss']! / 2
  // Targets that do not vary have no r².
  if (Number.isNaN(least)) return halved
  const margin = marginOf(of, baseline)
  // Half of the errors gone, and half of the loss: where the rarer classes are few, right answers alone cannot tell.
  if (of.metric === 'accuracy' && halved && value > least && value >= (1 + least) / 2) return true
  // A few right answers more than the baseline’s are luck as long as the loss is the baseline’s.
  const sure = of.metric === 'r2' || value >= (1 + least) / 2
  return value > least + margin && (sure || metrics['loss']! < BETTER * baseline.metrics['loss']!)
}
/**
 * Whether the judged examples are so few that even right answers to all of them are within the noise of the best
 * baseline.
 */
export function areTooFew(of: Case): boolean {
  const [best] = of.baselines
  if (!best || (of.metric !== 'accuracy' && of.metric !== 'balancedAccuracy')) return false
  return 1 <= best.metrics[of.metric]! + marginOf(of, best)
}
/**
 * Whether more answers are right than the baseline's by twice what noise explains, whatever the loss says of them: sure
 * answers that are wrong carry most of a loss.
 */
export function isRightMoreOften(of: Case, { metrics }: Evaluation): boolean {
  if (of.metric !== 'accuracy' && of.metric !== 'balancedAccuracy') return false
  return of.baselines.every((b) => metrics[of.metric!]! > b.metrics[of.metric!]! + 2 * marginOf(of, b))
}
/** Whether an evaluation beats a baseline at all, if only the weakest, by more than noise. */
export const beatsAny = (of: Case, trial: Evaluation): boolean => of.baselines.some((b) => beats(of, b, trial))
/** Whether an evaluation is above every baseline by more than noise. */
export const beatsAll = (of: Case, trial: Evaluation): boolean =>
  of.baselines.length > 0 && of.baselines.every((b) => beats(of, b, trial))
