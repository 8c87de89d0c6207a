import { own } from '../../../base/objects'
import type { Spec } from '../../../base/params'
import { number } from '../../settings'
import { classOf, isSet, plain } from './common'

/** Keras's activations by their names without marks: ours, and whether they are the same function. */
const ACTIVATIONS: Record<string, Spec> = {
  linear: { id: 'linear' },
  relu: { id: 'relu' },
  sigmoid: { id: 'sigmoid' },
  tanh: { id: 'tanh' },
  elu: { id: 'elu' },
  selu: { id: 'selu' },
  gelu: { id: 'gelu' },
  exponential: { id: 'exponential' },
  hardsigmoid: { id: 'hardSigmoid' },
  leakyrelu: { id: 'leakyRelu', alpha: 0.2 },
  silu: { id: 'silu' },
  swish: { id: 'silu' },
  softplus: { id: 'softplus' }
}
/** An activation by name. @returns undefined where there is none like it; `softmax` is told by `isSoftmax` */
export function activationOf(value: unknown): Spec | undefined {
  if (value === undefined || value === null) return { id: 'linear' }
  const { name, config } = classOf(value)
  const key = plain(name)
  const found = own(ACTIVATIONS, key)
  // A layer in place of a name brings settings.
  if (found?.id === 'relu') {
    if (isSet(config.max_value) || number(config.threshold, 0)) return undefined
    const slope = number(config.negative_slope, 0)
    return slope ? { id: 'leakyRelu', alpha: slope } : found
  }
  if (found?.id === 'leakyRelu') return { ...found, alpha: number(config.negative_slope ?? config.alpha, 0.2) }
  if (found?.id === 'elu') return { ...found, ...(isSet(config.alpha) && { alpha: config.alpha }) }
  if (found?.id === 'gelu' && config.approximate === true) return undefined
  return found
}
/** Activations of Keras that have no counterpart, by the nearest that has one. */
const NEAREST: Record<string, string> = {
  relu: 'relu',
  relu6: 'relu',
  gelu: 'gelu',
  celu: 'elu',
  mish: 'silu',
  hardsilu: 'silu',
  hardswish: 'silu',
  softsign: 'tanh',
  hardtanh: 'tanh'
}
/** The activation here that comes nearest to one of Keras by name. */
export const nearestTo = (name: string): string => own(NEAREST, plain(name)) ?? 'linear'
/** Whether a setting says softmax. */
export const isSoftmax = (value: unknown): boolean => plain(classOf(value).name) === 'softmax'

/** Keras's initializers. @returns undefined where there is none like it */
export function initializerOf(value: unknown): Spec | undefined {
  const { name, config } = classOf(value)
  const std = number(config.stddev, 0.05)
  const mean = number(config.mean, 0)
  const [low, high] = [number(config.minval, -0.05), number(config.maxval, 0.05)]
  switch (plain(name)) {
    case 'glorotuniform':
      return { id: 'glorotUniform' }
    case 'glorotnormal':
      return { id: 'glorotNormal' }
    case 'henormal':
      return { id: 'heNormal' }
    case 'heuniform':
      return { id: 'heUniform' }
    case 'lecunnormal':
      return { id: 'lecunNormal' }
    case 'lecununiform':
      return { id: 'lecunUniform' }
    case 'randomnormal':
      return { id: 'normal', mean, std }
    case 'truncatednormal':
      return { id: 'truncatedNormal', mean, std }
    case 'randomuniform':
      return { id: 'uniform', limit: Math.abs(high - low) / 2, centre: (high + low) / 2 }
    case 'zeros':
      return { id: 'zeros' }
    case 'ones':
      return { id: 'ones' }
    case 'constant':
      return { id: 'constant', value: number(config.value, 0) }
    case 'variancescaling': {
      const variance = number(config.scale, 1)
      const gain = Math.sqrt(variance)
      const spread = plain(String(config.distribution ?? 'truncated_normal')) === 'uniform' ? 'Uniform' : 'Normal'
      if (config.mode === 'fan_avg') return variance > 0 ? { id: `glorot${spread}`, gain } : undefined
      return (config.mode ?? 'fan_in') === 'fan_in' && variance > 0 ? { id: `lecun${spread}`, gain } : undefined
    }
    case 'orthogonal':
      return { id: 'orthogonal', gain: number(config.gain, 1) }
    case 'identity':
      return { id: 'identity', gain: number(config.gain, 1) }
    default:
      return undefined
  }
}
