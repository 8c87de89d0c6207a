import type { DataInfo } from '../datasets/types'
import { remedies } from '../remedies'
import type { Problem, Text } from '../text'
import type { Experiment, RemedyChoice } from './types'

const copy = <T>(v: T): T => JSON.parse(JSON.stringify(v)) as T

/** What happens to an experiment when one remedy is switched on. Never changes its argument. */
export function applyRemedy(experiment: Experiment, choice: RemedyChoice, info: DataInfo): Experiment {
  const { id, ...params } = choice
  const remedy = remedies.get(id)
  if (remedy.apply) return remedy.apply(copy(experiment), params, info)
  const next = copy(experiment)
  next.training.hooks.push(copy(choice))
  return next
}

/** The reason why a remedy can't be switched on, or undefined. */
export function remedyBlocked(experiment: Experiment, choice: RemedyChoice, info: DataInfo): Text | undefined {
  const { id, ...params } = choice
  const remedy = remedies.get(id)
  const clash = experiment.remedies.find((r) => r.id !== id && (remedy.conflicts.includes(r.id) || remedies.get(r.id).conflicts.includes(id)))
  if (clash) {
    const other = remedies.get(clash.id).name
    return { en: `Contradicts “${other.en}”: switch that off first.`, zh: `与“${other.zh}”冲突：请先关闭它。` }
  }
  return remedy.blocked?.(experiment, params, info)
}

/**
 * The experiment that really runs: every chosen remedy applied in order, and the list emptied.
 * The chosen experiment itself stays as it is, so switching off gives back exactly what was there.
 */
export function effectiveExperiment(experiment: Experiment, info: DataInfo): { experiment: Experiment; problems: Problem[] } {
  const problems: Problem[] = []
  let now = copy({ ...experiment, remedies: [] as RemedyChoice[] })
  experiment.remedies.forEach((choice, i) => {
    const { id, ...params } = choice
    const remedy = remedies.get(id)
    const before = experiment.remedies.slice(0, i)
    const clash = before.find((r) => remedy.conflicts.includes(r.id) || remedies.get(r.id).conflicts.includes(id))
    const reason = clash
      ? { en: `contradicts the remedy "${clash.id}": switch one of them off`, zh: `与对策“${clash.id}”冲突：请关闭其一` }
      : remedy.blocked?.(now, params, info)
    if (reason) problems.push({ path: `remedies.${i}`, message: reason })
    else now = applyRemedy(now, choice, info)
  })
  return { experiment: now, problems }
}
