import type { RunView } from '../types'
import { median, newest, oldest, S, valuesAt } from './view'

/** Frames at both ends over which the size of the weights is known. */
export const HEAD = 64

/** How small a layer's weights are in these frames against the largest they were: near 0 every step looks large. */
export function shrunk(view: RunView, frames: number[], layer: number): number {
  const now = median(valuesAt(view, frames, layer, S.weights))
  const before = oldest(view, HEAD)
  const most = Math.max(
    now,
    ...valuesAt(view, [...before, ...newest(view, HEAD)], layer, S.weights).filter(Number.isFinite)
  )
  return now > 0 && most > 0 ? now / most : 1
}
