import { layers } from '../../catalog/layers'
import { lookup } from '../../experiment/lookup'
import { parseParams, type Spec } from '../../base/params'
import { clone } from '../../base/clone'
import {
  activationOf,
  freshId,
  hasActivation,
  hasKernel,
  hiddenSites,
  outputPaths,
  sites,
  type Site
} from './parts/graph'
import { startFor } from './parts/start'
import type { Experiment, LayerNode } from '../../experiment/types'
import type { Remedy } from '../../experiment/remedies'

/** Kinds of layer that bend without an activation of the user's choice. */
const BENDS = new Set(['maxout', 'layerNorm', 'maxPool', 'globalMaxPool', 'lstm', 'gru'])

const bends = (e: Experiment): boolean =>
  hiddenSites(e).some(({ node }) => BENDS.has(node.kind) || (hasActivation(node) && activationOf(node).id !== 'linear'))
/** Linear layers with a kernel that can be bent. */
const straight = (e: Experiment): Site[] => hiddenSites(e).filter(({ node }) => hasKernel(node) && hasActivation(node))
/** The layer with a kernel that makes the output. */
const outputOf = (e: Experiment): Site | undefined => {
  const output = outputPaths(e.network)
  return [...sites(e.network.nodes)].find((s) => output.has(s.path) && hasKernel(s.node))
}

const hiddenLayer: Remedy = {
  id: 'hiddenLayer',
  name: { en: 'Hidden layer that bends', zh: '非线性隐藏层' },
  words:
    'add a hidden layer, non-linear, nonlinearity, XOR, linear model, perceptron; 加入隐藏层, 非线性, 异或, 线性模型, 感知机',
  doc: {
    en: 'Linear layers behind each other are one linear model (Minsky 1969). Its hidden layers get an activation that bends and the initializer that suits it; where there is none, a dense layer comes before the output.',
    zh: '多个线性层首尾相接仍是一个线性模型（Minsky 1969）。为其隐藏层加上非线性激活函数和相配的初始化；没有隐藏层时，在输出层之前加入一个全连接层。'
  },
  backfires: {
    en: 'Where the target is a straight line in the inputs, a linear model needs fewer examples.',
    zh: '若目标与输入本是线性关系，线性模型需要的样本更少。'
  },
  group: 'architecture',
  conflicts: [],
  fields: {
    to: {
      type: 'ref',
      registry: 'activations',
      default: { id: 'relu' },
      label: { en: 'Activation', zh: '激活函数' }
    },
    units: {
      type: 'number',
      default: 32,
      integer: true,
      min: 1,
      max: 4096,
      label: { en: 'Units of a new layer', zh: '新层的单元数' }
    }
  },
  apply(experiment, p) {
    const next = clone(experiment)
    const to = p.to as Spec
    const hidden = straight(next)
    for (const { node } of hidden) {
      node.params.activation = clone(to)
      node.params.initializer = startFor(to)
    }
    const output = outputOf(next)
    if (hidden.length || !output) return next
    const { node, siblings } = output
    const kind = layers.get('dense')
    const given = { units: p.units, activation: to, initializer: startFor(to) }
    const added: LayerNode = {
      id: freshId(siblings, 'hidden'),
      kind: kind.id,
      params: parseParams(kind.fields, given, '', [], lookup),
      inputs: node.inputs
    }
    node.inputs = [added.id]
    siblings.splice(siblings.indexOf(node), 0, added)
    return next
  },
  blocked(experiment, p) {
    if (bends(experiment)) return { en: 'A hidden layer bends already.', zh: '已有非线性的隐藏层。' }
    if ((p.to as Spec).id === 'linear') return { en: 'A linear layer does not bend.', zh: '线性层并非非线性。' }
    const output = outputOf(experiment)
    if (!straight(experiment).length && (output?.node.kind !== 'dense' || output.copies > 1))
      return { en: 'There is no dense output layer to put it before.', zh: '没有可以放在其前面的全连接输出层。' }
    return undefined
  }
}
export default hiddenLayer
