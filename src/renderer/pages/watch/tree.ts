import type { RunLayer } from '@shared/run/types'

/** A module of the tree, or what only holds some. */
export interface TreeNode {
  /** Dotted name in the code, unique. */
  path: string
  /** The last part of the name. */
  label: string
  /** There if it was recorded itself. */
  layer?: RunLayer
  children: TreeNode[]
  /** All recorded modules in it, itself included, in the order in which they ran. */
  inside: RunLayer[]
  /** Its children are so many copies of one block. */
  isBlock: boolean
}

/** Children from so many on are one block, if they are alike. */
const FEWEST = 3

/** What a node is made of: equal for copies of one block. */
function shapeOf(node: TreeNode): string {
  const own = node.layer ? (node.layer.recorded?.className ?? node.layer.kind) : ''
  return `${own}(${node.children.map((c) => `${c.label}:${shapeOf(c)}`).join()})`
}
function finish(node: TreeNode): void {
  for (const child of node.children) finish(child)
  const { children } = node
  node.inside = [...(node.layer ? [node.layer] : []), ...children.flatMap((c) => c.inside)].sort(
    (a, b) => a.index - b.index
  )
  // Names of the members of a list are their numbers.
  const areNumbered = children.every((c) => /^\d+$/.test(c.label))
  node.isBlock = children.length >= FEWEST && areNumbered && children.every((c) => shapeOf(c) === shapeOf(children[0]!))
  // In the order of the run: that of the code has a container before what is in it.
  children.sort((a, b) => (a.inside[0]?.index ?? 0) - (b.inside[0]?.index ?? 0))
}
/**
 * The modules of a run as the tree of their dotted names.
 * @returns the uppermost modules, in the order in which they ran
 */
export function treeOf(layers: readonly RunLayer[]): TreeNode[] {
  const made = (path: string, label: string): TreeNode => ({ path, label, children: [], inside: [], isBlock: false })
  const root = made('', '')
  const nodes = new Map<string, TreeNode>([['', root]])
  const at = (path: string): TreeNode => {
    const known = nodes.get(path)
    if (known) return known
    const dot = path.lastIndexOf('.')
    const node = made(path, path.slice(dot + 1))
    nodes.set(path, node)
    at(dot < 0 ? '' : path.slice(0, dot)).children.push(node)
    return node
  }
  for (const layer of layers) at(layer.id).layer = layer
  finish(root)
  return root.children
}

/** The layer whose figure stands for a node: its own, else that of the last in it with a kernel, or the last at all. */
export function standsFor({ layer, inside }: TreeNode): RunLayer | undefined {
  if (layer) return layer
  return [...inside].reverse().find((l) => l.main) ?? inside[inside.length - 1]
}

/** A node of the tree as a line on screen. */
export interface TreeLine {
  node: TreeNode
  depth: number
  isOpen: boolean
}
/**
 * The lines that are on screen.
 * @param open paths of the nodes that are open; with `filter` all that leads to a match is
 * @param filter only modules whose name, class or file has this in it
 */
export function linesOf(tree: readonly TreeNode[], open: ReadonlySet<string>, filter = ''): TreeLine[] {
  const words = filter.trim().toLowerCase()
  const holds = ({ id, recorded }: RunLayer): boolean =>
    [id, recorded?.className, recorded?.code?.file].some((text) => text?.toLowerCase().includes(words))
  const out: TreeLine[] = []
  const walk = (nodes: readonly TreeNode[], depth: number): void => {
    for (const node of nodes) {
      if (words && !node.inside.some(holds)) continue
      const isOpen = node.children.length > 0 && (words ? true : open.has(node.path))
      out.push({ node, depth, isOpen })
      if (isOpen) walk(node.children, depth + 1)
    }
  }
  walk(tree, 0)
  return out
}

/** Containers that hold one thing only are passed over: what one looks at are the parts of a model. */
export function partsOf(tree: readonly TreeNode[]): readonly TreeNode[] {
  let parts = tree
  while (parts.length === 1 && !parts[0]!.isBlock && parts[0]!.children.length) parts = parts[0]!.children
  return parts
}
/** The node with a path, if there is one. */
export function nodeAt(tree: readonly TreeNode[], path: string): TreeNode | undefined {
  for (const node of tree) {
    if (node.path === path) return node
    if (path.startsWith(`${node.path}.`)) return nodeAt(node.children, path)
  }
  return undefined
}
