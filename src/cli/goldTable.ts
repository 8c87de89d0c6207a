import { sizeOf } from '@shared/base/sizeOf'
import { planNetwork, readExperiment, type Network, type Plan } from '../shared/experiment'
import { initializers } from '../shared/catalog/initializers'
import { lookup } from '../shared/experiment/lookup'
import { defaultsOf } from '../shared/base/params'
import { makeRng } from '../shared/base/random/rng'
import { statistics } from '../shared/catalog/statistics'
import { predictGains } from '../shared/theory'
import type { Scalar, TF, Tensor } from '../shared/base/tf'

/** A stack of equal blocks, and what its gradient should do. */
export interface GoldRow {
  name: string
  /** Nodes of one block of 512 units. */
  block: object[]
  batch: number
  /** The published or closed-form variance gain per block. */
  theory: string
  /** What the measurement must be near. */
  expected: number
  /** Largest relative deviation. */
  tolerance: number
  /** An upper bound that theory sets. */
  atMost?: number
  /** Shape of what goes in; else a row of the layers' width. */
  input?: number[]
  depth?: number
  /** The mean is over the last two thirds on the way back, where the signal has settled. */
  deep?: boolean
}
export interface GoldResult {
  row: GoldRow
  /** The theory module's prediction for this very net. */
  predicted?: number
  measured: number
  deviation: number
  ok: boolean
}
export const WIDTH = 512
export const DEPTH = 30

/** A dense layer as the last or only node of a block. */
export const dense = (activation: unknown, initializer: unknown, units = WIDTH): object => ({
  id: 'dense',
  kind: 'dense',
  params: { units, activation, initializer }
})
/** A dense layer, its norm, then its activation. */
export const normalised = (kind: string, activation: unknown, initializer: unknown, units = WIDTH): object[] => [
  dense('linear', initializer, units),
  { id: 'norm', kind },
  { id: 'act', kind: 'activation', params: { activation } }
]
/** A row of the table, of batch 256 and 3 % tolerance unless told otherwise. */
export const row = (
  name: string,
  block: object[],
  theory: string,
  expected: number,
  more: Partial<GoldRow> = {}
): GoldRow => ({
  name,
  block,
  batch: 256,
  theory,
  expected,
  tolerance: 0.03,
  ...more
})

/** Variance gain per layer at initialisation, as measured in float64 once and for all, at width 512 and depth 30. */
export const goldRows: GoldRow[] = [
  row('ReLU + He', [dense('relu', 'heNormal')], '1', 1.001),
  row('ReLU + Xavier', [dense('relu', 'glorotNormal')], '1/2', 0.497),
  row(
    'leaky ReLU 0.25, Var = 2/((1+a²)n)',
    [dense({ id: 'leakyRelu', alpha: 0.25 }, { id: 'heNormal', a: 0.25 })],
    '1',
    1.002
  ),
  row('tanh, U(±1/√n)', [dense('tanh', 'standardUniform')], '→ 1/3', 0.333, { deep: true }),
  row(
    'tanh, σ_w² = 1.761, σ_b² = 0.05: the edge of chaos',
    [
      {
        id: 'dense',
        kind: 'dense',
        params: {
          units: WIDTH,
          activation: 'tanh',
          initializer: { id: 'normal', std: Math.sqrt(1.761 / WIDTH) },
          biasStd: Math.sqrt(0.05)
        }
      }
    ],
    '1 (Schoenholz 2017)',
    1,
    { deep: true }
  ),
  row('sigmoid + Xavier', [dense('sigmoid', 'glorotNormal')], '≤ 1/16', 0.0554, { deep: true, atMost: 1 / 16 }),
  row('linear, orthogonal', [dense('linear', 'orthogonal')], 'exactly 1', 1, { tolerance: 1e-4 }),
  ...(
    [
      [8, 1.77],
      [32, 1.51],
      [128, 1.464],
      [512, 1.45]
    ] as const
  ).map(([batch, value]) =>
    row(`BN + ReLU, no skips, batch ${batch}`, normalised('batchNorm', 'relu', 'heNormal'), 'π/(π−1) = 1.467', value, {
      batch
    })
  ),
  row(
    'residual branch × 0',
    [dense('relu', 'heNormal'), { id: 'add', kind: 'add', params: { scale: 0 }, inputs: ['dense', 'input'] }],
    '1',
    1,
    { tolerance: 1e-4 }
  )
]

/** A net of one block, `depth` times. */
function stack(block: object[], depth = DEPTH): Network {
  const { experiment, problems } = readExperiment({
    network: { nodes: [{ id: 'block', kind: 'repeat', times: depth, body: block }] }
  })
  if (problems.length) throw new Error(problems.map((p) => `${p.path}: ${p.message.en}`).join('\n'))
  return experiment.network
}

/**
 * RMS of ∂score/∂h of every layer at initialisation, for N(0, 1) inputs and score = Σ r·output with r ~ N(0, 1): a
 * random gradient at the output. By the layers, initializers and the statistic that training uses.
 */
function gradientProfile(tf: TF, plan: Plan, batch: number, seed: number): number[] {
  const normals = (name: string, shape: number[]): Tensor => {
    const rng = makeRng(seed, name)
    return tf.tensor(
      Float32Array.from({ length: sizeOf(shape) }, () => rng.normal()),
      shape
    )
  }
  const rms = statistics.get('activationGradientRms').compute!
  return tf.tidy(() => {
    const weights = plan.layers.map((l) =>
      Object.fromEntries(
        l.weights.map((w) => {
          const { id, ...params } = w.init
          const entry = initializers.get(id)
          const values = entry.sample(w.shape, w.fanIn, w.fanOut, makeRng(seed, `weights/${l.id}/${w.name}`), {
            ...defaultsOf(entry.fields, lookup),
            ...params
          })
          return [w.name, tf.tensor(values, w.shape)]
        })
      )
    )
    const x = normals('input', [batch, ...plan.inputShape])
    const r = normals('output gradient', [batch, ...plan.outputShape!])
    // Adding nothing to each output gives the tape a handle on its gradient.
    const nothing = plan.layers.map((l) => tf.zeros([batch, ...l.outputShape]))
    const score = (...probes: Tensor[]): Scalar => {
      const outputs = new Map<string, Tensor>([['input', x]])
      for (const l of plan.layers) {
        const { h } = l.kind.forward(
          tf,
          l.params,
          l.inputs.map((i) => outputs.get(i)!),
          weights[l.index]!,
          {
            training: true,
            scalar: () => tf.scalar(0),
            noise: (name, shape) => normals(`${l.id}/${name}`, shape),
            probe: (_name, shape) => tf.zeros(shape),
            cut: (t) => t
          }
        )
        outputs.set(l.id, tf.add(h, probes[l.index]!))
      }
      return tf.sum(tf.mul(outputs.get(plan.output!)!, r)) as Scalar
    }
    const gradients = tf.grads(score)(nothing)
    const all = gradients.map((g) => rms(tf, { activationGradient: g }, { share: (_key, _of, make) => make() }))
    return Array.from(tf.stack(all).dataSync())
  })
}

/**
 * Variance gain per block along a profile of the blocks' outputs, first to last; deep: without the third next to the
 * output.
 */
function gainPerBlock(profile: number[], deep = false): number {
  const end = deep ? Math.floor((profile.length - 1) * (2 / 3)) : profile.length - 1
  return (profile[0]! / profile[end]!) ** (2 / end)
}
/** Index of the plan layer that is the output of each block. */
const blockOutputs = (plan: Plan, blockLength: number): number[] =>
  plan.layers.map((l) => l.index).filter((i) => i % blockLength === blockLength - 1)

/** The theory module's variance gain per block for a row; undefined where it makes no prediction. */
export function predictRow(r: GoldRow, width = WIDTH): number | undefined {
  const plan = planNetwork(stack(r.block, r.depth), r.input ?? [width])
  const theory = predictGains(plan, { batchSize: r.batch })
  const profile = blockOutputs(plan, r.block.length).map((i) => theory[i]!.profile)
  const known = profile.every((v) => v !== undefined && Number.isFinite(v))
  return known ? gainPerBlock(profile as number[], r.deep) : undefined
}

/** Measured (over `seeds` draws) and predicted variance gain per block. */
export function measureGain(
  tf: TF,
  block: object[],
  batch: number,
  options: { deep?: boolean; depth?: number; seeds?: number; width?: number; input?: number[] } = {}
): { measured: number; predicted?: number } {
  const plan = planNetwork(stack(block, options.depth), options.input ?? [options.width ?? WIDTH])
  if (plan.problems.length) throw new Error(plan.problems.map((p) => `${p.path}: ${p.message.en}`).join('\n'))
  const ends = blockOutputs(plan, block.length)
  const seeds = options.seeds ?? 1
  let sum = 0
  for (let seed = 1; seed <= seeds; seed++) {
    const profile = gradientProfile(tf, plan, batch, seed)
    sum += Math.log(
      gainPerBlock(
        ends.map((i) => profile[i]!),
        options.deep
      )
    )
  }
  const theory = predictGains(plan, { batchSize: batch })
  const expected = ends.map((i) => theory[i]!.profile)
  return {
    measured: Math.exp(sum / seeds),
    ...(expected.every((v) => v !== undefined) && { predicted: gainPerBlock(expected as number[], options.deep) })
  }
}

/** Measured and predicted variance gain per block of one row. */
export const measureRow = (tf: TF, r: GoldRow, seeds = 1): { measured: number; predicted?: number } =>
  measureGain(tf, r.block, r.batch, {
    ...(r.deep && { deep: true }),
    ...(r.input && { input: r.input }),
    ...(r.depth && { depth: r.depth }),
    seeds
  })

/** Measures a row and holds it against what is expected. */
export function checkRow(tf: TF, r: GoldRow, seeds = 1): GoldResult {
  const { measured, predicted } = measureRow(tf, r, seeds)
  const deviation = measured / r.expected - 1
  const ok = Math.abs(deviation) <= r.tolerance && measured <= (r.atMost ?? Infinity)
  return { row: r, measured, deviation, ok, ...(predicted !== undefined && { predicted }) }
}
