import type { RunView } from '../types'
import { last, lossesAt, median, newest } from './view'

const FIRST = 3
/**
 * The loss now against its start: medians of the newest and of the first recorded steps. NaN where the newest one is no
 * number.
 */
export function progress(view: RunView): number {
  const now = view.scalar(last(view), 'loss')
  if (now === undefined || !Number.isFinite(now)) return NaN
  const first = Array.from({ length: Math.min(FIRST, view.length) }, (_, i) => i)
  return median(lossesAt(view, newest(view))) / median(lossesAt(view, first))
}
