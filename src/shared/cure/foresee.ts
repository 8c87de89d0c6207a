import { diffExperiments } from '../experiment/diff'
import { effectiveExperiment } from '../experiment/effective'
import { candidatesFor, treated } from './candidates'
import { outcomeOf } from './outcome'
import type { Finding } from '../run/types'
import type { SearchOrder } from './state'
import type { Foreseen } from './types'

/**
 * What a search would try, and what it can't, before it has measured anything.
 * @param findings of a run of this experiment: what they advise comes first, as it does in the search
 */
export function foresee(
  { experiment, info, goal, seeds, consider }: SearchOrder,
  findings: readonly Finding[] = []
): Foreseen {
  const { candidates, blocked } = candidatesFor(experiment, { info, findings, norms: undefined }, consider)
  const now = effectiveExperiment(experiment, info).experiment
  return {
    case: {
      name: experiment.name,
      seeds: [...seeds],
      steps: experiment.training.steps,
      untreated: { seeds: [], mean: NaN, interval: [NaN, NaN] },
      findings: []
    },
    goal,
    candidates: candidates.map((c) => {
      const changes = diffExperiments(now, effectiveExperiment(treated(experiment, c), info).experiment)
      return { ...outcomeOf(c, goal, [], [], changes), stage: 'waiting' }
    }),
    blocked
  }
}
