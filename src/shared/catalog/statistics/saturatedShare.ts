import type { Tensor } from '../../base/tf'
import type { Statistic, StatisticContext } from './types'

/** The bounds, unless the activation is a hinge at 0: half of its units lie below 0 in a healthy network. */
function bounds(a: StatisticContext['activation']): { below: number; above: number } | undefined {
  const r = a?.entry.regime(a.params)
  if (!r || r.saturatedBelow === 0 || (r.saturatedBelow === undefined && r.saturatedAbove === undefined))
    return undefined
  return { below: r.saturatedBelow ?? -Infinity, above: r.saturatedAbove ?? Infinity }
}

const saturatedShare: Statistic = {
  id: 'saturatedShare',
  name: { en: 'Saturated share', zh: '饱和占比' },
  doc: {
    en: "Share of the pre-activations where the activation's slope is under 5 % of its maximum, by the activation's own limits: there hardly any gradient passes.",
    zh: '激活函数斜率低于其最大值 5 % 的预激活占比（按该激活函数自身的界限）：那里几乎没有梯度通过。'
  },
  symbol: 'f′ ≈ 0',
  scale: 'share',
  fields: {},
  needs: ['preActivation'],
  when: (a) => bounds(a) !== undefined,
  compute(tf, { preActivation }, ctx) {
    const z = preActivation as Tensor
    const { below, above } = bounds(ctx.activation)!
    const share = (b: Tensor): Tensor => tf.mul(tf.sum(tf.cast(b, 'float32')), 1 / z.size)
    const parts: Tensor[] = []
    if (above === -below)
      parts.push(
        share(
          tf.greater(
            ctx.share('abs', z, () => tf.abs(z)),
            above
          )
        )
      )
    else {
      if (below > -Infinity) parts.push(share(tf.less(z, below)))
      if (above < Infinity) parts.push(share(tf.greater(z, above)))
    }
    return (parts.length > 1 ? tf.add(parts[0]!, parts[1]!) : parts[0]!) as never
  },
  fused(activation) {
    const { below, above } = bounds(activation)!
    return { of: 'preActivation', figure: 'outsideShare', bounds: [below, above] }
  },
  reference({ preActivation }, activation) {
    const { below, above } = bounds(activation)!
    const [lo, hi] = [Math.fround(below), Math.fround(above)]
    const v = preActivation!.values
    let count = 0
    for (let i = 0; i < v.length; i++) if (v[i]! < lo || v[i]! > hi) count++
    return count / v.length
  }
}
export default saturatedShare
