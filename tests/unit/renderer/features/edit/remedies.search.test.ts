import { beforeAll, describe, expect, it } from 'vitest'
import { remedies } from '@shared/clinic/remedies'
import { findsRemedy } from '@/features/edit/remedies/search'
import { finderReady } from '@/commands/find'

beforeAll(finderReady)

/** What is read about cures of vanishing and exploding gradients, and the remedies that carry it out. */
const WORDS: Record<string, string[]> = {
  fewerLayers: ['fewer layers', '减少层数', '更浅的网络'],
  smallerBatch: ['smaller batches', 'smaller batch size', '减小批量'],
  truncatedBptt: ['truncated backpropagation', 'truncated backpropagation through time', '截断反向传播', 'BPTT'],
  recurrentCell: [
    'LSTM',
    'GRU',
    'long short-term memory',
    'gated recurrent unit',
    'gated cells',
    '长短期记忆',
    '门控循环单元'
  ],
  l2: ['weight regularisation', 'weight regularization', 'L2', 'L2 regularization', '正则化', '权重正则化'],
  l1: ['weight regularization', 'L1', '正则化'],
  activation: [
    'ReLU',
    'leaky',
    'leaky ReLU',
    'PReLU',
    'ELU',
    'SELU',
    'maxout',
    'activation function',
    '激活函数',
    '修正线性单元',
    '带泄漏 ReLU'
  ],
  selu: ['SELU', 'self-normalising', 'self-normalizing', '自归一化'],
  clipByValue: ['gradient clipping', '梯度截断', '梯度裁剪', '梯度剪裁'],
  clipByNorm: ['gradient clipping', '梯度截断', '梯度裁剪'],
  clipByGlobalNorm: ['gradient clipping', '梯度截断', '梯度裁剪'],
  weightClip: ['weight clip', 'weight clipping', 'WGAN', 'Lipschitz', '权重裁剪', '权重截断'],
  gradientPenalty: ['WGAN', 'Lipschitz', 'gradient penalty', '梯度惩罚'],
  batchNorm: ['batch normalisation', 'batch normalization', 'batch norm', '批归一化', '批量归一化', '批标准化'],
  layerNorm: ['layer normalization', 'layer normalisation', '层归一化'],
  residual: ['residual', 'residual connections', 'ResNet', 'skip connections', '残差连接', '残差网络', '跳跃连接'],
  initializer: [
    'weight initialisation',
    'weight initialization',
    'Xavier',
    'Glorot',
    'He',
    'Kaiming',
    'orthogonal',
    '权重初始化',
    '初始化',
    '正交'
  ],
  learningRate: ['learning rate', '学习率'],
  warmUp: ['warm-up', 'warmup', '预热']
}
const found = (query: string): string[] => remedies.all.filter((r) => findsRemedy(query, r)).map((r) => r.id)

describe('Find a remedy', () => {
  for (const [id, words] of Object.entries(WORDS))
    it.each(words)(`finds ${id} by “%s”`, (word) => {
      for (const query of [word, word.toLowerCase(), ` ${word} `]) expect(found(query)).toContain(id)
      // A search that leaves everything is none.
      expect(found(word).length).toBeLessThan(remedies.all.length / 2)
    })
  it('finds every remedy by its own names, and by every word it names for itself', () => {
    for (const r of remedies.all)
      for (const word of [r.name.en, r.name.zh, ...(r.words ?? '').split(/[,;]\s*/).filter(Boolean)])
        expect(found(word), word).toContain(r.id)
  })
  it('shows all when nothing is typed, and none for what there is not', () => {
    expect(found('')).toHaveLength(remedies.all.length)
    expect(found('quux zebra')).toEqual([])
    expect(found('猫')).toEqual([])
  })
})
