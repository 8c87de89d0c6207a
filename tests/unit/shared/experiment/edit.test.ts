import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { eachNode } from '@shared/experiment/diff'
import * as edit from '@shared/experiment/edit'
import { parseExperiment, readExperiment } from '@shared/experiment/parse'
import { planNetwork } from '@shared/experiment/plan'
import { isBlock, type Experiment, type Network, type NetworkNode } from '@shared/experiment/types'

const dense = (id: string, units = 8, inputs?: string[]): unknown => ({
  id,
  kind: 'dense',
  params: { units },
  ...(inputs && { inputs })
})
const of = (...nodes: unknown[]): Experiment => parseExperiment({ network: { nodes } })
const chain = (): Network => of(dense('a'), dense('b'), dense('c'), dense('d')).network
const shape = (nodes: NetworkNode[]): unknown =>
  nodes.map(
    (n) => `${n.id}(${n.inputs.join()})${isBlock(n) ? `×${n.times}[${(shape(n.body) as string[]).join(' ')}]` : ''}`
  )
const after = (r: edit.EditResult): Network => {
  if (edit.isError(r)) throw new Error(r.error.en)
  return r.network
}
const text = (r: edit.EditResult): string => (shape(after(r).nodes) as string[]).join(' ')
const why = (r: edit.EditResult): string => (edit.isError(r) ? r.error.en : 'no error')
const relu = (): NetworkNode => edit.makeNode('activation')

describe('edits of the network', () => {
  it('inserts between two layers, at the start and at the end', () => {
    const net = chain()
    expect(
      text(edit.insertOnWire(net, { scope: '', source: 'a', target: 'b', index: 0 }, edit.makeNode('dense')))
    ).toBe('a(input) dense(a) b(dense) c(b) d(c)')
    expect(text(edit.insertOnWire(net, { scope: '', source: 'input', target: 'a', index: 0 }, relu()))).toMatch(
      /^act\w*\(input\) a\(act\w*\) b\(a\)/
    )
    expect(text(edit.insertOnWire(net, { scope: '', source: 'd', index: 0 }, edit.makeNode('dense')))).toBe(
      'a(input) b(a) c(b) d(c) dense(d)'
    )
    expect(
      text(edit.insertOnWire({ nodes: [] }, { scope: '', source: 'input', index: 0 }, edit.makeNode('dense')))
    ).toBe('dense(input)')
    expect(net).toEqual(chain())
  })
  it('gives fresh ids and names', () => {
    let net: Network = { nodes: [] }
    for (let i = 0; i < 3; i++)
      net = after(edit.insertOnWire(net, edit.wiresOf(net, '').at(-1)!, edit.makeNode('dense')))
    expect(net.nodes.map((n) => n.id)).toEqual(['dense', 'dense1', 'dense2'])
    expect(new Set(net.nodes.map((n) => n.name)).size).toBe(3)
  })
  it('makes a layer one of another kind in its place, with its connections and what both kinds have', () => {
    const net = of(
      dense('a'),
      { id: 'rnn', kind: 'simpleRnn', name: 'My cell', params: { units: 5 } },
      dense('c')
    ).network
    const gru = edit.replaceKind(net, 'rnn', 'gru')
    expect(gru.nodes[1]).toMatchObject({ id: 'rnn', kind: 'gru', name: 'My cell', inputs: ['a'], params: { units: 5 } })
    expect([gru.nodes[0], gru.nodes[2]]).toEqual([net.nodes[0], net.nodes[2]])
    expect(edit.replaceKind(gru, 'rnn', 'gru')).toEqual(gru)
    const named = { nodes: [{ ...net.nodes[0]!, name: 'Dense 3' }, ...net.nodes.slice(1)] }
    const pooled = edit.replaceKind(named, 'a', 'maxPool').nodes[0]!
    expect([pooled.name, 'units' in (pooled as { params: object }).params]).toEqual(['Max pool 3', false])
    // What comes of it is a network that can be read.
    expect(readExperiment({ ...of(), network: gru }).problems).toEqual([])
  })
  it('sets one parameter of several layers at once, and leaves out those that have none of that name', () => {
    const net = of(dense('a'), { id: 'f', kind: 'flatten' }, dense('c')).network
    const wide = edit.setParamOf(net, ['a', 'f', 'c'], 'units', 99)
    expect(wide.nodes.map((n) => ('params' in n ? n.params['units'] : 0))).toEqual([99, undefined, 99])
  })
  it('refuses a connection that is no longer there', () => {
    expect(why(edit.insertOnWire(chain(), { scope: '', source: 'a', target: 'c', index: 0 }, relu()))).toMatch(
      /no longer/
    )
    expect(why(edit.insertOnWire(chain(), { scope: 'nowhere', source: 'a', index: 0 }, relu()))).toMatch(/no longer/)
  })
  it('deletes and rewires the readers', () => {
    expect(text(edit.removeNodes(chain(), ['b', 'c']))).toBe('a(input) d(a)')
    expect(edit.removeNodes(chain(), ['b'])).toMatchObject({ select: ['c'] })
    expect(edit.removeNodes(chain(), ['d'])).toMatchObject({ select: ['c'] })
  })
  it('drops a sum that has one summand left', () => {
    const net = after(edit.connect(chain(), 'a', 'd'))
    expect(text({ network: net, select: [] })).toBe('a(input) b(a) c(b) add(c,a) d(add)')
    expect(text(edit.removeNodes(net, ['b', 'c']))).toBe('a(input) d(a)')
    expect(text(edit.disconnect(net, { scope: '', source: 'a', target: 'add', index: 1 }))).toBe(
      'a(input) b(a) c(b) d(c)'
    )
  })
  it('draws a skip: a sum before a layer that reads one, another summand into a sum', () => {
    const once = after(edit.connect(chain(), 'input', 'c'))
    expect(text({ network: once, select: [] })).toBe('a(input) b(a) add(b,input) c(add) d(c)')
    expect(text(edit.connect(once, 'a', 'add'))).toBe('a(input) b(a) add(b,input,a) c(add) d(c)')
    expect(text(edit.connect(chain(), 'b', undefined))).toBe('a(input) b(a) c(b) d(c) add(d,b)')
  })
  it('refuses loops, repeats and layers that read themselves', () => {
    expect(why(edit.connect(chain(), 'd', 'b'))).toMatch(/loop/)
    expect(why(edit.connect(chain(), 'b', 'b'))).toMatch(/itself/)
    expect(why(edit.connect(chain(), 'b', 'c'))).toMatch(/connected already/)
    expect(why(edit.connect(chain(), 'd', undefined))).toMatch(/connected already/)
  })
  it('refuses to cut what a layer cannot do without', () => {
    expect(why(edit.disconnect(chain(), { scope: '', source: 'a', target: 'b', index: 0 }))).toMatch(/read nothing/)
  })
  it('reorders along the chain', () => {
    expect(text(edit.moveBy(chain(), 'b', 1))).toBe('a(input) c(a) b(c) d(b)')
    expect(text(edit.moveBy(chain(), 'b', -1))).toBe('b(input) a(b) c(a) d(c)')
    expect(text(edit.moveBy(chain(), 'c', 1))).toBe('a(input) b(a) d(b) c(d)')
    expect(text(edit.moveBy(chain(), 'a', -1))).toBe('a(input) b(a) c(b) d(c)')
    expect(text(edit.moveNode(chain(), 'a', { scope: '', source: 'd', index: 0 }))).toBe('b(input) c(b) d(c) a(d)')
  })
  it('duplicates a layer, a stretch with its skip, and a block', () => {
    expect(text(edit.duplicate(chain(), ['b']))).toBe('a(input) b(a) b1(b) c(b1) d(c)')
    const skip = after(edit.connect(chain(), 'a', 'd'))
    expect(text(edit.duplicate(skip, ['b', 'c', 'add']))).toBe(
      'a(input) b(a) c(b) add(c,a) b1(add) c1(b1) add1(c1,add) d(add1)'
    )
    const block = after(edit.wrapInBlock(chain(), ['b'], 5))
    expect(text(edit.duplicate(block, ['block1']))).toBe(
      'a(input) block1(a)×5[b(input)] block2(block1)×5[b(input)] c(block2) d(c)'
    )
  })
  it('wraps a stretch into a block and unwraps it to as many layers', () => {
    const wrapped = after(edit.wrapInBlock(chain(), ['c', 'b'], 3))
    expect(text({ network: wrapped, select: [] })).toBe('a(input) block1(a)×3[b(input) c(b)] d(block1)')
    expect(text(edit.unwrap(wrapped, 'block1'))).toBe('a(input) b1(a) c1(b1) b2(c1) c2(b2) b3(c2) c3(b3) d(c3)')
    expect(text(edit.unwrap(wrapped, 'block1', 1))).toBe('a(input) b1(a) c1(b1) d(c1)')
    const before = planNetwork(wrapped, [8])
    expect(planNetwork(after(edit.unwrap(wrapped, 'block1')), [8]).paramCount).toBe(before.paramCount)
  })
  it('says why a selection is not one piece', () => {
    expect(why(edit.wrapInBlock(chain(), ['a', 'c']))).toMatch(/more than one way/)
    const skip = after(edit.connect(chain(), 'a', 'd'))
    expect(why(edit.wrapInBlock(skip, ['c', 'add']))).toMatch(/more than one way/)
  })
  it('edits inside blocks, and a block whose last layer goes disappears', () => {
    const net = after(edit.wrapInBlock(chain(), ['b', 'c'], 3))
    const inside = after(
      edit.insertOnWire(net, { scope: 'block1', source: 'b', target: 'c', index: 0 }, edit.makeNode('dense'))
    )
    expect(text({ network: inside, select: [] })).toBe('a(input) block1(a)×3[b(input) dense(b) c(dense)] d(block1)')
    expect(text(edit.removeNodes(net, ['block1/b', 'block1/c']))).toBe('a(input) d(a)')
    expect(text(edit.moveNode(net, 'd', { scope: 'block1', source: 'c', index: 0 }))).toBe(
      'a(input) block1(a)×3[b(input) c(b) d(c)]'
    )
    expect(text(edit.moveNode(net, 'block1/b', { scope: '', source: 'input', target: 'a', index: 0 }))).toBe(
      'b(input) a(b) block1(a)×3[c(input)] d(block1)'
    )
    // A skip into a block is one to the block as a whole.
    expect(text(edit.connect(net, 'input', 'block1/c'))).toBe(
      'a(input) add(a,input) block1(add)×3[b(input) c(b)] d(block1)'
    )
  })
  it('does not nest blocks deeper than a file may', () => {
    let net = chain()
    let path = 'b'
    let r: edit.EditResult = { network: net, select: [] }
    for (let i = 0; i < 4; i++) {
      r = edit.wrapInBlock(net, [path])
      net = after(r)
      path = `${(r as edit.Edited).select[0]}/b`
    }
    expect(why(edit.wrapInBlock(net, [path]))).toMatch(/nested 4/)
    expect(readExperiment({ network: net }).problems).toEqual([])
  })
  it('forgets positions of what is gone, and keeps the others', () => {
    const net: Network = { ...chain(), layout: { b: { x: 1, y: 2 }, d: { x: 3, y: 4 } } }
    expect(after(edit.removeNodes(net, ['b'])).layout).toEqual({ d: { x: 3, y: 4 } })
    expect(after(edit.wrapInBlock(net, ['d'])).layout).toEqual({ b: { x: 1, y: 2 } })
  })

  it('never makes a network that a file could not hold, whatever the order of edits', () => {
    const step = fc.record({ what: fc.integer({ min: 0, max: 8 }), a: fc.nat(1000), b: fc.nat(1000) })
    fc.assert(
      fc.property(fc.array(step, { maxLength: 25 }), (steps) => {
        let net = chain()
        for (const { what, a, b } of steps) {
          const paths = [...eachNode(net.nodes)].map((e) => e.path)
          const scopes = ['', ...paths.filter((p) => isBlock(edit.nodeAt(net, p)!))]
          const wires = scopes.flatMap((s) => edit.wiresOf(net, s))
          const wire = wires[a % wires.length]!
          const p = paths[a % Math.max(1, paths.length)] ?? 'a'
          const q = paths[b % Math.max(1, paths.length)]
          const r = [
            () => edit.insertOnWire(net, wire, edit.makeNode(['dense', 'add', 'repeat', 'activation'][b % 4]!)),
            () => edit.removeNodes(net, [p]),
            () => edit.connect(net, p, b % 5 ? q : undefined),
            () => edit.moveNode(net, q ?? 'a', wire),
            () => edit.moveBy(net, p, b % 2 ? 1 : -1),
            () => edit.duplicate(net, [p]),
            () => edit.wrapInBlock(net, q && q !== p ? [p, q] : [p], 1 + (b % 3)),
            () => edit.unwrap(net, p),
            () => edit.disconnect(net, wire)
          ][what]!()
          if (edit.isError(r)) continue
          // Unrolling nested blocks again and again grows without end.
          if ([...eachNode(r.network.nodes)].length > 60) break
          net = r.network
          const { problems } = readExperiment({ network: net })
          expect(problems).toEqual([])
          for (const s of r.select) expect(edit.nodeAt(net, s), s).toBeDefined()
          const wrong = planNetwork(net, [8]).problems.filter((x) =>
            /loop|does not exist|exactly one|inputs, needs/.test(x.message.en)
          )
          expect(wrong).toEqual([])
        }
      }),
      { numRuns: 300, seed: 11 }
    )
  })
})
