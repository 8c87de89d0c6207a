import type { LayerKind } from './types'

/** What SELU gives for z → −∞: −λα (Klambauer 2017). */
const FLOOR = -1.7580993408473766

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
  fields: { rate: { type: 'number', default: 0.1, min: 0, max: 0.95, label: { en: 'Drop probability p', zh: '失活概率 p' } } },
  inputs: { min: 1, max: 1 },
  infer: (_p, [s]) => [...s!],
  weights: () => [],
  forward(tf, p, [x], _w, ctx) {
    const rate = p.rate as number
    if (!ctx.training || rate === 0) return { h: x! }
    const keep = 1 - rate
    // floor(u + keep) is 1 with probability keep.
    const mask = tf.floor(tf.add(ctx.noise('mask', x!.shape, 'uniform'), keep))
    const a = 1 / Math.sqrt(keep + FLOOR * FLOOR * keep * rate)
    const b = -a * FLOOR * rate
    return { h: tf.add(tf.mul(tf.add(tf.mul(x!, mask), tf.mul(tf.sub(1, mask), FLOOR)), a), b) }
  },
  flops: () => 0
}
export default alphaDropout
