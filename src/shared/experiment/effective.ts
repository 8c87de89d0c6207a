import { clone } from '../base/clone'
import type { DataInfo } from '../catalog/datasets/types'
import { remedies } from './remedies'
import type { Problem } from '../base/problems'
import type { Text } from '../base/text'
import { readExperiment } from './parse'
import type { Experiment, RemedyChoice } from './types'

/** What happens to an experiment when one remedy is switched on. Never changes its argument. */
export function applyRemedy(experiment: Experiment, choice: RemedyChoice, info: DataInfo): Experiment {
  const { id, ...params } = choice
  const remedy = remedies.get(id)
  if (remedy.apply) return remedy.apply(clone(experiment), params, info)
  const next = clone(experiment)
  next.training.hooks.push(clone(choice))
  return next
}

/** Whether two entries, by their ids, undo or contradict each other. */
export const contradict = (a: string, b: string): boolean =>
  !!remedies.find(a)?.conflicts.includes(b) || !!remedies.find(b)?.conflicts.includes(a)

/** The reason why a remedy can't be switched on, or undefined. */
export function remedyBlocked(experiment: Experiment, choice: RemedyChoice, info: DataInfo): Text | undefined {
  const { id, ...params } = choice
  const remedy = remedies.get(id)
  const clash = experiment.remedies.find((r) => r.id !== id && contradict(id, r.id))
  if (clash) {
    const other = remedies.get(clash.id).name
    return { en: `Contradicts “${other.en}”: switch that off first.`, zh: `与“${other.zh}”冲突：请先关闭它。` }
  }
  return remedy.blocked?.(experiment, params, info)
}

/** Hooks are the remedies' own words, which were checked with them. */
const checked = (e: Experiment): Problem[] =>
  readExperiment(e).problems.filter((p) => !p.path.startsWith('training.hooks'))
/** What a remedy has made of an experiment that no experiment may be. */
function outOfRange(before: Experiment, after: Experiment): Text | undefined {
  const found = checked(after)
  if (!found.length) return undefined
  const old = new Set(checked(before).map((p) => p.path))
  const p = found.find((q) => !old.has(q.path))
  return (
    p && {
      en: `takes ${p.path} out of its range (it ${p.message.en}): choose other parameters of the remedy, or switch it off`,
      zh: `使 ${p.path} 超出范围（${p.message.zh}）：请调整该对策的参数，或将其关闭`
    }
  )
}

/**
 * The experiment that really runs: every chosen remedy applied in order, and the list emptied.
 * The chosen experiment itself stays as it is, so switching off gives back exactly what was there.
 */
export function effectiveExperiment(
  experiment: Experiment,
  info: DataInfo
): { experiment: Experiment; problems: Problem[] } {
  const problems: Problem[] = []
  let now = clone({ ...experiment, remedies: [] as RemedyChoice[] })
  experiment.remedies.forEach((choice, i) => {
    const { id, ...params } = choice
    const remedy = remedies.get(id)
    const before = experiment.remedies.slice(0, i)
    const clash = before.find((r) => contradict(id, r.id))
    const other = clash && remedies.get(clash.id).name
    const reason = other
      ? {
          en: `contradicts the remedy “${other.en}”: switch one of them off`,
          zh: `与对策“${other.zh}”冲突：请关闭其一`
        }
      : remedy.blocked?.(now, params, info)
    const next = reason ? now : applyRemedy(now, choice, info)
    const broken = reason ?? outOfRange(now, next)
    if (broken) problems.push({ path: `remedies.${i}`, message: broken })
    else now = next
  })
  return { experiment: now, problems }
}
