import { kerasObject } from '../../base/keras'
import { number } from '../../base/python'
import type { LayerKind } from './types'

/** What SELU gives for z → −∞: −λα (Klambauer 2017). */
const FLOOR = -1.7580993408473766

/** Scale and shift that keep mean 0 and variance 1. */
const affine = (rate: number): { a: number; b: number } => {
  const a = 1 / Math.sqrt(1 - rate + FLOOR * FLOOR * (1 - rate) * rate)
  return { a, b: -a * FLOOR * rate }
}
/** How the layer maps E[x²] and E[x] forward, and the factor on the mean square of a gradient backward. */
export function alphaMoments(rate: number): {
  back: number
  of: (square: number, mean: number) => { square: number; mean: number }
} {
  const { a, b } = affine(rate)
  const keep = 1 - rate
  return {
    back: a * a * keep,
    of: (square, mean) => {
      const m = keep * mean + rate * FLOOR
      return { square: a * a * (keep * square + rate * FLOOR ** 2) + 2 * a * b * m + b * b, mean: a * m + b }
    }
  }
}

const alphaDropout: LayerKind = {
  id: 'alphaDropout',
  name: { en: 'Alpha dropout', zh: 'Alpha Dropout' },
  doc: {
    en: 'Dropout for SELU nets (Klambauer 2017): sets values to SELU’s lower limit with probability p, then shifts and scales so that mean 0 and variance 1 stay. Does nothing when validating.',
    zh: '用于 SELU 网络的随机失活（Klambauer 2017）：以概率 p 把值设为 SELU 的下限，再平移缩放以保持均值 0、方差 1。验证时不起作用。'
  },
  group: 'regularise',
  icon: 'drop',
  stem: 'alphaDropout',
  fields: {
    rate: { type: 'number', default: 0.1, min: 0, max: 0.95, label: { en: 'Drop probability p', zh: '失活概率 p' } }
  },
  inputs: { min: 1, max: 1 },
  infer: (_p, [s]) => [...s!],
  weights: () => [],
  forward(tf, p, [x], _w, ctx) {
    const rate = p.rate as number
    if (!ctx.training || rate === 0) return { h: x! }
    const keep = 1 - rate
    // floor(u + keep) is 1 with probability keep.
    const mask = tf.floor(tf.add(ctx.noise('mask', x!.shape, 'uniform'), keep))
    const { a, b } = affine(rate)
    return { h: tf.add(tf.mul(tf.add(tf.mul(x!, mask), tf.mul(tf.sub(1, mask), FLOOR)), a), b) }
  },
  python: {
    channels: 'any',
    torch(p, { self }, [x]) {
      const rate = p.rate as number
      const { a, b } = affine(rate)
      return {
        make: `nn.AlphaDropout(${number(rate)})`,
        call: `${self}(${x!})`,
        ...(rate && {
          recorded: [
            `kept = torch.floor(noise + ${number(1 - rate)}) == 1`,
            `return torch.where(kept, x, ${number(FLOOR)}) * ${number(a)} + ${number(b)}`
          ]
        })
      }
    },
    keras(p) {
      const rate = p.rate as number
      const { a, b } = affine(rate)
      return [
        {
          object: kerasObject('layers', 'AlphaDropout', { rate }),
          ...(rate && {
            recorded: [
              `kept = ops.floor(noise + ${number(1 - rate)}) == 1`,
              `return ops.where(kept, x, ${number(FLOOR)}) * ${number(a)} + ${number(b)}`
            ]
          })
        }
      ]
    }
  },
  flops: () => 0
}
export default alphaDropout
