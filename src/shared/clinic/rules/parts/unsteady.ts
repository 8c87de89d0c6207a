import type { RunView } from '../types'
import { examples, framesFor, lossesAt, median, newest, oldest } from './view'

/** Recent steps the loss is judged by. */
const RECENT = 5
/** The loss against its start. */
export const ABOVE_START = 3
/**
 * Progress is lost if the loss was below a tenth of its start and is back above half of it for half of so many steps.
 * Adam's spikes are shorter.
 */
const [REACHED, LOST] = [0.1, 0.5]
const LASTING = 18
/** Fewer examples in a step than this are answered well or badly by chance. */
const FEW = 8
/** First steps the loss is compared with. */
export const START = 3
/** The least number of examples behind a figure of the loss: a step may see a single one. */
const [EXAMPLES_NOW, EXAMPLES_START] = [32, 16]
/** Recorded steps that say what the loss is now. */
const recent = (view: RunView): number => framesFor(view, RECENT, EXAMPLES_NOW)
/** The loss at the start: the median of the first recorded steps. */
export const startLoss = (view: RunView): number =>
  median(lossesAt(view, oldest(view, framesFor(view, START, EXAMPLES_START))))
/** The smallest loss so far, and the frame in the middle of those that it is the median of. */
interface Best {
  loss: number
  frame: number
}
const bests = new WeakMap<RunView, Best & { length: number }>()
/** The smallest median of neighbouring losses so far. A single small batch may be answered perfectly by chance. */
export function bestSoFar(view: RunView): Best {
  const known = bests.get(view) ?? { length: 0, loss: Infinity, frame: 0 }
  const count = recent(view)
  for (let end = Math.max(count, known.length + 1); end <= view.length; end++) {
    const m = median(
      lossesAt(
        view,
        Array.from({ length: count }, (_, i) => end - count + i)
      )
    )
    if (m < known.loss) Object.assign(known, { loss: m, frame: end - 1 - (count >> 1) })
  }
  known.length = view.length
  bests.set(view, known)
  return known
}
/** Whether enough has been recorded for the loss to be compared with its start, and it is a number. */
export const isComparable = (view: RunView): boolean =>
  view.length >= framesFor(view, START, EXAMPLES_START) + recent(view) &&
  lossesAt(view, newest(view, RECENT)).every((l) => Number.isFinite(l))
/**
 * Whether the run has lost most of its progress on the examples that it is judged by. True where these have not been
 * evaluated: then only the batches count.
 */
function isLostOnOthers({ trials, evaluations }: RunView): boolean {
  const losses = (trials ?? evaluations).map((t) => t.metrics['loss']!)
  const [start, now] = [losses[0], losses[losses.length - 1]]
  if (start === undefined || now === undefined || losses.length < 2) return true
  return !(now <= LOST * start) || now - Math.min(...losses) > LOST * (start - Math.min(...losses))
}
/** A loss that has risen far above its start, or most of the way back to it. */
export interface Unsteady {
  now: number
  start: number
  best: number
  /** Above its start. */
  rose: boolean
  /** The limit that it is above. */
  limit: number
}
/** The unsteady loss of a run; undefined where it is steady. */
export function unsteadyLoss(view: RunView): Unsteady | undefined {
  const now = median(lossesAt(view, newest(view, recent(view))))
  const start = startLoss(view)
  const { loss: best } = bestSoFar(view)
  if (!(start > 0)) return undefined
  // Few examples far off carry most of a loss: a batch without them is no start to go by.
  const ceiling = ABOVE_START * Math.max(start, view.schema.baselines?.[0]?.trainingLoss ?? 0)
  const rose = now > ceiling
  const isLost =
    best < REACHED * start &&
    now > LOST * start &&
    median(lossesAt(view, newest(view, LASTING))) > LOST * start &&
    (examples(view) >= FEW || isLostOnOthers(view))
  return rose || isLost ? { now, start, best, rose, limit: rose ? ceiling : LOST * start } : undefined
}
