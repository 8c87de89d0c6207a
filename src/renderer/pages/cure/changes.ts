import { effectiveExperiment, planExperiment } from '@shared/experiment'
import { treated } from '@shared/cure/candidates'
import type { SearchOrder } from '@shared/cure/state'
import type { Candidate } from '@shared/cure/types'
import { changesInWords } from '@/features/edit/remedies/words'

/**
 * What a candidate changes in the experiment that was searched, in words: by its own data, whatever experiment is in
 * view.
 */
export function changesOf(
  { experiment, info }: Pick<SearchOrder, 'experiment' | 'info'>,
  candidate: Pick<Candidate, 'remedies' | 'off'>
): ReturnType<typeof changesInWords> {
  const [a, b] = [experiment, treated(experiment, candidate)].map((e) => effectiveExperiment(e, info).experiment)
  return changesInWords(a!, b!, planExperiment(a!, info), planExperiment(b!, info))
}
