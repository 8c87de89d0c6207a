import type { RunView } from '../types'
import { factorsOf } from './factors'
import { currentProfile } from './profile'

/** Layers on the way back from which on a gain adds up, and gain per layer above which it is no accident. */
const [LAYERS, GAIN] = [5, 1.15]

/**
 * The gain per layer that theory predicts for the gradient of a stack of tanh layers with a chaotic start. The weights
 * are so large that similar inputs diverge from layer to layer. Such a network tells its training examples apart, and
 * what it learns of one says little of the next (Poole 2016). A gain above 1 is the sign (Schoenholz 2017). ReLU nets
 * scale without diverging. Undefined for other starts.
 */
export function chaoticStart(view: RunView): number | undefined {
  const p = currentProfile(view)
  if (!p || p.steps < LAYERS || !p.layers.every((l) => l.activation === 'tanh')) return undefined
  const { theory } = factorsOf(view, p)
  return theory !== undefined && theory > GAIN ? theory : undefined
}
