import type { Spec } from '../../../base/params'
import type { RunView } from '../types'
import { awake } from './biases'
import { outputChoice, outputFault } from './output'
import { scaleFault } from './scale'
import { startOf } from './twins'

/**
 * Remedies for the causes that lie behind other faults: what they make die, saturate, stand still or turn into NaN is
 * cured with them.
 */
export function causes(view: RunView): (string | Spec)[] {
  const output = outputFault(view)
  const start = startOf(view) ?? awake(view)
  return [
    ...(output ? [outputChoice(view, output)] : []),
    ...(scaleFault(view) ? ['scaleData'] : []),
    ...(start ? [start] : [])
  ]
}
