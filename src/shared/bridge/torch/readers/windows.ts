import type { Params } from '../../../base/params'
import type { Text } from '../../../base/text'
import { refusal, text, UNEQUAL_SIDES, type Unmapped } from '../../foreign'
import type { NamedTensor } from '../../safetensors'
import { number } from '../../settings'
import { permute } from '../call'
import { type Call, differing, type Found, hasBias, initializerOf, list, square } from './common'

/** How windows move there, and what is put around each axis. */
interface Windows {
  size: number
  stride: number
  pads: number[]
}
/**
 * The padding here that puts every window where PyTorch has it.
 * @param lengths of the axes that it moves along
 * @param after numbers of its windows
 * @param counts whether the zeros around belong to a mean: "same" leaves them out, "symmetric" does not
 */
function paddingOf(
  lengths: number[],
  after: number[],
  { size, stride, pads }: Windows,
  counts?: boolean
): Params | undefined {
  const inside = lengths.every((n, i) => !pads[i] && Math.floor((n - size) / stride) + 1 === after[i])
  if (inside) return { padding: 'valid' }
  const [pad] = pads
  const even =
    pads.every((n) => n === pad) && lengths.every((n, i) => Math.floor((n + 2 * pad! - size) / stride) + 1 === after[i])
  const same =
    !counts &&
    lengths.every((n, i) => {
      const out = Math.ceil(n / stride)
      return out === after[i] && Math.max(0, (out - 1) * stride + size - n) >> 1 === pads[i]
    })
  // With a longer stride "same" would hang on the length of the axes.
  if (same && (counts === false || !(even && stride > 1))) return { padding: 'same' }
  return even ? { padding: 'symmetric', pad } : undefined
}
const padsOf = (value: unknown, rank: number, size: number): number[] => {
  if (value === 'same') return new Array<number>(rank).fill((size - 1) >> 1)
  const l = value === 'valid' ? [0] : list(value ?? 0)
  return l.length === rank ? l : new Array<number>(rank).fill(l[0] ?? 0)
}
const SHIFTED = text(
  'it pads its axes by unequal amounts, or rounds its number of windows up: some windows stand elsewhere here',
  '其各轴填充不等，或窗口数上取整：这里有些窗口的位置不同'
)

const needsChannels = ({ input }: Call): Unmapped | undefined =>
  input.layout === 'first' && !input.pooled
    ? undefined
    : refusal(
        'reads a tensor whose channels are not behind the batch here',
        '所读张量的通道轴不在批次之后',
        'leave the axes as PyTorch’s layers give them, without permute',
        '请保持 PyTorch 各层给出的轴顺序，不要 permute'
      )

const PADS = [
  'pads by an amount that has no counterpart',
  '填充量没有对应项',
  'pad as many on each side, and leave ceil_mode out',
  '请两侧填充相同，且不用 ceil_mode'
] as const
/** A convolution. */
export function convolution(rank: 1 | 2, call: Call, kernel?: NamedTensor): Found {
  const { settings: s, input, shape } = call
  const wrong = needsChannels(call)
  if (wrong) return wrong
  const [size, stride, dilation] = [s.kernel_size, s.stride ?? 1, s.dilation ?? 1].map((v) => square(v, rank))
  if (size === undefined || stride === undefined) return UNEQUAL_SIDES
  const pads = padsOf(s.padding, rank, size)
  const padding = paddingOf(input.shape.slice(2), shape.slice(2), { size, stride, pads })
  const differs: Text[] = []
  const groups = number(s.groups, 1)
  const fresh = groups !== 1 || dilation !== 1
  if (fresh)
    differs.push(
      text(
        'it is grouped or dilated: an ordinary convolution takes its place, with fresh weights',
        '分组或空洞卷积：以普通卷积代替，权重重新初始化'
      )
    )
  else if (!padding) {
    const out = Math.ceil(input.shape[2]! / stride)
    if (out !== shape[2]) return refusal(...PADS)
    differs.push(SHIFTED)
  }
  if (s.padding_mode !== undefined && s.padding_mode !== 'zeros')
    differs.push(text('it pads by zeros here, not by values', '这里以零填充，而非以数值填充'))
  return {
    layout: 'first',
    ...differing(
      [
        {
          kind: rank === 1 ? 'conv1d' : 'conv2d',
          params: {
            filters: s.out_channels,
            kernelSize: size,
            stride,
            ...(padding ?? { padding: 'same' }),
            activation: { id: 'linear' },
            initializer: initializerOf(kernel),
            bias: hasBias(s)
          },
          ...(!fresh && {
            weights: ([w, bias]: NamedTensor[]) => ({
              kernel: permute(w!, rank === 1 ? [2, 1, 0] : [2, 3, 1, 0]),
              ...(bias && { bias })
            })
          })
        }
      ],
      ...differs
    )
  }
}
/** Pooling with windows of one size. */
export function pool(kind: 'maxPool' | 'averagePool', call: Call): Found {
  const { settings: s, input, shape } = call
  const wrong = needsChannels(call)
  if (wrong) return wrong
  const rank = shape.length - 2
  const [size, stride, dilation] = [s.kernel_size, s.stride ?? s.kernel_size, s.dilation ?? 1].map((v) =>
    square(v, rank)
  )
  if (size === undefined || stride === undefined || dilation !== 1)
    return refusal(
      'has windows of unequal sides, or dilated ones',
      '窗口的各边不等，或带有空洞',
      'make both sides equal, with dilation=1',
      '请使各边相等，且 dilation=1'
    )
  const pads = padsOf(s.padding, rank, size)
  const counts = kind === 'averagePool' && pads.some((n) => n > 0) ? s.count_include_pad !== false : undefined
  const padding = paddingOf(input.shape.slice(2), shape.slice(2), { size, stride, pads }, counts)
  const differs: Text[] = []
  if (!padding) {
    if (Math.ceil(input.shape[2]! / stride) !== shape[2]) return refusal(...PADS)
    differs.push(SHIFTED)
    if (counts) differs.push(text('its zeros around are not counted here', '这里不计四周的零'))
  } else if (counts === false && padding.padding === 'symmetric')
    differs.push(text('its zeros around are counted here', '这里计入四周的零'))
  return {
    layout: 'first',
    ...differing([{ kind, params: { size, stride, ...(padding ?? { padding: 'same' }) } }], ...differs)
  }
}
/** A constant around the last axes: PyTorch says its sides from the last axis on. */
export function padding(call: Call): Found {
  const { settings: s, input } = call
  const wrong = needsChannels(call)
  if (wrong) return wrong
  const rank = input.shape.length - 2
  const given = list(s.padding ?? s.pad)
  const value = s.value === '-inf' ? -Infinity : number(s.value, 0)
  if ((s.mode ?? 'constant') !== 'constant' || given.length !== 2 * rank || given.some((n) => n < 0))
    return refusal(
      'pads by other values than a constant, cuts off, or pads the channels',
      '以非常数填充、裁剪或填充通道',
      'pad the last axes by zeros',
      '请只在最后的轴以零填充'
    )
  const sides = Array.from({ length: rank }, (_, i) => {
    const at = 2 * (rank - 1 - i)
    return [given[at]!, given[at + 1]!] as const
  })
  return { layout: 'first', parts: [], around: { sides, value, lengths: input.shape.slice(2) } }
}
/** Pooling to a wanted size. */
export function adaptive(kind: 'max' | 'average', call: Call): Found {
  const { settings: s, input, shape } = call
  const wrong = needsChannels(call)
  if (wrong) return wrong
  const [before, after] = [input.shape.slice(2), shape.slice(2)]
  if (after.every((n) => n === 1))
    return {
      pooled: true,
      parts: [{ kind: kind === 'max' ? 'globalMaxPool' : 'globalAveragePool', params: {} }],
      layout: 'first'
    }
  if (before.join() === after.join()) return { parts: [], layout: 'first' }
  const by = before.map((n, i) => n / after[i]!)
  if (!by.every((n) => Number.isInteger(n) && n === by[0]))
    return refusal(
      `pools ${before.join('×')} to ${String(s.output_size)}, in windows of unequal lengths`,
      '自适应池化的窗口长度不等',
      'pool to a size that divides that of the picture, or to 1',
      '请池化到能整除图像边长的尺寸，或池化到 1'
    )
  const params = { size: by[0], stride: by[0], padding: 'valid' }
  return { layout: 'first', parts: [{ kind: kind === 'max' ? 'maxPool' : 'averagePool', params }] }
}
