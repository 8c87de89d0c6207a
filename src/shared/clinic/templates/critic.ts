import { parseExperiment } from '../../experiment/parse'
import type { Experiment } from '../../experiment/types'
import type { Template } from './types'

/**
 * What holds a critic's slope: c of the weight clipping, a gradient penalty, or a limit on each kernel's largest
 * singular value.
 */
export type Held = number | 'gradientPenalty' | 'spectralNorm'
/**
 * A 12-layer ReLU critic on the Swiss roll against fixed noise, after Gulrajani 2017, fig. 1: what holds its slope
 * decides what becomes of its gradient.
 */
export function criticExperiment(held: Held = 'gradientPenalty'): Experiment {
  // Under a limit all singular values start at it: of random ones the largest is, and the others are far below (Anil
  // 2019).
  const params = { units: 128, activation: 'relu', initializer: held === 'spectralNorm' ? 'orthogonal' : 'heNormal' }
  return parseExperiment({
    name:
      typeof held === 'number'
        ? `Critic with weights clipped at ${held}`
        : held === 'spectralNorm'
          ? 'Critic with limited spectral norm'
          : 'Critic with gradient penalty',
    seed: 42,
    data: { dataset: { id: 'swissRoll', generator: 'noise' } },
    network: {
      nodes: [
        { id: 'dense1', kind: 'dense', name: 'Dense 1', params },
        {
          id: 'hidden',
          kind: 'repeat',
          name: 'Hidden stack',
          times: 10,
          body: [{ id: 'dense', kind: 'dense', name: 'Dense', params }]
        },
        {
          id: 'output',
          kind: 'dense',
          name: 'Output',
          params: { units: 1, activation: 'linear', initializer: 'glorotUniform' }
        }
      ]
    },
    training: {
      steps: 300,
      batchSize: 64,
      loss: 'wasserstein',
      optimizer:
        typeof held === 'number'
          ? { id: 'rmsprop', learningRate: 2e-4 }
          : { id: 'adam', learningRate: 1e-4, beta1: 0.5, beta2: 0.9 }
    },
    remedies: [typeof held === 'number' ? { id: 'weightClip', limit: held } : held]
  })
}

const templates: Template[] = [
  {
    id: 'critic-collapsing',
    group: 'adversarial',
    name: { en: 'Critic, c = 0.001: nothing left', zh: '评论家，c = 0.001：荡然无存' },
    doc: {
      en: 'A 12-layer WGAN critic on the Swiss roll, its weights clipped at 0.001. From the first clipping on each layer leaves less than a hundredth of the gradient, 1e-26 for the first, and the critic’s answer is 0 everywhere.',
      zh: '瑞士卷上的 12 层 WGAN 评论家，权重裁剪到 0.001。自第一次裁剪起，每层只留下不到百分之一的梯度，第一层为 1e-26，评论家对任何点都答 0。'
    },
    finds: 'vanishing',
    make: () => criticExperiment(0.001)
  },
  {
    id: 'critic-vanishing',
    group: 'adversarial',
    name: { en: 'Critic, c = 0.01: vanishing', zh: '评论家，c = 0.01：梯度消失' },
    doc: {
      en: 'A 12-layer WGAN critic on the Swiss roll. Weights clipped at 0.01 leave about a thirteenth of the gradient at every layer; at 0.001 a tenth of that.',
      zh: '瑞士卷上的 12 层 WGAN 评论家。权重裁剪到 0.01 时，梯度每过一层约剩十三分之一；裁剪到 0.001 时再少到其十分之一。'
    },
    finds: 'vanishing',
    make: () => criticExperiment(0.01)
  },
  {
    id: 'critic-exploding',
    group: 'adversarial',
    name: { en: 'Critic, c = 0.1: exploding', zh: '评论家，c = 0.1：梯度爆炸' },
    doc: {
      en: 'The same critic with weights clipped at 0.1: training drives them to the limit, each layer then multiplies the gradient by nearly 3, and the estimate grows without end.',
      zh: '同一个评论家，权重裁剪到 0.1：训练把权重推到边界，此后每层把梯度放大近 3 倍，估计值无止境地增长。'
    },
    finds: 'exploding',
    make: () => criticExperiment(0.1)
  },
  {
    id: 'critic-penalty',
    group: 'adversarial',
    name: { en: 'Critic, gradient penalty: healthy', zh: '评论家，梯度惩罚：健康' },
    doc: {
      en: 'The same critic held at slope 1 by a penalty instead of a clip: the gradient is about the same at every layer, and so it stays.',
      zh: '同一个评论家，用惩罚而不是裁剪使斜率保持为 1：各层梯度大致相同，并一直如此。'
    },
    finds: 'healthy',
    make: () => criticExperiment()
  },
  {
    id: 'critic-spectral',
    group: 'adversarial',
    name: { en: 'Critic, spectral norm 1: healthy', zh: '评论家，谱范数 1：健康' },
    doc: {
      en: 'The same critic with every kernel’s largest singular value held at 1, from an orthogonal start. No layer can stretch the gradient, so its slope is never above 1; ReLU takes up to 30 % per layer at first, less as training goes on.',
      zh: '同一个评论家，每个权重矩阵的最大奇异值限制为 1，从正交矩阵开始。任何层都不能放大梯度，因此斜率不会超过 1；ReLU 起初每层损失约 30 %，随训练减少。'
    },
    finds: 'healthy',
    make: () => criticExperiment('spectralNorm')
  }
]
export default templates
