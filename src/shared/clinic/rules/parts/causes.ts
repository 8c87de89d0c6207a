import type { Spec } from '../../../base/params'
import type { RunView } from '../types'
import { outputFault } from './output'
import { scaleFault } from './scale'
import { startOf } from './twins'

/**
 * Remedies for the causes that lie behind other faults: what they make die, saturate, stand still or turn into NaN is
 * cured with them.
 */
export function causes(view: RunView): (string | Spec)[] {
  const output = outputFault(view)
  const start = startOf(view)
  return [
    ...(output ? [{ id: 'outputLayer', to: output.to }] : []),
    ...(scaleFault(view) ? ['scaleData'] : []),
    ...(start ? [start] : [])
  ]
}
