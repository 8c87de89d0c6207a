import { InputError, problem } from '../../../base/problems'
import { refusal, text } from '../../foreign'
import type { NamedTensor } from '../../safetensors'
import { number } from '../../settings'
import { activationLayer, classOf, isSet, plain, same, type Reader } from './common'

/** ReLU, with a slope below 0 or without. */
export const relu: Reader = (c) => {
  const slope = number(c.negative_slope, 0)
  if (isSet(c.max_value) || number(c.threshold, 0))
    return {
      parts: [activationLayer({ id: 'relu' })],
      differs: [text('its upper limit and threshold are left out', '其上限与阈值被略去')]
    }
  return same(activationLayer(slope ? { id: 'leakyRelu', alpha: slope } : { id: 'relu' }))
}

const SLOPES = refusal(
  'has slopes for each place, not one for each channel',
  '每个位置各有斜率，而非每个通道一个',
  'make it with shared_axes: [1] for sequences, [1, 2] for pictures',
  '请设置 shared_axes：序列用 [1]，图像用 [1, 2]'
)
const channelsOf = (t: NamedTensor): NamedTensor | undefined => {
  const n = t.shape[t.shape.length - 1]!
  return t.values.length === n ? { shape: [n], values: t.values } : undefined
}
/** PReLU with one slope for each channel. */
export const prelu: Reader = (c, { rank }) => {
  const own = [c.shared_axes].flat().map(Number)
  const places = Array.from({ length: Math.max(0, (rank ?? 2) - 2) }, (_, i) => i + 1)
  if (!places.every((axis) => own.includes(axis) || own.includes(axis - (rank ?? 0)))) return SLOPES
  const { name, config } = classOf(c.alpha_initializer ?? 'zeros')
  const start = plain(name) === 'constant' ? number(config.value, 0) : 0
  return {
    parts: [
      {
        // Slopes that are drawn anew start at 0.05 at least: with 0 the layer is a ReLU at first.
        ...activationLayer({ id: 'prelu', alpha: Math.max(0.05, Math.min(1, start)) }),
        weights: ([alpha]): Record<string, NamedTensor> => {
          const slope = alpha && channelsOf(alpha)
          // A file of Keras 2 doesn't say how many axes the layer reads.
          if (alpha && !slope) throw new InputError([problem('PReLU', SLOPES.refused.en, SLOPES.refused.zh)])
          return slope ? { slope } : {}
        }
      }
    ]
  }
}
