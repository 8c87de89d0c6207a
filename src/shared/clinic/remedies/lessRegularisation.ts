import { clone } from '../../base/clone'
import { sites } from './parts/graph'
import type { Params } from '../../base/params'
import type { Experiment } from '../../experiment/types'
import type { Remedy } from '../../experiment/remedies'

/** A number among some parameters, and the largest that it may be. */
interface Limit {
  of: Params
  key: string
  most: number
}
/** Every setting of an experiment that regularises it, with its limit. */
function limits({ network, training }: Experiment, p: Params): Limit[] {
  const [penalty, decay, dropout] = [p.penalty, p.decay, p.dropout] as [number, number, number]
  return [
    ...[...sites(network.nodes)].flatMap(({ node }): Limit[] => [
      { of: node.params, key: 'l2', most: penalty },
      ...(node.kind === 'dropout' ? [{ of: node.params, key: 'rate', most: dropout }] : [])
    ]),
    ...training.hooks.flatMap((of): Limit[] =>
      of.id === 'l1'
        ? [{ of, key: 'lambda', most: penalty }]
        : of.id === 'weightDecay'
          ? [{ of, key: 'lambda', most: decay }]
          : []
    ),
    { of: training.optimizer, key: 'weightDecay', most: decay }
  ]
}
const exceeds = ({ of, key, most }: Limit): boolean => typeof of[key] === 'number' && of[key] > most

const lessRegularisation: Remedy = {
  id: 'lessRegularisation',
  name: { en: 'Less regularisation', zh: '减弱正则化' },
  words:
    'less regularization, smaller weight decay, smaller L2 penalty, less dropout, too strong a penalty; 减小正则化, 减小权重衰减, 欠拟合',
  doc: {
    en: 'Lowers L2 and L1 penalties, weight decay and dropout to at most these values, wherever they are larger: the loss has the say again, and not the pull towards 0.',
    zh: '把超出这些值的 L2、L1 正则、权重衰减和随机失活降到这些值：重新由损失而非向 0 的拉力起主导作用。'
  },
  backfires: {
    en: 'Less holds the network to what examples have in common: with few of them it may learn them by heart.',
    zh: '对网络的约束变少：样本很少时，它可能把样本背下来。'
  },
  group: 'weights',
  conflicts: [],
  fields: {
    penalty: {
      type: 'number',
      default: 0.0001,
      min: 0,
      max: 1000,
      label: { en: 'λ of penalties, at most', zh: '正则 λ 上限' }
    },
    decay: {
      type: 'number',
      default: 0.01,
      min: 0,
      max: 10,
      label: { en: 'λ of weight decay, at most', zh: '权重衰减 λ 上限' }
    },
    dropout: {
      type: 'number',
      default: 0.2,
      min: 0,
      max: 0.95,
      label: { en: 'Drop probability, at most', zh: '失活概率上限' }
    }
  },
  apply(experiment, p) {
    const next = clone(experiment)
    for (const limit of limits(next, p).filter(exceeds)) limit.of[limit.key] = limit.most
    return next
  },
  blocked: (experiment, p) =>
    limits(experiment, p).some(exceeds)
      ? undefined
      : { en: 'No penalty, weight decay or dropout is larger than this.', zh: '没有更大的正则、权重衰减或随机失活。' }
}
export default lessRegularisation
