import { parseExperiment } from '../../experiment/parse'
import type { Experiment } from '../../experiment/types'
import type { Template } from './types'

/**
 * The digits read pixel by pixel, 64 time steps, by a recurrent net whose state shrinks: the gradient vanishes through
 * time.
 */
export function throughTimeExperiment(): Experiment {
  return parseExperiment({
    name: 'Digits, pixel by pixel',
    seed: 42,
    data: { dataset: { id: 'digitRows', step: 'pixel' }, standardize: true },
    network: {
      nodes: [
        {
          id: 'rnn',
          kind: 'simpleRnn',
          name: 'Simple RNN',
          params: { units: 32, recurrentInitializer: { id: 'orthogonal', gain: 0.5 } }
        },
        {
          id: 'output',
          kind: 'dense',
          name: 'Output',
          params: { units: 10, activation: 'linear', initializer: 'glorotUniform' }
        }
      ]
    },
    training: { steps: 400, batchSize: 64, loss: 'softmaxCrossEntropy', optimizer: { id: 'adam', learningRate: 0.001 } }
  })
}

const template: Template = {
  id: 'throughTime',
  group: 'recurrent',
  name: { en: 'A simple RNN: vanishing through time', zh: '简单循环网络：梯度沿时间消失' },
  doc: {
    en: 'The digits as sequences of 64 pixels. Choose “State gradient RMS by time”: each step back keeps half of the gradient at most, so of what the last state receives the first gets 1e-20. It comes back only as the recurrent weights grow, over hundreds of steps; with an LSTM and a forget bias of 4 it is there from the first.',
    zh: '把数字图像当作 64 个像素的序列。选择“各时间步状态梯度 RMS”：每回溯一步，梯度至多保留一半，最初的状态只得到最后状态的 1e-20。要等循环权重长大，历经数百步，梯度才回来；换成 LSTM 并把遗忘门偏置设为 4，它从第一步就在。'
  },
  finds: 'vanishing',
  shows: 'timeGradientRms',
  make: throughTimeExperiment
}
export default template
