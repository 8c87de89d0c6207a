import { globalPooling } from './parts/pooling'

export default globalPooling('max', {
  id: 'globalMaxPool',
  name: { en: 'Global max pool', zh: '全局最大池化' },
  doc: {
    en: 'The largest value of each channel over all positions: a row of numbers for a dense layer. Only that position gets a gradient.',
    zh: '每个通道在所有位置上的最大值，成为供全连接层读取的一行。只有该位置得到梯度。'
  }
})
