import { convolution } from './parts/convolution'

export default convolution(2, {
  id: 'conv2d',
  name: { en: 'Conv 2D', zh: '二维卷积' },
  doc: {
    en: 'Slides one kernel over the picture: z = x ∗ W + b, h = f(z). Reads [height × width × channels]. Each weight’s gradient is the sum over all positions.',
    zh: '在图片上滑动同一卷积核：z = x ∗ W + b，h = f(z)。读取 [高 × 宽 × 通道]。每个权重的梯度是所有位置之和。'
  }
})
