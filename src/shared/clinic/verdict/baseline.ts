import { losses } from '../../catalog/losses'
import type { RunSchema } from '../../run/types'

/**
 * What a forecast that learns nothing has of a scalar of a run; undefined where there is none.
 * @param loss id of the run's loss: one that grows with the batch is compared on a training batch
 * @param scalar `loss` or the name of a metric
 */
export function baselineOf(schema: RunSchema | undefined, loss: string, scalar: string): number | undefined {
  const best = schema?.baselines?.[0]
  return scalar === 'loss' && losses.find(loss)?.sums ? best?.trainingLoss : best?.metrics[scalar]
}
