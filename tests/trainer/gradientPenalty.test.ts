import { activations } from '@shared/catalog/activations'
import {
  effectiveExperiment,
  parseExperiment,
  planExperiment,
  remedyBlocked,
  type Experiment,
  type Plan
} from '@shared/experiment'
import { layers } from '@shared/catalog/layers'
import { lookup } from '@shared/experiment/lookup'
import { defaultsOf } from '@shared/base/params'
import { remedies } from '@shared/clinic/remedies'
import type { TF, Tensor } from '@shared/base/tf'
import { describe, expect, it } from 'vitest'
import { describeData } from '../../src/trainer/data'
import { asPlain, asTensor, float64, plain } from './float64'
import { at, netOf, runToEnd } from './support'

type Json = Record<string, unknown>
const LAMBDA = 3
const dense = (id: string, units: number, activation = 'linear', more: Json = {}): Json => ({
  id,
  kind: 'dense',
  params: { units, activation, biasStart: 0.3, ...more }
})
const critic = (nodes: Json[], oneSided = false): Experiment =>
  parseExperiment({
    data: { dataset: { id: 'swissRoll', count: 40, generator: 'noise' }, validation: 0 },
    // Some slopes on each side of 1, where one side is left alone.
    network: {
      nodes: nodes.map((n) =>
        n['kind'] === 'dense'
          ? { ...n, params: { ...(n['params'] as Json), initializer: { id: 'normal', std: oneSided ? 4 : 0.8 } } }
          : n
      )
    },
    training: {
      steps: 1,
      batchSize: 6,
      loss: 'wasserstein',
      optimizer: { id: 'sgd', learningRate: 0.01 },
      hooks: [{ id: 'gradientPenalty', lambda: LAMBDA, oneSided }]
    }
  })
const around = (middle: Json): Json[] => [dense('first', 5, 'tanh'), middle, dense('last', 1)]
/** Something of each kind that may be in a critic, and each activation. */
const nets: Record<string, Json[]> = {
  ...Object.fromEntries(
    activations.all
      .filter((a) => a.d2f)
      .map((a) => {
        // Of the plane's points one that grows as e^z is out of float32, and its difference out of float64.
        const steep = a.f(100, defaultsOf(a.fields, lookup)) > 1e38
        return [`dense ${a.id}`, [dense('first', 5, steep ? 'tanh' : a.id), dense('second', 4, a.id), dense('last', 1)]]
      })
  ),
  activation: around({ id: 'act', kind: 'activation', params: { activation: 'softplus' } }),
  add: [
    dense('first', 4, 'tanh'),
    dense('second', 4, 'silu'),
    { id: 'sum', kind: 'add', inputs: ['first', 'second'], params: { scale: 0.7 } },
    dense('last', 1)
  ],
  flatten: around({ id: 'flat', kind: 'flatten' }),
  dropout: around({ id: 'drop', kind: 'dropout', params: { rate: 0.3 } }),
  alphaDropout: around({ id: 'drop', kind: 'alphaDropout', params: { rate: 0.3 } }),
  layerNorm: around({ id: 'norm', kind: 'layerNorm' })
}
/** The critic in float64, its noise as drawn. */
function outputs(plan: Plan, w: Map<string, number[]>, x: number[][], noise: (name: string) => Float32Array): number[] {
  const h = new Map<string, Tensor>([['input', asTensor(plain([x.length, 2], x.flat()))]])
  for (const layer of plan.layers) {
    const own = Object.fromEntries(
      layer.weights.map((s) => [s.name, asTensor(plain(s.shape, w.get(`${layer.id}/${s.name}`)!))])
    )
    const ctx = {
      training: true,
      scalar: (name: string) => float64.scalar(layer.params[name] as number),
      noise: (name: string, shape: number[]) => asTensor(plain(shape, noise(`${layer.id}/${name}`))),
      probe: (_name: string, shape: number[]) =>
        asTensor(plain(shape, new Array<number>(shape.reduce((a, b) => a * b, 1)).fill(0))),
      cut: (t: Tensor) => t
    }
    h.set(
      layer.id,
      layer.kind.forward(
        float64 as TF,
        layer.params,
        layer.inputs.map((i) => h.get(i)!),
        own,
        ctx
      ).h
    )
  }
  return Array.from(asPlain(h.get(plan.output!)!).data)
}
const rows = (v: Float32Array): number[][] => Array.from({ length: v.length / 2 }, (_, i) => [v[2 * i]!, v[2 * i + 1]!])
const mean = (v: number[]): number => v.reduce((a, b) => a + b, 0) / v.length

describe.each(Object.entries(nets))('the gradient penalty of %s', (_name, nodes) => {
  it.each([false, true])('has the value and the gradient of its definition (one-sided: %s)', async (oneSided) => {
    const experiment = critic(nodes, oneSided)
    const plan = planExperiment(experiment, describeData(experiment, {}))
    expect(plan.problems).toEqual([])
    const told = await runToEnd(experiment, { snapshots: [0] })
    expect(told.schema!.compiled).toBe(true)
    const all = told.snapshots.get(0)!
    const w = new Map(
      [...all].filter(([k]) => k.startsWith('weights/')).map(([k, a]) => [k.slice(8), Array.from(a.data)])
    )
    const [real, generated, between] = ['batch/x', 'generated', 'between'].map((k) => rows(at(told, 0, k))) as [
      number[][],
      number[][],
      number[][]
    ]
    const noise = (name: string): Float32Array => at(told, 0, `noise/${name}`)
    const noiseBetween = (name: string): Float32Array => at(told, 0, `between/noise/${name}`)
    const penalty = (): number => {
      const h = 1e-5
      const moved = (d: number, by: number): number[] =>
        outputs(
          plan,
          w,
          between.map((x) => x.map((v, k) => (k === d ? v + by : v))),
          noiseBetween
        )
      const [x, y] = [0, 1]
        .map((d) => moved(d, h).map((up, i) => ({ up, i })))
        .map((ups, d) => {
          const downs = moved(d, -h)
          return ups.map(({ up, i }) => (up - downs[i]!) / (2 * h))
        }) as [number[], number[]]
      const excess = x.map((v, i) => Math.hypot(v, y[i]!) - 1).map((e) => (oneSided ? Math.max(0, e) : e))
      return LAMBDA * mean(excess.map((e) => e * e))
    }
    const loss = (): number => {
      const out = outputs(plan, w, [...real, ...generated], noise)
      return mean(out.slice(real.length)) - mean(out.slice(0, real.length)) + penalty()
    }
    const value = told.table!.scalar(0, told.table!.scalarColumn('penalty'))!
    expect(value).toBeGreaterThan(0)
    expect(Math.abs(value - penalty())).toBeLessThan(1e-4 * Math.abs(value) + 1e-6)
    expect(Math.abs(at(told, 0, 'loss')[0]! - loss())).toBeLessThan(1e-5 * (1 + value))
    const names = [...all.keys()].filter((k) => k.startsWith('weight_gradients/'))
    const largest = Math.max(...names.flatMap((k) => Array.from(at(told, 0, k), Math.abs)))
    for (const key of names) {
      const got = at(told, 0, key)
      const values = w.get(key.slice('weight_gradients/'.length))!
      values.forEach((v, i) => {
        const h = 1e-4
        values[i] = v + h
        const up = loss()
        values[i] = v - h
        const down = loss()
        values[i] = v
        const want = (up - down) / (2 * h)
        expect(Math.abs(got[i]! - want), `${key}[${i}]: got ${got[i]}, want ${want}`).toBeLessThan(
          1e-3 * Math.abs(want) + 1e-4 * largest
        )
      })
    }
  })
})

describe('where the gradient penalty can be', () => {
  const entry = remedies.get('gradientPenalty')
  const blocked = (e: Experiment): string | undefined =>
    remedyBlocked(e, { id: 'gradientPenalty', lambda: 10, oneSided: false }, describeData(e, {}))?.en
  const plainCritic = (node: Json): Experiment => {
    const e = critic(around(node))
    return { ...e, training: { ...e.training, hooks: [] } }
  }
  it('is a critic', () => {
    expect(blocked(netOf('plain'))).toContain('Only a critic')
    expect(blocked(netOf('criticOfNoise', { hooks: [] }))).toBeUndefined()
  })
  it('is a critic whose every layer has been tried above', () => {
    for (const kind of layers.all.filter((k) => k.inputs.min === 1)) {
      const e = plainCritic({ id: 'it', kind: kind.id })
      if (planExperiment(e, describeData(e, {})).problems.length) continue
      expect(blocked(e) === undefined, kind.id).toBe(kind.id === 'dense' || kind.id in nets)
    }
    for (const a of activations.all) expect(blocked(plainCritic(dense('it', 4, a.id))) === undefined).toBe(!!a.d2f)
    expect(blocked(plainCritic({ id: 'bn', kind: 'batchNorm' }))).toContain('ties the examples')
  })
  it('is refused in the file and behind another remedy too, at its place', () => {
    const e = { ...critic(around({ id: 'bn', kind: 'batchNorm' })) }
    expect(planExperiment(e, describeData(e, {})).problems.map((p) => p.path)).toEqual(['training.hooks.0'])
    const both = parseExperiment({
      ...critic(nets['add']!),
      training: { loss: 'wasserstein' },
      remedies: ['gradientPenalty', 'weightClip']
    })
    expect(effectiveExperiment(both, describeData(both, {})).problems.map((p) => p.path)).toEqual(['remedies.1'])
    expect(entry.conflicts).toContain('weightClip')
  })
  it('has defaults that are the paper’s', () =>
    expect(defaultsOf(entry.fields, lookup)).toEqual({ lambda: 10, oneSided: false }))
})
