import type { Params } from '../../base/params'
import type { Python } from '../../base/python'
import type { Entry } from '../../base/registry'

/** How the learning rate moves during training. */
export interface Schedule extends Entry {
  /**
   * Factor on the base learning rate at a step after the warm-up.
   * @param step 0 at the first step after the warm-up
   * @param steps number of steps after the warm-up
   */
  factor(step: number, steps: number, p: Params): number
  /** Expression of `factor`, by `step` and `steps`; it may use `math`. */
  python: Python<(p: Params) => string, (p: Params) => string>
}
