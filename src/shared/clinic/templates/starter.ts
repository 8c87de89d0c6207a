import { starterExperiment } from './parts/opening'
import type { Template } from './types'

const template: Template = {
  id: 'starter',
  group: 'vanishing',
  name: { en: 'Two layers, one learning rate', zh: '两层网络，一个学习率' },
  doc: {
    en: 'Random numbers in, random numbers out: 1000 → 100 → 10 with ReLU between, 64 examples, gradient descent at 1e-6. The loss falls step by step. Vary the learning rate: at 1e-7 hardly anything moves, at 1e-5 it breaks.',
    zh: '输入输出都是随机数：1000 → 100 → 10，中间为 ReLU，64 个样本，学习率 1e-6 的梯度下降。损失逐步下降。改变学习率试试：1e-7 时几乎不动，1e-5 时崩溃。'
  },
  finds: 'healthy',
  make: () => starterExperiment()
}
export default template
