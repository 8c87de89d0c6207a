import { clone } from '../../base/clone'
import { sites, type Site } from './parts/graph'
import type { Params } from '../../base/params'
import type { Experiment, NetworkNode } from '../../experiment/types'
import type { Remedy } from '../../experiment/remedies'

/** How many layers lie behind a node, the longest way, in its own list. */
function depthOf(siblings: readonly NetworkNode[], id: string, known = new Map<string, number>()): number {
  const before = known.get(id)
  if (before !== undefined) return before
  const node = siblings.find((n) => n.id === id)
  const depth = node ? 1 + Math.max(0, ...node.inputs.map((i) => depthOf(siblings, i, known))) : 0
  known.set(id, depth)
  return depth
}
/**
 * The inputs of an addition with its branch in front, which is the one that its scale multiplies: the way through more
 * layers. Undefined where the ways are equally long, or the scale belongs to a shortcut.
 */
function branchFirst({ node, siblings }: Site): string[] | undefined {
  const [first, ...rest] = node.inputs
  const depth = depthOf(siblings, first!)
  if (rest.length !== 1 || depth === depthOf(siblings, rest[0]!)) return undefined
  if (depth > depthOf(siblings, rest[0]!)) return node.inputs
  return node.params.scale === 1 && !node.params.learnScale ? [rest[0]!, first!] : undefined
}
/** Additions of a branch that counts for more than this. */
const large = ({ network }: Experiment, { scale }: Params): Site[] =>
  [...sites(network.nodes)].filter(
    (s) => s.node.kind === 'add' && Math.abs(s.node.params.scale as number) > (scale as number) && branchFirst(s)
  )

const branchScale: Remedy = {
  id: 'branchScale',
  name: { en: 'Smaller residual branches', zh: '缩小残差分支' },
  words: 'SkipInit, ReZero, Fixup, residual scaling, branch scale, exploding residual; 残差缩放, 分支系数, 残差爆炸',
  doc: {
    en: 'Each addition counts its branch s times: x + s·f(x). With s near 1/√(number of additions) or less, the sum keeps its size however deep the network is (De & Smith 2020, SkipInit).',
    zh: '每个相加层把分支乘以 s：x + s·f(x)。s 约为 1/√(相加层数) 或更小时，无论网络多深，和都保持大小（De & Smith 2020，SkipInit）。'
  },
  backfires: {
    en: 'At 0, and not learnt, no branch learns anything. In a shallow network small branches learn more slowly.',
    zh: '为 0 且不学习时，分支什么也学不到。浅网络中小分支学得更慢。'
  },
  group: 'architecture',
  conflicts: [],
  settings: () => [{ scale: 0.1 }, { scale: 0.3 }],
  fields: {
    scale: {
      type: 'number',
      default: 0.1,
      min: 0,
      max: 10,
      label: { en: 'Branch scale s, at most', zh: '分支系数 s 上限' }
    }
  },
  apply(experiment, p) {
    const next = clone(experiment)
    for (const site of large(next, p)) {
      const { node } = site
      node.inputs = branchFirst(site)!
      node.params.scale = Math.sign(node.params.scale as number) * (p.scale as number)
    }
    return next
  },
  blocked: (experiment, p) =>
    large(experiment, p).length
      ? undefined
      : { en: 'No residual branch counts for more than this.', zh: '没有系数更大的残差分支。' }
}
export default branchScale
