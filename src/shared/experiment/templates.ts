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

/** The digits read pixel by pixel, 64 time steps, by a recurrent net whose state shrinks: the gradient vanishes through time. */
export function throughTimeExperiment(): Experiment {
  return parseExperiment({
    name: 'Digits, pixel by pixel',
    seed: 42,
    data: { dataset: 'digits', standardize: false },
    network: {
      nodes: [
        { id: 'grey', kind: 'embedding', name: 'Grey levels', params: { vocabulary: 17, units: 8 } },
        { id: 'rnn', kind: 'simpleRnn', name: 'Simple RNN', params: { units: 32, recurrentInitializer: { id: 'orthogonal', gain: 0.5 } }, inputs: ['grey'] },
        { id: 'output', kind: 'dense', name: 'Output', params: { units: 10, activation: 'linear', initializer: 'glorotUniform' } }
      ]
    },
    training: { steps: 400, batchSize: 64, loss: 'softmaxCrossEntropy', optimizer: { id: 'adam', learningRate: 0.001 } }
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
    id: 'throughTime',
    name: { en: 'A simple RNN: vanishing through time', zh: '简单循环网络：梯度沿时间消失' },
    doc: {
      en: 'The digits as sequences of 64 pixels. Choose “State gradient RMS by time”: each step back keeps half of the gradient at most, so of what the last state receives the first gets 1e-20. It comes back only as the recurrent weights grow, over hundreds of steps; with an LSTM and a forget bias of 4 it is there from the first.',
      zh: '把数字图像当作 64 个像素的序列。选择“各时间步状态梯度 RMS”：每回溯一步，梯度至多保留一半，最初的状态只得到最后状态的 1e-20。要等循环权重长大，历经数百步，梯度才回来；换成 LSTM 并把遗忘门偏置设为 4，它从第一步就在。'
    },
    make: throughTimeExperiment
  }
]
