import type { Experiment } from '@shared/experiment/types'
import { FrameTable } from '@shared/run/frameTable'
import type { FrameBatch, Finding, RunRecord, RunSchema } from '@shared/run/types'

/** Made-up measurements, for looking at the run views and for their bench; nothing of this is in the product. */
export type Scenario = 'vanishing' | 'healthy' | 'exploding' | 'nan' | 'zero'

const STATISTICS = [
  'activationGradientRms',
  'preActivationGradientRms',
  'weightGradientNorm',
  'weightNorm',
  'updateRatio',
  'activationMean',
  'activationStd',
  'saturatedShare',
  'gradientZeroShare',
  'gradientNaN'
]

export function schemaOf(layers: number, withActivations = false): RunSchema {
  const all: RunSchema['layers'] = []
  for (let i = 0; i < layers; i++) {
    const before = (): string[] => [all[all.length - 1]?.id ?? 'input']
    all.push({
      index: all.length,
      id: i === 0 || i === layers - 1 ? `dense${i + 1}` : `hidden.${i}.dense`,
      node: i === 0 || i === layers - 1 ? `dense${i + 1}` : 'hidden/dense',
      kind: 'dense',
      name: 'Dense',
      outputShape: [i === layers - 1 ? 10 : 256],
      paramCount: 65792,
      main: true,
      activation: 'sigmoid',
      inputs: before(),
      theoryProfile: 0.25 ** (layers - 1 - i),
      ...(i ? { theoryGain: 0.25 } : {})
    })
    if (withActivations)
      all.push({
        index: all.length,
        id: `bn${i}`,
        node: 'hidden/bn',
        kind: 'batchNorm',
        name: 'Batch norm',
        outputShape: [256],
        paramCount: 512,
        main: false,
        inputs: before()
      })
  }
  return {
    layers: all,
    columns: all.flatMap((l) => (l.main ? STATISTICS : STATISTICS.slice(0, 2)).map((statistic) => ({ layer: l.index, statistic }))),
    scalars: ['loss', 'accuracy', 'gradientNorm'],
    info: { inputShape: [64], targetShape: [10], task: 'multiclass', count: 1797 },
    trainCount: 1438,
    validationCount: 359,
    paramCount: 1203466,
    compiled: true,
    versions: {}
  }
}
function random(seed: number): () => number {
  let s = seed >>> 0
  return () => {
    s = (s + 0x6d2b79f5) >>> 0
    let t = Math.imul(s ^ (s >>> 15), 1 | s)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296
  }
}
export function frames(schema: RunSchema, scenario: Scenario, from: number, to: number, every = 1): FrameBatch {
  const steps = Int32Array.from({ length: Math.ceil((to - from) / every) }, (_, i) => from + i * every)
  const values = new Float32Array(steps.length * schema.columns.length)
  const scalars = new Float32Array(steps.length * 3)
  const main = schema.layers.filter((l) => l.main).length
  let v = 0
  steps.forEach((step, i) => {
    const r = random(step * 7919 + 13)
    const wave = 0.2 * Math.sin(step / 23) + 0.1 * r()
    schema.columns.forEach((c) => {
      const layer = schema.layers[c.layer]!
      const depth = main - 1 - Math.min(main - 1, Math.floor((c.layer / schema.layers.length) * main))
      const noise = 0.05 * (r() - 0.5)
      let g = -1.1 + wave + noise
      if (scenario === 'vanishing') g -= depth * Math.log10(4)
      if (scenario === 'exploding' || scenario === 'nan') g += depth * 0.1 + (step / 60) * (1 + depth * 0.15)
      if (scenario === 'healthy') g -= 0.8 * (1 - Math.exp(-step / 120)) + 0.01 * depth
      let x = 10 ** g
      switch (c.statistic) {
        case 'weightGradientNorm':
          x *= 18
          break
        case 'weightNorm':
          x = 15 + r() * 0.05
          break
        case 'updateRatio':
          x *= 0.01
          break
        case 'activationMean':
          x = 0.5 * Math.sin(depth + step / 90)
          break
        case 'activationStd':
          x = 0.3 + 0.1 * r()
          break
        case 'saturatedShare':
          x = Math.max(0, 0.42 - depth * 0.02 + noise)
          break
        case 'gradientZeroShare':
          x = 0
          break
        case 'gradientNaN':
          x = 0
          break
      }
      if (scenario === 'zero' && layer.index < schema.layers.length / 2 && /Gradient/.test(c.statistic)) x = 0
      if (scenario === 'nan' && step >= 210 + Math.max(0, 12 - depth)) x = c.statistic === 'gradientNaN' ? 65536 : NaN
      else if (scenario === 'nan' && step >= 204) x = c.statistic.includes('radient') ? Infinity : x
      values[v++] = x
    })
    const loss =
      scenario === 'vanishing'
        ? 2.303 + 0.02 * Math.exp(-step / 8) + 0.006 * (r() - 0.5)
        : scenario === 'healthy' || scenario === 'zero'
          ? 0.21 + 2.1 * Math.exp(-step / 34) + 0.05 * r()
          : 2.3 * 1.02 ** step
    scalars[3 * i] = scenario === 'nan' && step >= 210 ? NaN : scenario === 'nan' && step >= 204 ? Infinity : loss
    scalars[3 * i + 1] = scenario === 'healthy' ? 0.93 * (1 - Math.exp(-step / 40)) : 0.098
    scalars[3 * i + 2] = 0.3 + 0.01 * r()
  })
  return { steps, values, scalars }
}
const finding = (scenario: Scenario, to: number): Finding[] => {
  if (scenario === 'vanishing')
    return [
      {
        rule: 'vanishing',
        kind: 'vanishing',
        severity: 'bad',
        from: 0,
        to,
        layers: ['dense1', 'hidden.1.dense', 'hidden.2.dense'],
        measured: { firstToLast: 3.8e-12, gainPerLayer: 0.248 },
        threshold: { firstToLast: 1e-3, gainPerLayer: 0.5 },
        text: {
          en: 'layer 1 receives 3.1e-13 of RMS gradient, 1/4.0 per layer, expected 1/4 for sigmoid',
          zh: '第 1 层收到的梯度 RMS 为 3.1e-13，每层 1/4.0，sigmoid 理论值为 1/4'
        },
        advice: ['activation', 'batchNorm', 'residual']
      },
      {
        rule: 'notUpdating',
        kind: 'notUpdating',
        severity: 'warn',
        from: 12,
        to,
        layers: Array.from({ length: 9 }, (_, i) => `hidden.${i + 1}.dense`),
        measured: { updateRatio: 1.4e-12 },
        threshold: { updateRatio: 1e-7 },
        text: { en: 'layers 1–9 change by less than 1.4e-12 of their weights per step', zh: '第 1–9 层每步的更新小于权重的 1.4e-12' },
        advice: ['learningRate']
      }
    ]
  if (scenario === 'nan')
    return [
      {
        rule: 'exploding',
        kind: 'exploding',
        severity: 'bad',
        from: 96,
        to: 209,
        layers: ['dense1'],
        measured: { gradient: 1.2e8 },
        threshold: { gradient: 1e4 },
        text: { en: 'layer 1 receives 1.2e+8 of RMS gradient, × 1.4 per layer', zh: '第 1 层收到的梯度 RMS 为 1.2e+8，每层 × 1.4' },
        advice: ['clipByGlobalNorm', 'learningRate']
      },
      {
        rule: 'lossNaN',
        kind: 'lossNaN',
        severity: 'bad',
        from: 210,
        to,
        layers: [],
        measured: { loss: NaN },
        threshold: {},
        text: { en: 'the loss is NaN since step 210; it was 147 at step 203', zh: '损失自第 210 步起为 NaN；第 203 步为 147' },
        advice: ['clipByGlobalNorm', 'learningRate']
      }
    ]
  if (scenario === 'healthy')
    return [
      {
        rule: 'healthy',
        kind: 'healthy',
        severity: 'ok',
        from: 40,
        to,
        layers: [],
        measured: { gainPerLayer: 0.98 },
        threshold: {},
        text: {
          en: 'every layer receives between 8.1e-3 and 2.0e-2 of RMS gradient, × 0.98 per layer',
          zh: '每层收到的梯度 RMS 在 8.1e-3 与 2.0e-2 之间，每层 × 0.98'
        },
        advice: []
      }
    ]
  return []
}
/** A whole run of `done` out of `planned` steps. */
export function record(
  experiment: Experiment,
  scenario: Scenario,
  o: { layers?: number; done?: number; planned?: number; every?: number; activations?: boolean } = {}
): RunRecord {
  const { layers = 20, done = 313, planned = 400, every = 1, activations = false } = o
  const schema = schemaOf(layers, activations)
  const batch = frames(schema, scenario, 0, done, every)
  const table = new FrameTable(schema, batch)
  return {
    id: `run-${scenario}`,
    name: `Deep sigmoid on digits, ${scenario}`,
    experiment: { ...experiment, record: { ...experiment.record, every } },
    createdAt: '2026-01-01T00:00:00.000Z',
    progress: { state: done < planned ? 'running' : 'finished', step: done, steps: planned, rate: 8 },
    schema,
    frames: table.toBatch(),
    evaluations: Array.from({ length: Math.floor(done / 25) }, (_, i) => ({
      step: i * 25,
      metrics: { loss: table.scalar(table.frameAt(i * 25), 0)! * 1.05, accuracy: 0.1 }
    })),
    findings: finding(scenario, done - 1)
  }
}
