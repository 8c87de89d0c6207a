import type { RunView } from '../../run/view'
import { examples, median, newest } from '../rules/parts/view'
import { lossesOf, RECENT } from './losses'

/** Share of the baseline's training loss under which the training examples are known by heart. */
export const BY_HEART = 0.5
/** Examples that the training loss rests on at least: the median of single ones says nothing of the hard ones. */
const SEEN = 64

/** The training loss now, without penalties: a mean over the newest steps. NaN where none is known. */
export function trainingLoss(view: RunView): number {
  const losses = lossesOf(view)
  const steps = Math.max(RECENT, Math.ceil(SEEN / Math.max(1, examples(view))))
  const list = Array.from({ length: steps }, (_, back) => losses(back)?.loss).filter((l) => l !== undefined)
  const mean = list.length ? list.reduce((sum, l) => sum + l / list.length, 0) : NaN
  const penalty = median(newest(view).map((i) => view.scalar(i, 'penalty') ?? NaN))
  return penalty > 0 ? mean - penalty : mean
}
/**
 * The training loss of a network that knows its training examples by heart, against the best forecast that looks at no
 * input; undefined where it does not. `inUse` is false where it knows them only by the statistics of their batch, and
 * not as the network is used.
 */
export function knownByHeart(view: RunView): { loss: number; inUse: boolean } | undefined {
  const guess = view.schema.baselines?.[0]?.trainingLoss
  const loss = trainingLoss(view)
  if (!(guess! > 0 && loss < BY_HEART * guess!)) return undefined
  const gaps = view.gaps ?? []
  const used = gaps[gaps.length - 1]?.used['loss']
  return { loss, inUse: used === undefined || used < BY_HEART * guess! }
}
