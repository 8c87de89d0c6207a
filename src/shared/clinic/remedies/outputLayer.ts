import { activations } from '../../catalog/activations'
import { layers } from '../../catalog/layers'
import { parseParams, type Spec } from '../../base/params'
import { clone } from '../../base/clone'
import { lookup } from '../../experiment/lookup'
import {
  activationOf,
  freshId,
  hasActivation,
  insertAfter,
  isRecurrent,
  outputPaths,
  rewire,
  sites,
  startAtZero,
  type Site
} from './parts/graph'
import { startFor } from './parts/start'
import type { DataInfo } from '../../catalog/datasets/types'
import type { Experiment, LayerNode, NetworkNode } from '../../experiment/types'
import type { Remedy } from '../../experiment/remedies'

/** Layers of the output part that end with another activation than this. */
const others = (e: Experiment, to: string): Site[] => {
  const output = outputPaths(e.network)
  return [...sites(e.network.nodes)].filter(
    (s) =>
      output.has(s.path) &&
      hasActivation(s.node) &&
      activationOf(s.node).id !== to &&
      activationOf(s.node).id !== 'linear'
  )
}

/** Layer norms over the single unit of an output: 0 is all that they leave of it. */
const loneNorms = (e: Experiment, { targetShape }: DataInfo): Site[] => {
  if (targetShape[targetShape.length - 1] !== 1) return []
  const output = outputPaths(e.network)
  return [...sites(e.network.nodes)].filter((s) => output.has(s.path) && s.node.kind === 'layerNorm')
}

/** Units of a cell that no longer makes the output itself: a state of one number remembers little. */
const STATE = 16
/** A dense layer behind a recurrent one makes the output: the state stays bounded. */
function giveHead(siblings: NetworkNode[], node: LayerNode, to: Spec): void {
  const kind = layers.get('dense')
  const { units } = node.params
  const given = { units, activation: to, initializer: startFor(to) }
  const params = parseParams(kind.fields, given, '', [], lookup)
  node.params.units = Math.max(STATE, units as number)
  insertAfter(siblings, node, [{ id: freshId(siblings, 'output'), kind: kind.id, params, inputs: [node.id] }])
}

const outputLayer: Remedy = {
  id: 'outputLayer',
  version: 2,
  name: { en: 'Output layer', zh: '输出层' },
  doc: {
    en: 'The activation that the network ends with becomes linear, or another one: the losses turn outputs into probabilities themselves, and a linear output reaches every target. A recurrent layer gets a dense one behind it, and 16 units at least. A layer norm over a single output unit goes: it leaves 0 of it.',
    zh: '把网络结尾的激活函数改为线性或另一种：损失函数自身会把输出变为概率，线性输出可取到任何目标值。循环层之后会加上一个全连接层，其自身至少有 16 个单元。对单个输出单元做的层归一化会被去掉：它只会留下 0。'
  },
  words: 'last layer linear output logits softmax twice sigmoid output 最后一层 线性输出 两次 softmax logit',
  backfires: {
    en: 'A bound that the targets do keep (shares between 0 and 1, counts above 0) is no longer built in.',
    zh: '若目标本有界限（0 到 1 的比例、非负的计数），线性输出不再保证这一点。'
  },
  group: 'activation',
  conflicts: [],
  fields: {
    to: {
      type: 'ref',
      registry: 'activations',
      default: { id: 'linear' },
      label: { en: 'Output activation', zh: '输出激活函数' }
    },
    bias: { type: 'bool', default: false, label: { en: 'Biases from 0', zh: '偏置从 0 开始' } }
  },
  apply(experiment, p, info) {
    const next = clone(experiment)
    for (const { node, siblings } of loneNorms(next, info)) {
      rewire(siblings, node.id, node.inputs[0]!)
      siblings.splice(siblings.indexOf(node), 1)
    }
    const output = outputPaths(next.network)
    for (const { node, siblings } of others(next, (p.to as Spec).id))
      if (isRecurrent(node)) giveHead(siblings, node, p.to as Spec)
      else node.params.activation = clone(p.to as Spec)
    if (p.bias) for (const s of sites(next.network.nodes)) if (output.has(s.path)) startAtZero(s.node)
    return next
  },
  blocked(experiment, p, info) {
    const found = [...others(experiment, (p.to as Spec).id), ...loneNorms(experiment, info)]
    if (found.some((s) => s.copies > 1))
      return {
        en: 'The output layer is the last copy of a block: put a layer of its own behind the block.',
        zh: '输出层是重复块的最后一份：请在块之后单独放一个输出层。'
      }
    const { name } = activations.get((p.to as Spec).id)
    return found.length
      ? undefined
      : {
          en: `The output layer is linear or ends with ${name.en} already.`,
          zh: `输出层已是线性，或已以 ${name.zh} 结尾。`
        }
  }
}
export default outputLayer
