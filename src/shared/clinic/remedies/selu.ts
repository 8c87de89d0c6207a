import { lookup } from '../../experiment/lookup'
import { parseSpec, type Params } from '../../base/params'
import activation from './activation'
import { copyOf, sites } from './parts/graph'
import type { Remedy } from '../../experiment/remedies'

/** The swap it consists of. */
const swap = (): Params => ({ to: parseSpec('activations', 'selu', '', [], lookup), matching: true, recurrent: false })

const selu: Remedy = {
  id: 'selu',
  name: { en: 'Self-normalising (SELU)', zh: '自归一化（SELU）' },
  doc: {
    en: 'Every hidden activation becomes SELU, started by LeCun normal, and dropout becomes alpha dropout (Klambauer 2017): activations are drawn to mean 0 and variance 1 by themselves.',
    zh: '每个隐藏层改用 SELU 激活和 LeCun 正态初始化，随机失活改为 alpha dropout（Klambauer 2017）：激活值自动趋向均值 0、方差 1。'
  },
  backfires: {
    en: 'It holds only for plain chains with standardised inputs: skips, other initializers and plain dropout break the fixed point.',
    zh: '仅对输入已标准化的普通链式网络成立：残差连接、其他初始化或普通随机失活会破坏不动点。'
  },
  group: 'activation',
  conflicts: ['activation', 'initializer', 'batchNorm', 'layerNorm', 'residual'],
  fields: {},
  apply(experiment, _p, info) {
    const next = activation.apply!(copyOf(experiment), swap(), info)
    for (const { node } of sites(next.network.nodes)) if (node.kind === 'dropout') node.kind = 'alphaDropout'
    return next
  },
  blocked: (experiment, _p, info) => activation.blocked!(experiment, swap(), info)
}
export default selu
