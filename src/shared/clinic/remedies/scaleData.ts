import { clone } from '../../base/clone'
import { layers } from '../../catalog/layers'
import type { Remedy } from '../../experiment/remedies'
import { sites } from './parts/graph'

const scaleData: Remedy = {
  id: 'scaleData',
  name: { en: 'Scale the data', zh: '缩放数据' },
  doc: {
    en: 'Every input, and the targets of a regression, to mean 0 and standard deviation 1 by the training part (LeCun 1998). Errors are still told in the target’s own unit.',
    zh: '按训练集把每个输入（回归时还有目标）变为均值 0、标准差 1（LeCun 1998）。误差仍以目标自身的单位给出。'
  },
  words: 'standardise standardize normalise normalize z-score feature scaling unscaled 标准化 归一化 特征缩放 目标缩放',
  backfires: {
    en: 'Ids of symbols are no measured numbers and must stay as they are. The loss is that of scaled targets: compare errors, not losses, with a run that does not scale.',
    zh: '符号编号不是测量值，必须保持原样。损失按缩放后的目标计算：与未缩放的运行比较时，请比较误差而不是损失。'
  },
  group: 'training',
  conflicts: [],
  fields: {},
  apply(experiment) {
    const next = clone(experiment)
    next.data.standardize = true
    return next
  },
  blocked({ data, network }) {
    if (data.standardize) return { en: 'The data are standardised already.', zh: '数据已经标准化。' }
    const reader = [...sites(network.nodes)].find(({ node }) => layers.find(node.kind)?.symbols)
    return reader
      ? {
          en: `The inputs are ids of symbols, which ${reader.node.name ?? reader.node.id} reads as they are.`,
          zh: `输入是符号编号，${reader.node.name ?? reader.node.id} 需原样读取。`
        }
      : undefined
  },
  inTorch: () => [{ place: 'batch', lines: ['x = (x - x_mean) / x_std  # per feature, of the training part'] }]
}
export default scaleData
