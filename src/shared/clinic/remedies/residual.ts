import { layers } from '../../catalog/layers'
import { lookup } from '../../experiment/lookup'
import { parseParams, type Params } from '../../base/params'
import { isBlock, type BlockNode, type Experiment, type LayerNode, type NetworkNode } from '../../experiment/types'
import type { DataInfo } from '../../catalog/datasets/types'
import type { Text } from '../../base/text'
import { clone } from '../../base/clone'
import { freshId, idleBiases, insertAfter, readersOf, rewire } from './parts/graph'
import { fills, unitLists, type Unit, type UnitList } from './parts/units'
import type { Remedy } from '../../experiment/remedies'

/** What the unit reads now: the addition before it may have been put in since it was found. */
const entrance = (u: Unit): string => u.nodes[0]!.inputs[0]!
/** A shortcut can be made around it: as it is, or by a projection. */
const free = (u: Unit, projected = false): boolean => !u.skip && (u.square || (projected && !!projection(u)))
/** A convolution of one element, with the same stride, has as many windows. */
const keepsSize = (p: Params): boolean =>
  p.padding === 'same' || (p.padding === 'symmetric' && 2 * (p.pad as number) === (p.kernelSize as number) - 1)
/** The kind of layer that brings a unit's input to the shape of its output, and its parameters. */
function projection(u: Unit): { kind: string; params: Record<string, unknown> } | undefined {
  const { from, to } = u.shapes ?? {}
  if (!from || !to || from.length !== to.length) return undefined
  const width = to[to.length - 1]!
  if (to.length === 1) return { kind: 'dense', params: { units: width } }
  if ((u.head.kind !== 'conv1d' && u.head.kind !== 'conv2d') || !keepsSize(u.head.params)) return undefined
  return { kind: u.head.kind, params: { filters: width, kernelSize: 1, stride: u.head.params.stride } }
}
/** 1 × 1 or dense, without activation or bias: a linear way past the unit (He 2015, option B). */
function project(siblings: NetworkNode[], u: Unit, from: string): string {
  if (u.square) return from
  const { kind, params } = projection(u)!
  const fields = layers.get(kind).fields
  const node: LayerNode = {
    id: freshId(siblings, `${u.head.id}-shortcut`),
    kind,
    name: { dense: 'Projection' }[kind] ?? 'Projection 1 × 1',
    params: parseParams(
      fields,
      { ...params, activation: 'linear', initializer: 'lecunNormal', bias: false },
      '',
      [],
      lookup
    ),
    inputs: [from]
  }
  siblings.splice(siblings.indexOf(u.nodes[0]!), 0, node)
  return node.id
}
const activationNode = (siblings: NetworkNode[], head: LayerNode): LayerNode => ({
  id: freshId(siblings, `${head.id}-act`),
  kind: 'activation',
  name: layers.get('activation').name.en,
  params: parseParams(layers.get('activation').fields, { activation: head.params.activation }, '', [], lookup),
  inputs: []
})
const isLinear = (head: LayerNode): boolean =>
  (head.params.activation as { id: string } | undefined)?.id === 'linear' || head.params.activation === undefined
/** Takes the activation out of a unit. @returns it, as a layer that reads nothing yet; undefined when there is none */
function takeActivation(siblings: NetworkNode[], u: Unit): LayerNode | undefined {
  const own = u.nodes.find((n) => n !== u.head && n.kind === 'activation')
  if (own) {
    rewire(siblings, own.id, own.inputs[0]!, [])
    siblings.splice(siblings.indexOf(own), 1)
    u.nodes.splice(u.nodes.indexOf(own), 1)
    u.tail = u.nodes[u.nodes.length - 1]!
    return { ...own, inputs: [] }
  }
  if (isLinear(u.head)) return undefined
  const made = activationNode(siblings, u.head)
  u.head.params = { ...u.head.params, activation: { id: 'linear' } }
  return made
}
/** Norm → activation → weights, in place of weights → norm → activation (He 2016, "full pre-activation"). */
function toPreActivation(siblings: NetworkNode[], u: Unit): void {
  const from = entrance(u)
  const end = u.tail.id
  const activation = takeActivation(siblings, u)
  const behind = u.nodes.filter((n) => n !== u.head)
  const norms = behind.filter((n) => n.kind !== 'dropout')
  const first = [...norms, ...(activation ? [activation] : []), ...behind.filter((n) => n.kind === 'dropout')]
  const readers = siblings.filter(
    (n) => !u.nodes.includes(n as LayerNode) && n.inputs.some((i) => i === end || i === u.tail.id)
  )
  for (const n of readers) n.inputs = n.inputs.map((i) => (i === end || i === u.tail.id ? u.head.id : i))
  for (const n of behind) siblings.splice(siblings.indexOf(n), 1)
  siblings.splice(siblings.indexOf(u.head), 0, ...first)
  ;[...first, u.head].forEach((n, i, all) => (n.inputs = [i ? all[i - 1]!.id : from]))
  u.nodes = [...first, u.head]
  u.tail = u.head
}
/** Neighbours A → B that one skip can span: B alone reads A, and what leaves B is as wide as what enters A. */
function pairs(list: UnitList): [Unit, Unit][] {
  const out: [Unit, Unit][] = []
  const used = new Set<Unit>()
  for (const a of list.units) {
    const b = list.units.find((u) => u.from === a.tail.id && readersOf(list.nodes, a.tail.id).length === 1)
    // Square ones only: a skip over two layers of different widths is left to the person.
    if (!b || used.has(a) || used.has(b) || !free(a) || !free(b)) continue
    used.add(a).add(b)
    out.push([a, b])
  }
  return out
}
/**
 * The list's one layer fills the body of a block: to skip two copies at a time, the block is folded to half its length.
 */
const foldable = (list: UnitList): boolean =>
  list.units.length === 1 && free(list.units[0]!) && fills(list, list.units[0]!)

function addBehind(
  siblings: NetworkNode[],
  unit: Unit,
  from: string,
  { scale, order }: Params,
  id = unit.head.id
): void {
  const after = order === 'post' ? takeActivation(siblings, unit) : undefined
  const { tail } = unit
  const node: LayerNode = {
    id: freshId(siblings, `${id}-add`),
    kind: 'add',
    name: layers.get('add').name.en,
    params: parseParams(layers.get('add').fields, { scale }, '', [], lookup),
    inputs: [tail.id, from]
  }
  const chain = [node, ...(after ? [{ ...after, inputs: [node.id] }] : [])]
  // What reads the branch already, as the shortcut does, keeps reading it; all others read the sum.
  insertAfter(siblings, tail, chain)
}
/** 2k copies of one layer → k copies of two with a skip over both; an odd copy follows, as it was. */
function fold(block: BlockNode, unit: Unit, siblings: NetworkNode[], p: Params): void {
  const untouched = clone(block.body)
  if (p.order === 'pre') toPreActivation(block.body, unit)
  const original = clone(block.body)
  const renamed = new Map<string, string>()
  for (const n of original)
    renamed.set(
      n.id,
      freshId([...block.body, ...[...renamed.values()].map((id) => ({ id }) as NetworkNode)], `${n.id}-2`)
    )
  const second = clone(block.body).map((n) => ({
    ...n,
    id: renamed.get(n.id)!,
    inputs: n.inputs.map((i) => renamed.get(i) ?? unit.tail.id)
  }))
  block.body.push(...second)
  const at = (n: LayerNode): LayerNode => second.find((s) => s.id === renamed.get(n.id)) as LayerNode
  addBehind(
    block.body,
    { ...unit, head: at(unit.head), tail: at(unit.tail), nodes: unit.nodes.map(at) },
    unit.from,
    p,
    unit.head.id
  )
  if (block.times % 2) {
    const rest: BlockNode = {
      ...block,
      id: freshId(siblings, `${block.id}-rest`),
      times: 1,
      inputs: [block.id],
      body: untouched
    }
    rewire(siblings, block.id, rest.id, [rest])
    siblings.splice(siblings.indexOf(block) + 1, 0, rest)
  }
  block.times = Math.floor(block.times / 2)
}
const parentOf = (
  nodes: NetworkNode[],
  body: NetworkNode[]
): { block: BlockNode; siblings: NetworkNode[] } | undefined => {
  for (const n of nodes) {
    if (!isBlock(n)) continue
    if (n.body === body) return { block: n, siblings: nodes }
    const deeper = parentOf(n.body, body)
    if (deeper) return deeper
  }
  return undefined
}
const canFold = (e: Experiment, list: UnitList): { block: BlockNode; siblings: NetworkNode[] } | undefined => {
  const at = foldable(list) ? parentOf(e.network.nodes, list.nodes) : undefined
  return at && at.block.times > 1 ? at : undefined
}

const residual: Remedy = {
  id: 'residual',
  name: { en: 'Residual connections', zh: '残差连接' },
  words:
    'residual network, ResNet, skip connections, shortcut, identity mapping; 残差连接, 残差网络, 跳跃连接, 跳连, 快捷连接, 恒等映射',
  doc: {
    en: 'Each hidden layer (or pair of them) computes a change that is added to its own input: x + s·f(x). The gradient goes past every layer unchanged.',
    zh: '每个隐藏层（或每两层）计算的是加到自身输入上的变化量：x + s·f(x)。梯度可原样绕过每一层。'
  },
  backfires: {
    en: 'The sum grows with depth: x + relu(Wx) with He weights gains 2.46 per block at s = 1. It needs layers as wide as their input, or projections, and does not cure every sigmoid net.',
    zh: '和会随深度增长：s = 1 且用 He 初始化时，x + relu(Wx) 每块放大 2.46 倍。它要求层与输入同宽（或用投影），也不能治好所有 sigmoid 网络。'
  },
  gallery: {
    finds: 'healthy',
    title: { en: 'skips bring it back', zh: '跳连让梯度回来' },
    doc: {
      en: 'A skip past every layer carries the gradient around the sigmoids. Nothing else has changed, and it learns.',
      zh: '每层旁边的跳连让梯度绕过 sigmoid。其余不变，就能学习。'
    }
  },
  group: 'architecture',
  conflicts: [],
  fields: {
    every: {
      type: 'number',
      default: 1,
      integer: true,
      min: 1,
      max: 2,
      label: { en: 'Layers per skip', zh: '每条捷径跨越的层数' }
    },
    scale: {
      type: 'number',
      default: 0.25,
      min: -10,
      max: 10,
      label: { en: 'Branch scale s', zh: '分支系数 s' },
      help: {
        en: '1 is the plain residual; about 1/√(number of skips) keeps a deep stack at its size.',
        zh: '1 为普通残差；约 1/√(捷径数) 可使很深的网络保持尺度。'
      }
    },
    order: {
      type: 'choice',
      default: 'inside',
      label: { en: 'Activation', zh: '激活的位置' },
      options: [
        { id: 'inside', label: { en: 'In the branch: x + s·f(Wx)', zh: '分支内：x + s·f(Wx)' } },
        { id: 'post', label: { en: 'Behind the sum: f(x + s·Wx)', zh: '相加之后：f(x + s·Wx)' } },
        { id: 'pre', label: { en: 'Before the weights: x + s·W f(x)', zh: '权重之前：x + s·W f(x)' } }
      ],
      help: {
        en: 'Post-activation (He 2015) sends the shortcut through every activation; pre-activation (He 2016) leaves it untouched from end to end. A norm of the layer moves along.',
        zh: '后激活（He 2015）使捷径也经过每个激活；预激活（He 2016）让捷径从头到尾不受干扰。层的归一化随之移动。'
      }
    },
    shortcut: {
      type: 'choice',
      default: 'identity',
      label: { en: 'Where widths differ', zh: '宽度不同处' },
      options: [
        { id: 'identity', label: { en: 'No shortcut', zh: '不加捷径' } },
        { id: 'projection', label: { en: 'A learnt projection', zh: '可学习的投影' } }
      ],
      help: {
        en: 'A dense layer, or a 1 × 1 convolution, without activation, in the shortcut (for one layer per skip).',
        zh: '在捷径中放一个无激活的全连接层或 1 × 1 卷积（用于每条捷径跨一层）。'
      }
    }
  },
  apply(experiment: Experiment, p: Params, info: DataInfo) {
    const next = clone(experiment)
    for (const list of unitLists(next, info)) {
      const projected = p.shortcut === 'projection'
      const one = (u: Unit): void => {
        if (p.order === 'pre') toPreActivation(list.nodes, u)
        addBehind(list.nodes, u, project(list.nodes, u, entrance(u)), p)
      }
      if (p.every === 1) list.units.filter((u) => free(u, projected)).forEach(one)
      else {
        const at = canFold(next, list)
        if (at) fold(at.block, list.units[0]!, at.siblings, p)
        else
          for (const [a, b] of pairs(list)) {
            if (p.order === 'pre') [a, b].forEach((u) => toPreActivation(list.nodes, u))
            addBehind(list.nodes, b, entrance(a), p)
          }
      }
    }
    // A norm that now stands first in its branch takes away the bias of the layer before it.
    const idle = new Set(idleBiases(experiment).map((s) => s.path))
    for (const { node, path } of idleBiases(next)) if (!idle.has(path)) node.params.bias = false
    return next
  },
  blocked(experiment: Experiment, p: Params, info: DataInfo): Text | undefined {
    const found = unitLists(experiment, info)
    const units = found.flatMap((l) => l.units)
    const projected = p.every === 1 && p.shortcut === 'projection'
    const fit = units.filter((u) => u.square || (projected && projection(u)))
    if (!fit.length)
      return {
        en: 'No hidden layer is as wide as its input, so nothing can be added up: give neighbouring layers the same width, or take a learnt projection.',
        zh: '没有与输入同宽的隐藏层，无法相加：请使相邻层同宽，或选择可学习的投影。'
      }
    if (!fit.some((u) => free(u, projected)))
      return { en: 'Every hidden layer that could take one has a skip already.', zh: '能加捷径的隐藏层都已经有了。' }
    if (p.every === 2 && !found.some((l) => canFold(experiment, l) || pairs(l).length))
      return {
        en: 'No two neighbouring hidden layers are as wide as their input: take 1 layer per skip.',
        zh: '没有相邻的两个与输入同宽的隐藏层：请改为每条捷径 1 层。'
      }
    return undefined
  }
}
export default residual
