import type { NumberField, Params } from '../../../base/params'
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
  /** Elements on either side of an axis; 0 unless the padding is "symmetric". */
  pad: number
}
/** TensorFlow's two words, and PyTorch's number of elements on either side. */
type Padding = 'same' | 'valid' | 'symmetric'

export const PADDING = {
  type: 'choice' as const,
  default: 'same',
  options: [
    { id: 'same', label: { en: 'Same (zeros around)', zh: '相同（四周补零）' } },
    { id: 'valid', label: { en: 'Valid (none)', zh: '有效（不补）' } },
    { id: 'symmetric', label: { en: 'Symmetric (as in PyTorch)', zh: '对称（同 PyTorch）' } }
  ],
  label: { en: 'Padding', zh: '填充' },
  help: {
    en: 'Same keeps the size (divided by the stride, rounded up), as TensorFlow and Keras do; an odd zero goes behind. Valid uses only windows that lie inside. Symmetric puts as many on either side, as padding=1 in PyTorch and ZeroPadding in Keras do.',
    zh: '“相同”保持尺寸（除以步幅后上取整），同 TensorFlow 与 Keras；多出的一个零补在末尾。“有效”只使用完全位于内部的窗口。“对称”在两侧补同样多，同 PyTorch 的 padding=1 与 Keras 的 ZeroPadding。'
  }
}
/** How much "symmetric" pads. */
export const PAD: NumberField = {
  type: 'number',
  default: 1,
  integer: true,
  min: 0,
  max: 64,
  when: ({ padding }) => padding === 'symmetric',
  label: { en: 'On each side', zh: '每侧补' },
  help: {
    en: 'Elements before and behind each axis: PyTorch’s padding=n. (kernel − 1) / 2 keeps the size at stride 1.',
    zh: '每个轴前后各补的元素数：即 PyTorch 的 padding=n。步幅为 1 时，（卷积核 − 1）/ 2 保持尺寸。'
  }
}
/** The two fields as part of a window. */
export function paddingOf(p: Params): Pick<Window, 'padding' | 'pad'> {
  const padding = p.padding as Padding
  return { padding, pad: padding === 'symmetric' ? (p.pad as number) : 0 }
}

/** Number of windows along an axis of `length`; 0 or less when none fits. As TensorFlow and PyTorch count. */
export const windows = (length: number, { size, stride, padding, pad }: Window): number =>
  padding === 'same' ? Math.ceil(length / stride) : Math.ceil((length + 2 * pad - size + 1) / stride)
/** What stands before the first element of an axis and behind the last one ("same": the odd one goes behind). */
function sidesOf(length: number, w: Window): readonly [before: number, behind: number] {
  if (w.padding !== 'same') return [w.pad, w.pad]
  const all = Math.max(0, (windows(length, w) - 1) * w.stride + w.size - length)
  return [all >> 1, all - (all >> 1)]
}
/** Zeros before the first element of an axis. */
export const zerosBefore = (length: number, w: Window): number => sidesOf(length, w)[0]
/** TensorFlow's word for a window, where it has one that means the same for these axes. */
export function wordFor(shape: Shape, w: Window): 'same' | 'valid' | undefined {
  if (w.padding !== 'symmetric') return w.padding
  if (!w.pad) return 'valid'
  const same: Window = { ...w, padding: 'same', pad: 0 }
  const isSame = shape
    .slice(0, -1)
    .every((n) => windows(n, same) === windows(n, w) && sidesOf(n, same).every((side) => side === w.pad))
  return isSame ? 'same' : undefined
}

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
/**
 * A picture made by `asPicture` with what "symmetric" puts around it, for an operation with the padding that is
 * returned.
 * @param x what the picture was made from
 */
export function padded(tf: TF, x: Tensor, { padding, pad }: Window, value = 0): [picture: Tensor, 'same' | 'valid'] {
  const picture = asPicture(tf, x)
  if (padding !== 'symmetric') return [picture, padding]
  if (!pad) return [picture, 'valid']
  const high = x.rank === 3 ? 0 : pad
  const sides: [number, number][] = [
    [0, 0],
    [high, high],
    [pad, pad],
    [0, 0]
  ]
  return [tf.pad(picture, sides, value), 'valid']
}
/** A length along the spatial axes, for a picture made by `asPicture`. */
export const along = (x: Tensor, n: number): [number, number] => (x.rank === 3 ? [1, n] : [n, n])

/**
 * A window's zeros in PyTorch, which puts as many behind an axis as before it.
 * @param shape [spatial axes…, channels]
 * @returns its argument `padding`; and, where the sides differ, what to pad by hand: of the last axis before and
 *   behind, then of the one before it
 */
export function torchPadding(shape: Shape, w: Window): { padding: string; before?: number[] } {
  const sides = shape.slice(0, -1).map((n) => sidesOf(n, w))
  if (w.padding === 'same' && w.stride === 1 && w.size > 1) return { padding: '"same"' }
  if (sides.some(([a, b]) => a !== b)) return { padding: '0', before: [...sides].reverse().flat() }
  const each = sides.map(([a]) => a)
  return { padding: each.every((a) => a === each[0]) ? String(each[0]) : `(${each.join(', ')})` }
}
