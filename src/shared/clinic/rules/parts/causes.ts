import type { Spec } from '../../../base/params'
import type { RunView } from '../types'
import { awake } from './biases'
import { constantLayer } from './constant'
import { tooRegularised } from './regularisation'
import { oddSetting } from './odd'
import { outputChoice, outputFault, type OutputFault } from './output'
import { scaledSteps } from './rate'
import { raisedTooFar } from './risen'
import { scaleFault } from './scale'
import { swollenState } from './time'
import { copiesInTime, newStart } from './twins'
import { once } from './once'

/** A single layer that is off comes back through a leak only from weights that are not far off. */
const restart = ({ kind, to }: OutputFault): Spec[] =>
  kind === 'dead' && to.id !== 'linear' ? [{ id: 'initializer', to: { id: 'heNormal' }, output: true }] : []

/**
 * Remedies for the causes that lie behind other faults: what they make die, saturate, stand still or turn into NaN is
 * cured with them.
 */
export const causes = once((view: RunView): (string | Spec)[] => {
  const output = outputFault(view)
  const start = newStart(view) ?? awake(view)
  const constant = constantLayer(view)
  const scaled = scaleFault(view)
  const [odd, risen] = [oddSetting(view), raisedTooFar(view)]
  return [
    ...(constant?.isOutput ? ['outputLayer'] : []),
    ...(output ? [outputChoice(view, output)] : []),
    ...(scaled ? ['scaleData'] : []),
    ...(scaled?.target || scaled?.targetOffset ? [scaledSteps(view) ?? []].flat() : []),
    ...(output ? restart(output) : []),
    ...(start ? [start] : []),
    ...(tooRegularised(view) ? ['lessRegularisation'] : []),
    ...(odd ? [odd.choice] : risen ? [risen.choice] : []),
    ...((start && copiesInTime(view)) || swollenState(view) ? ['recurrentStart'] : [])
  ]
})
