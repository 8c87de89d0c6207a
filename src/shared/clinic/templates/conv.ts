import { parseExperiment } from '../../experiment/parse'
import type { Experiment } from '../../experiment/types'
import type { Template } from './types'

/** Ten convolutions over the digits as pictures. */
function pictures(name: string, hidden: Record<string, unknown>): Experiment {
  const params = { filters: 8, kernelSize: 3, ...hidden }
  return parseExperiment({
    name,
    seed: 42,
    data: { dataset: 'digits' },
    network: {
      nodes: [
        { id: 'picture', kind: 'reshape', name: 'Picture 8 × 8', params: { shape: '8, 8, 1' } },
        { id: 'conv1', kind: 'conv2d', name: 'Conv 1', params },
        {
          id: 'hidden',
          kind: 'repeat',
          name: 'Convolutions',
          times: 9,
          body: [{ id: 'conv', kind: 'conv2d', name: 'Conv', params }]
        },
        { id: 'pool', kind: 'globalAveragePool', name: 'Mean of each channel' },
        {
          id: 'output',
          kind: 'dense',
          name: 'Output',
          params: { units: 10, activation: 'linear', initializer: 'glorotUniform' }
        }
      ]
    },
    training: { steps: 300, batchSize: 32, loss: 'softmaxCrossEntropy', optimizer: { id: 'adam', learningRate: 0.005 } }
  })
}

const templates: Template[] = [
  {
    id: 'conv-vanishing',
    group: 'convolution',
    name: { en: '10 sigmoid convolutions: vanishing', zh: '10 层 sigmoid 卷积：梯度消失' },
    doc: {
      en: 'The digits as pictures of 8 × 8. A convolution shares its weights over all positions, but a sigmoid behind it still passes on a quarter of the gradient at best: ten in a row leave the first kernel next to nothing.',
      zh: '把数字当作 8 × 8 的图片。卷积在所有位置共享权重，但其后的 sigmoid 仍至多让四分之一的梯度通过：连续十层之后，第一个卷积核几乎什么也收不到。'
    },
    finds: 'vanishing',
    make: () => pictures('Ten sigmoid convolutions', { activation: 'sigmoid', initializer: 'glorotUniform' })
  },
  {
    id: 'conv-healthy',
    group: 'convolution',
    name: { en: '10 ReLU convolutions with He weights', zh: '10 层 ReLU 卷积，He 初始化' },
    doc: {
      en: 'The same ten convolutions with ReLU and weights drawn for a fan-in of 3 × 3 × 8: each layer hands on about as much gradient as it gets, but for what the zero borders swallow.',
      zh: '同样的十层卷积，改用 ReLU，并按扇入 3 × 3 × 8 初始化权重：除零填充边缘吞掉的部分外，每层传回的梯度与得到的相当。'
    },
    finds: 'healthy',
    make: () => pictures('Ten ReLU convolutions', { activation: 'relu', initializer: 'heNormal' })
  }
]
export default templates
