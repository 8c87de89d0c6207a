import { parseExperiment, planNetwork, type PlanLayer } from '@shared/experiment'
import { lookup } from '@shared/experiment/lookup'
import { parseSpec } from '@shared/base/params'
import { remedies } from '@shared/clinic/remedies'
import { framesCsv } from '@shared/run/csv'
import { FrameTable } from '@shared/run/frameTable'
import { RunHistory } from '@shared/run/history'
import { mainPath, nextTowardsLoss } from '@shared/run/path'
import type { RunSchema } from '@shared/run/types'
import { describe, expect, it } from 'vitest'
import { Measurement } from '../../../../src/trainer/measure'
import { makeView } from '../clinic/rules/view'
import { currentProfile } from '@shared/clinic/rules/parts/profile'

const info = { inputShape: [4], targetShape: [1], task: 'regression' as const, count: 100 }
const dense = (id: string, units: number, more: object = {}): object => ({
  id,
  kind: 'dense',
  params: { units },
  ...more
})
const plan = (nodes: object[], remedy?: string, params: object = {}): PlanLayer[] => {
  const experiment = parseExperiment({
    data: { dataset: { id: 'randomPairs', count: 100, inputs: 4, outputs: 1 } },
    network: { nodes: [...nodes, dense('out', 1)] }
  })
  if (!remedy) return planNetwork(experiment.network, info.inputShape).layers
  const { id: _, ...p } = parseSpec('remedies', { id: remedy, ...params }, '', [], lookup)
  return planNetwork(remedies.get(remedy).apply!(experiment, p, info).network, info.inputShape).layers
}
/** `layer>neighbour`, for layers with a kernel, or all. */
const neighbours = (layers: PlanLayer[], all = false): string[] =>
  layers.filter((l) => all || l.main).map((l) => `${l.id}>${nextTowardsLoss(layers, l, () => true)?.id ?? ''}`)
const ids = (layers: readonly PlanLayer[]): string[] => layers.map((l) => l.id)

describe('the way to the loss', () => {
  const chain = [dense('a', 8), { id: 'act', kind: 'activation' }, dense('b', 8), dense('c', 8)]
  it('in a plain chain is the order of the layers', () => {
    const layers = plan(chain)
    expect(mainPath(layers)).toEqual(layers)
    expect(neighbours(layers)).toEqual(['a>b', 'b>c', 'c>out', 'out>'])
    expect(neighbours(layers, true)).toEqual(['a>b', 'act>b', 'b>c', 'c>out', 'out>'])
  })
  it.each(['inside', 'post', 'pre'])('passes identity shortcuts by, whatever the order of activation (%s)', (order) => {
    const layers = plan([dense('a', 8), dense('b', 8), dense('c', 8)], 'residual', { order })
    expect(neighbours(layers)).toEqual(['a>b', 'b>c', 'c>out', 'out>'])
    // As in a chain, what comes next is each layer's neighbour; for one with a kernel what comes next with one.
    expect(neighbours(layers, true)).toEqual(
      layers.map((l, i) => `${l.id}>${layers.slice(i + 1).find((n) => n.main || !l.main)?.id ?? ''}`)
    )
    expect(mainPath(layers)).toEqual(layers)
  })
  it.each(['inside', 'post', 'pre'])('leaves projections in shortcuts out (%s)', (order) => {
    const layers = plan([dense('a', 8), dense('b', 6)], 'residual', { order, shortcut: 'projection' })
    expect(ids(layers)).toContain('b-shortcut')
    expect(neighbours(layers).sort()).toEqual(['a-shortcut>', 'a>b', 'b-shortcut>', 'b>out', 'out>'])
    expect(ids(mainPath(layers).filter((l) => l.main))).toEqual(['a', 'b', 'out'])
  })
  it('goes from parallel branches to what reads them together, and from a fork down the longer', () => {
    const sides = [
      dense('first', 8),
      dense('left', 8, { inputs: ['first'] }),
      dense('right', 8, { inputs: ['first'] }),
      dense('right2', 8, { inputs: ['right'] })
    ]
    const layers = plan([...sides, { id: 'both', kind: 'concatenate', inputs: ['left', 'right2'] }])
    expect(neighbours(layers)).toEqual(['first>right', 'left>out', 'right>right2', 'right2>out', 'out>'])
    expect(ids(mainPath(layers))).toEqual(['first', 'right', 'right2', 'both', 'out'])
  })
  it('finds the branch of a sum whichever way round it is read', () => {
    const layers = plan([dense('a', 8), dense('b', 8), { id: 'sum', kind: 'add', inputs: ['a', 'b'] }, dense('c', 8)])
    expect(neighbours(layers)).toEqual(['a>b', 'b>c', 'c>out', 'out>'])
  })
})

describe('the gain', () => {
  const gains = (layers: PlanLayer[]): Measurement => new Measurement(layers, () => new Set(['activationGradient']))
  it('is recorded between neighbours, not between a branch and its shortcut', () => {
    const layers = plan([dense('a', 8), dense('b', 6)], 'residual', { shortcut: 'projection' })
    const m = gains(layers)
    const columns = m.columns.filter((c) => c.statistic === 'gain').map((c) => layers[c.layer]!.id)
    expect(columns).not.toContain('a-shortcut')
    const rms = m.columns.filter((c) => c.statistic === 'activationGradientRms')
    // Layer i has the gradient 2ⁱ.
    const computed = new Float32Array(m.count)
    const order = m.columns.filter((c) => c.statistic !== 'gain')
    rms.forEach((c) => (computed[order.indexOf(c)] = 2 ** c.layer))
    const frame = m.frame(computed, 0)
    const at = (id: string): number => layers.find((l) => l.id === id)!.index
    const gain = (id: string): number =>
      frame[m.columns.findIndex((c) => c.layer === at(id) && c.statistic === 'gain')]!
    expect(gain('a')).toBe(2 ** (at('a') - at('b')))
    expect(gain('b')).toBe(2 ** (at('b') - at('out')))
  })
  it('of nothing over nothing is not there: not in the table, the rules’ view or the CSV', () => {
    const layers = plan([dense('a', 8)])
    const m = gains(layers)
    const schema = {
      columns: m.columns,
      scalars: ['loss'],
      layers: layers.map((l) => ({ index: l.index, id: l.id, kind: l.kind.id, main: l.main, inputs: l.inputs }))
    } as unknown as RunSchema
    const values = m.frame(new Float32Array(m.count), 0)
    const table = new FrameTable(schema, { steps: Int32Array.of(0), values, scalars: Float32Array.of(1) })
    const history = new RunHistory(schema, 0.1)
    history.append(0, values, Float32Array.of(1))
    expect(table.value(0, table.column(0, 'gain'))).toBeUndefined()
    expect(history.value(0, 0, 'gain')).toBeUndefined()
    expect(table.value(0, table.column(0, 'activationGradientRms'))).toBe(0)
    // As it is kept and sent.
    const again = new FrameTable(schema, structuredClone(table.toBatch()))
    expect(again.value(0, again.column(0, 'gain'))).toBeUndefined()
    expect([...framesCsv(again, schema.layers, ['gain'])].join('')).toBe(
      'step,layer_index,layer_id,layer_kind,statistic,value\n0,0,a,dense,gain,\n'
    )
    // A measured NaN is one.
    const broken = m.frame(new Float32Array(m.count).fill(NaN), 0)
    const other = new FrameTable(schema, { steps: Int32Array.of(0), values: broken, scalars: Float32Array.of(1) })
    expect(other.value(0, other.column(0, 'gain'))).toBeNaN()
  })
})

it('the rules’ profile leaves a shortcut’s gradient out', () => {
  const { view, frame } = makeView([
    { id: 'a', inputs: ['input'] },
    { id: 'shortcut', inputs: ['a'], activation: 'linear' },
    { id: 'b', inputs: ['a'] },
    { id: 'sum', kind: 'add', main: false, inputs: ['b', 'shortcut'] },
    { id: 'c', inputs: ['sum'] },
    { id: 'out', inputs: ['c'] }
  ])
  for (let i = 0; i < 3; i++) frame({}, { activationGradientRms: [1, 50, 2, 3, 4, 5] })
  const profile = currentProfile(view)!
  expect(profile.layers.map((l) => l.id)).toEqual(['a', 'b', 'c'])
  expect(profile.steps).toBe(2)
})
