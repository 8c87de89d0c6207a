import type { Spec } from '../base/params'
import { text, type ForeignTraining } from './foreign'
import type { Text } from '../base/text'

/** How a learning rate moves, in our words. */
export interface Moves {
  schedule: Spec
  /** What is not the same. */
  notes: Text[]
}
const MOST = 1_000_000
const moves = (schedule: Spec, ...notes: (Text | false)[]): Moves => ({
  schedule,
  notes: notes.filter((n) => n !== false)
})

/** The rate times `by ** (step / each)`. @returns undefined where it rises */
export function decaying(by: number, each: number): Moves | undefined {
  const gamma = by ** (1 / each)
  return gamma > 0 && gamma <= 1 ? moves({ id: 'step', every: 1, gamma }) : undefined
}
/** The rate times `by ** floor(step / each)`. @returns undefined where it rises, or at no whole step */
export function falling(by: number, each: number): Moves | undefined {
  return Number.isSafeInteger(each) && each >= 1 && each <= MOST && by > 0 && by <= 1
    ? moves({ id: 'step', every: each, gamma: by })
    : undefined
}
/**
 * The rate times `by` at each of some steps, which lie as far from each other as the first from the start.
 * @param late steps that its program changes it later than ours does
 * @returns undefined where they don't lie so
 */
export function fallingAt(by: number, at: readonly number[], late = 0): Moves | undefined {
  const [first = 0] = at
  if (!at.every((step, i) => step === first * (i + 1))) return undefined
  const found = falling(by, first)
  const last = at.at(-1)!
  return (
    found &&
    moves(
      found.schedule,
      text(
        `the rate falls after every ${first} steps here, also beyond step ${last}, the last one there`,
        `这里每 ${first} 步下降一次，在原来最后一次（第 ${last} 步）之后也继续`
      ),
      late > 0 && text('it falls a step later there', '原来晚一步下降')
    )
  )
}
/**
 * Half a cosine down to a share of the rate.
 * @param length steps of it there
 * @param steps of the run that it has here
 */
export function cosine(end: number, length: number, steps: number): Moves {
  const share = Math.min(1, Math.max(0, end))
  return moves(
    { id: 'cosine', end: share },
    length !== steps - 1 &&
      text(
        `the cosine reaches its end at the last of ${steps} steps, not after ${length}`,
        `余弦衰减在第 ${steps} 步（最后一步）到达终点，而非 ${length} 步之后`
      )
  )
}
/** Another schedule behind a warm-up. @param length of the warm-up. @param isSame it climbs by (step + 1)/length */
export function warmed(length: number, found: Moves, isSame: boolean): Moves {
  return moves(
    { ...found.schedule, warmUp: length },
    ...found.notes,
    !isSame &&
      text(
        `the warm-up of ${length} steps climbs from the first of as many equal parts of the rate`,
        `${length} 步预热从学习率的 1/${length} 开始均匀上升`
      )
  )
}
/** A schedule that nothing of ours can say. */
const leftOut = (name: string, rate: number): Text =>
  text(
    `the learning rate's schedule “${name}” is left out: the rate stays at ${rate}`,
    `学习率调度 “${name}” 被略去：学习率保持 ${rate}`
  )
/** What is taken over of a schedule, and what is said of it. */
export function taken(
  found: Moves | undefined,
  name: string,
  rate: number,
  notes: Text[]
): Pick<ForeignTraining, 'schedule'> {
  notes.push(...(found ? found.notes : [leftOut(name, rate)]))
  return found ? { schedule: found.schedule } : {}
}
