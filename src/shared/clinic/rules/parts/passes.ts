import { activations } from '../../../catalog/activations'
import type { RunLayer } from '../../../run/types'
import type { RunView } from '../types'
import { median, newest, S } from './view'

/** The largest slope of an activation. */
function steepest(l: RunLayer): number {
  const f = activations.find(l.activation ?? '')
  if (!f) return 1
  let most = 0
  for (let z = -8; z <= 8; z += 0.05) most = Math.max(most, Math.abs(f.df(z, l.activationParams ?? {})))
  return most
}
const slopes = new WeakMap<RunLayer, number>()
/**
 * RMS of the gradient behind a layer's activation ÷ before it, as a share of its largest slope: what passes. Median
 * over the newest frames.
 */
export function passes(view: RunView, l: RunLayer): number {
  const most = slopes.get(l) ?? steepest(l)
  slopes.set(l, most)
  const ratios = newest(view).map((i) => (view.value(i, l.index, S.slope) ?? NaN) / view.value(i, l.index, S.gradient)!)
  return median(ratios) / most
}
