import type { RunLayer } from '../../../run/types'
import type { RunView } from '../types'
import { last, median, newest, parts, valuesAt } from './view'

const FRAMES = 5
/** Hidden layers whose share of units (median over recent frames) is over their limit, worst first. */
export function overShare(
  view: RunView,
  statistic: string,
  limit: (l: RunLayer) => number
): { layer: RunLayer; share: number; limit: number }[] {
  if (view.length < FRAMES || !Number.isFinite(view.scalar(last(view), 'loss'))) return []
  const frames = newest(view)
  const { ids } = parts(view)
  return view.schema.layers
    .filter((l) => !ids.has(l.id))
    .map((layer) => ({ layer, share: median(valuesAt(view, frames, layer.index, statistic)), limit: limit(layer) }))
    .filter((s) => s.share > s.limit)
    .sort((a, b) => b.share - a.share)
}
/** A share as a percentage with three significant digits. */
export const percent = (share: number): string => `${Number((100 * share).toPrecision(3))} %`
