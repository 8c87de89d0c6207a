import { isBlock, type BlockNode, type Experiment, type NetworkNode } from '../../experiment/types'
import type { DataInfo } from '../../catalog/datasets/types'
import { clone } from '../../base/clone'
import { hasKernel, hiddenCount, lists, outputPaths, readersOf, rewire, sites } from './parts/graph'
import { unitLists, type Unit } from './parts/units'
import type { Remedy } from '../../experiment/remedies'

interface Stack {
  block: BlockNode
  /** Hidden layers that one copy less takes away. */
  perCopy: number
}
/** Blocks that can lose copies, the longest first. */
function stacks(e: Experiment): Stack[] {
  const output = outputPaths(e.network)
  const out: Stack[] = []
  for (const { nodes, prefix, copies } of lists(e.network.nodes))
    for (const block of nodes)
      if (isBlock(block) && block.times > 1) {
        const inside = [...sites(block.body, `${prefix}${block.id}/`, copies)]
        // A block that holds the output layer keeps its copies.
        if (inside.some((s) => output.has(s.path))) continue
        const perCopy = inside.reduce((a, s) => a + (hasKernel(s.node) ? s.copies : 0), 0)
        if (perCopy) out.push({ block, perCopy })
      }
  return out.sort((a, b) => b.perCopy * b.block.times - a.perCopy * a.block.times)
}
/** The addition around a unit falls away with it when it adds nothing but the unit and its input. */
const ownSkip = (u: Unit): boolean =>
  !!u.skip && u.skip.inputs.length === 2 && u.skip.inputs.includes(u.from) && u.skip.inputs.includes(u.tail.id)

function removable(u: Unit, nodes: NetworkNode[]): boolean {
  if (!u.square) return false
  if (ownSkip(u)) return true
  // Whoever reads the unit and its input would read the same thing twice.
  return !readersOf(nodes, u.tail.id).some((r) => r.inputs.includes(u.from))
}
/** Takes one unit out of its list; false when there is none that can go. */
function removeUnit(e: Experiment, info: DataInfo, excess: number): boolean {
  for (const { nodes, copies, prefix, units } of unitLists(e, info).reverse()) {
    if (copies > excess) continue
    for (const u of [...units].reverse()) {
      const gone: NetworkNode[] = ownSkip(u) ? [...u.nodes, u.skip!] : u.nodes
      if (!removable(u, nodes) || (prefix && gone.length === nodes.length)) continue
      const end = gone[gone.length - 1]!
      // Where the unit is the end of its list, what it read becomes the end; what enters a block can't.
      const isEnd = prefix ? nodes[nodes.length - 1] === end : !readersOf(nodes, end.id).length
      const heir = nodes.find((n) => n.id === u.from)
      if (isEnd && !heir) continue
      rewire(nodes, end.id, u.from)
      const left = nodes.filter((n) => !gone.includes(n) && !(isEnd && n === heir))
      if (isEnd) left.push(heir!)
      nodes.splice(0, nodes.length, ...left)
      return true
    }
  }
  return removeBlock(e, info, excess)
}
/** A block of one copy, all of whose layers are as wide as their inputs, goes as a whole. */
function removeBlock(e: Experiment, info: DataInfo, excess: number): boolean {
  const bodies = new Map(unitLists(e, info).map((l) => [l.nodes, l.units]))
  for (const { nodes, copies, prefix } of [...lists(e.network.nodes)].reverse())
    for (const block of [...nodes].reverse()) {
      if (!isBlock(block) || block.times !== 1 || (prefix && nodes.length === 1)) continue
      const units = bodies.get(block.body)!
      const kernels = [...sites(block.body)].filter((s) => hasKernel(s.node)).length
      const from = block.inputs[0]!
      if (!units.length || units.length !== kernels || units.length * copies > excess || !units.every((u) => u.square))
        continue
      if (
        readersOf(nodes, block.id).some((r) => r.inputs.includes(from)) ||
        (prefix && nodes[nodes.length - 1] === block)
      )
        continue
      if (!readersOf(nodes, block.id).length) continue
      rewire(nodes, block.id, from)
      nodes.splice(nodes.indexOf(block), 1)
      return true
    }
  return false
}
function shorten(experiment: Experiment, keep: number, info: DataInfo): Experiment {
  const next = clone(experiment)
  for (const { block, perCopy } of stacks(next)) {
    const excess = hiddenCount(next) - keep
    if (excess <= 0) break
    block.times = Math.max(1, block.times - Math.floor(excess / perCopy))
  }
  for (let excess = hiddenCount(next) - keep; excess > 0; excess = hiddenCount(next) - keep)
    if (!removeUnit(next, info, excess)) break
  return next
}

const fewerLayers: Remedy = {
  id: 'fewerLayers',
  name: { en: 'Fewer layers', zh: '减少层数' },
  words: 'fewer layers, less depth, shallower network; 减少层数, 减小深度, 更浅的网络',
  doc: {
    en: 'Keeps the given number of hidden layers: fewer copies of repeated blocks first, then plain hidden layers that are as wide as their input, from the output side.',
    zh: '保留给定数目的隐藏层：先减少重复块的次数，再从输出端起去掉与输入同宽的普通隐藏层。'
  },
  backfires: {
    en: 'A shallower net has fewer factors in the chain, but can also express less; the gain per layer stays as bad as it was.',
    zh: '较浅的网络链式因子更少，但表达能力也更弱；每层的增益并没有变好。'
  },
  gallery: {
    finds: 'healthy',
    title: { en: 'fewer layers', zh: '减少层数' },
    doc: {
      en: 'With four layers there is not enough depth to lose the gradient in. It learns, slowly: the sigmoids are still there.',
      zh: '只有四层，梯度来不及消失。能学，但慢：sigmoid 还在。'
    }
  },
  group: 'architecture',
  conflicts: [],
  settings(_norms, experiment) {
    const halves: number[] = []
    for (let n = hiddenCount(experiment) >> 1; n >= 1; n >>= 1) if (n !== 3) halves.push(n)
    return halves.slice(0, 3).map((keep) => ({ keep }))
  },
  fields: {
    keep: {
      type: 'number',
      default: 3,
      integer: true,
      min: 1,
      max: 1000,
      label: { en: 'Hidden layers', zh: '隐藏层数' }
    }
  },
  apply: (experiment, p, info) => shorten(experiment, p.keep as number, info),
  blocked(experiment, p, info) {
    const now = hiddenCount(experiment)
    if (now === 0)
      return {
        en: 'There is no hidden layer to leave out: it is for deeper networks.',
        zh: '没有可去掉的隐藏层：它适用于更深的网络。'
      }
    if (now <= (p.keep as number))
      return {
        en: `There ${now === 1 ? 'is only 1 hidden layer' : `are only ${now} hidden layers`}: keep fewer.`,
        zh: `只有 ${now} 个隐藏层：请保留更少。`
      }
    if (hiddenCount(shorten(experiment, p.keep as number, info)) === now)
      return {
        en: 'No hidden layer can go: each changes the width, or a skip leans on it.',
        zh: '没有可去掉的隐藏层：它们改变了宽度，或有捷径依赖它们。'
      }
    return undefined
  }
}
export default fewerLayers
