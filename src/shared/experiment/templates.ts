import { parseExperiment } from './parse'
import type { Text } from '../text'
import type { Experiment } from './types'

/** The starter article's two-layer net: N, D_in, H, D_out = 64, 1000, 100, 10, no bias, standard normal everything, gradient descent at 1e-6. */
export function starterExperiment(): Experiment {
  const dense = (units: number, activation: string): unknown => ({ units, activation, initializer: { id: 'normal', mean: 0, std: 1 }, bias: false })
  return parseExperiment({
    name: 'Two layers, one learning rate',
    seed: 42,
    data: { dataset: { id: 'randomPairs', count: 64, inputs: 1000, outputs: 10 }, validation: 0, standardize: false },
    network: {
      nodes: [
        { id: 'w1', kind: 'dense', name: 'Dense 1', params: dense(100, 'relu') },
        { id: 'w2', kind: 'dense', name: 'Dense 2', params: dense(10, 'linear') }
      ]
    },
    training: { steps: 500, batchSize: 0, loss: 'sumOfSquares', optimizer: { id: 'sgd', learningRate: 1e-6 } }
  })
}

/** A deep sigmoid net on the digits: the gradient vanishes before the eyes. */
export function vanishingExperiment(depth = 20): Experiment {
  const params = { units: 64, activation: 'sigmoid', initializer: 'glorotUniform' }
  return parseExperiment({
    name: 'Deep sigmoid on digits',
    seed: 42,
    data: { dataset: 'digits' },
    network: {
      nodes: [
        { id: 'dense1', kind: 'dense', name: 'Dense 1', params },
        { id: 'hidden', kind: 'repeat', name: 'Hidden stack', times: depth - 2, body: [{ id: 'dense', kind: 'dense', name: 'Dense', params }] },
        { id: 'output', kind: 'dense', name: 'Output', params: { units: 10, activation: 'linear', initializer: 'glorotUniform' } }
      ]
    },
    training: { steps: 400, batchSize: 64, loss: 'softmaxCrossEntropy', optimizer: { id: 'sgd', learningRate: 0.1 } }
  })
}

/** A stack of equal hidden layers on the digits. */
function stack(name: string, depth: number, hidden: Record<string, unknown>, training: Record<string, unknown> = {}): Experiment {
  const params = { units: 64, ...hidden }
  return parseExperiment({
    name,
    seed: 42,
    data: { dataset: 'digits' },
    network: {
      nodes: [
        { id: 'dense1', kind: 'dense', name: 'Dense 1', params },
        { id: 'hidden', kind: 'repeat', name: 'Hidden stack', times: depth - 2, body: [{ id: 'dense', kind: 'dense', name: 'Dense', params }] },
        { id: 'output', kind: 'dense', name: 'Output', params: { units: 10, activation: 'linear', initializer: 'glorotUniform' } }
      ]
    },
    training: { steps: 400, batchSize: 64, loss: 'softmaxCrossEntropy', optimizer: { id: 'sgd', learningRate: 0.1 }, ...training }
  })
}

/** ReLU with weights a little too large: the gradient grows from layer to layer on its way back. */
export function explodingExperiment(): Experiment {
  return stack('ReLU with weights too large', 20, { activation: 'relu', initializer: { id: 'normal', mean: 0, std: 0.25 } }, { steps: 200, optimizer: { id: 'sgd', learningRate: 0.01 } })
}
/** ReLU and its own initializer: the gradient keeps its size. */
export function healthyExperiment(): Experiment {
  return stack('ReLU with He weights', 20, { activation: 'relu', initializer: 'heNormal' })
}
/** Batch norm behind every layer's weights, no skips: healthy forwards, exploding backwards (Yang 2019). */
export function batchNormExperiment(): Experiment {
  const e = stack('Batch norm and ReLU, 40 deep', 40, { activation: 'relu', initializer: 'heNormal' }, { steps: 200 })
  return parseExperiment({ ...e, remedies: ['batchNorm'] })
}
/** The deep sigmoid net with ReLU and a skip past every layer. */
export function residualExperiment(): Experiment {
  const e = stack('50 layers with skips', 50, { activation: 'relu', initializer: 'heNormal' }, { optimizer: { id: 'sgd', learningRate: 0.05 } })
  return parseExperiment({ ...e, remedies: [{ id: 'residual', every: 1, scale: 0.1 }] })
}
/** A small net on two spirals: few layers, tanh, a picture one knows. */
export function spiralsExperiment(): Experiment {
  const params = { units: 32, activation: 'tanh', initializer: 'glorotUniform' }
  return parseExperiment({
    name: 'Two spirals',
    seed: 42,
    data: { dataset: 'spirals' },
    network: {
      nodes: [
        { id: 'hidden', kind: 'repeat', name: 'Hidden stack', times: 3, body: [{ id: 'dense', kind: 'dense', name: 'Dense', params }] },
        { id: 'output', kind: 'dense', name: 'Output', params: { units: 1, activation: 'linear', initializer: 'glorotUniform' } }
      ]
    },
    training: { steps: 600, batchSize: 64, loss: 'sigmoidCrossEntropy', optimizer: { id: 'adam', learningRate: 0.01 } }
  })
}

/**
 * A 12-layer ReLU critic on the Swiss roll against fixed noise, after Gulrajani 2017, fig. 1: what holds its slope decides what becomes of its gradient.
 * @param limit c of the weight clipping; absent: gradient penalty instead
 */
export function criticExperiment(limit?: number): Experiment {
  const params = { units: 128, activation: 'relu', initializer: 'heNormal' }
  return parseExperiment({
    name: limit === undefined ? 'Critic with gradient penalty' : `Critic with weights clipped at ${limit}`,
    seed: 42,
    data: { dataset: { id: 'swissRoll', generator: 'noise' } },
    network: {
      nodes: [
        { id: 'dense1', kind: 'dense', name: 'Dense 1', params },
        { id: 'hidden', kind: 'repeat', name: 'Hidden stack', times: 10, body: [{ id: 'dense', kind: 'dense', name: 'Dense', params }] },
        { id: 'output', kind: 'dense', name: 'Output', params: { units: 1, activation: 'linear', initializer: 'glorotUniform' } }
      ]
    },
    training: {
      steps: 300, batchSize: 64, loss: 'wasserstein',
      optimizer: limit === undefined ? { id: 'adam', learningRate: 1e-4, beta1: 0.5, beta2: 0.9 } : { id: 'rmsprop', learningRate: 2e-4 }
    },
    remedies: [limit === undefined ? 'gradientPenalty' : { id: 'weightClip', limit }]
  })
}
/** A critic and a generator that finds all eight clouds. */
export function eightGaussiansExperiment(): Experiment {
  const params = { units: 64, activation: 'relu', initializer: 'heNormal' }
  const optimizer = { id: 'adam', learningRate: 0.002, beta1: 0.5, beta2: 0.9 }
  return parseExperiment({
    name: 'Critic and generator on 8 Gaussians',
    seed: 42,
    data: { dataset: { id: 'eightGaussians', criticSteps: 3, generatorOptimizer: optimizer } },
    network: {
      nodes: [
        { id: 'hidden', kind: 'repeat', name: 'Hidden stack', times: 3, body: [{ id: 'dense', kind: 'dense', name: 'Dense', params }] },
        { id: 'output', kind: 'dense', name: 'Output', params: { units: 1, activation: 'linear', initializer: 'glorotUniform' } }
      ]
    },
    training: { steps: 2000, batchSize: 128, loss: 'wasserstein', optimizer },
    record: { evaluateEvery: 100 },
    remedies: [{ id: 'gradientPenalty', lambda: 0.1 }]
  })
}

/** A ready experiment of the gallery. */
export interface Template {
  id: string
  name: Text
  /** What to see in it. */
  doc: Text
  make: () => Experiment
}
/** In the order of the gallery; the first is what a new project starts with. */
export const templates: Template[] = [
  {
    id: 'starter',
    name: { en: 'Two layers, one learning rate', zh: '两层网络，一个学习率' },
    doc: {
      en: 'Random numbers in, random numbers out: 1000 → 100 → 10 with ReLU between, 64 examples, gradient descent at 1e-6. The loss falls step by step. At 1e-5 it breaks.',
      zh: '输入输出都是随机数：1000 → 100 → 10，中间为 ReLU，64 个样本，学习率 1e-6 的梯度下降。损失逐步下降；学习率 1e-5 时崩溃。'
    },
    make: starterExperiment
  },
  {
    id: 'vanishing',
    name: { en: '20 sigmoid layers: vanishing', zh: '20 层 sigmoid：梯度消失' },
    doc: {
      en: 'Each sigmoid passes on a quarter of the gradient at best. After 20 layers nothing is left for the first ones, and the loss stays where guessing puts it.',
      zh: '每层 sigmoid 至多传回四分之一的梯度。经过 20 层，前面几层几乎什么也收不到，损失停在随机猜测的水平。'
    },
    make: () => vanishingExperiment()
  },
  {
    id: 'healthy',
    name: { en: 'ReLU + He: cured', zh: 'ReLU + He：治愈' },
    doc: {
      en: 'The same 20 layers with ReLU and He weights: slope 1 where a unit is on, variance 2/n. Every layer gets as much gradient as the last.',
      zh: '同样的 20 层，改用 ReLU 与 He 初始化：激活处斜率为 1，方差为 2/n。每层得到的梯度与最后一层相当。'
    },
    make: healthyExperiment
  },
  {
    id: 'exploding',
    name: { en: 'Weights too large: exploding', zh: '权重过大：梯度爆炸' },
    doc: {
      en: 'ReLU with weights of standard deviation 0.25 on 64 inputs: each layer multiplies signal and gradient by about 1.4, and after a few steps all is NaN. Clipping by global norm keeps it alive; He weights cure it.',
      zh: 'ReLU，64 个输入，权重标准差 0.25：每层把信号和梯度放大约 1.4 倍，几步之后全是 NaN。按全局范数裁剪可以保命，He 初始化可以治愈。'
    },
    make: explodingExperiment
  },
  {
    id: 'batchNorm',
    name: { en: 'Batch norm without skips', zh: '没有跳连的批归一化' },
    doc: {
      en: '40 layers of batch norm and ReLU. Forwards all is well; backwards the gradient grows by about 1.2 a layer at the first step. Training soon tames it, if the rate is small enough.',
      zh: '40 层批归一化加 ReLU。前向一切正常；第一步时反向每层放大约 1.2 倍；学习率够小时，训练会很快把它压下来。'
    },
    make: batchNormExperiment
  },
  {
    id: 'residual',
    name: { en: 'Residual: 50 layers deep', zh: '残差：50 层' },
    doc: {
      en: 'A skip past every layer carries the gradient unchanged. Switch the remedy off and see what the same 50 layers do without it.',
      zh: '每层旁边的跳跃连接把梯度原样带过。关闭该对策，看看同样的 50 层没有它会怎样。'
    },
    make: residualExperiment
  },
  {
    id: 'spirals',
    name: { en: 'Two spirals, small and healthy', zh: '双螺旋：小而健康' },
    doc: {
      en: 'Three tanh layers tell two spirals apart. Raise the depth with the slider and watch where training stops working.',
      zh: '三层 tanh 区分两条螺旋。用滑块加深网络，看看训练从哪里开始失效。'
    },
    make: spiralsExperiment
  },
  {
    id: 'criticVanishing',
    name: { en: 'Critic, c = 0.01: vanishing', zh: '评论家，c = 0.01：梯度消失' },
    doc: {
      en: 'A 12-layer WGAN critic on the Swiss roll. Weights clipped at 0.01 leave about a thirteenth of the gradient at every layer; at 0.001 a tenth of that.',
      zh: '瑞士卷上的 12 层 WGAN 评论家。权重裁剪到 0.01 时，梯度每过一层约剩十三分之一；裁剪到 0.001 时再少到其十分之一。'
    },
    make: () => criticExperiment(0.01)
  },
  {
    id: 'criticExploding',
    name: { en: 'Critic, c = 0.1: exploding', zh: '评论家，c = 0.1：梯度爆炸' },
    doc: {
      en: 'The same critic with weights clipped at 0.1: training drives them to the limit, each layer then multiplies the gradient by nearly 3, and the estimate grows without end.',
      zh: '同一个评论家，权重裁剪到 0.1：训练把权重推到边界，此后每层把梯度放大近 3 倍，估计值无止境地增长。'
    },
    make: () => criticExperiment(0.1)
  },
  {
    id: 'criticPenalty',
    name: { en: 'Critic, gradient penalty: healthy', zh: '评论家，梯度惩罚：健康' },
    doc: {
      en: 'The same critic held at slope 1 by a penalty instead of a clip: the gradient is about the same at every layer, and so it stays.',
      zh: '同一个评论家，用惩罚而不是裁剪使斜率保持为 1：各层梯度大致相同，并一直如此。'
    },
    make: () => criticExperiment()
  },
  {
    id: 'eightGaussians',
    name: { en: '8 Gaussians: critic and generator', zh: '8 个高斯：评论家与生成器' },
    doc: {
      en: 'Three critic steps, then one of the generator. After some thousand steps it has found all eight clouds. The curve of the Wasserstein estimate says how far it still is.',
      zh: '评论家走三步，生成器走一步。一两千步之后，八个点云都被找到。Wasserstein 估计的曲线显示还差多远。'
    },
    make: eightGaussiansExperiment
  }
]
