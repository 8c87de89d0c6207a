import { convolution } from './parts/convolution'

export default convolution(1, {
  id: 'conv1d',
  name: { en: 'Conv 1D', zh: '一维卷积' },
  doc: {
    en: 'Slides one kernel along the steps: z = x ∗ W + b, h = f(z). Reads [steps × channels]. Each weight’s gradient is the sum over all positions.',
    zh: '沿各步滑动同一卷积核：z = x ∗ W + b，h = f(z)。读取 [步数 × 通道]。每个权重的梯度是所有位置之和。'
  }
})
