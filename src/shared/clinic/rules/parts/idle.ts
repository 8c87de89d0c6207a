import type { CodeChange } from '../../../base/python'
import type { RunLayer } from '../../../run/types'

/** Gives an optimizer the parameters that it does not have. */
export const GIVEN: CodeChange = {
  place: 'optimizer',
  lines: [
    'known = {id(p) for group in optimizer.param_groups for p in group["params"]}',
    'optimizer.add_param_group({"params": [p for p in model.parameters() if id(p) not in known]})'
  ]
}
const STEPPED: CodeChange = {
  place: 'afterStep',
  lines: ['other_optimizer.step()  # of the optimizer that has these parameters']
}

/** Whether no optimizer that steps has any parameter of a recorded module that requires a gradient. */
export const isIdle = ({ recorded: r }: RunLayer): boolean =>
  r !== undefined && r.trainable > 0 && r.forgotten + (r.idle ?? 0) >= r.trainable

/** What makes an optimizer step on these modules, at least one of which is in none that does. */
export function stepOn(layers: readonly RunLayer[]): CodeChange[] {
  return [
    ...(layers.some((l) => l.recorded?.idle) ? [STEPPED] : []),
    ...(layers.some((l) => l.recorded?.forgotten) ? [GIVEN] : [])
  ]
}
