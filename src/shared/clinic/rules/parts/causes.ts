import type { Spec } from '../../../base/params'
import type { RunView } from '../types'
import { scaleFault } from './scale'

/**
 * Remedies for the causes that lie behind other faults: what they make die, saturate or turn into NaN is cured with
 * them.
 */
export function causes(view: RunView): (string | Spec)[] {
  return scaleFault(view) ? ['scaleData'] : []
}
