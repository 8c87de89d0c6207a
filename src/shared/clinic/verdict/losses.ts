import type { RunView } from '../../run/view'
import { median } from '../rules/parts/view'

/** Newest losses whose median is the loss now. */
export const RECENT = 9
/** Share by which the loss has to fall over half of the steps, to be called falling. */
export const FELL = 0.02

/** A step that was made and its loss; undefined before the first. @param back how many steps before the newest */
export type Losses = (back: number) => { step: number; loss: number } | undefined
/** Of every step, where that is known; else of the recorded ones. */
export function lossesOf(view: RunView): Losses {
  const last = view.length - 1
  let end = last < 0 ? 0 : view.step(last)
  if (view.lossAt?.(end) === undefined)
    return (back) => {
      // A recording may have none: its training calls no backward().
      const loss = back <= last ? view.scalar(last - back, 'loss') : undefined
      return loss === undefined ? undefined : { step: view.step(last - back), loss }
    }
  while (view.lossAt(end + 1) !== undefined) end++
  return (back) => {
    const loss = view.lossAt!(end - back)
    return loss === undefined ? undefined : { step: end - back, loss }
  }
}
/** Newest first. */
export const newestLosses = (losses: Losses): number[] =>
  Array.from({ length: RECENT }, (_, back) => losses(back)?.loss).filter((l): l is number => l !== undefined)
/** First step of the newest stretch of steps whose loss `isOut`. */
export function outSince(losses: Losses, isOut: (loss: number) => boolean): number {
  let back = 0
  for (let before = losses(1); before && isOut(before.loss); before = losses(back + 1)) back++
  return losses(back)!.step
}
/**
 * First step of the newest stretch over which the loss is above a limit, by the median of `RECENT` steps: a single
 * batch below it does not end the stretch.
 */
export function aboveSince(losses: Losses, limit: number): number {
  const at = (back: number): number => losses(back)?.loss ?? NaN
  const isAbove = (back: number): boolean =>
    losses(back + RECENT - 1) !== undefined &&
    !(median(Array.from({ length: RECENT }, (_, i) => at(back + i))) <= limit)
  let back = 0
  while (isAbove(back + 1)) back++
  // The oldest of those nine that is above the limit itself.
  for (let i = RECENT - 1; i > 0; i--) if (losses(back + i) && !(at(back + i) <= limit)) return losses(back + i)!.step
  return losses(back)!.step
}
