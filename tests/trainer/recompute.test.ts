import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { unzipSync } from 'fflate'
import { afterAll, describe, expect, it } from 'vitest'
import { effectiveExperiment, planExperiment, type Experiment } from '@shared/experiment'
import { main } from '../../src/cli/main'
import { describeData } from '../../src/trainer/data'
import { npy } from './npy'
import { recompute, type Nd, type Node } from './recompute'

const root = mkdtempSync(join(tmpdir(), 'clinic-recompute-'))
afterAll(() => rmSync(root, { recursive: true, force: true }))

type Json = Record<string, unknown>
const dense = (id: string, units: number, activation: string, more: Json = {}): Json => ({ id, kind: 'dense', params: { units, activation, initializer: 'glorotUniform' }, ...more })
const stack = (activation: string): Json[] => [dense('first', 24, activation), { id: 'hidden', kind: 'repeat', times: 6, body: [dense('dense', 24, activation)] }, dense('out', 10, 'linear')]

const NETS: Record<string, Json> = {
  dense: { network: { nodes: stack('sigmoid') } },
  'batch norm': { network: { nodes: stack('relu') }, remedies: ['batchNorm'] },
  conv: {
    network: {
      nodes: [
        { id: 'picture', kind: 'reshape', params: { shape: '8, 8, 1' } },
        { id: 'hidden', kind: 'repeat', times: 3, body: [{ id: 'conv', kind: 'conv2d', params: { filters: 6, activation: 'relu', initializer: 'heNormal' } }] },
        { id: 'pool', kind: 'globalAveragePool' },
        dense('out', 10, 'linear')
      ]
    }
  },
  LSTM: {
    network: {
      nodes: [{ id: 'rows', kind: 'reshape', params: { shape: '8, 8' } }, { id: 'lstm', kind: 'lstm', params: { units: 12 } }, dense('out', 10, 'linear')]
    }
  },
  residual: { network: { nodes: stack('tanh') }, remedies: [{ id: 'residual', every: 1, scale: 0.5 }] }
}
const RATE = 0.05

describe.each(Object.entries(NETS))('the snapshots of a %s net', (name, net) => {
  it('hold all that it takes to compute the step again in plain numbers', async () => {
    const dir = join(root, name)
    const file = join(root, `${name}.json`)
    writeFileSync(file, JSON.stringify({ data: { dataset: 'digits', standardize: true }, training: { steps: 3, batchSize: 16, loss: 'softmaxCrossEntropy', optimizer: { id: 'sgd', learningRate: RATE } }, ...net }))
    const said: string[] = []
    expect(await main(['run', file, '--out', dir, '--snapshot', '1', '--snapshot', '2'], '0', { out: () => undefined, err: (t) => void said.push(t) }), said.join('')).toBe(0)
    const snapshot = (step: number): ((n: string) => Nd) => {
      const files = unzipSync(readFileSync(join(dir, `step-${step}.npz`)))
      return (n) => {
        const { shape, data } = npy(files[`${n}.npy`]!)
        return { shape, data: Float64Array.from(data) }
      }
    }
    const names = Object.keys(unzipSync(readFileSync(join(dir, 'step-1.npz')))).map((n) => n.slice(0, -4))
    const experiment = (JSON.parse(readFileSync(join(dir, 'run.json'), 'utf8')) as { experiment: Experiment }).experiment
    const info = describeData(experiment, {})
    const nodes: Node[] = planExperiment(effectiveExperiment(experiment, info).experiment, info).layers.map((l) => ({ id: l.id, kind: l.kind.id, params: l.params, inputs: l.inputs }))

    const arrays = snapshot(1)
    const { loss, named } = recompute(nodes, arrays)
    expect(Math.abs(arrays('loss').data[0]! / loss - 1)).toBeLessThan(1e-5)
    // Every activation and gradient in the file, and nothing left out.
    const told = names.filter((n) => /^(activations|pre_activations|activation_gradients|pre_activation_gradients|weight_gradients|state_gradients)\//.test(n))
    expect(told.sort()).toEqual([...named.keys()].sort())
    for (const n of told) {
      const [got, want] = [arrays(n), named.get(n)!]
      expect(got.shape, n).toEqual(want.shape)
      const size = Math.sqrt(want.data.reduce((s, v) => s + v * v, 0) / want.data.length)
      want.data.forEach((v, i) => expect(Math.abs(got.data[i]! - v), `${n}[${i}]`).toBeLessThan(1e-4 * (size + Math.abs(v)) + 1e-12))
    }
    // And the step that followed from it.
    const after = snapshot(2)
    for (const n of told.filter((t) => t.startsWith('weight_gradients/'))) {
      const weight = n.replace('weight_gradients/', 'weights/')
      const [w0, w1] = [arrays(weight).data, after(weight).data]
      named.get(n)!.data.forEach((g, i) => expect(Math.abs(w0[i]! - RATE * g - w1[i]!), `${weight}[${i}]`).toBeLessThan(1e-6 * (1 + Math.abs(w0[i]!))))
    }
  })
})
