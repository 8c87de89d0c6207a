import { parseExperiment } from '../experiment/parse'
import { vanishingExperiment } from '../experiment/templates'
import type { FindingKind } from '../run/types'
import type { Template } from './types'

/** The 20 sigmoid layers with one remedy each: which of them cure it, which don't, and why. */
const one = (remedy: string, finds: FindingKind, en: string, zh: string, doc: { en: string; zh: string }): Template => ({
  id: `treated-${remedy}`,
  group: 'treated',
  name: { en: `20 sigmoid layers: ${en}`, zh: `20 层 sigmoid：${zh}` },
  doc,
  finds,
  make: () => parseExperiment({ ...vanishingExperiment(), name: `Deep sigmoid, ${remedy}`, remedies: [remedy] })
})
export default [
  one('activation', 'healthy', 'ReLU and He bring it back', 'ReLU 与 He 让梯度回来', {
    en: 'A slope of 1 in place of a quarter, and weights to match. Every layer has its gradient again, and the loss falls.',
    zh: '斜率由四分之一变为 1，权重与之匹配。每层重新得到梯度，损失下降。'
  }),
  one('batchNorm', 'healthy', 'batch norm brings it back', '批归一化让梯度回来', {
    en: 'A batch norm before each sigmoid keeps its input where the slope is largest. The gradient reaches the first layer, and it learns almost without error.',
    zh: '每个 sigmoid 之前的批归一化让输入停在斜率最大处。梯度到达第一层，几乎学到无误差。'
  }),
  one('residual', 'healthy', 'skips bring it back', '跳连让梯度回来', {
    en: 'A skip past every layer carries the gradient around the sigmoids. Nothing else has changed, and it learns.',
    zh: '每层旁边的跳连让梯度绕过 sigmoid。其余不变，就能学习。'
  }),
  one('fewerLayers', 'healthy', 'fewer layers', '减少层数', {
    en: 'With four layers there is not enough depth to lose the gradient in. It learns, slowly: the sigmoids are still there.',
    zh: '只有四层，梯度来不及消失。能学，但慢：sigmoid 还在。'
  }),
  one('initializer', 'vanishing', 'larger weights are not enough', '加大权重还不够', {
    en: 'Twice the variance makes each layer lose a little less, 0.32 for 0.23. Over 20 layers that is still nothing: the slope of the sigmoid is the cause.',
    zh: '方差加倍，每层损失稍小：0.23 变 0.32。经过 20 层仍几乎为零：根源在 sigmoid 的斜率。'
  }),
  one('layerNorm', 'vanishing', 'layer norm is not enough', '层归一化还不够', {
    en: 'Layer norm keeps the signal’s size, and the gradient gains a few decades, but still shrinks by more than half in every layer.',
    zh: '层归一化保持信号大小，梯度提高几个数量级，但每层仍缩小一半以上。'
  }),
  one('clipByGlobalNorm', 'vanishing', 'clipping does nothing here', '裁剪在此无效', {
    en: 'Clipping only makes large gradients smaller. These are too small: the picture is the same to the last digit.',
    zh: '裁剪只会缩小过大的梯度。这里的梯度太小：图与之前完全相同。'
  }),
  one('l2', 'vanishing', 'a penalty does nothing for it', '正则惩罚帮不上忙', {
    en: 'A penalty on the weights pulls them towards zero, which is no help to a gradient that the sigmoids have already used up.',
    zh: '对权重的惩罚只会把它们拉向零，对已被 sigmoid 耗尽的梯度毫无帮助。'
  })
]
