import { refusal } from '../../foreign'
import { number } from '../../settings'
import { kernelAndBias, type Reader } from './common'
import { Reading } from './reading'

/** A dense layer. Along the channels of a picture it is a convolution. */
export const dense: Reader = (c, { rank }) => {
  const r = new Reading(c)
  const params = { units: c.units, activation: r.activation(), ...r.kernel() }
  if (rank === 4) {
    // Along the channels of each place of a picture: a convolution over that place alone.
    const { units: filters, ...more } = params
    return r.done({
      kind: 'conv2d',
      params: { filters, kernelSize: 1, stride: 1, padding: 'valid', ...more },
      weights([kernel, bias]) {
        const { shape, values } = kernel!
        return { kernel: { shape: [1, 1, ...shape], values }, ...(bias && { bias }) }
      }
    })
  }
  return r.done({ kind: 'dense', params, weights: kernelAndBias })
}

const ANOTHER_AXIS = refusal(
  'normalises another axis than the last',
  '归一化的不是最后一个轴',
  'make it with axis=-1',
  '请使用 axis=-1'
)
/**
 * Whether a norm's axis is the last one. Keras 2 gives it as a list.
 * @param rank of what it reads, the batch included, where the file says it
 */
function isLast(axis: unknown, rank: number | undefined): boolean {
  const one: unknown = Array.isArray(axis) ? axis[0] : axis
  return (
    one === undefined || one === null || one === -1 || (rank === undefined ? Array.isArray(axis) : one === rank - 1)
  )
}
/** Batch norm over the last axis. */
export const batchNorm: Reader = (c, { config, rank }) => {
  const r = new Reading(config)
  if (!isLast(c.axis, rank)) return ANOTHER_AXIS
  if (c.scale === false) r.note('it gets a scale γ that is learnt', '增加了可学习的缩放 γ')
  if (c.center === false) r.note('it gets a shift β that is learnt', '增加了可学习的平移 β')
  return r.done({
    kind: 'batchNorm',
    params: { momentum: number(c.momentum, 0.99), epsilon: number(c.epsilon, 1e-3) },
    weights(given) {
      const names = [
        ...(c.scale === false ? [] : ['gamma']),
        ...(c.center === false ? [] : ['beta']),
        'mean',
        'variance'
      ]
      return Object.fromEntries(given.map((t, i) => [names[i]!, t]))
    }
  })
}
/** Layer norm over the last axis. */
export const layerNorm: Reader = (c, { rank }) => {
  const axis = Array.isArray(c.axis) ? c.axis : [c.axis ?? -1]
  if (axis.length > 1)
    return refusal('normalises over several axes', '在多个轴上归一化', 'make it with axis=-1', '请使用 axis=-1')
  if (!isLast(c.axis, rank)) return ANOTHER_AXIS
  const r = new Reading(c)
  if (c.scale === false || c.center === false)
    r.note('it gets a scale and a shift that are learnt', '增加了可学习的缩放与平移')
  return r.done({
    kind: 'layerNorm',
    params: { epsilon: number(c.epsilon, 1e-3) },
    weights(given) {
      const names = [...(c.scale === false ? [] : ['gamma']), ...(c.center === false ? [] : ['beta'])]
      return Object.fromEntries(given.map((t, i) => [names[i]!, t]))
    }
  })
}
