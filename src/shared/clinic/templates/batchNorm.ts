import { stack } from './parts/stack'
import type { Template } from './types'

const template: Template = {
  id: 'batchNorm',
  group: 'exploding',
  name: { en: 'Batch norm without skips', zh: '没有跳连的批归一化' },
  doc: {
    en: '40 layers of batch norm and ReLU. Forwards all is well; backwards the gradient grows by about 1.2 a layer at the first step (Yang 2019). Training soon tames it, if the rate is small enough.',
    zh: '40 层批归一化加 ReLU。前向一切正常；第一步时反向每层放大约 1.2 倍（Yang 2019）。学习率够小时，训练会很快把它压下来。'
  },
  finds: 'exploding',
  make: () =>
    stack('Batch norm and ReLU, 40 deep', 40, { activation: 'relu', initializer: 'heNormal' }, { steps: 200 }, [
      'batchNorm'
    ])
}
export default template
