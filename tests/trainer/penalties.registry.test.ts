import {
  applyRemedy,
  parseExperiment,
  planExperiment,
  remedyBlocked,
  type Experiment,
  type Plan
} from '@shared/experiment'
import { lookup } from '@shared/experiment/lookup'
import { defaultsOf, type Params } from '@shared/base/params'
import { remedies, type Remedy } from '@shared/clinic/remedies'
import { describe, expect, it } from 'vitest'
import { describeData } from '../../src/trainer/data'
import { KINDS, recompute, type Nd, type Node } from './recompute'
import { runToEnd, type Told } from './support'

type Json = Record<string, unknown>
const dense = (id: string, units: number, activation: string): Json => ({
  id,
  kind: 'dense',
  params: { units, activation, biasStart: 0.2 }
})
const training = (loss: string): Json => ({
  steps: 1,
  batchSize: 8,
  loss,
  optimizer: { id: 'sgd', learningRate: 0.01 }
})
/** Every sort of kernel; and a critic. A penalty is tried on the first that it is not blocked for. */
const BASES: Experiment[] = [
  {
    data: { dataset: { id: 'temporalOrder', count: 40, length: 10, coding: 'ids' } },
    network: {
      nodes: [
        { id: 'symbols', kind: 'embedding', params: { vocabulary: 6, units: 3 } },
        { id: 'conv', kind: 'conv1d', params: { filters: 3, kernelSize: 2, activation: 'tanh' } },
        { id: 'rnn', kind: 'simpleRnn', params: { units: 4 } },
        { id: 'bn', kind: 'batchNorm' },
        { id: 'wide', kind: 'maxout', params: { units: 3 } },
        dense('out', 4, 'linear')
      ]
    },
    training: training('softmaxCrossEntropy')
  },
  {
    data: { dataset: { id: 'swissRoll', count: 40, generator: 'noise' }, validation: 0 },
    // Slopes on both sides of 1.
    network: {
      nodes: [dense('first', 6, 'tanh'), dense('second', 5, 'sigmoid'), dense('out', 1, 'linear')].map((n) => ({
        ...n,
        params: { ...(n['params'] as Json), initializer: { id: 'normal', std: 1.6 } }
      }))
    },
    training: training('wasserstein')
  }
].map((e) => parseExperiment(e))

function variants(remedy: Remedy): Params[] {
  const base = defaultsOf(remedy.fields, lookup)
  // Large enough to be seen beside the loss.
  for (const [k, f] of Object.entries(remedy.fields)) if (f.type === 'number') base[k] = Math.max(f.default, 0.02)
  const flipped = Object.entries(remedy.fields).flatMap(([k, f]) =>
    f.type === 'bool' ? [{ ...base, [k]: !f.default }] : []
  )
  const larger = Object.entries(remedy.fields).flatMap(([k, f]) =>
    f.type === 'number' ? [{ ...base, [k]: 3 * (base[k] as number) }] : []
  )
  return [base, ...flipped, ...larger]
}
const mean = (v: ArrayLike<number>): number => Array.from(v).reduce((a, b) => a + b, 0) / v.length

/**
 * The loss of the first step as a function of the weights, in plain numbers: what the experiment fits, and the penalty
 * by its definition.
 */
function lossOf(
  told: Told,
  plan: Plan,
  critic: boolean,
  penalty: (slopes?: number[]) => number,
  values: Map<string, Float64Array>
): { fit(): number; penalty(): number } {
  const nodes: Node[] = plan.layers.map((l) => ({ id: l.id, kind: l.kind.id, params: l.params, inputs: l.inputs }))
  const all = told.snapshots.get(0)!
  const given = (name: string): Nd => {
    const { shape, data } = all.get(name)!
    return { shape: [...shape], data: values.get(name) ?? Float64Array.from(data) }
  }
  if (!critic) return { fit: () => recompute(nodes, given).loss, penalty: () => penalty() }
  /** The critic's output for each point. */
  const through = (x: Nd): Float64Array =>
    nodes.reduce((h, n) => KINDS[n.kind]!(n.params, [h], (w) => given(`weights/${n.id}/${w}`), given).h, x).data
  const slopes = (): number[] => {
    const points = given('between')
    const step = 1e-4
    const along = [0, 1].map((axis) => {
      const moved = (by: number): Float64Array =>
        through({ ...points, data: points.data.map((v, i) => (i % 2 === axis ? v + by : v)) })
      const [up, down] = [moved(step), moved(-step)]
      return up.map((v, i) => (v - down[i]!) / (2 * step))
    })
    return Array.from(along[0]!, (dx, i) => Math.hypot(dx, along[1]![i]!))
  }
  return {
    fit: () => mean(through(given('generated'))) - mean(through(given('batch/x'))),
    penalty: () => penalty(slopes())
  }
}

const penalties = remedies.all.filter((r) => r.reference?.penalty).map((r) => [r.id, r] as const)
it('are these at least', () =>
  expect(penalties.map(([id]) => id)).toEqual(expect.arrayContaining(['l1', 'l2', 'gradientPenalty'])))

describe.each(penalties)('the penalty %s', (_id, remedy) => {
  it.each(variants(remedy).map((p) => [JSON.stringify(p), p] as const))(
    '%s: value and gradients of the whole loss are those of its definition',
    async (_p, p) => {
      const spec = { id: remedy.id, ...p }
      const base = BASES.find((e) => !remedyBlocked(e, spec, describeData(e, {})))!
      expect(base, 'a base that this penalty is for').toBeDefined()
      const info = describeData(base, {})
      const experiment = applyRemedy(base, spec, info)
      const plan = planExperiment(experiment, info)
      expect(plan.problems).toEqual([])
      const told = await runToEnd(experiment, { snapshots: [0] })
      const all = told.snapshots.get(0)!
      const specs = plan.layers.flatMap((l) =>
        l.weights
          .filter((w) => w.trainable !== false)
          .map((w) => ({ name: `weights/${l.id}/${w.name}`, role: w.role, shape: w.shape }))
      )
      const values = new Map(specs.map(({ name }) => [name, Float64Array.from(all.get(name)!.data)]))
      const penalty = (slopes?: number[]): number =>
        remedy.reference!.penalty!(
          specs.map(({ name, role, shape }) => ({ role, weight: { values: [...values.get(name)!], shape } })),
          p,
          slopes && { gradientNorm: slopes }
        )
      const loss = lossOf(told, plan, info.task === 'critic', penalty, values)

      const value = told.table!.scalar(0, told.table!.scalarColumn('penalty'))!
      expect(value).toBeGreaterThan(1e-3)
      expect(Math.abs(value / loss.penalty() - 1)).toBeLessThan(1e-4)
      expect(Math.abs(all.get('loss')!.data[0]! - loss.fit() - loss.penalty())).toBeLessThan(1e-4 * (1 + value))

      const total = (): number => loss.fit() + loss.penalty()
      const gradients = specs.map(({ name }) => [...all.get(name.replace('weights/', 'weight_gradients/'))!.data])
      const largest = Math.max(...gradients.flat().map(Math.abs))
      specs.forEach(({ name }, k) => {
        const v = values.get(name)!
        v.forEach((x, i) => {
          const h = 1e-5
          v[i] = x + h
          const up = total()
          v[i] = x - h
          const down = total()
          v[i] = x
          const want = (up - down) / (2 * h)
          expect(
            Math.abs(gradients[k]![i]! - want),
            `${name}[${i}]: got ${gradients[k]![i]}, want ${want}`
          ).toBeLessThan(1e-3 * Math.abs(want) + 1e-4 * largest)
        })
      })
    }
  )
})
