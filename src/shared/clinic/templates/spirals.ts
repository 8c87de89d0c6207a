import { parseExperiment } from '../../experiment/parse'
import type { Template } from './types'

const template: Template = {
  id: 'spirals',
  group: 'deep',
  name: { en: 'Two spirals, small and healthy', zh: '双螺旋：小而健康' },
  doc: {
    en: 'Three tanh layers tell two spirals apart. Raise the depth with the slider and watch where training stops working.',
    zh: '三层 tanh 区分两条螺旋。用滑块加深网络，看看训练从哪里开始失效。'
  },
  finds: 'healthy',
  make() {
    const params = { units: 32, activation: 'tanh', initializer: 'glorotUniform' }
    return parseExperiment({
      name: 'Two spirals',
      seed: 42,
      data: { dataset: 'spirals' },
      network: {
        nodes: [
          {
            id: 'hidden',
            kind: 'repeat',
            name: 'Hidden stack',
            times: 3,
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
        steps: 600,
        batchSize: 64,
        loss: 'sigmoidCrossEntropy',
        optimizer: { id: 'adam', learningRate: 0.01 }
      }
    })
  }
}
export default template
