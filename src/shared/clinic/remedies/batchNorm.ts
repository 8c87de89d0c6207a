import { number } from '../../base/python'
import { trainCount } from '../../experiment/plan'
import { normaliseBlocked, normaliseHidden } from './parts/normalise'
import type { Remedy } from '../../experiment/remedies'

const batchNorm: Remedy = {
  id: 'batchNorm',
  name: { en: 'Batch normalisation', zh: '批归一化' },
  words: 'batch normalization, BN, batchnorm; 批量归一化, 批标准化, 批规范化',
  doc: {
    en: 'Puts a batch norm between each hidden layer’s weights and its activation: pre-activations stay where the activation is sensitive, and the scale of the weights no longer matters.',
    zh: '在每个隐藏层的权重与激活函数之间加入批归一化：预激活值保持在激活函数敏感的区域，权重的尺度不再重要。'
  },
  backfires: {
    en: 'Behind ReLU and without skips the gradient explodes backwards, by about 1.21 per layer and more at small batches (Yang 2019).',
    zh: '与 ReLU 同用且没有跳跃连接时，梯度向后爆炸，每层约 1.21 倍，批越小越严重（Yang 2019）。'
  },
  gallery: {
    finds: 'healthy',
    title: { en: 'batch norm brings it back', zh: '批归一化让梯度回来' },
    doc: {
      en: 'A batch norm before each sigmoid keeps its input where the slope is largest. The gradient reaches the first layer, and it learns almost without error.',
      zh: '每个 sigmoid 之前的批归一化让输入停在斜率最大处。梯度到达第一层，几乎学到无误差。'
    }
  },
  group: 'normalisation',
  conflicts: ['layerNorm'],
  fields: {},
  apply: (experiment) => normaliseHidden(experiment, 'batchNorm'),
  blocked(experiment, _p, info) {
    const batch = experiment.training.batchSize || trainCount(experiment, info)
    if (batch < 2)
      return {
        en: 'Statistics over a batch need at least 2 examples per step: raise the batch size.',
        zh: '批统计至少需要每步 2 个样本：请增大批大小。'
      }
    return normaliseBlocked(experiment)
  },
  inTorch: (_p, { width }) =>
    width === undefined
      ? []
      : [{ place: 'module', each: { kind: 'dense', behind: true }, lines: [`nn.BatchNorm1d(${number(width)})`] }]
}
export default batchNorm
