import { layers } from '../../catalog/layers'
import { lookup } from '../../experiment/lookup'
import { parseParams, type Params } from '../../base/params'
import { clone } from '../../base/clone'
import { type Site } from './parts/graph'
import { cellSites } from './parts/recurrent'
import type { Experiment } from '../../experiment/types'
import type { Remedy } from '../../experiment/remedies'

const CARRIED = ['units', 'returnSequences', 'initializer', 'recurrentInitializer', 'bias', 'truncate', 'l2'] as const
/** Recurrent layers of another kind, and LSTMs that start with less of a memory. */
const others = (e: Experiment, p: Params): Site[] =>
  cellSites(e).filter(
    ({ node: { kind, params } }) =>
      kind !== p.to || (kind === 'lstm' && (params.forgetBias as number) < (p.forgetBias as number))
  )

const recurrentCell: Remedy = {
  id: 'recurrentCell',
  name: { en: 'Gated cell (LSTM, GRU)', zh: '门控单元（LSTM、GRU）' },
  words: 'long short-term memory, LSTM, gated recurrent unit, GRU, gated cells; 长短期记忆, 门控循环单元, 门控单元',
  doc: {
    en: 'Every recurrent layer becomes an LSTM or a GRU of the same width: their state is added to, or mixed, under a gate, so while the gate stays open the gradient passes through time undiminished. An LSTM gets the forget bias, if that is larger than its own.',
    zh: '把每个循环层换成同宽的 LSTM 或 GRU：状态在门控下相加或混合，门保持打开时，梯度沿时间几乎无损地通过。若所设的遗忘门偏置大于原有值，LSTM 也会采用它。'
  },
  backfires: {
    en: 'Four (LSTM) or three (GRU) times the parameters and time per step. It keeps gradients from vanishing, not from exploding: clip as well.',
    zh: '参数量和每步时间变为四倍（LSTM）或三倍（GRU）。它防止梯度消失，但不防爆炸：请同时使用梯度截断。'
  },
  group: 'architecture',
  conflicts: [],
  fields: {
    to: {
      type: 'choice',
      default: 'lstm',
      label: { en: 'Cell', zh: '单元' },
      options: [
        { id: 'lstm', label: layers.get('lstm').name },
        { id: 'gru', label: layers.get('gru').name }
      ]
    },
    forgetBias: {
      type: 'number',
      default: 1,
      min: -100,
      max: 100,
      label: { en: 'Forget bias (LSTM)', zh: '遗忘门偏置（LSTM）' },
      help: {
        en: 'About 3 to 5 keeps the memory over a hundred steps from the start.',
        zh: '约 3 到 5 可使记忆一开始就保持上百步。'
      }
    }
  },
  apply(experiment, p) {
    const next = clone(experiment)
    const kind = layers.get(p.to as string)
    for (const { node } of others(next, p)) {
      if (node.kind === kind.id) {
        node.params.forgetBias = p.forgetBias
        continue
      }
      const kept = Object.fromEntries(CARRIED.filter((k) => k in node.params).map((k) => [k, node.params[k]]))
      const before = layers.get(node.kind)
      if (node.name === before.name.en || node.name === before.name.zh) node.name = kind.name.en
      node.params = parseParams(
        kind.fields,
        { ...kept, ...(kind.id === 'lstm' && { forgetBias: p.forgetBias }) },
        '',
        [],
        lookup
      )
      node.kind = kind.id
    }
    return next
  },
  blocked(experiment, p) {
    if (!cellSites(experiment).length)
      return {
        en: 'There is no recurrent layer to swap: the network needs one, and data that are sequences.',
        zh: '没有可更换的循环层：网络需要一个循环层，以及序列数据。'
      }
    const kind = layers.get(p.to as string)
    const { name } = kind
    return others(experiment, p).length
      ? undefined
      : {
          en: `Every recurrent layer is of the kind ${name.en} already: choose the other cell${kind.id === 'lstm' ? ', or a larger forget bias' : ''}.`,
          zh: `所有循环层都已经是${name.zh}：请选另一种单元${kind.id === 'lstm' ? '，或更大的遗忘门偏置' : ''}。`
        }
  }
}
export default recurrentCell
