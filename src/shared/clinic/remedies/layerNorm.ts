import { number } from '../../base/python'
import { normaliseBlocked, normaliseHidden } from './parts/normalise'
import type { Remedy } from '../../experiment/remedies'

const layerNorm: Remedy = {
  id: 'layerNorm',
  name: { en: 'Layer normalisation', zh: '层归一化' },
  words: 'layer normalization, LN; 层标准化, 层规范化',
  doc: {
    en: 'Puts a layer norm between each hidden layer’s weights and its activation: like batch norm, but over the units of each example, so that the batch does not matter.',
    zh: '在每个隐藏层的权重与激活函数之间加入层归一化：类似批归一化，但在每个样本的单元上计算，与批无关。'
  },
  backfires: {
    en: 'On narrow layers the mean and variance of a few units throw away much of the signal.',
    zh: '层很窄时，由少数单元得到的均值和方差会丢掉许多信息。'
  },
  gallery: {
    finds: 'vanishing',
    title: { en: 'layer norm is not enough', zh: '层归一化还不够' },
    doc: {
      en: 'Layer norm keeps the signal’s size, and the gradient gains a few decades, but still shrinks by more than half in every layer.',
      zh: '层归一化保持信号大小，梯度提高几个数量级，但每层仍缩小一半以上。'
    }
  },
  group: 'normalisation',
  conflicts: ['batchNorm'],
  fields: {},
  apply: (experiment) => normaliseHidden(experiment, 'layerNorm'),
  blocked: (experiment) => normaliseBlocked(experiment),
  inTorch: (_p, { width }) =>
    width === undefined
      ? []
      : [{ place: 'module', each: { kind: 'dense', behind: true }, lines: [`nn.LayerNorm(${number(width)})`] }]
}
export default layerNorm
