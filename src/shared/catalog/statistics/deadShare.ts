import type { Tensor } from '../../base/tf'
import type { Statistic } from './types'

const deadShare: Statistic = {
  id: 'deadShare',
  name: { en: 'Dead share', zh: '死亡单元占比' },
  doc: {
    en: 'Share of the units (channels) whose output is 0 for every example of the batch, where the activation has slope 0: no gradient reaches their weights.',
    zh: '对批次中每个样本输出都为 0（激活斜率为 0）的单元（通道）占比：没有梯度能到达其权重。'
  },
  symbol: 'f′ = 0 ∀x',
  scale: 'share',
  fields: {},
  needs: ['activation'],
  when: (a) => a?.entry.regime(a.params).canDie === true,
  compute(tf, { activation }) {
    const h = activation as Tensor
    const axes = Array.from({ length: h.rank - 1 }, (_, i) => i)
    // Where f can die it is never negative, so a unit lives if its largest output is positive.
    return tf.sub(1, tf.mean(tf.sign(tf.max(h, axes))))
  },
  fused: () => ({ of: 'activation', figure: 'deadShare' }),
  reference({ activation }) {
    const { values, shape } = activation!
    const units = shape[shape.length - 1]!
    const best = new Array<number>(units).fill(0)
    for (let i = 0; i < values.length; i++) best[i % units] = Math.max(best[i % units]!, values[i]!)
    return best.reduce((s, b) => s + (b !== b ? NaN : b > 0 ? 0 : 1), 0) / units
  }
}
export default deadShare
