import { globalPooling } from './parts/pooling'

export default globalPooling('mean', {
  id: 'globalAveragePool',
  name: { en: 'Global average pool', zh: '全局平均池化' },
  doc: {
    en: 'The mean of each channel over all positions (Lin 2014): a row of numbers for a dense layer. Each position gets an equal share of the gradient.',
    zh: '每个通道在所有位置上的平均值（Lin 2014），成为供全连接层读取的一行。梯度平均分给每个位置。'
  }
})
