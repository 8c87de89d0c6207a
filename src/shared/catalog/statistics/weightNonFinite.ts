import { simple } from './parts/simple'

export default simple({
  id: 'weightNonFinite',
  name: { en: 'NaN or Inf in the weights', zh: '权重中的 NaN 或 Inf' },
  doc: { en: 'Number of weights that are NaN or infinite.', zh: '权重中 NaN 或 ±Inf 的个数。' },
  symbol: 'W ∉ ℝ',
  scale: 'count',
  of: 'kernel',
  by: 'nonFinite'
})
