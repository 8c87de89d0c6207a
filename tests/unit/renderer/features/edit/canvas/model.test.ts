import { describe, expect, it } from 'vitest'
import { datasets } from '@shared/catalog/datasets'
import * as edit from '@shared/experiment/edit'
import { parseExperiment } from '@shared/experiment/parse'
import { planExperiment, planNetwork } from '@shared/experiment/plan'
import { effectiveExperiment } from '@shared/experiment/effective'
import { templates } from '@shared/clinic/templates'
import { vanishingExperiment } from '@shared/clinic/templates/parts/opening'
import type { Experiment } from '@shared/experiment/types'
import { lanesOf, SIZE, zoomFor, type Room } from '@/features/edit/canvas/layout'
import { canvasModel, type CanvasModel } from '@/features/edit/canvas/model'
import { neighbour, ownWire, wireBeside } from '@/features/edit/canvas/wires'
import { absolute, boundsOf, defaultWire, insertKind, nearestEdge } from '@/features/edit/canvas/place'
import { rounded, turned } from '@/features/edit/canvas/route'
import { mapScale, onMap, viewOnMap, viewportAt } from '@/features/edit/canvas/overview'

const infoOf = (e: Experiment) => {
  const { id, ...params } = e.data.dataset
  return datasets.get(id).describe(params, { seed: e.seed })
}
function model(e: Experiment, remedies: string[] = []): CanvasModel {
  const info = infoOf(e)
  const { experiment } = effectiveExperiment(parseExperiment({ ...e, remedies }), info)
  const plan = planExperiment(experiment, info)
  return canvasModel({ network: experiment.network, plan, base: e.network, problems: plan.problems })
}
const overlaps = (m: CanvasModel): string[] => {
  const at = [...absolute(m).values()]
  const out: string[] = []
  for (const a of at)
    for (const b of at)
      if (
        a.node.id < b.node.id &&
        a.node.parent === b.node.parent &&
        a.x < b.x + b.w &&
        b.x < a.x + a.w &&
        a.y < b.y + b.h &&
        b.y < a.y + a.h
      )
        out.push(`${a.node.id} / ${b.node.id}`)
  return out
}
const dense = (id: string, units = 8, inputs?: string[]): unknown => ({
  id,
  kind: 'dense',
  params: { units },
  ...(inputs && { inputs })
})

describe('the picture of a network', () => {
  it('lays every ready experiment out without overlaps, ports of a row in one line', () => {
    for (const t of templates) {
      const m = model(t.make())
      expect(overlaps(m), t.id).toEqual([])
      const at = absolute(m)
      const lines = m.edges
        .filter((e) => !e.rise && e.wire.scope === '')
        .map((e) => [at.get(e.source)!, at.get(e.target)!].map((n) => Math.round(n.y + n.node.mid)))
      for (const [a, b] of lines) expect(a, t.id).toBe(b)
    }
  })
  it('keeps layers inside their block, and the block as high as they need', () => {
    const m = model(vanishingExperiment(), ['residual', 'batchNorm'])
    const block = m.nodes.find((n) => n.type === 'block')!
    for (const n of m.nodes.filter((x) => x.parent === block.id)) {
      expect(n.x).toBeGreaterThanOrEqual(SIZE.pad)
      expect(n.x + n.w).toBeLessThanOrEqual(block.w - SIZE.pad)
      expect(n.y).toBeGreaterThanOrEqual(SIZE.head)
      expect(n.y + n.h).toBeLessThanOrEqual(block.h - SIZE.foot)
    }
    expect(overlaps(m)).toEqual([])
  })
  it('goes on in further rows when long: 200 layers are about twice as wide as high', () => {
    const nodes = Array.from({ length: 200 }, (_, i) => dense(`d${i}`))
    const network = parseExperiment({ network: { nodes } }).network
    const m = canvasModel({ network, plan: planNetwork(network, [8]), base: network, problems: [] })
    const at = [...absolute(m).values()]
    const ratio = Math.max(...at.map((n) => n.x + n.w)) / Math.max(...at.map((n) => n.y + n.h))
    expect(ratio).toBeGreaterThan(1.2)
    expect(ratio).toBeLessThan(4)
    expect(overlaps(m)).toEqual([])
  })
  it('keeps 12 layers legible in the canvas of a usual window: at full size, in rows', () => {
    const network = parseExperiment({
      network: { nodes: Array.from({ length: 12 }, (_, i) => dense(`d${i}`)) }
    }).network
    const of = (room?: Room) =>
      canvasModel({ network, plan: planNetwork(network, [8]), base: network, problems: [], ...(room && { room }) })
    for (const room of [
      { w: 880, h: 400 },
      { w: 1320, h: 500 },
      { w: 640, h: 900 }
    ]) {
      const m = of(room)
      expect(zoomFor(boundsOf(absolute(m).values()), room), `${room.w} × ${room.h}`).toBe(1)
      expect(overlaps(m)).toEqual([])
    }
    expect(of({ w: 880, h: 400 }).low).toBe(true)
    expect(of({ w: 1320, h: 500 }).low).toBe(false)
    expect(of({ w: 1900, h: 400 }).edges.some((e) => e.turn)).toBe(false)
  })
  it('takes connections to the next row through the gap between, also where a layer is dropped on them', () => {
    const network = parseExperiment({
      network: { nodes: Array.from({ length: 12 }, (_, i) => dense(`d${i}`)) }
    }).network
    const skip = (edit.connect(network, 'd1', 'd10') as edit.Edited).network
    const m = canvasModel({
      network: skip,
      plan: planNetwork(skip, [8]),
      base: skip,
      problems: [],
      room: { w: 880, h: 400 }
    })
    const at = absolute(m)
    const turnedEdges = m.edges.filter((e) => e.turn)
    expect(turnedEdges.length).toBeGreaterThan(2)
    for (const e of turnedEdges) {
      const [s, t] = [at.get(e.source)!, at.get(e.target)!]
      const [from, to] = [
        { x: s.x + s.w, y: s.y + s.node.mid },
        e.targetHandle === 'top' ? { x: t.x + t.w / 2, y: t.y } : { x: t.x, y: t.y + t.node.mid }
      ]
      const way = turned(e, from, to)!
      // Straight pieces that pass no layer.
      way.slice(1).forEach((b, i) => {
        const a = way[i]!
        expect(a.x === b.x || a.y === b.y).toBe(true)
        const middle = { x: (a.x + b.x) / 2, y: (a.y + b.y) / 2 }
        for (const n of at.values())
          expect(
            middle.x > n.x && middle.x < n.x + n.w && middle.y > n.y && middle.y < n.y + n.h,
            `${e.id} through ${n.node.id}`
          ).toBe(false)
      })
      const across = { x: (from.x + to.x) / 2, y: e.turn!.above }
      if (!e.rise) expect(nearestEdge(m, across)).toBe(e.id)
      expect(rounded(way, 12)).toMatch(/^M[\d.-]+ [\d.-]+(L[\d.-]+ [\d.-]+(Q[\d.-]+ [\d.-]+ [\d.-]+ [\d.-]+)?)+$/)
    }
    // A layer that the person put somewhere has no row.
    const moved = { ...network, layout: { d4: { x: 0, y: 500 } } }
    const free = canvasModel({ network: moved, plan: planNetwork(network, [8]), base: moved, problems: [] })
    expect(free.edges.filter((e) => e.source === 'd4' || e.target === 'd4').some((e) => e.turn)).toBe(false)
  })
  it('draws one edge per connection, the loss and the ends of blocks included', () => {
    const m = model(vanishingExperiment())
    expect(m.edges.map((e) => `${e.source}>${e.target}`)).toEqual(
      expect.arrayContaining([
        '@data>dense1',
        'dense1>hidden',
        'hidden>output',
        'output>@loss',
        'hidden>hidden/dense',
        'hidden/dense>hidden'
      ])
    )
    expect(m.edges).toHaveLength(6)
    expect(new Set(m.edges.map((e) => e.id)).size).toBe(6)
  })
  it('lifts skips over what they pass, longer ones higher', () => {
    expect(
      lanesOf([
        { key: 'long', from: 0, to: 9 },
        { key: 'short', from: 2, to: 4 },
        { key: 'beside', from: 4, to: 6 }
      ])
    ).toEqual(
      new Map([
        ['short', 0],
        ['beside', 0],
        ['long', 1]
      ])
    )
    let net = parseExperiment({ network: { nodes: ['a', 'b', 'c', 'd'].map((id) => dense(id)) } }).network
    for (const [s, t] of [
      ['a', 'd'],
      ['b', 'd']
    ] as const)
      net = (edit.connect(net, s, t) as edit.Edited).network
    const m = canvasModel({ network: net, plan: planNetwork(net, [8]), base: net, problems: [] })
    const rises = m.edges.filter((e) => e.rise).map((e) => e.rise)
    expect(rises.length).toBeGreaterThanOrEqual(2)
    expect(Math.min(...rises)).toBeGreaterThan(SIZE.layer.h / 2)
    expect(new Set(rises).size).toBe(rises.length)
  })
  it('draws a closed block without what is in it, smaller, its problems on itself', () => {
    const e = vanishingExperiment()
    const plan = planExperiment(e, infoOf(e))
    const problems = [{ path: 'x', node: 'hidden/dense', message: { en: 'x', zh: 'x' } }]
    const of = (closed?: Set<string>): CanvasModel =>
      canvasModel({ network: e.network, plan, base: e.network, problems, ...(closed && { closed }) })
    const block = (m: CanvasModel) => m.nodes.find((n) => n.id === 'hidden')!
    const [open, closed] = [of(), of(new Set(['hidden']))]
    expect(closed.nodes.some((n) => n.parent === 'hidden')).toBe(false)
    expect(closed.edges.map((x) => x.id).sort()).toEqual(
      open.edges
        .filter((x) => x.wire.scope === '')
        .map((x) => x.id)
        .sort()
    )
    expect(block(closed).h).toBeLessThan(block(open).h)
    expect(block(open).problems).toEqual([])
    expect(block(closed).problems).toEqual(problems)
  })
  it('has its connections in one order, from the data to the loss, into the block and out', () => {
    const m = model(vanishingExperiment())
    const ids = [
      ':input>dense1.0',
      ':dense1>hidden.0',
      'hidden:input>dense.0',
      'hidden:dense>.0',
      ':hidden>output.0',
      ':output>.0'
    ]
    const seen = [wireBeside(m, null, null, 1)!]
    for (let i = 0; i < ids.length; i++) seen.push(wireBeside(m, seen[i]!, null, 1)!)
    expect(seen).toEqual([...ids, ids[0]])
    expect(wireBeside(m, ids[0]!, null, -1)).toBe(ids[5])
    expect(wireBeside(m, null, 'hidden/dense', 1)).toBe('hidden:dense>.0')
    expect(wireBeside(m, null, 'output', -1)).toBe(':hidden>output.0')
    expect(wireBeside({ nodes: [], edges: [], low: false }, null, null, 1)).toBeUndefined()
  })
  it('marks what a remedy adds or changes, and what a preview would', () => {
    const e = vanishingExperiment()
    const m = model(e, ['batchNorm'])
    const added = m.nodes.filter((n) => n.mark === 'added')
    expect(added.length).toBeGreaterThanOrEqual(4)
    expect(added.every((n) => n.foreign)).toBe(true)
    expect(m.nodes.find((n) => n.id === 'hidden/dense')).toMatchObject({ mark: 'changed', foreign: false })
    expect(m.nodes.find((n) => n.id === 'output')!.mark).toBeUndefined()

    const info = infoOf(e)
    const after = effectiveExperiment(parseExperiment({ ...e, remedies: ['residual'] }), info).experiment
    const preview = canvasModel({
      network: after.network,
      plan: planExperiment(after, info),
      base: e.network,
      before: e.network,
      problems: []
    })
    expect(preview.nodes.filter((n) => n.mark === 'preview').map((n) => n.type)).toEqual(['sum', 'sum'])
    expect(preview.edges.some((x) => x.mark === 'preview' && x.rise > 0)).toBe(true)
  })
  it('puts problems on the node that has them', () => {
    const e = parseExperiment({
      data: { dataset: { id: 'randomPairs' } },
      network: { nodes: [dense('a', 7), dense('b', 3)] }
    })
    const m = model(e)
    expect(m.nodes.find((n) => n.id === 'b')!.problems[0]!.message.en).toMatch(/units to 10/)
    expect(m.nodes.find((n) => n.id === 'a')!.problems).toEqual([])
  })
  it('shows a loss that does not suit the task on the loss', () => {
    const e = parseExperiment({
      data: { dataset: 'diabetes' },
      network: { nodes: [dense('a', 1)] },
      training: { loss: 'softmaxCrossEntropy' }
    })
    expect(model(e).nodes.find((n) => n.id === '@loss')!.problems).toHaveLength(1)
  })
})

describe('edits of what is shown are edits of the experiment itself', () => {
  it('finds the own connection behind one that a remedy split', () => {
    const e = vanishingExperiment()
    const info = infoOf(e)
    const shown = effectiveExperiment(parseExperiment({ ...e, remedies: ['batchNorm'] }), info).experiment.network
    const [norm] = shown.nodes.filter((n) => n.kind === 'batchNorm')
    const behind = shown.nodes.find((n) => n.inputs.includes(norm!.id))!
    expect(ownWire(shown, e.network, { scope: '', source: norm!.id, target: behind.id, index: 0 })).toEqual({
      scope: '',
      source: 'dense1',
      target: 'hidden',
      index: 0
    })
    expect(ownWire(shown, e.network, { scope: '', source: 'output', index: 0 })).toEqual({
      scope: '',
      source: 'output',
      index: 0
    })
    expect(ownWire(shown, e.network, { scope: 'elsewhere', source: 'input', index: 0 })).toBeUndefined()
    for (const scope of ['', 'hidden'])
      for (const w of edit.wiresOf(shown, scope)) {
        const own = ownWire(shown, e.network, w)
        expect(own && edit.isError(edit.insertOnWire(e.network, own, edit.makeNode('dense')))).toBe(false)
      }
  })
})

describe('where a new layer goes', () => {
  const e = vanishingExperiment()
  const info = infoOf(e)
  const plan = planExperiment(e, info)
  const problemsAfter = (r: edit.EditResult): string[] => {
    if (edit.isError(r)) return [r.error.en]
    return planExperiment({ ...e, network: r.network }, info)
      .problems.filter((p) => p.severity !== 'warning')
      .map((p) => p.message.en)
  }
  it('is behind the selected layer, else before the output', () => {
    expect(defaultWire(e.network, 'dense1')).toMatchObject({ source: 'dense1', target: 'hidden' })
    expect(defaultWire(e.network, 'hidden/dense')).toEqual({ scope: 'hidden', source: 'dense', index: 0 })
    expect(defaultWire(e.network, null)).toMatchObject({ source: 'hidden', target: 'output' })
    expect(defaultWire(e.network, '@data')).toMatchObject({ source: 'input', target: 'dense1' })
    expect(defaultWire(e.network, '@loss')).toEqual({ scope: '', source: 'output', index: 0 })
    expect(defaultWire({ nodes: [] }, null)).toMatchObject({ source: 'input' })
  })
  it('keeps the network sound on every connection, for every kind that keeps shapes', () => {
    for (const kind of ['dense', 'repeat', 'batchNorm', 'layerNorm', 'activation', 'dropout', 'add'])
      for (const scope of ['', 'hidden'])
        for (const w of edit.wiresOf(e.network, scope)) {
          // A sum needs something as wide upstream.
          if (kind === 'add' && (w.source === 'input' || w.source === 'output')) continue
          // Behind the output a norm or activation is a choice, a block of equal layers is not.
          if (kind === 'repeat' && w.target === undefined && !scope) continue
          expect(
            problemsAfter(insertKind(e.network, plan, info, w, kind)),
            `${kind} on ${scope}:${w.source}>${w.target}`
          ).toEqual([])
        }
  })
  it('takes the style of its neighbours', () => {
    const r = insertKind(
      e.network,
      plan,
      info,
      { scope: '', source: 'dense1', target: 'hidden', index: 0 },
      'dense'
    ) as edit.Edited
    expect(edit.nodeAt(r.network, r.select[0]!)).toMatchObject({
      params: { units: 64, activation: { id: 'sigmoid' }, initializer: { id: 'glorotUniform' } }
    })
  })
  it('is the connection nearest to the pointer; inside a block only the block’s own', () => {
    const m = model(e)
    const at = absolute(m)
    const inside = at.get('hidden/dense')!
    expect(nearestEdge(m, { x: inside.x - 6, y: inside.y + inside.h / 2 })).toMatch(/^hidden:input>dense/)
    const out = at.get('output')!
    expect(nearestEdge(m, { x: out.x - 10, y: out.y + out.h / 2 })).toBe(':hidden>output.0')
    expect(nearestEdge(m, { x: 1e5, y: 0 })).toBe(':output>.0')
    expect(nearestEdge(m, { x: 1e5, y: 0 }, { within: 40 })).toBeUndefined()
    expect(nearestEdge(m, { x: out.x - 10, y: out.y + out.h / 2 }, { but: 'output' })).not.toMatch(/output/)
  })
  it('walks along the chain with the arrow keys, into blocks and out', () => {
    const seen = ['@data']
    for (let i = 0; i < 5; i++) seen.push(neighbour(e.network, seen[seen.length - 1]!, 1))
    expect(seen).toEqual(['@data', 'dense1', 'hidden', 'hidden/dense', 'output', '@loss'])
    const back = ['@loss']
    for (let i = 0; i < 5; i++) back.push(neighbour(e.network, back[back.length - 1]!, -1))
    expect(back).toEqual(['@loss', 'output', 'hidden/dense', 'hidden', 'dense1', '@data'])
  })
})

describe('the overview', () => {
  const FRAME = { w: 160, h: 96 }
  it('holds the whole network, and shows a long one as a strip that has colours to see', () => {
    for (const n of [
      { x: -20, y: 40, w: 900, h: 500 },
      { x: 0, y: 0, w: 40_000, h: 120 },
      { x: 5, y: -3000, w: 180, h: 3200 }
    ]) {
      const r = onMap(n, mapScale(n, FRAME))
      expect(r.x).toBeGreaterThanOrEqual(7.99)
      expect(r.y).toBeGreaterThanOrEqual(7.99)
      expect(r.x + r.w).toBeLessThanOrEqual(152.01)
      expect(r.y + r.h).toBeLessThanOrEqual(88.01)
      expect(r.h).toBeGreaterThanOrEqual(19.99)
    }
    const s = mapScale({ x: 0, y: 0, w: 900, h: 500 }, FRAME)
    expect(s.across).toBe(s.down)
  })
  it('frames what is in view, brings what is pressed into the middle, and never loses the frame', () => {
    const network = { x: 0, y: 0, w: 2000, h: 300 }
    const s = mapScale(network, FRAME)
    const size = { w: 800, h: 400 }
    const viewport = { x: -300, y: 50, zoom: 0.5 }
    const r = viewOnMap(viewport, size, s, FRAME)
    const expected = onMap({ x: 600, y: -100, w: 1600, h: 800 }, s)
    for (const k of ['x', 'y', 'w', 'h'] as const) expect(r[k]).toBeCloseTo(expected[k])
    const v = viewportAt({ x: r.x + r.w / 2, y: r.y + r.h / 2 }, 0.5, size, s)
    expect(v.x).toBeCloseTo(viewport.x)
    expect(v.y).toBeCloseTo(viewport.y)
    for (const far of [
      { x: 1e6, y: -1e6, zoom: 1 },
      { x: -1e6, y: 1e6, zoom: 0.1 }
    ]) {
      const f = viewOnMap(far, size, s, FRAME)
      expect(f.x + f.w).toBeGreaterThan(0)
      expect(f.y + f.h).toBeGreaterThan(0)
      expect(f.x).toBeLessThan(FRAME.w)
      expect(f.y).toBeLessThan(FRAME.h)
    }
  })
})
