import type { TF, Tensor } from '../../../base/tf'
import { ShapeError, type Shape } from '../types'

/**
 * How a window (of a kernel or a pooling layer) moves along the spatial axes: all but the last one, which holds the
 * channels.
 */
export interface Window {
  /** Length along each spatial axis. */
  size: number
  stride: number
  padding: Padding
}
export type Padding = 'same' | 'valid'

export const PADDING = {
  type: 'choice' as const,
  default: 'same',
  options: [
    { id: 'same', label: { en: 'Same (zeros around)', zh: '相同（四周补零）' } },
    { id: 'valid', label: { en: 'Valid (none)', zh: '有效（不补）' } }
  ],
  label: { en: 'Padding', zh: '填充' },
  help: {
    en: 'Same keeps the size (divided by the stride, rounded up); valid uses only windows that lie inside.',
    zh: '“相同”保持尺寸（除以步幅后上取整）；“有效”只使用完全位于内部的窗口。'
  }
}

/** Number of windows along an axis of `length`; 0 or less when none fits. As TensorFlow counts. */
export const windows = (length: number, { size, stride, padding }: Window): number =>
  padding === 'same' ? Math.ceil(length / stride) : Math.ceil((length - size + 1) / stride)
/** Zeros before the first element of an axis ("same": the odd one goes behind). */
export const zerosBefore = (length: number, w: Window): number =>
  w.padding === 'valid' ? 0 : Math.max(0, (windows(length, w) - 1) * w.stride + w.size - length) >> 1

/** Spatial axes after the window, then `channels`. @throws ShapeError when no window fits */
export function slide(shape: Shape, w: Window, channels: number): Shape {
  const axes = shape.slice(0, -1)
  const short = axes.find((n) => windows(n, w) < 1)
  if (short !== undefined)
    throw new ShapeError({
      en: `a window of ${w.size} does not fit into an axis of ${short}: make it smaller, or choose the padding "same"`,
      zh: `长为 ${w.size} 的窗口放不进长为 ${short} 的轴：请减小窗口，或把填充改为“相同”`
    })
  return [...axes.map((n) => windows(n, w)), channels]
}

/**
 * Checks that a shape has so many spatial axes and then channels. @param axes allowed numbers of spatial axes @throws
 * ShapeError otherwise
 */
export function needSpatial(shape: Shape, axes: readonly number[]): void {
  if (axes.includes(shape.length - 1)) return
  const shown = `[${shape.join(' × ')}]`
  const want = axes.map((n) => (n === 1 ? '[steps × channels]' : '[height × width × channels]')).join(' or ')
  const wantZh = axes.map((n) => (n === 1 ? '[步数 × 通道]' : '[高 × 宽 × 通道]')).join(' 或 ')
  throw new ShapeError({
    en: `reads ${want}, but gets ${shown}: put a Reshape layer before it (for example 8, 8, 1 for a picture of 64 pixels)`,
    zh: `需要 ${wantZh}，但得到 ${shown}：请在前面加“变形”层（例如 64 像素的图片用 8, 8, 1）`
  })
}

/**
 * [batch, steps, channels] as [batch, 1, steps, channels], so that one picture operation serves both; others as they
 * are.
 */
export const asPicture = (tf: TF, x: Tensor): Tensor =>
  x.rank === 3 ? tf.reshape(x, [x.shape[0]!, 1, x.shape[1]!, x.shape[2]!]) : x
/** Undoes `asPicture`. @param x what the picture was made from */
export const asBefore = (tf: TF, y: Tensor, x: Tensor): Tensor =>
  x.rank === 3 ? tf.reshape(y, [y.shape[0]!, y.shape[2]!, y.shape[3]!]) : y
/** A length along the spatial axes, for a picture made by `asPicture`. */
export const along = (x: Tensor, n: number): [number, number] => (x.rank === 3 ? [1, n] : [n, n])

/**
 * A window's zeros in PyTorch, which puts as many behind an axis as before it.
 * @param shape [spatial axes…, channels]
 * @returns its argument `padding`; and, where the sides differ, what to pad by hand: of the last axis before and
 *   behind, then of the one before it
 */
export function torchPadding(shape: Shape, w: Window): { padding: string; before?: number[] } {
  const sides = shape.slice(0, -1).map((n) => {
    const all = w.padding === 'valid' ? 0 : Math.max(0, (windows(n, w) - 1) * w.stride + w.size - n)
    return [all >> 1, all - (all >> 1)] as const
  })
  if (w.padding === 'same' && w.stride === 1 && w.size > 1) return { padding: '"same"' }
  if (sides.some(([a, b]) => a !== b)) return { padding: '0', before: [...sides].reverse().flat() }
  const each = sides.map(([a]) => a)
  return { padding: each.every((a) => a === each[0]) ? String(each[0]) : `(${each.join(', ')})` }
}
