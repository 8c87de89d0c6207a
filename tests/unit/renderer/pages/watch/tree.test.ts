import { expect, it } from 'vitest'
import type { RunLayer } from '@shared/run/types'
import { linesOf, nodeAt, partsOf, standsFor, treeOf } from '@/pages/watch/tree'
import { computing } from '../../../../computing'

const layer = (id: string, index: number, className = 'Linear'): RunLayer => ({
  index,
  id,
  node: id,
  kind: 'dense',
  name: id,
  outputShape: [4],
  paramCount: 1,
  main: className === 'Linear',
  inputs: [],
  recorded: { className, trainable: 1, frozen: 0, forgotten: 0, held: 0 }
})
const blocks = (n: number): RunLayer[] => [
  layer('tok', 0, 'Embedding'),
  ...Array.from({ length: n }, (_, i) => [
    layer(`blocks.${i}.ln`, 3 * i + 1, 'LayerNorm'),
    layer(`blocks.${i}.attn.qkv`, 3 * i + 2),
    layer(`blocks.${i}.attn`, 3 * i + 3, 'SelfAttention')
  ]).flat(),
  layer('head', 3 * n + 1)
]

it('copies of a block are one group, unlike neighbours are none', () => {
  const tree = treeOf(blocks(12))
  expect(tree.map((n) => [n.path, n.isBlock])).toEqual([
    ['tok', false],
    ['blocks', true],
    ['head', false]
  ])
  const mixed = treeOf([layer('body.0', 0), layer('body.1', 1, 'ReLU'), layer('body.2', 2), layer('body.3', 3, 'ReLU')])
  expect(mixed[0]!.isBlock).toBe(false)
  // One thing that holds all is passed over.
  expect(partsOf(mixed).map((n) => n.path)).toEqual(['body.0', 'body.1', 'body.2', 'body.3'])
})
it('a container is told by its own figure, or that of its last kernel', () => {
  const tree = treeOf(blocks(3))
  expect(standsFor(nodeAt(tree, 'blocks.1.attn')!)!.id).toBe('blocks.1.attn')
  expect(standsFor(nodeAt(tree, 'blocks.1')!)!.id).toBe('blocks.1.attn.qkv')
  expect(nodeAt(tree, 'blocks.9')).toBeUndefined()
})
it('shows what is open, or what leads to a match of the filter', () => {
  const tree = treeOf(blocks(3))
  expect(linesOf(tree, new Set()).map((l) => l.node.path)).toEqual(['tok', 'blocks', 'head'])
  expect(linesOf(tree, new Set(['blocks'])).length).toBe(6)
  expect(
    linesOf(tree, new Set(), 'qkv')
      .filter((l) => l.node.layer)
      .map((l) => l.node.path)
  ).toEqual([
    'blocks.0.attn',
    'blocks.0.attn.qkv',
    'blocks.1.attn',
    'blocks.1.attn.qkv',
    'blocks.2.attn',
    'blocks.2.attn.qkv'
  ])
})
it('thousands of modules are grouped in no time', () => {
  const many = blocks(2000)
  const computed = computing()
  const tree = treeOf(many)
  expect(tree.find((n) => n.path === 'blocks')!.children.length).toBe(2000)
  expect(linesOf(tree, new Set()).length).toBe(3)
  expect(computed()).toBeLessThan(1000)
})
