import { activations } from '../../catalog/activations'
import { layers } from '../../catalog/layers'
import { lookup } from '../../experiment/lookup'
import { isUnwritable } from '../../base/python'
import { moduleOf } from '../../base/callInLine'
import { parseParams, type Spec } from '../../base/params'
import { clone } from '../../base/clone'
import {
  activationOf,
  hasActivation,
  hasKernel,
  hiddenSites,
  isRecurrent,
  readersOf,
  rewire,
  type Site
} from './parts/graph'
import { isCell } from './parts/recurrent'
import { startFor } from './parts/start'
import { isBlock, type Experiment, type NetworkNode } from '../../experiment/types'
import type { Remedy } from '../../experiment/remedies'

/** One activation, from state to state; a cell with gates has more, which its gates need as they are. */
const isSimpleCell = (n: NetworkNode): boolean => isCell(n) && !isBlock(n) && n.params.recurrentActivation === undefined
/** Hidden layers that bend: linear ones are linear on purpose (before a norm, say). */
const bending = (e: Experiment, recurrent: boolean): Site[] =>
  hiddenSites(e).filter(
    (s) =>
      hasActivation(s.node) &&
      (!isRecurrent(s.node) || (recurrent && isSimpleCell(s.node))) &&
      activationOf(s.node).id !== 'linear'
  )

/**
 * Hidden dense layers that bend, each with the layer of its own that bends it, if it is one: maxout takes the place of
 * both.
 */
const dense = (e: Experiment): { site: Site; bend?: NetworkNode }[] =>
  hiddenSites(e).flatMap((site) => {
    if (site.node.kind !== 'dense') return []
    if (activationOf(site.node).id !== 'linear') return [{ site }]
    const [bend, ...more] = readersOf(site.siblings, site.node.id)
    return bend?.kind === 'activation' && !more.length ? [{ site, bend }] : []
  })
/** Makes maxout layers of them, with as many units. @param matching whether they are drawn to keep the mean square */
function toMaxout(next: Experiment, pieces: unknown, matching: boolean): void {
  const kind = layers.get('maxout')
  for (const { site, bend } of dense(next)) {
    const { node, siblings } = site
    const { units, bias, l2, initializer } = node.params
    node.params = parseParams(
      kind.fields,
      { units, bias, l2, pieces, ...(!matching && { initializer }) },
      '',
      [],
      lookup
    )
    const before = layers.get(node.kind)
    if (node.name === before.name.en || node.name === before.name.zh) node.name = kind.name.en
    node.kind = kind.id
    if (!bend) continue
    rewire(siblings, bend.id, node.id)
    siblings.splice(siblings.indexOf(bend), 1)
  }
}

const activation: Remedy = {
  id: 'activation',
  version: 2,
  name: { en: 'Swap activation', zh: '更换激活函数' },
  words:
    'activation function, ReLU, leaky ReLU, parametric ReLU (PReLU), ELU, SELU, GELU, swish, maxout, non-saturating; 激活函数, 修正线性单元, 带泄漏 ReLU, 参数化 ReLU, 泄漏线性整流, 指数线性单元, 不饱和激活',
  doc: {
    en: 'Every hidden activation becomes another one, whose slope stays near 1: ReLU and its kin do not saturate where sigmoid and tanh do.',
    zh: '把每个隐藏层的激活函数换成斜率接近 1 的另一种：ReLU 一族不会像 sigmoid 和 tanh 那样饱和。'
  },
  backfires: {
    en: 'ReLU units can die at large steps; with an initializer made for another activation the gradient still shrinks or grows by layer.',
    zh: '步长过大时 ReLU 单元会死亡；若初始化不匹配，梯度仍会逐层缩小或放大。'
  },
  gallery: {
    finds: 'healthy',
    title: { en: 'ReLU and He bring it back', zh: 'ReLU 与 He 让梯度回来' },
    doc: {
      en: 'A slope of 1 in place of a quarter, and weights to match. Every layer has its gradient again, and the loss falls.',
      zh: '斜率由四分之一变为 1，权重与之匹配。每层重新得到梯度，损失下降。'
    }
  },
  group: 'activation',
  conflicts: [],
  settings: () => ['elu', 'leakyRelu', 'tanh'].map((id) => ({ to: { id } })),
  fields: {
    by: {
      type: 'choice',
      default: 'activation',
      label: { en: 'Swap in', zh: '换成' },
      options: [
        { id: 'activation', label: { en: 'An activation', zh: '一种激活函数' } },
        { id: 'maxout', label: { en: 'Maxout', zh: 'Maxout' } }
      ],
      help: {
        en: 'Maxout learns its shape from k linear pieces: it takes the place of each dense layer and its activation. Layers of other kinds are left alone.',
        zh: 'Maxout 由 k 个线性片段学得形状：取代每个全连接层及其激活函数。其他种类的层保持不变。'
      }
    },
    to: {
      type: 'ref',
      registry: 'activations',
      default: { id: 'relu' },
      label: { en: 'Activation', zh: '激活函数' },
      when: (p) => p.by !== 'maxout'
    },
    pieces: {
      type: 'number',
      default: 2,
      integer: true,
      min: 2,
      max: 16,
      label: { en: 'Pieces k', zh: '片段数 k' },
      when: (p) => p.by === 'maxout'
    },
    matching: {
      type: 'bool',
      default: true,
      label: { en: 'With its initializer', zh: '同时更换初始化' },
      help: {
        en: 'Hidden kernels start from the initializer made for it (He for ReLU, LeCun for SELU, Glorot for tanh …).',
        zh: '隐藏层权重改用与之匹配的初始化（ReLU 用 He，SELU 用 LeCun，tanh 用 Glorot …）。'
      }
    },
    recurrent: {
      type: 'bool',
      default: false,
      label: { en: 'Simple recurrent cells too', zh: '包括简单循环单元' },
      when: (p) => p.by !== 'maxout',
      help: {
        en: 'LSTM and GRU are left alone: their gates need values from 0 to 1, and their state its bounds. The state of a ReLU cell has none and can explode with time: let its recurrent initializer be the identity (IRNN, Le 2015) or orthogonal.',
        zh: 'LSTM 与 GRU 不改：门需要 0 到 1 的值，状态需要有界。ReLU 单元的状态无界，可能随时间爆炸：请让其循环权重从单位阵（IRNN，Le 2015）或正交矩阵开始。'
      }
    }
  },
  apply(experiment, p) {
    const next = clone(experiment)
    if (p.by === 'maxout') {
      toMaxout(next, p.pieces, p.matching as boolean)
      return next
    }
    const to = p.to as Spec
    const start = startFor(to)
    for (const { node } of bending(next, p.recurrent as boolean)) node.params.activation = clone(to)
    if (p.matching)
      for (const { node } of hiddenSites(next))
        if (hasKernel(node) && !isRecurrent(node)) node.params.initializer = clone(start)
    return next
  },
  blocked(experiment, p) {
    if (p.by === 'maxout')
      return dense(experiment).length
        ? undefined
        : {
            en: 'Maxout takes the place of hidden dense layers and their activation, and there is none: add one, or swap in an activation.',
            zh: 'Maxout 取代隐藏的全连接层及其激活函数，而此网络没有：请添加一层，或改为换成一种激活函数。'
          }
    const found = bending(experiment, p.recurrent as boolean)
    const to = activations.get((p.to as Spec).id)
    if (to.weights && found.some((s) => isCell(s.node)))
      return {
        en: `A recurrent cell can’t learn the slope of ${to.name.en}: choose another activation, or leave the cells out.`,
        zh: `循环单元内不能学习 ${to.name.zh} 的斜率：请改用其他激活函数，或不包括循环单元。`
      }
    if (found.length) return undefined
    return bending(experiment, true).length
      ? {
          en: 'The only activations to swap are those of simple recurrent cells: “Swap activation” takes them when “Simple recurrent cells too” is ticked.',
          zh: '只有简单循环单元有可更换的激活函数：请在“更换激活函数”中勾选“包括简单循环单元”。'
        }
      : {
          en: 'No hidden layer has an activation to swap (the gates of LSTM and GRU are left alone): add a hidden layer, or give one an activation.',
          zh: '没有可更换激活函数的隐藏层（LSTM 和 GRU 的门保持不变）：请添加隐藏层，或为其选择激活函数。'
        }
  },
  inTorch(p) {
    if (p.by === 'maxout') return []
    const { id, ...params } = p.to as Spec
    const { torch } = activations.get(id).python
    if (isUnwritable(torch)) return []
    const module = moduleOf(torch('x', params, { weight: () => 'weight', channelsLast: false }))
    return module === undefined ? [] : [{ place: 'module', each: { kind: 'activation' }, lines: [module] }]
  }
}
export default activation
