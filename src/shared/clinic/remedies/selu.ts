import { lookup } from '../../experiment/lookup'
import { parseSpec, type Params } from '../../base/params'
import activation from './activation'
import { clone } from '../../base/clone'
import { sites } from './parts/graph'
import type { Remedy } from '../../experiment/remedies'

/** The swap it consists of. */
const swap = (): Params => ({ to: parseSpec('activations', 'selu', '', [], lookup), matching: true, recurrent: false })

const selu: Remedy = {
  id: 'selu',
  name: { en: 'Self-normalising (SELU)', zh: '自归一化（SELU）' },
  words: 'self-normalizing, SNN, scaled ELU; 自归一化网络, 缩放指数线性单元',
  doc: {
    en: 'Every hidden activation becomes SELU, started by LeCun normal, and dropout becomes alpha dropout (Klambauer 2017): activations are drawn to mean 0 and variance 1 by themselves.',
    zh: '每个隐藏层改用 SELU 激活和 LeCun 正态初始化，随机失活改为 alpha dropout（Klambauer 2017）：激活值自动趋向均值 0、方差 1。'
  },
  backfires: {
    en: 'It holds only for plain chains with standardised inputs: skips, other initializers and plain dropout break the fixed point.',
    zh: '仅对输入已标准化的普通链式网络成立：残差连接、其他初始化或普通随机失活会破坏不动点。'
  },
  gallery: {
    finds: 'lossNaN',
    title: { en: 'SELU brings it back, and blows up', zh: 'SELU 让梯度回来，却发散' },
    doc: {
      en: 'SELU with LeCun weights: at the first step layer 1 gets more than twice the gradient of the last hidden layer. For gradients of that size a rate of 0.1 is too large, and by step 18 the loss is NaN. With a tenth of it, by “Change learning rate”, it gets 95 % of the validation digits right.',
      zh: 'SELU 配 LeCun 初始化：第一步时，第 1 层的梯度是最后一个隐藏层的两倍多。对这样大的梯度，0.1 的学习率过大，第 18 步损失变为 NaN。再用“调整学习率”降到十分之一，验证集数字识别正确率达 95 %。'
    }
  },
  group: 'activation',
  conflicts: ['activation', 'initializer', 'batchNorm', 'layerNorm', 'residual'],
  fields: {},
  apply(experiment, _p, info) {
    const next = activation.apply!(clone(experiment), swap(), info)
    for (const { node } of sites(next.network.nodes)) if (node.kind === 'dropout') node.kind = 'alphaDropout'
    return next
  },
  blocked: (experiment, _p, info) => activation.blocked!(experiment, swap(), info)
}
export default selu
