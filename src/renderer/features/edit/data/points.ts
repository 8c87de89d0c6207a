import { sizeOf } from '@shared/base/sizeOf'
import type { Data, DataInfo } from '@shared/catalog/datasets'

/** Class of each example, 0 for regression and where each time step has one. */
export function classOf(data: Data, i: number): number {
  if (data.targetShape.length > 1) return 0
  const k = sizeOf(data.targetShape)
  if (data.task === 'regression') return 0
  if (k === 1) return data.y[i]! > 0.5 ? 1 : 0
  let best = 0
  for (let c = 1; c < k; c++) if (data.y[i * k + c]! > data.y[i * k + best]!) best = c
  return best
}
/** Rows and columns of the picture that an example is, when it is one. */
export function pictureOf(
  data: Pick<DataInfo, 'picture' | 'featureNames' | 'inputShape'>
): [number, number] | undefined {
  if (data.picture) return data.picture
  const n = sizeOf(data.inputShape)
  const side = Math.round(Math.sqrt(n))
  return side * side === n && side >= 4 && side <= 64 && data.featureNames?.[0]?.startsWith('pixel')
    ? [side, side]
    : undefined
}
/**
 * Examples in columns, one or more to a class, so that each column holds one class from its first example on.
 * @returns the columns with their class; one without a class where there are none
 */
export function byClass(data: Data, columns: number, down: number): { name?: string; examples: number[] }[] {
  const classes = data.classes ?? []
  if (classes.length < 2)
    return Array.from({ length: columns }, (_, c) => ({
      examples: Array.from({ length: down }, (_, r) => r * columns + c).filter((i) => i < data.count)
    }))
  const shown = Math.min(classes.length, 12)
  const each = Math.max(1, Math.floor(columns / shown))
  const of: number[][] = classes.slice(0, shown).map(() => [])
  for (let i = 0; i < data.count; i++) {
    const list = of[classOf(data, i)]
    if (list && list.length < each * down) list.push(i)
  }
  return of.flatMap((list, k) =>
    Array.from({ length: each }, (_, c) => ({
      ...(!c && { name: classes[k]! }),
      examples: list.filter((_, i) => i % each === c)
    }))
  )
}
