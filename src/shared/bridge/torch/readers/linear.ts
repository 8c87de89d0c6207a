import type { Text } from '../../../base/text'
import { refusal, text } from '../../foreign'
import type { NamedTensor } from '../../safetensors'
import { number } from '../../settings'
import { permute } from '../call'
import { type Call, differing, type Found, hasBias, initializerOf, list } from './common'

/** Rows of a matrix, or values of a vector, of [channels, …] flattened, put into our order. */
function unflatten(t: NamedTensor, order: number[]): NamedTensor {
  const rest = t.shape.slice(1)
  const axes = channelsToEnd(order.length)
  const moved = permute({ shape: [...order, ...rest], values: t.values }, [
    ...axes,
    ...rest.map((_, i) => order.length + i)
  ])
  return { shape: t.shape, values: moved.values }
}
const channelsToEnd = (rank: number): number[] => [...Array.from({ length: rank - 1 }, (_, i) => i + 1), 0]

/** A dense layer. Behind a flattened picture its rows are put into our order. */
export function linear(call: Call, kernel?: NamedTensor): Found {
  const { settings: s, input } = call
  if (input.pooled || (input.layout === 'first' && input.shape.length > 2))
    return refusal(
      'reads a tensor along an axis that is not the last one here',
      '沿着这里不是最后一个的轴读取',
      'flatten the picture first, or use a 1 × 1 convolution',
      '请先展平图像，或使用 1 × 1 卷积'
    )
  const { order } = input
  if (input.shape.length > 4)
    return refusal(
      'reads a tensor of more than four axes',
      '所读张量多于四个轴',
      'flatten some of them first',
      '请先展平其中几个'
    )
  if (input.shape.length === 4)
    return {
      layout: 'same',
      parts: [
        {
          // Along the channels of each place of a picture: a convolution over that place alone.
          kind: 'conv2d',
          params: {
            filters: s.out_features,
            kernelSize: 1,
            stride: 1,
            padding: 'valid',
            activation: { id: 'linear' },
            initializer: initializerOf(kernel),
            bias: hasBias(s)
          },
          weights([w, bias]) {
            const { shape, values } = permute(w!, [1, 0])
            return { kernel: { shape: [1, 1, ...shape], values }, ...(bias && { bias }) }
          }
        }
      ]
    }
  return {
    parts: [
      {
        kind: 'dense',
        params: {
          units: s.out_features,
          activation: { id: 'linear' },
          initializer: initializerOf(kernel),
          bias: hasBias(s)
        },
        weights([w, bias]) {
          const turned = permute(w!, [1, 0])
          return { kernel: order ? unflatten(turned, order) : turned, ...(bias && { bias }) }
        }
      }
    ],
    layout: 'same'
  }
}
/** Batch norm. */
export function batchNorm(call: Call): Found {
  const { settings: s, input } = call
  if (input.layout === 'same' && input.shape.length > 2)
    return refusal(
      'normalises an axis that is not the last one here',
      '所归一化的不是这里的最后一个轴',
      'put the channels behind the batch, as convolutions do',
      '请把通道放在批次之后，同卷积'
    )
  if (s.track_running_stats === false)
    return refusal(
      'uses the statistics of each batch when it predicts, too',
      '预测时也使用各批次的统计量',
      'make it with track_running_stats=True',
      '请使用 track_running_stats=True'
    )
  const { order } = input
  const own = (t: NamedTensor): NamedTensor => (order ? unflatten(t, order) : t)
  const differs: Text[] = []
  if (s.affine === false) differs.push(text('it gets a scale and a shift that are learnt', '增加了可学习的缩放与平移'))
  if (typeof s.momentum !== 'number')
    differs.push(text('its running averages forget; they were plain means', '其滑动平均会遗忘旧值，原为简单平均'))
  const names = [...(s.affine === false ? [] : ['gamma', 'beta']), 'mean', 'variance']
  return differing(
    [
      {
        kind: 'batchNorm',
        params: { momentum: 1 - number(s.momentum, 0.1), epsilon: number(s.eps, 1e-5) },
        weights: (given) => Object.fromEntries(names.flatMap((n, i) => (given[i] ? [[n, own(given[i]!)]] : [])))
      }
    ],
    ...differs
  )
}
/** Layer norm. */
export function layerNorm(call: Call): Found {
  const { settings: s, input } = call
  if (input.layout === 'first' && input.shape.length > 2)
    return refusal(
      'normalises axes that are not the last one here',
      '所归一化的不是这里的最后一个轴',
      'use batch norm, or move the channels to the end before it',
      '请使用批归一化，或先把通道移到末尾'
    )
  if (list(s.normalized_shape).length > 1)
    return refusal(
      'normalises over several axes',
      '在多个轴上归一化',
      'normalise the last one alone',
      '请只归一化最后一个轴'
    )
  const { order } = input
  return differing(
    [
      {
        kind: 'layerNorm',
        params: { epsilon: number(s.eps, 1e-5) },
        weights: ([gamma, beta]) => ({
          ...(gamma && { gamma: order ? unflatten(gamma, order) : gamma }),
          ...(beta && { beta: order ? unflatten(beta, order) : beta })
        })
      }
    ],
    ...(s.elementwise_affine === false
      ? [text('it gets a scale and a shift that are learnt', '增加了可学习的缩放与平移')]
      : !hasBias(s)
        ? [text('it gets a shift that is learnt', '增加了可学习的平移')]
        : [])
  )
}
/** Norms that layer norm stands for, which is another function. */
export const otherNorm =
  (en: string, zh: string): (() => Found) =>
  () =>
    differing([{ kind: 'layerNorm', params: {} }], text(en, zh))
