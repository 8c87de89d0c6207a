import { clone } from '../../base/clone'
import { losses } from '../../catalog/losses'
import { sites } from './parts/graph'
import type { Params } from '../../base/params'
import type { Experiment } from '../../experiment/types'
import type { Remedy } from '../../experiment/remedies'

/** A number among some parameters, and the largest that it may be, or the smallest. */
interface Limit {
  of: Params
  key: string
  most?: number
  least?: number
}
/** Hooks that cut weights to a limit. */
const CUTS = ['weightClip', 'spectralNorm']
/** Every setting of an experiment that regularises it, with its limit. */
function limits({ network, training }: Experiment, p: Params): Limit[] {
  const [penalty, decay, dropout, weights] = [p.penalty, p.decay, p.dropout, p.weights] as number[]
  // A critic's weights are cut on purpose.
  const isCritic = losses.find(training.loss.id)?.tasks.includes('critic') === true
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
          : CUTS.includes(of.id) && !isCritic
            ? [{ of, key: 'limit', least: weights }]
            : []
    ),
    { of: training.optimizer, key: 'weightDecay', most: decay }
  ]
}
/** What the number has to become; undefined where it may stay. */
function bound({ of, key, most = Infinity, least = -Infinity }: Limit): number | undefined {
  const now = of[key]
  const next = typeof now === 'number' ? Math.min(most, Math.max(least, now)) : now
  return typeof next === 'number' && next !== now ? next : undefined
}

const lessRegularisation: Remedy = {
  id: 'lessRegularisation',
  version: 2,
  name: { en: 'Less regularisation', zh: '减弱正则化' },
  words:
    'less regularization, smaller weight decay, smaller L2 penalty, less dropout, too strong a penalty, looser weight clip; 减小正则化, 减小权重衰减, 欠拟合',
  doc: {
    en: 'Lowers L2 and L1 penalties, weight decay and dropout to at most these values, wherever they are larger, and raises limits on weights that are smaller: the loss has the say again, and not the pull towards 0.',
    zh: '把超出这些值的 L2、L1 正则、权重衰减和随机失活降到这些值，并放宽过小的权重限制：重新由损失而非向 0 的拉力起主导作用。'
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
    },
    weights: {
      type: 'number',
      default: 10,
      above: 0,
      max: 1000,
      label: { en: 'Limit on weights, at least', zh: '权重限制下限' },
      help: {
        en: 'Of weight clipping and of the spectral norm; a critic keeps its limit.',
        zh: '用于权重裁剪与谱范数限制；评论家的限制保持不变。'
      }
    }
  },
  // Version 1 left limits on weights as they were.
  migrate: (_from, p) => ({ ...p, weights: 1e-9 }),
  apply(experiment, p) {
    const next = clone(experiment)
    for (const limit of limits(next, p)) {
      const value = bound(limit)
      if (value !== undefined) limit.of[limit.key] = value
    }
    return next
  },
  blocked: (experiment, p) =>
    limits(experiment, p).some((limit) => bound(limit) !== undefined)
      ? undefined
      : {
          en: 'No penalty, weight decay or dropout is larger than this, and no limit on weights smaller.',
          zh: '没有更大的正则、权重衰减或随机失活，也没有更小的权重限制。'
        }
}
export default lessRegularisation
