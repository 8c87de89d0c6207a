import { layers } from '../layers'
import { lookup } from '../lookup'
import { parseParams, type Params } from '../params'
import { isBlock, type BlockNode, type Experiment, type LayerNode, type NetworkNode } from '../experiment/types'
import type { DataInfo } from '../datasets/types'
import type { Text } from '../text'
import { copyOf, freshId, insertAfter, readersOf, rewire } from './parts/graph'
import { fills, unitLists, type Unit, type UnitList } from './parts/units'
import type { Remedy } from './types'

/** What the unit reads now: the addition before it may have been put in since it was found. */
const entrance = (u: Unit): string => u.head.inputs[0]!
const free = (u: Unit): boolean => u.square && !u.skip
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
/** The list's one layer fills the body of a block: to skip two copies at a time, the block is folded to half its length. */
const foldable = (list: UnitList): boolean => list.units.length === 1 && free(list.units[0]!) && fills(list, list.units[0]!)

function addBehind(siblings: NetworkNode[], tail: LayerNode, from: string, scale: unknown, id: string): void {
  const node: LayerNode = { id: freshId(siblings, `${id}-add`), kind: 'add', name: layers.get('add').name.en, params: parseParams(layers.get('add').fields, { scale }, '', [], lookup), inputs: [tail.id, from] }
  insertAfter(siblings, tail, [node])
}
/** 2k copies of one layer → k copies of two with a skip over both; an odd copy follows, as it was. */
function fold(block: BlockNode, unit: Unit, siblings: NetworkNode[], scale: unknown): void {
  const original = copyOf(block.body)
  const renamed = new Map<string, string>()
  for (const n of original) renamed.set(n.id, freshId([...block.body, ...[...renamed.values()].map((id) => ({ id }) as NetworkNode)], `${n.id}-2`))
  const second = copyOf(block.body).map((n) => ({ ...n, id: renamed.get(n.id)!, inputs: n.inputs.map((i) => renamed.get(i) ?? unit.tail.id) }))
  block.body.push(...second)
  addBehind(block.body, second[second.length - 1] as LayerNode, unit.from, scale, unit.head.id)
  if (block.times % 2) {
    const rest: BlockNode = { ...block, id: freshId(siblings, `${block.id}-rest`), times: 1, inputs: [block.id], body: original }
    rewire(siblings, block.id, rest.id, [rest])
    siblings.splice(siblings.indexOf(block) + 1, 0, rest)
  }
  block.times = Math.floor(block.times / 2)
}
const parentOf = (nodes: NetworkNode[], body: NetworkNode[]): { block: BlockNode; siblings: NetworkNode[] } | undefined => {
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
  doc: {
    en: 'Each hidden layer (or pair of them) computes a change that is added to its own input: x + s·f(x). The gradient goes past every layer unchanged.',
    zh: '每个隐藏层（或每两层）计算的是加到自身输入上的变化量：x + s·f(x)。梯度可原样绕过每一层。'
  },
  backfires: {
    en: 'The sum grows with depth: x + relu(Wx) with He weights gains 2.46 per block at s = 1. It needs layers as wide as their input, and does not cure every sigmoid net.',
    zh: '和会随深度增长：s = 1 且用 He 初始化时，x + relu(Wx) 每块放大 2.46 倍。它要求层与输入同宽，也不能治好所有 sigmoid 网络。'
  },
  group: 'architecture',
  conflicts: [],
  fields: {
    every: { type: 'number', default: 1, integer: true, min: 1, max: 2, label: { en: 'Layers per skip', zh: '每条捷径跨越的层数' } },
    scale: {
      type: 'number', default: 0.25, min: -10, max: 10, label: { en: 'Branch scale s', zh: '分支系数 s' },
      help: { en: '1 is the plain residual; about 1/√(number of skips) keeps a deep stack at its size.', zh: '1 为普通残差；约 1/√(捷径数) 可使很深的网络保持尺度。' }
    }
  },
  apply(experiment: Experiment, p: Params, info: DataInfo) {
    const next = copyOf(experiment)
    for (const list of unitLists(next, info)) {
      if (p.every === 1) for (const u of list.units.filter(free)) addBehind(list.nodes, u.tail, entrance(u), p.scale, u.head.id)
      else {
        const at = canFold(next, list)
        if (at) fold(at.block, list.units[0]!, at.siblings, p.scale)
        else for (const [a, b] of pairs(list)) addBehind(list.nodes, b.tail, entrance(a), p.scale, b.head.id)
      }
    }
    return next
  },
  blocked(experiment: Experiment, p: Params, info: DataInfo): Text | undefined {
    const found = unitLists(experiment, info)
    const units = found.flatMap((l) => l.units)
    const square = units.filter((u) => u.square)
    if (!square.length)
      return { en: 'No hidden layer is as wide as its input, so nothing can be added up: give neighbouring layers the same width.', zh: '没有与输入同宽的隐藏层，无法相加：请使相邻层同宽。' }
    if (!square.some(free)) return { en: 'Every hidden layer that could take one has a skip already.', zh: '能加捷径的隐藏层都已经有了。' }
    if (p.every === 2 && !found.some((l) => canFold(experiment, l) || pairs(l).length))
      return { en: 'No two neighbouring hidden layers are as wide as their input: take 1 layer per skip.', zh: '没有相邻的两个与输入同宽的隐藏层：请改为每条捷径 1 层。' }
    return undefined
  }
}
export default residual
