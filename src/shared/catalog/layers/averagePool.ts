import { pooling } from './parts/pooling'

export default pooling('avgPool', {
  id: 'averagePool',
  name: { en: 'Average pool', zh: '平均池化' },
  doc: {
    en: 'The mean of each window, channel by channel; reads [steps × channels] or [height × width × channels]. Each value gets its share of the gradient.',
    zh: '逐通道取每个窗口的平均值；读取 [步数 × 通道] 或 [高 × 宽 × 通道]。梯度平均分给每个值。'
  }
})
