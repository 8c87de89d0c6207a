import { onceFor } from './once'
import { profileOf } from './profile'
import { hasKind } from './view'

/** A first loss of so many times that of a guess blames the start, not the steps. */
const FAR = 100
/** First ÷ last hidden layer, of a network whose sums grow from block to block. */
const GROWS = 10

/**
 * Whether the sums of a residual network without a norm grow from block to block at the start. Then its first loss is
 * far above that of a guess, and its gradient grows on the way back. No learning rate makes up for that.
 */
export const sumsGrow = onceFor(
  (view) => view.length > 0,
  (view, hasBegun): boolean => {
    if (!hasBegun) return false
    const guess = view.schema.baselines?.[0]?.trainingLoss ?? NaN
    const first = view.scalar(0, 'loss') ?? NaN
    const isResidual = hasKind(view, 'add') && !hasKind(view, 'batchNorm') && !hasKind(view, 'layerNorm')
    const ratio = isResidual ? (profileOf(view, [0])?.ratio ?? NaN) : NaN
    return isResidual && (!Number.isFinite(first) || (first > FAR * guess && !(ratio < GROWS)))
  }
)
