import { vanishingExperiment } from '@shared/clinic/templates/parts/opening'
import type { Project } from '@shared/project/types'
import { binValues, type Binned } from '@shared/run/histogram'
import type { RunRecord } from '@shared/run/types'

const binsOf = (v: Float32Array): Float32Array => binValues(v).bins
const figures = (v: Float32Array): Omit<Binned, 'bins'> => {
  const { bins: _, ...rest } = binValues(v)
  return rest
}
/** A run of two layers and three frames, with every kind of odd number in it. */
export function sampleRun(id = 'run-1'): RunRecord {
  return {
    id,
    name: 'Deep sigmoid on digits',
    experiment: vanishingExperiment(5),
    createdAt: '2026-01-02T03:04:05.000Z',
    progress: {
      state: 'failed',
      step: 3,
      steps: 400,
      rate: 12.5,
      failure: { message: { en: 'killed', zh: '被终止' }, exitCode: 9, signal: 'SIGKILL', log: 'last words' }
    },
    schema: {
      layers: [0, 1].map((index) => ({
        index,
        id: `dense${index}`,
        node: `dense${index}`,
        kind: 'dense',
        name: `Dense ${index}`,
        outputShape: [64],
        paramCount: 4160,
        main: true,
        inputs: [index ? 'dense0' : 'input'],
        theoryGain: 0.25
      })),
      columns: [
        { layer: 0, statistic: 'activationGradientRms' },
        { layer: 1, statistic: 'activationGradientRms' }
      ],
      scalars: ['loss', 'gradientNorm'],
      info: { inputShape: [64], targetShape: [10], task: 'multiclass', count: 1797, classes: ['0', '1'] },
      trainCount: 1438,
      validationCount: 359,
      paramCount: 8320,
      compiled: true,
      versions: { tensorflow: '2.15.1' }
    },
    frames: {
      steps: new Int32Array([1, 2, 5]),
      values: new Float32Array([1e-38, 0.1, NaN, Infinity, -Infinity, -0]),
      scalars: new Float32Array([2.3, 1e-20, NaN, 0, Infinity, 3.4e38])
    },
    histograms: [
      {
        step: 1,
        entries: [
          {
            layer: 0,
            source: 'preActivation',
            ...figures(Float32Array.of(-3, 0, 0.5, NaN, Infinity)),
            slope: { mean: 0.2, below: 0.25, above: 0 }
          }
        ],
        bins: binsOf(Float32Array.of(-3, 0, 0.5, NaN, Infinity))
      },
      {
        step: 5,
        live: true,
        entries: [{ layer: 1, source: 'kernel', ...figures(Float32Array.of(1, 1, 1)) }],
        bins: binsOf(Float32Array.of(1, 1, 1))
      }
    ],
    evaluations: [
      { step: 2, metrics: { loss: NaN, accuracy: 0.1 } },
      { step: 5, metrics: { loss: Infinity } }
    ],
    findings: [
      {
        rule: 'vanishing',
        kind: 'vanishing',
        severity: 'bad',
        from: 1,
        to: 5,
        layers: ['dense0'],
        measured: { ratio: 1e-12, worst: -Infinity },
        threshold: { ratio: 1e-3 },
        text: { en: 'vanishes', zh: '消失' },
        advice: ['initializer']
      }
    ],
    events: [
      {
        step: 2,
        kind: 'learningRate',
        text: { en: 'learning rate 0.1 → 0.01', zh: '学习率 0.1 → 0.01' },
        before: 0.1,
        after: 0.01
      },
      {
        step: 2,
        kind: 'remedyOn',
        text: { en: 'Clip on', zh: '启用裁剪' },
        remedy: 'clipByNorm',
        after: { id: 'clipByNorm', maxNorm: 1 }
      },
      { step: 5, kind: 'nan', text: { en: 'first NaN', zh: '首次 NaN' } }
    ],
    checkpoints: [1, 4].map((step) => ({
      step,
      drawn: 64 * step,
      ...(step > 1 && { asked: true }),
      variables: [
        { name: 'dense0/kernel', shape: [2, 1] },
        { name: 'dense0/bias', shape: [1] }
      ],
      values: new Float32Array([step, NaN, -0])
    })),
    continuedFrom: { run: 'run-0', name: 'Before', step: 1 }
  }
}
export function sampleProject(): Project {
  return {
    format: 'gradient-clinic/project',
    version: 2,
    name: '作业 1 "é"',
    experiments: [vanishingExperiment(), { ...vanishingExperiment(3), name: 'Three layers' }],
    current: 1,
    runs: [
      sampleRun(),
      {
        ...sampleRun('run-2'),
        schema: undefined,
        histograms: undefined,
        frames: { steps: new Int32Array(0), values: new Float32Array(0), scalars: new Float32Array(0) },
        evaluations: [],
        findings: [],
        events: [],
        checkpoints: [],
        progress: { state: 'queued', step: 0, steps: 400 }
      }
    ],
    files: {
      'iris.csv': 'a,b\n1,2\n',
      '学生 成绩.csv': '成绩\n90\n',
      '../evil.csv': 'x\n',
      'IRIS.CSV': 'A\n',
      empty: '',
      'images.gz': new Uint8Array([0x1f, 0x8b, 8, 0, 255, 0]),
      '../labels': Uint8Array.from({ length: 300 }, (_, i) => i % 7)
    }
  }
}
