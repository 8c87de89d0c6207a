import type { Spec } from '../../base/params'
import { clone } from '../../base/clone'
import { isBlock, type Experiment } from '../../experiment/types'
import { cellSites } from './parts/recurrent'
import type { Remedy } from '../../experiment/remedies'

/** Recurrent layers whose matrix from state to state starts from anything else. */
const others = (e: Experiment, to: Spec) =>
  cellSites(e).filter(
    ({ node }) => !isBlock(node) && JSON.stringify(node.params['recurrentInitializer']) !== JSON.stringify(to)
  )

const recurrentStart: Remedy = {
  id: 'recurrentStart',
  name: { en: 'Recurrent start', zh: '循环权重初始化' },
  doc: {
    en: 'The matrix from state to state starts orthogonal (Saxe 2014) or as the identity (Le 2015), so that the state and its gradient keep their size from one time step to the next.',
    zh: '状态到状态的矩阵从正交阵（Saxe 2014）或单位阵（Le 2015）开始，使状态及其梯度在相邻时间步之间保持大小。'
  },
  words: 'orthogonal identity IRNN recurrent initializer spectral radius 正交 单位阵 循环初始化 谱半径',
  backfires: {
    en: 'It sets only the start: training can leave it. With ReLU, orthogonal shrinks the state by about 0.7 per step; with tanh, the identity saturates under a steady input.',
    zh: '它只决定起点，训练可能离开它。配合 ReLU，正交阵使状态每步约缩小为 0.7 倍；配合 tanh，单位阵在持续输入下会饱和。'
  },
  group: 'initialisation',
  conflicts: [],
  fields: {
    to: {
      type: 'ref',
      registry: 'initializers',
      default: { id: 'orthogonal' },
      label: { en: 'Recurrent initializer', zh: '循环权重初始化' }
    }
  },
  apply(experiment, p) {
    const next = clone(experiment)
    for (const { node } of others(next, p.to as Spec)) node.params.recurrentInitializer = clone(p.to as Spec)
    return next
  },
  blocked(experiment, p) {
    if (!cellSites(experiment).length) return { en: 'There is no recurrent layer.', zh: '没有循环层。' }
    return others(experiment, p.to as Spec).length
      ? undefined
      : { en: 'Every recurrent layer starts like this already.', zh: '所有循环层都已如此初始化。' }
  }
}
export default recurrentStart
