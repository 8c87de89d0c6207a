import type { RunView } from '../types'

/** If the largest target is so many times the RMS of all, few of them carry most of a squared loss. */
const FAR = 8

/** Whether few targets lie so far from the others that a loss over batches says little of what is known. */
export function hasOutliers({ schema: { data, info } }: RunView): boolean {
  if (!data || info.task !== 'regression') return false
  const { min, max, rms } = data.target
  return !!data.outliers || Math.max(-min, max) > FAR * rms
}
