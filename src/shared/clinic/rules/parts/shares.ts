import { rounded } from '../../../base/rounded'
import type { RunLayer } from '../../../run/types'
import type { RunView } from '../types'
import { examples, framesFor, last, median, newest, parts, valuesAt } from './view'

const FRAMES = 5
/** Smaller batches are combined until so many examples have been seen. */
const [SMALL, SEEN] = [16, 64]
/** Hidden layers whose share of units (median over recent frames) is over their limit, worst first. */
export function overShare(
  view: RunView,
  statistic: string,
  limit: (l: RunLayer) => number
): { layer: RunLayer; share: number; limit: number }[] {
  // A unit that is 0 for a single example is not dead. Of many small batches the smallest share counts.
  const count = framesFor(view, FRAMES, SEEN)
  const small = examples(view) < SMALL
  if (view.length < (small ? count : FRAMES) || !Number.isFinite(view.scalar(last(view), 'loss'))) return []
  const frames = small ? newest(view, count) : newest(view)
  const over = (shares: number[]): number => (small && shares.length ? Math.min(...shares) : median(shares))
  const { ids } = parts(view)
  return view.schema.layers
    .filter((l) => !ids.has(l.id))
    .map((layer) => ({ layer, share: over(valuesAt(view, frames, layer.index, statistic)), limit: limit(layer) }))
    .filter((s) => s.share > s.limit)
    .sort((a, b) => b.share - a.share)
}
/** A share as a percentage with three significant digits. */
export const percent = (share: number): string => `${rounded(100 * share, 3)} %`
