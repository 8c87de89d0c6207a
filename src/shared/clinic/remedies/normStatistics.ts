import { layers } from '../../catalog/layers'
import { lookup } from '../../experiment/lookup'
import { parseParams } from '../../base/params'
import { clone } from '../../base/clone'
import { idleBiases, sites, type Site } from './parts/graph'
import type { Experiment } from '../../experiment/types'
import type { Remedy } from '../../experiment/remedies'

const norms = (e: Experiment): Site[] => [...sites(e.network.nodes)].filter((s) => s.node.kind === 'batchNorm')

const normStatistics: Remedy = {
  id: 'normStatistics',
  name: { en: 'Norm without lag', zh: '批归一化不滞后' },
  doc: {
    en: 'The running averages of every batch norm follow what its layer gives: they forget sooner, and no bias drifts in front of them, which the norm takes away anyhow. Or a layer norm takes its place, which needs no averages (Ba 2016).',
    zh: '让每个批归一化的滑动平均跟上该层的输出：遗忘更快，且前面没有会漂移的偏置（归一化本来就会减去它）。也可改用不需要滑动平均的层归一化（Ba 2016）。'
  },
  words:
    'batch norm momentum running mean moving average evaluation mode train eval gap bias before norm 滑动平均 动量 评估模式 训练与评估差距',
  backfires: {
    en: 'Averages of few batches are noisy. Layer norm keeps no difference between the units of one example.',
    zh: '只对少数批次求平均会有噪声。层归一化按单个样本归一化，行为不同。'
  },
  group: 'normalisation',
  conflicts: [],
  fields: {
    momentum: {
      type: 'number',
      default: 0.9,
      min: 0,
      below: 1,
      label: { en: 'Momentum at most', zh: '动量上限' },
      when: (p) => p.swap !== true
    },
    swap: { type: 'bool', default: false, label: { en: 'Layer norm in its place', zh: '改用层归一化' } }
  },
  apply(experiment, p) {
    const next = clone(experiment)
    for (const { node } of idleBiases(next)) node.params.bias = false
    for (const { node } of norms(next)) {
      if (!p.swap) {
        node.params.momentum = Math.min(node.params.momentum as number, p.momentum as number)
        continue
      }
      const [before, kind] = [layers.get(node.kind), layers.get('layerNorm')]
      if (node.name === before.name.en || node.name === before.name.zh) node.name = kind.name.en
      node.kind = kind.id
      node.params = parseParams(kind.fields, {}, '', [], lookup)
    }
    return next
  },
  blocked(experiment, p) {
    const found = norms(experiment)
    if (!found.length) return { en: 'There is no batch norm.', zh: '没有批归一化层。' }
    return p.swap ||
      idleBiases(experiment).length ||
      found.some((s) => (s.node.params.momentum as number) > (p.momentum as number))
      ? undefined
      : {
          en: `No bias stands before a batch norm, and every momentum is ${p.momentum as number} or less already.`,
          zh: `批归一化之前没有偏置，且动量都已不超过 ${p.momentum as number}。`
        }
  }
}
export default normStatistics
