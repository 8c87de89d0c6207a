import { isUnwritable } from '../../base/python'
import { initializers } from '../../catalog/initializers'
import type { Spec } from '../../base/params'
import { clone } from '../../base/clone'
import { hasKernel, hiddenSites, sites, startAtZero } from './parts/graph'
import { isCell } from './parts/recurrent'
import type { Experiment } from '../../experiment/types'
import type { Remedy } from '../../experiment/remedies'

/** A linear layer or a convolution, of which PyTorch's own functions find the fans. */
const STANDARD = { fanIn: 1, fanOut: 1, isStandard: true, outputsFirst: true, isPicture: false }

const chosen = (e: Experiment, output: boolean) =>
  (output ? [...sites(e.network.nodes)] : hiddenSites(e)).filter((s) => hasKernel(s.node))

const initializer: Remedy = {
  id: 'initializer',
  version: 2,
  name: { en: 'Swap initializer', zh: '更换初始化' },
  words:
    'weight initialisation, weight initialization, Xavier, Glorot, He, Kaiming, LeCun, orthogonal, identity; 权重初始化, 初始化, 正交初始化, 凯明初始化, 泽维尔初始化',
  doc: {
    en: 'Kernels start with the spread that keeps the gradient’s size from layer to layer: He for ReLU, Glorot for tanh, LeCun for SELU, orthogonal for linear.',
    zh: '权重以保持梯度逐层大小的方差开始：ReLU 用 He，tanh 用 Glorot，SELU 用 LeCun，线性用正交初始化。'
  },
  backfires: {
    en: 'It sets only the start. Sigmoid nets vanish with any of them, and one that does not fit the activation makes things worse.',
    zh: '它只决定起点。sigmoid 网络用哪一种都会消失；与激活函数不匹配时会更糟。'
  },
  gallery: {
    finds: 'vanishing',
    title: { en: 'larger weights are not enough', zh: '加大权重还不够' },
    doc: {
      en: 'Twice the variance makes each layer lose a little less, 0.32 for 0.23. Over 20 layers that is still nothing: the slope of the sigmoid is the cause.',
      zh: '方差加倍，每层损失稍小：0.23 变 0.32。经过 20 层仍几乎为零：根源在 sigmoid 的斜率。'
    }
  },
  group: 'initialisation',
  conflicts: [],
  fields: {
    to: {
      type: 'ref',
      registry: 'initializers',
      default: { id: 'heNormal' },
      label: { en: 'Initializer', zh: '初始化' }
    },
    recurrent: {
      type: 'bool',
      default: false,
      label: { en: 'Recurrent weights too', zh: '包括循环权重' },
      help: {
        en: 'The matrix from state to state: orthogonal keeps the gradient’s size through time in a linear net (Saxe 2014).',
        zh: '状态到状态的矩阵：在线性网络中，正交初始化可保持梯度沿时间的大小（Saxe 2014）。'
      }
    },
    output: { type: 'bool', default: false, label: { en: 'Output layer too', zh: '包括输出层' } },
    bias: {
      type: 'bool',
      default: false,
      label: { en: 'Biases from 0', zh: '偏置从 0 开始' },
      help: {
        en: 'A bias that starts far below 0 keeps a ReLU off for every example, and no gradient moves it.',
        zh: '初值远低于 0 的偏置使 ReLU 对所有样本都关闭，且没有梯度能移动它。'
      }
    }
  },
  apply(experiment, p) {
    const next = clone(experiment)
    for (const { node } of chosen(next, p.output as boolean)) {
      node.params.initializer = clone(p.to as Spec)
      if (p.bias) startAtZero(node)
      if (p.recurrent && isCell(node)) node.params.recurrentInitializer = clone(p.to as Spec)
    }
    return next
  },
  blocked: (experiment, p) =>
    chosen(experiment, p.output as boolean).length
      ? undefined
      : {
          en: 'There is no hidden layer with weights: choose “Output layer too”.',
          zh: '没有带权重的隐藏层：请选择“包括输出层”。'
        },
  inTorch(p) {
    const { torch } = initializers.get((p.to as Spec).id).python
    if (isUnwritable(torch)) return []
    const fill = torch('module.weight', p.to as Spec, STANDARD)
    const kinds = '(torch.nn.Linear, torch.nn.Conv1d, torch.nn.Conv2d)'
    return [
      {
        place: 'model',
        lines: [
          'for module in model.modules():',
          `    if isinstance(module, ${kinds}):`,
          `        ${fill.replace(/\bnn\./g, 'torch.nn.')}`
        ]
      }
    ]
  }
}
export default initializer
