import { pooling } from './parts/pooling'

export default pooling('maxPool', {
  id: 'maxPool',
  name: { en: 'Max pool', zh: '最大池化' },
  doc: {
    en: 'The largest value of each window, channel by channel; reads [steps × channels] or [height × width × channels]. Only the largest gets a gradient.',
    zh: '逐通道取每个窗口的最大值；读取 [步数 × 通道] 或 [高 × 宽 × 通道]。只有最大者得到梯度。'
  }
})
