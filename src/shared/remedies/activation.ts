import { activations } from '../activations'
import { lookup } from '../lookup'
import { parseSpec, type Spec } from '../params'
import { activationOf, copyOf, hasActivation, hasKernel, hiddenSites, isRecurrent, type Site } from './parts/graph'
import type { Experiment } from '../experiment/types'
import type { Remedy } from './types'

/** Hidden layers that bend: linear ones are linear on purpose (before a norm, say). */
const bending = (e: Experiment): Site[] => hiddenSites(e).filter((s) => hasActivation(s.node) && !isRecurrent(s.node) && activationOf(s.node).id !== 'linear')

const activation: Remedy = {
  id: 'activation',
  name: { en: 'Swap activation', zh: '更换激活函数' },
  doc: {
    en: 'Every hidden activation becomes another one, whose slope stays near 1: ReLU and its kin do not saturate where sigmoid and tanh do.',
    zh: '把每个隐藏层的激活函数换成斜率接近 1 的另一种：ReLU 一族不会像 sigmoid 和 tanh 那样饱和。'
  },
  backfires: {
    en: 'ReLU units can die at large steps, and with an initializer made for another activation the gradient still shrinks or grows by layer.',
    zh: '步长过大时 ReLU 单元会死亡；若初始化不匹配，梯度仍会逐层缩小或放大。'
  },
  group: 'activation',
  conflicts: [],
  fields: {
    to: { type: 'ref', registry: 'activations', default: { id: 'relu' }, label: { en: 'Activation', zh: '激活函数' } },
    matching: {
      type: 'bool', default: true, label: { en: 'With its initializer', zh: '同时更换初始化' },
      help: { en: 'Hidden kernels start from the initializer made for it (He for ReLU, LeCun for SELU, Glorot for tanh …).', zh: '隐藏层权重改用与之匹配的初始化（ReLU 用 He，SELU 用 LeCun，tanh 用 Glorot …）。' }
    }
  },
  apply(experiment, p) {
    const next = copyOf(experiment)
    const to = p.to as Spec
    const { id, ...params } = to
    const start = parseSpec('initializers', activations.get(id).initializer(params), '', [], lookup)
    for (const { node } of bending(next)) node.params.activation = copyOf(to)
    if (p.matching) for (const { node } of hiddenSites(next)) if (hasKernel(node) && !isRecurrent(node)) node.params.initializer = copyOf(start)
    return next
  },
  blocked: (experiment) =>
    bending(experiment).length ? undefined : { en: 'No hidden layer has an activation to swap.', zh: '没有可更换激活函数的隐藏层。' }
}
export default activation
