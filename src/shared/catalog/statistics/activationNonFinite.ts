import { simple } from './parts/simple'

export default simple({
  id: 'activationNonFinite',
  name: { en: 'NaN or Inf in the outputs', zh: '激活中的 NaN 或 Inf' },
  doc: { en: 'Number of outputs that are NaN or infinite.', zh: '输出中 NaN 或 ±Inf 的个数。' },
  symbol: 'h ∉ ℝ',
  scale: 'count',
  of: 'activation',
  by: 'nonFinite'
})
