import { parseExperiment, planNetwork } from '@shared/experiment'
import { FrameTable } from '@shared/run/frameTable'
import { framesCsv } from '@shared/run/csv'
import { plain } from '@shared/catalog/statistics/parts/plain'
import { describe, expect, it } from 'vitest'
import { EagerEngine, GraphEngine, type Batch, type Engine } from '../../src/trainer/engine'
import { Model } from '../../src/trainer/model'
import { snapshot } from '../../src/trainer/snapshot'
import { loadTensorFlow } from '../../src/trainer/tensorflow'
import { apart, normals } from './support'

const tensorflow = loadTensorFlow()
const { tf } = tensorflow
const BATCH = 6
type Json = Record<string, unknown>

interface Net {
  model: Model
  batch: Batch
}
function netOf(
  kinds: [string, Json][],
  inputShape: number[],
  { outputs = 2, ids = 0, training = {} }: { outputs?: number; ids?: number; training?: Json } = {}
): Net {
  const nodes = kinds.map(([kind, params], i) => ({
    id: `${kind}${i}`,
    kind,
    params,
    ...(i && { inputs: [`${kinds[i - 1]![0]}${i - 1}`] })
  }))
  const experiment = parseExperiment({
    data: { dataset: { id: 'randomPairs', count: 20, inputs: 2, outputs } },
    network: { nodes },
    training: { loss: 'meanSquaredError', optimizer: { id: 'sgd', learningRate: 0.1 }, ...training }
  })
  const plan = planNetwork(experiment.network, inputShape)
  expect(plan.problems).toEqual([])
  const model = new Model(experiment, plan)
  model.prepare(tf)
  const size = (s: number[]): number => s.reduce((a, b) => a * b, 1)
  const x = normals(BATCH * size(inputShape), 'x').map((v) => (ids ? Math.floor(Math.abs(v) * 2) % ids : v))
  return { model, batch: { x, y: normals(BATCH * size(plan.outputShape!), 'y'), count: BATCH } }
}
const graphOf = ({ model, batch }: Net): GraphEngine => new GraphEngine(tensorflow, model, batch, BATCH)
const out: [string, Json] = ['dense', { units: 2, activation: 'linear' }]

/** Frames of some steps. */
function run(engine: Engine, { model, batch }: Net, steps: number): FrameTable {
  const table = new FrameTable({ columns: model.measurement.columns, scalars: [] })
  for (let step = 0; step < steps; step++) {
    const flat = engine.step(batch, step + 1, true)
    table.append({
      steps: Int32Array.of(step),
      values: model.measurement.frame(flat, model.head.length),
      scalars: new Float32Array(0)
    })
  }
  return table
}
const times = (table: FrameTable, layer: number, frame = 0): number[] =>
  table.timeColumns(layer, 'timeGradientRms').map((c) => table.value(frame, c)!)

const nets: Record<string, () => Net> = {
  simpleRnn: () => netOf([['simpleRnn', { units: 5 }], out], [12, 3]),
  'simpleRnn that may die': () => netOf([['simpleRnn', { units: 5, activation: 'relu', bias: false }], out], [12, 3]),
  lstm: () => netOf([['lstm', { units: 5 }], out], [12, 3]),
  'lstm of other gates': () => netOf([['lstm', { units: 5, recurrentActivation: 'hardSigmoid' }], out], [12, 3]),
  gru: () => netOf([['gru', { units: 5 }], out], [12, 3]),
  stacked: () =>
    netOf(
      [
        ['lstm', { units: 5, returnSequences: true }],
        ['gru', { units: 4, returnSequences: true }],
        ['simpleRnn', { units: 3 }],
        out
      ],
      [12, 3]
    ),
  'sequence to sequence': () =>
    netOf(
      [
        ['lstm', { units: 5, returnSequences: true }],
        ['gru', { units: 4, returnSequences: true, truncate: 5 }]
      ],
      [12, 3]
    ),
  symbols: () =>
    netOf([['embedding', { vocabulary: 7, units: 4 }], ['lstm', { units: 5, truncate: 4 }], out], [12], { ids: 7 }),
  'one step long': () => netOf([['simpleRnn', { units: 5 }], out], [1, 3])
}
describe.each(Object.entries(nets))('%s', (_name, make) => {
  it('recorded and replayed it does what it does op by op', () => {
    const net = make()
    const [graph, eager] = [graphOf(net), new EagerEngine(tf, net.model, { en: 'asked for', zh: '按要求' })]
    const [a, b] = [run(graph, net, 8), run(eager, net, 8)]
    net.model.measurement.columns.forEach((c, k) => {
      const column = (t: FrameTable): number[] => Array.from(t.steps, (_, i) => t.value(i, k)!)
      expect(apart(column(a), column(b)), `${c.layer} ${c.statistic} ${c.time}`).toBeLessThan(
        /Share/.test(c.statistic) ? 1 : 2e-3
      )
    })
    graph.read().forEach((v, i) => expect(apart(v, eager.read()[i]!), net.model.variables[i]!.name).toBeLessThan(1e-4))
    expect(apart(graph.predict(net.batch.x, BATCH), eager.predict(net.batch.x, BATCH))).toBeLessThan(1e-4)
    graph.dispose()
    eager.dispose()
  })
  it('ends with the same bits however much is recorded', () => {
    const net = make()
    const ends = [1, 3].map((every) => {
      const engine = graphOf(net)
      engine.rehearse(net.batch, every > 1)
      for (let t = 0; t < 9; t++) engine.step(net.batch, t + 1, t % every === 0)
      const bits = engine.read().map((v) => Buffer.from(v.buffer, v.byteOffset, v.byteLength).toString('base64'))
      engine.dispose()
      return bits
    })
    expect(ends[1]).toEqual(ends[0])
  })
  it('records of every time step the RMS of its state’s gradient', () => {
    const net = make()
    const engine = graphOf(net)
    const arrays = new Map(snapshot(tf, net.model, engine.read(), net.batch, 1).map((a) => [a.name, a]))
    const table = run(engine, net, 1)
    engine.dispose()
    const recurrent = net.model.plan.layers.filter((l) => l.kind.group === 'recurrent' && l.kind.id !== 'embedding')
    expect(recurrent.length).toBeGreaterThan(0)
    for (const l of recurrent) {
      const { data, shape } = arrays.get(`state_gradients/${l.id}`)!
      const length = l.inputShapes[0]![0]!
      expect(shape).toEqual([length, BATCH, l.params['units']])
      const per = data.length / length
      const got = times(table, l.index)
      expect(got).toHaveLength(length)
      got.forEach((v, t) => expect(v).toBeCloseTo(plain.rms(data.subarray(t * per, (t + 1) * per)), 6))
      // The last state has no successor: its gradient is that of the output at that time.
      const h = arrays.get(`activation_gradients/${l.id}`)!
      const width = l.params['units'] as number
      const end = Float32Array.from(
        { length: BATCH * width },
        (_, i) =>
          h.data[l.params['returnSequences'] ? (Math.floor(i / width) * length + length - 1) * width + (i % width) : i]!
      )
      expect(apart(data.subarray((length - 1) * per), end)).toBeLessThan(1e-6)
    }
  })
})

describe('the gradient through time', () => {
  // U = ρ·Q with an orthogonal Q scales every vector by ρ: what comes back over n steps is ρⁿ as large.
  it.each([0.9, 1, 1.1])('of a linear RNN with spectral radius %f is ρⁿ', (gain) => {
    const net = netOf(
      [['simpleRnn', { units: 16, activation: 'linear', recurrentInitializer: { id: 'orthogonal', gain } }], out],
      [101, 2]
    )
    const engine = graphOf(net)
    const t = times(run(engine, net, 1), 0)
    engine.dispose()
    const ratio = t[0]! / t[100]!
    expect(Math.abs(ratio / gain ** 100 - 1)).toBeLessThan(1e-3)
    // 2.7e-5, 1, 1.4e4
    expect(Math.abs(Math.log(ratio) - 100 * Math.log(gain))).toBeLessThan(1e-3)
  })
  it.each(['simpleRnn', 'lstm', 'gru'])('of a %s is exactly 0 beyond a cut, and as without one before it', (kind) => {
    const make = (truncate: number): number[] => {
      const net = netOf([[kind, { units: 5, truncate }], out], [20, 3])
      const engine = graphOf(net)
      const t = times(run(engine, net, 1), 0)
      engine.dispose()
      return t
    }
    const [whole, cut] = [make(0), make(6)]
    expect(whole.every((v) => v > 0)).toBe(true)
    expect(cut.slice(0, 14)).toEqual(new Array(14).fill(0))
    expect(cut.slice(14)).toEqual(whole.slice(14))
    expect(make(20)).toEqual(whole)
  })
  it('lives longer in an LSTM that remembers than in a simple RNN', () => {
    const share = (kind: string, more: Json): number => {
      const net = netOf([[kind, { units: 16, ...more }], out], [60, 2])
      const engine = graphOf(net)
      const t = times(run(engine, net, 1), 0)
      engine.dispose()
      return t[0]! / t[59]!
    }
    expect(share('lstm', { forgetBias: 5 })).toBeGreaterThan(1e-2)
    expect(share('simpleRnn', { recurrentInitializer: { id: 'orthogonal', gain: 0.5 } })).toBeLessThan(1e-10)
  })
  it('is written to frames.csv with the time of each value', () => {
    const net = netOf([['gru', { units: 3 }], out], [4, 2])
    const engine = graphOf(net)
    const table = run(engine, net, 2)
    engine.dispose()
    const layers = net.model.plan.layers.map((l) => ({ index: l.index, id: l.id, kind: l.kind.id }))
    const lines = [...framesCsv(table, layers as never)]
      .join('')
      .trim()
      .split('\n')
      .map((l) => l.split(','))
    expect(lines[0]).toEqual(['step', 'layer_index', 'layer_id', 'layer_kind', 'statistic', 'value', 'time'])
    expect(new Set(lines.map((l) => l.length))).toEqual(new Set([7]))
    const timed = lines.filter((l) => l[4] === 'timeGradientRms' && l[0] === '1')
    expect(timed.map((l) => l[6])).toEqual(['1', '2', '3', '4'])
    expect(timed.map((l) => Math.fround(Number(l[5])))).toEqual(times(table, 0, 1))
    expect(lines.filter((l) => l[4] === 'weightNorm').every((l) => l[6] === '')).toBe(true)
    expect(table.statistics).not.toContain('timeGradientRms')
    expect([...framesCsv(table, layers as never, ['timeGradientRms'])].join('').split('\n')).toHaveLength(1 + 8 + 1)
  })
})
