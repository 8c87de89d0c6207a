import type { Params } from '../../base/params'
import type { Entry } from '../../base/registry'

/** How the learning rate moves during training. */
export interface Schedule extends Entry {
  /**
   * What the base learning rate is multiplied by at a step, warm-up apart.
   * @param step 0 at the first step after the warm-up
   * @param steps steps there are after the warm-up
   */
  factor(step: number, steps: number, p: Params): number
}
