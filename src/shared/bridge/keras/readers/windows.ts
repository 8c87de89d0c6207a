import type { Json } from '../../../base/objects'
import { refusal, text, UNEQUAL_SIDES, type Mapped, type Unmapped } from '../../foreign'
import { number } from '../../settings'
import { isSet, kernelAndBias, same, square } from './common'
import { Reading } from './reading'

const CHANNELS_FIRST = refusal(
  'puts channels first',
  '通道在前',
  'make it with data_format="channels_last"',
  '请使用 data_format="channels_last"'
)
const PAD_BEFORE = [
  'pad by “same” or “valid”, or by a ZeroPadding layer before it',
  '请使用 “same” 或 “valid”，或在其前加 ZeroPadding 层'
] as const

/** A convolution. */
export function convolution(kind: 'conv1d' | 'conv2d', c: Json): Mapped | Unmapped {
  const rank = kind === 'conv1d' ? 1 : 2
  const r = new Reading(c)
  const [size, stride, dilation] = [c.kernel_size, c.strides ?? 1, c.dilation_rate ?? 1].map((v) => square(v, rank))
  if (c.data_format === 'channels_first') return CHANNELS_FIRST
  if (size === undefined || stride === undefined) return UNEQUAL_SIDES
  if (dilation !== 1 || number(c.groups, 1) !== 1)
    return refusal(
      'is dilated or grouped',
      '带有空洞或分组',
      'make it with dilation_rate=1 and groups=1',
      '请使用 dilation_rate=1 与 groups=1'
    )
  if (c.padding !== 'same' && c.padding !== 'valid')
    return refusal(`pads by “${String(c.padding)}”`, `填充方式为 “${String(c.padding)}”`, ...PAD_BEFORE)
  const params = {
    filters: c.filters,
    kernelSize: size,
    stride,
    padding: c.padding,
    activation: r.activation(),
    ...r.kernel()
  }
  return r.done({ kind, params, weights: kernelAndBias })
}
/** Pooling with windows of one size. */
export function pool(kind: 'maxPool' | 'averagePool', rank: number, c: Json): Mapped | Unmapped {
  const size = square(c.pool_size ?? 2, rank)
  const stride = square(c.strides ?? c.pool_size ?? 2, rank)
  if (size === undefined || stride === undefined)
    return refusal('has windows of unequal sides', '窗口的各边不等', 'make both sides equal', '请使各边相等')
  if (c.data_format === 'channels_first') return CHANNELS_FIRST
  return same({ kind, params: { size, stride, padding: c.padding ?? 'valid' } })
}
/** Keras says one number, one for each axis, or one for each side of each axis. */
export function zeroPadding(rank: 1 | 2, c: Json, reads: number[] | undefined): Mapped | Unmapped {
  if (c.data_format === 'channels_first') return CHANNELS_FIRST
  const given = c.padding ?? 1
  const axes = Array.isArray(given) && rank === 2 ? given : [given]
  const sides = Array.from({ length: rank }, (_, i): [number, number] => {
    const own: unknown = axes[i] ?? axes[0]
    const [before, behind] = (Array.isArray(own) ? own : [own, own]) as [number, number]
    return [before, behind]
  })
  return { parts: [], around: { sides, value: 0, ...(reads && { lengths: reads.slice(0, rank) }) } }
}
/** Pooling over all places of a sequence or picture. */
export function globalPool(kind: string, c: Json): Mapped | Unmapped {
  if (c.data_format === 'channels_first') return CHANNELS_FIRST
  return {
    parts: [{ kind, params: {} }],
    ...(isSet(c.keepdims) && { differs: [text('its axes of length 1 are left out', '长度为 1 的轴被略去')] })
  }
}
