import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { unzipSync } from 'fflate'
import { afterAll, describe, expect, it } from 'vitest'
import { effectiveExperiment, planExperiment, type Experiment } from '@shared/experiment'
import { layers } from '@shared/catalog/layers'
import { main } from '../../src/cli/main'
import { describeData, prepareData } from '../../src/trainer/data'
import { npy } from './npy'
import { KINDS, momentsOf, recompute, type Nd, type Node } from './recompute'

const root = mkdtempSync(join(tmpdir(), 'clinic-recompute-'))
afterAll(() => rmSync(root, { recursive: true, force: true }))

type Json = Record<string, unknown>
const RATE = 0.05
const dense = (id: string, units: number, activation: string, more: Json = {}): Json => ({
  id,
  kind: 'dense',
  params: { units, activation, initializer: 'glorotUniform' },
  ...more
})
const conv = (dims: 1 | 2, padding: string, params: Json): Json => ({
  id: `conv${dims}${padding}`,
  kind: `conv${dims}d`,
  params: { padding, activation: 'tanh', ...params }
})
const stack = (activation: string): Json[] => [
  dense('first', 24, activation),
  { id: 'hidden', kind: 'repeat', times: 6, body: [dense('dense', 24, activation)] },
  dense('out', 10, 'linear')
]

const NETS: Record<string, Json> = {
  dense: { network: { nodes: stack('sigmoid') } },
  'batch norm': { network: { nodes: stack('relu') }, remedies: ['batchNorm'] },
  conv: {
    network: {
      nodes: [
        { id: 'picture', kind: 'reshape', params: { shape: '8, 8, 1' } },
        {
          id: 'hidden',
          kind: 'repeat',
          times: 3,
          body: [{ id: 'conv', kind: 'conv2d', params: { filters: 6, activation: 'relu', initializer: 'heNormal' } }]
        },
        { id: 'pool', kind: 'globalAveragePool' },
        dense('out', 10, 'linear')
      ]
    }
  },
  LSTM: {
    network: {
      nodes: [
        { id: 'rows', kind: 'reshape', params: { shape: '8, 8' } },
        { id: 'lstm', kind: 'lstm', params: { units: 12 } },
        dense('out', 10, 'linear')
      ]
    }
  },
  residual: { network: { nodes: stack('tanh') }, remedies: [{ id: 'residual', every: 1, scale: 0.5 }] },
  'projected shortcut': {
    network: {
      nodes: [
        dense('first', 12, 'tanh'),
        dense('branch', 9, 'tanh', { inputs: ['first'] }),
        dense('projection', 9, 'linear', { inputs: ['first'] }),
        { id: 'sum', kind: 'add', params: { scale: 0.7, learnScale: true }, inputs: ['branch', 'projection'] },
        { id: 'three', kind: 'add', params: { scale: -1.3 }, inputs: ['sum', 'branch', 'projection'] },
        { ...dense('out', 10, 'linear'), inputs: ['three'] }
      ]
    }
  },
  'PReLU and maxout': {
    network: {
      nodes: [
        dense('first', 14, 'linear'),
        { id: 'each', kind: 'activation', params: { activation: { id: 'prelu', alpha: 0.3 } } },
        { id: 'dense', kind: 'dense', params: { units: 11, activation: { id: 'prelu', shared: true } } },
        { id: 'maxout', kind: 'maxout', params: { units: 9, pieces: 3 } },
        { id: 'bare', kind: 'maxout', params: { units: 8, bias: false } },
        dense('out', 10, 'linear')
      ]
    }
  },
  'layer norm and dropouts': {
    network: {
      nodes: [
        dense('first', 16, 'tanh'),
        { id: 'norm', kind: 'layerNorm' },
        { id: 'drop', kind: 'dropout', params: { rate: 0.3 } },
        dense('second', 16, 'tanh'),
        { id: 'alpha', kind: 'alphaDropout', params: { rate: 0.2 } },
        dense('out', 10, 'linear')
      ]
    }
  },
  'conv, strided': {
    network: {
      nodes: [
        { id: 'picture', kind: 'reshape', params: { shape: '8, 8, -1' } },
        conv(2, 'same', { filters: 5, stride: 2 }),
        { id: 'bn', kind: 'batchNorm' },
        { id: 'norm', kind: 'layerNorm' },
        conv(2, 'valid', { filters: 6, kernelSize: 2, activation: { id: 'prelu' }, bias: false }),
        { id: 'flat', kind: 'flatten' },
        dense('out', 10, 'linear')
      ]
    }
  },
  'conv, strided and valid': {
    network: {
      nodes: [
        { id: 'picture', kind: 'reshape', params: { shape: '8, 8, 1' } },
        conv(2, 'valid', { filters: 4, kernelSize: 3, stride: 2 }),
        conv(2, 'same', { filters: 4, kernelSize: 4 }),
        { id: 'flat', kind: 'flatten' },
        dense('out', 10, 'linear')
      ]
    }
  },
  'conv and pooling, padded as in PyTorch': {
    network: {
      nodes: [
        { id: 'picture', kind: 'reshape', params: { shape: '8, 8, 1' } },
        conv(2, 'symmetric', { filters: 4, stride: 2 }),
        { id: 'max', kind: 'maxPool', params: { size: 3, stride: 2, padding: 'symmetric' } },
        {
          id: 'mean',
          kind: 'averagePool',
          params: { size: 4, stride: 2, padding: 'symmetric', pad: 2 },
          inputs: ['conv2symmetric']
        },
        { id: 'level', kind: 'globalAveragePool', inputs: ['max'] },
        { id: 'peak', kind: 'globalMaxPool', inputs: ['mean'] },
        { id: 'rows', kind: 'reshape', params: { shape: '8, 8' }, inputs: ['picture'] },
        conv(1, 'symmetric', { filters: 3, kernelSize: 5, stride: 3, pad: 3 }),
        { id: 'means', kind: 'averagePool', params: { size: 3, stride: 1, padding: 'symmetric' } },
        { id: 'row', kind: 'globalMaxPool' },
        { id: 'all', kind: 'concatenate', inputs: ['level', 'peak', 'row'] },
        { ...dense('out', 10, 'linear'), inputs: ['all'] }
      ]
    }
  },
  'pooling of pictures': {
    network: {
      nodes: [
        { id: 'picture', kind: 'reshape', params: { shape: '8, 8, 1' } },
        conv(2, 'same', { filters: 5 }),
        { id: 'max', kind: 'maxPool', params: { size: 3, stride: 2, padding: 'same' } },
        { id: 'mean', kind: 'averagePool', params: { size: 3, stride: 2, padding: 'same' }, inputs: ['conv2same'] },
        { id: 'both', kind: 'concatenate', inputs: ['max', 'mean', 'max'] },
        { id: 'small', kind: 'maxPool', params: { size: 2 }, inputs: ['both'] },
        { id: 'smaller', kind: 'averagePool', params: { size: 3, stride: 1 }, inputs: ['both'] },
        { id: 'peak', kind: 'globalMaxPool', inputs: ['small'] },
        { id: 'level', kind: 'globalAveragePool', inputs: ['smaller'] },
        { id: 'all', kind: 'concatenate', inputs: ['peak', 'level'] },
        { ...dense('out', 10, 'linear'), inputs: ['all'] }
      ]
    }
  },
  'conv and pooling of sequences': {
    network: {
      nodes: [
        { id: 'rows', kind: 'reshape', params: { shape: '8, 8' } },
        conv(1, 'same', { filters: 6 }),
        { id: 'max', kind: 'maxPool', params: { size: 2, stride: 1 }, inputs: ['conv1same'] },
        {
          ...conv(1, 'valid', { filters: 5, stride: 2, kernelSize: 3, activation: { id: 'prelu', shared: true } }),
          inputs: ['max']
        },
        { id: 'mean', kind: 'averagePool', params: { size: 2, stride: 1, padding: 'same' } },
        { id: 'peak', kind: 'globalMaxPool', inputs: ['mean'] },
        { id: 'level', kind: 'globalAveragePool', inputs: ['conv1same'] },
        { id: 'all', kind: 'concatenate', inputs: ['peak', 'level'] },
        { ...dense('out', 10, 'linear'), inputs: ['all'] }
      ]
    }
  },
  'recurrent stack': {
    network: {
      nodes: [
        { id: 'rows', kind: 'reshape', params: { shape: '8, 8' } },
        { id: 'lstm', kind: 'lstm', params: { units: 7, returnSequences: true, truncate: 3, forgetBias: 0.5 } },
        { id: 'gru', kind: 'gru', params: { units: 6, returnSequences: true, bias: false } },
        { id: 'rnn', kind: 'simpleRnn', params: { units: 8, truncate: 4 } },
        dense('out', 10, 'linear')
      ]
    }
  },
  'symbols, last answer': {
    data: { dataset: { id: 'temporalOrder', count: 60, length: 12, coding: 'ids' } },
    network: {
      nodes: [
        { id: 'symbols', kind: 'embedding', params: { vocabulary: 6, units: 5 } },
        { id: 'gru', kind: 'gru', params: { units: 7 } },
        dense('out', 4, 'linear')
      ]
    }
  },
  'symbols, an answer at each step': {
    data: { dataset: { id: 'copyMemory', count: 60, symbols: 3, items: 2, delay: 4, coding: 'ids' } },
    network: {
      nodes: [
        { id: 'flat', kind: 'flatten' },
        { id: 'symbols', kind: 'embedding', params: { vocabulary: 5, units: 4 } },
        { id: 'rnn', kind: 'simpleRnn', params: { units: 6, returnSequences: true, bias: false, activation: 'relu' } },
        dense('mix', 5, 'tanh'),
        dense('out', 4, 'linear')
      ]
    }
  }
}
/** One step of a run and the next, as their snapshots tell, and the layers in order. */
async function trained(
  name: string,
  net: Json
): Promise<{ names: string[]; nodes: Node[]; snapshot: (step: number) => (n: string) => Nd }> {
  const dir = join(root, name)
  const file = join(root, `${name}.json`)
  writeFileSync(
    file,
    JSON.stringify({
      data: { dataset: 'digits', standardize: true },
      training: { steps: 3, batchSize: 16, loss: 'softmaxCrossEntropy', optimizer: { id: 'sgd', learningRate: RATE } },
      ...net
    })
  )
  const said: string[] = []
  const steps = [0, 1, 2, 3].flatMap((s) => ['--snapshot', `${s}`])
  expect(
    await main(['run', file, '--out', dir, ...steps], '0', { out: () => undefined, err: (t) => void said.push(t) }),
    said.join('')
  ).toBe(0)
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
  const nodes: Node[] = planExperiment(effectiveExperiment(experiment, info).experiment, info).layers.map((l) => ({
    id: l.id,
    kind: l.kind.id,
    params: l.params,
    inputs: l.inputs
  }))
  return { names, nodes, snapshot }
}
const used = new Set<string>()

describe.each(Object.entries(NETS))('the snapshots of a %s net', (name, net) => {
  it('hold all that it takes to compute the step again in plain numbers', async () => {
    const { names, nodes, snapshot } = await trained(name, net)
    for (const n of nodes) used.add(n.kind)

    const arrays = snapshot(1)
    const { loss, named } = recompute(nodes, arrays)
    expect(Math.abs(arrays('loss').data[0]! / loss - 1)).toBeLessThan(1e-5)
    // Every activation and gradient in the file, and nothing left out.
    const told = names.filter((n) =>
      /^(activations|pre_activations|activation_gradients|pre_activation_gradients|weight_gradients|state_gradients)\//.test(
        n
      )
    )
    expect(told.sort()).toEqual([...named.keys()].sort())
    for (const n of told) {
      const [got, want] = [arrays(n), named.get(n)!]
      expect(got.shape, n).toEqual(want.shape)
      const size = Math.sqrt(want.data.reduce((s, v) => s + v * v, 0) / want.data.length)
      want.data.forEach((v, i) =>
        expect(Math.abs(got.data[i]! - v), `${n}[${i}]`).toBeLessThan(1e-4 * (size + Math.abs(v)) + 1e-12)
      )
    }
    // And the step that followed from it.
    const after = snapshot(2)
    for (const n of told.filter((t) => t.startsWith('weight_gradients/'))) {
      const weight = n.replace('weight_gradients/', 'weights/')
      const [w0, w1] = [arrays(weight).data, after(weight).data]
      named
        .get(n)!
        .data.forEach((g, i) =>
          expect(Math.abs(w0[i]! - RATE * g - w1[i]!), `${weight}[${i}]`).toBeLessThan(1e-6 * (1 + Math.abs(w0[i]!)))
        )
    }
  })
})

it('every kind of layer has been computed again', () => expect([...used].sort()).toEqual(layers.ids().sort()))

describe('batch norm', () => {
  it('blends each step’s mean and unbiased variance into its running ones, and validates with these', async () => {
    const momentum = 0.8
    const { nodes, snapshot } = await trained('running', {
      ...NETS['dense'],
      network: {
        nodes: [
          dense('first', 6, 'tanh'),
          { id: 'bn', kind: 'batchNorm', params: { momentum } },
          dense('out', 10, 'linear')
        ]
      }
    })
    let [mean, variance] = [new Float64Array(6).fill(0), new Float64Array(6).fill(1)]
    for (let step = 0; step < 3; step++) {
      const now = snapshot(step)
      const batch = momentsOf(now('activations/first'))
      expect(batch.count).toBe(16)
      mean = mean.map((m, i) => momentum * m + (1 - momentum) * batch.mean[i]!)
      variance = variance.map((v, i) => momentum * v + ((1 - momentum) * batch.variance[i]! * 16) / 15)
      const next = snapshot(step + 1)
      const held = (name: string, want: Float64Array): void =>
        next(`weights/bn/${name}`).data.forEach((v, i) =>
          expect(Math.abs(v - want[i]!), `${name} after step ${step}`).toBeLessThan(1e-5 * (1 + Math.abs(want[i]!)))
        )
      held('mean', mean)
      held('variance', variance)
    }
    // The loss of validation at the end, by the running figures alone.
    const experiment = (
      JSON.parse(readFileSync(join(root, 'running', 'run.json'), 'utf8')) as { experiment: Experiment }
    ).experiment
    const { validation, info } = prepareData(experiment, {})
    const arrays = snapshot(3)
    const nd = (shape: number[], data: ArrayLike<number>): Nd => ({ shape, data: Float64Array.from(data) })
    const told = (
      JSON.parse(readFileSync(join(root, 'running', 'run.json'), 'utf8')) as {
        final: { validation: { step: number; loss: number } }
      }
    ).final.validation
    expect(told.step).toBe(3)
    const asAtRest = nodes.map((n) => (n.kind === 'batchNorm' ? { ...n, kind: 'rest' } : n))
    const { loss } = recompute(
      asAtRest,
      (name) =>
        name === 'batch/x'
          ? nd([validation.count, ...info.inputShape], validation.x)
          : name === 'batch/y'
            ? nd([validation.count, ...info.targetShape], validation.y)
            : arrays(name),
      {
        ...KINDS,
        rest: (p, [x], w) => {
          const [gamma, beta, m, v] = ['gamma', 'beta', 'mean', 'variance'].map((k) => w(k).data) as [
            Float64Array,
            Float64Array,
            Float64Array,
            Float64Array
          ]
          return {
            h: {
              shape: x!.shape,
              data: x!.data.map(
                (h, i) =>
                  (gamma[i % 6]! * (h - m[i % 6]!)) / Math.sqrt(v[i % 6]! + (p['epsilon'] as number)) + beta[i % 6]!
              )
            },
            back: () => ({ inputs: [x!], weights: {} })
          }
        }
      }
    )
    expect(Math.abs(told.loss / loss - 1)).toBeLessThan(1e-5)
  })
})

describe('noise', () => {
  /** What goes into a layer right behind the data, and what comes out, at one step: 256 × 64 values. */
  async function through(
    kind: string,
    rate: number,
    data: Json,
    loss: string,
    outputs: number
  ): Promise<{ x: Float64Array; h: Float64Array }> {
    const training = { steps: 3, batchSize: 256, loss, optimizer: { id: 'sgd', learningRate: 1e-6 } }
    const { snapshot } = await trained(`${kind} ${rate}`, {
      data,
      training,
      network: { nodes: [{ id: 'drop', kind, params: { rate } }, dense('out', outputs, 'linear')] }
    })
    const arrays = snapshot(1)
    return { x: arrays('batch/x').data, h: arrays('activations/drop').data }
  }
  const mean = (v: Float64Array): number => v.reduce((a, b) => a + b, 0) / v.length
  const square = (v: Float64Array): number => mean(v.map((x) => x * x))
  it.each([0.1, 0.5, 0.9])(
    'of dropout at p = %f leaves 1 − p of the values, 1/(1 − p) as large, and so their mean',
    async (rate) => {
      const { x, h } = await through(
        'dropout',
        rate,
        { dataset: 'digits', standardize: false },
        'softmaxCrossEntropy',
        10
      )
      const inked = x.filter((v) => v !== 0).length
      // Five standard deviations of a share, and of a mean, of so many.
      expect(Math.abs(h.filter((v) => v !== 0).length / inked - (1 - rate))).toBeLessThan(
        5 * Math.sqrt((rate * (1 - rate)) / inked)
      )
      expect(mean(x)).toBeGreaterThan(0.3)
      expect(Math.abs(mean(h) - mean(x))).toBeLessThan(5 * Math.sqrt((square(x) * rate) / (1 - rate) / h.length))
      expect(h.every((v, i) => v === 0 || Math.abs(v * (1 - rate) - x[i]!) < 1e-5 * x[i]!)).toBe(true)
    }
  )
  it.each([0.05, 0.1, 0.5])('of alpha dropout at p = %f keeps mean 0 and variance 1', async (rate) => {
    const { x, h } = await through(
      'alphaDropout',
      rate,
      { dataset: { id: 'randomPairs', count: 256, inputs: 64, outputs: 2 }, validation: 0 },
      'meanSquaredError',
      2
    )
    expect(x).toHaveLength(256 * 64)
    expect(h.some((v, i) => Math.abs(v - x[i]!) > 0.5)).toBe(true)
    expect(Math.abs(mean(h))).toBeLessThan(5 / Math.sqrt(h.length))
    expect(Math.abs(square(h) - 1)).toBeLessThan(5 * Math.sqrt(2 / h.length))
  })
})
