import type { Rng } from '@shared/base/random/rng'
import type { Base, Draft, Json, Node, Wish } from './types'
import { bars, fields, flats, machines, patients, recall, series } from './tables'

const layer = (id: string, kind: string, params: Json = {}): Node => ({ id, kind, params })
const dense = (id: string, units: number, activation: string, more: Json = {}): Node =>
  layer(id, 'dense', {
    units,
    activation,
    initializer: activation === 'relu' ? 'heNormal' : activation === 'selu' ? 'lecunNormal' : 'glorotNormal',
    ...more
  })
const output = (units: number): Node => dense('out', units, 'linear')
/** Hidden layers h1, h2 … of one width. */
const stack = (depth: number, units: number, activation = 'relu', more: Json = {}): Node[] =>
  Array.from({ length: depth }, (_, i) => dense(`h${i + 1}`, units, activation, more))
const adam = (learningRate: number): Json => ({ id: 'adam', learningRate })
const pick = <T>(rng: Rng, list: readonly T[]): T => list[Math.floor(list.length * rng.uniform())]!
/** Deep nets learn with smaller steps. */
const rate = (depth: number, shallow: number): number => (depth > 6 ? shallow / 4 : shallow)

interface Settings {
  loss?: string
  steps?: number
  batchSize?: number
  rate?: number
  standardize?: boolean
  validation?: number
  files?: Draft['files']
}
const draft = (dataset: Json, nodes: Node[], s: Settings = {}): Draft => ({
  data: {
    dataset,
    validation: s.validation ?? 0.3,
    ...(s.standardize !== undefined && { standardize: s.standardize })
  },
  nodes,
  training: {
    steps: s.steps ?? 150,
    batchSize: s.batchSize ?? 64,
    loss: s.loss ?? 'softmaxCrossEntropy',
    optimizer: adam(s.rate ?? 0.01)
  },
  files: s.files ?? {}
})
const SIGMOID = 'sigmoidCrossEntropy'
const MSE = 'meanSquaredError'

/** Points in the plane, told by a dense net. */
const plane = (id: string, depth: number, width: number, settings: Settings, more: Json = {}): Base => ({
  id,
  task: 'binary',
  family: 'dense',
  stacks: true,
  make(rng, { depth: d = depth }) {
    const activation = d > 6 ? 'relu' : pick(rng, ['relu', 'tanh'] as const)
    return draft({ id, count: 600, ...more }, [...stack(d, width, activation), output(1)], {
      loss: SIGMOID,
      ...settings,
      rate: rate(d, 0.01)
    })
  }
})
/** A shipped table, told by a dense net. */
const shipped = (id: string, classes: number, depth: number, width: number): Base => ({
  id,
  task: classes > 2 ? 'multiclass' : 'binary',
  family: 'dense',
  stacks: true,
  make: (_rng, { depth: d = depth }) =>
    draft({ id }, [...stack(d, width), output(classes > 2 ? classes : 1)], {
      rate: rate(d, 0.005),
      batchSize: 32,
      ...(classes === 2 && { loss: SIGMOID })
    })
})
const flatsOf = (rng: Rng, wish: Wish, nodes: Node[]): Draft =>
  draft({ id: 'csv', file: 'flats.csv', target: 'price' }, nodes, {
    loss: MSE,
    standardize: !wish.raw,
    files: { 'flats.csv': flats(rng, 500, wish.raw) }
  })
const patientsOf = (rng: Rng, wish: Wish, classes: 2 | 3, nodes: Node[]): Draft =>
  draft({ id: 'csv', file: 'patients.csv', target: 'state' }, nodes, {
    standardize: !wish.raw,
    ...(classes === 2 && { loss: SIGMOID }),
    // Of a rare class there have to be some.
    files: {
      'patients.csv': patients(rng, wish.rare === undefined ? 600 : 1500, classes, wish.raw === 'inputs', wish.rare)
    }
  })
const fieldsOf = (rng: Rng, wish: Wish, nodes: Node[]): Draft =>
  draft({ id: 'csv', file: 'fields.csv', target: 'yield' }, nodes, {
    loss: MSE,
    standardize: !wish.raw,
    files: { 'fields.csv': fields(rng, 600, wish.raw) }
  })
const machinesOf = (rng: Rng, wish: Wish, nodes: Node[]): Draft =>
  draft({ id: 'csv', file: 'machines.csv', target: 'state' }, nodes, {
    standardize: true,
    loss: SIGMOID,
    files: { 'machines.csv': machines(rng, wish.rare === undefined ? 600 : 1500, wish.rare) }
  })
const conv = (id: string, filters: number, more: Json = {}): Node =>
  layer(id, 'conv2d', { filters, activation: 'relu', initializer: 'heNormal', ...more })
const cell = (kind: string, units: number, more: Json = {}): Node => layer('cell', kind, { units, ...more })
const recallOf = (rng: Rng, { length = 12 }: Wish, nodes: Node[], names = ['up', 'down']): Draft =>
  draft({ id: 'csv', file: 'recall.csv', lines: 'steps', series: 'id', time: 't', target: 'class' }, nodes, {
    ...(names.length === 2 && { loss: SIGMOID }),
    batchSize: 32,
    rate: 0.005,
    steps: 120,
    files: { 'recall.csv': recall(rng, 240, length, names) }
  })

/** Every data set, task and kind of layer is among them. */
export const bases: readonly Base[] = [
  plane('moons', 3, 16, {}, { noise: 0.12 }),
  plane('circles', 3, 16, {}, { noise: 0.05 }),
  plane('spirals', 4, 32, { steps: 250 }, { noise: 0.02 }),
  plane('xor', 2, 16, {}),
  plane('checkerboard', 3, 48, { steps: 300, batchSize: 128 }),
  shipped('iris', 3, 2, 16),
  shipped('wine', 3, 3, 16),
  shipped('breastCancer', 2, 3, 16),
  shipped('digits', 10, 3, 32),
  {
    id: 'blobs',
    task: 'multiclass',
    family: 'dense',
    stacks: true,
    make: (_rng, { depth = 3 }) =>
      draft({ id: 'blobs', count: 500, classes: 4, inputs: 8, noise: 0.6 }, [...stack(depth, 24), output(4)], {
        rate: rate(depth, 0.01)
      })
  },
  {
    id: 'diabetes',
    task: 'regression',
    family: 'dense',
    stacks: true,
    make: (_rng, { depth = 2 }) =>
      draft({ id: 'diabetes' }, [...stack(depth, 16, depth > 6 ? 'relu' : 'tanh'), output(1)], {
        loss: MSE,
        rate: rate(depth, 0.005),
        validation: 0.4,
        steps: 120
      })
  },
  {
    id: 'flats',
    task: 'regression',
    family: 'dense',
    stacks: true,
    raw: ['inputs', 'targets'],
    make: (rng, wish) => flatsOf(rng, wish, [...stack(wish.depth ?? 3, 24), output(1)])
  },
  {
    id: 'patients',
    task: 'binary',
    family: 'dense',
    stacks: true,
    raw: ['inputs'],
    rare: true,
    make: (rng, wish) => patientsOf(rng, wish, 2, [...stack(wish.depth ?? 3, 16), output(1)])
  },
  {
    id: 'wards',
    task: 'multiclass',
    family: 'dense',
    stacks: true,
    raw: ['inputs'],
    rare: true,
    make: (rng, wish) => patientsOf(rng, wish, 3, [...stack(wish.depth ?? 2, 24, 'elu'), output(3)])
  },
  {
    id: 'rents',
    task: 'regression',
    family: 'dense',
    raw: ['inputs', 'targets'],
    make: (rng, wish) => flatsOf(rng, wish, [...stack(2, 32, 'tanh'), output(1)])
  },
  {
    id: 'visits',
    task: 'binary',
    family: 'dense',
    raw: ['inputs'],
    rare: true,
    make: (rng, wish) => patientsOf(rng, wish, 2, [...stack(2, 32, 'tanh'), output(1)])
  },
  {
    id: 'pairs',
    task: 'regression',
    family: 'dense',
    stacks: true,
    make: (_rng, { depth = 2 }) =>
      draft({ id: 'randomPairs', count: 48, inputs: 40, outputs: 4 }, [...stack(depth, 48, 'tanh'), output(4)], {
        loss: MSE,
        batchSize: 0,
        validation: 0,
        rate: rate(depth, 0.005)
      })
  },
  {
    id: 'pictures',
    task: 'multiclass',
    family: 'conv',
    stacks: true,
    make: (_rng, { depth = 2 }) =>
      draft(
        { id: 'digits' },
        [
          layer('picture', 'reshape', { shape: '8, 8, 1' }),
          ...Array.from({ length: depth }, (_, i) => conv(`h${i + 1}`, 8)),
          layer('pool', 'maxPool'),
          layer('row', 'flatten'),
          output(10)
        ],
        { rate: rate(depth, 0.01), steps: 120, batchSize: 32, validation: 0.5 }
      )
  },
  {
    id: 'bars',
    task: 'multiclass',
    family: 'conv',
    stacks: true,
    make(rng, { depth = 2 }) {
      const { images, labels } = bars(rng, 360)
      return draft(
        { id: 'idx', images: 'bars-images', labels: 'bars-labels', shape: 'image', scaling: 'symmetric' },
        [
          ...Array.from({ length: depth }, (_, i) => conv(`h${i + 1}`, 8, { kernelSize: 3 })),
          layer('mean', 'globalMaxPool'),
          output(3)
        ],
        { rate: rate(depth, 0.01), steps: 120, batchSize: 32, files: { 'bars-images': images, 'bars-labels': labels } }
      )
    }
  },
  {
    id: 'branches',
    task: 'multiclass',
    family: 'conv',
    make: () =>
      draft(
        { id: 'digits' },
        [
          layer('picture', 'reshape', { shape: '8, 8, 1' }),
          conv('h1', 8, { stride: 2 }),
          { ...conv('h2', 8), inputs: ['h1'] },
          { ...conv('h3', 8, { kernelSize: 1 }), inputs: ['h1'] },
          { id: 'both', kind: 'concatenate', inputs: ['h2', 'h3'] },
          layer('h4', 'conv2d', { filters: 24, activation: 'elu', padding: 'valid', initializer: 'heNormal' }),
          layer('mean', 'globalAveragePool'),
          output(10)
        ],
        { rate: 0.02, steps: 200, batchSize: 32 }
      )
  },
  {
    id: 'scan',
    task: 'regression',
    family: 'conv',
    make: () =>
      draft(
        { id: 'sineForecast', count: 400, length: 24 },
        [
          layer('h1', 'conv1d', { filters: 12, kernelSize: 5, activation: 'relu', initializer: 'heNormal' }),
          layer('soft', 'averagePool', { size: 2 }),
          layer('h2', 'conv1d', { filters: 12, kernelSize: 3, activation: 'relu', initializer: 'heNormal' }),
          layer('row', 'flatten'),
          output(1)
        ],
        { loss: MSE, rate: 0.005 }
      )
  },
  {
    id: 'normed',
    task: 'multiclass',
    family: 'normed',
    make: () =>
      draft(
        { id: 'digits' },
        [
          dense('h1', 32, 'linear', { bias: false }),
          layer('norm1', 'batchNorm'),
          layer('bend1', 'activation', { activation: 'relu' }),
          dense('h2', 32, 'linear', { bias: false }),
          layer('norm2', 'batchNorm'),
          layer('bend2', 'activation', { activation: 'relu' }),
          output(10)
        ],
        { rate: 0.01 }
      )
  },
  {
    id: 'picturesNormed',
    task: 'multiclass',
    family: 'normed',
    make: () =>
      draft(
        { id: 'digits' },
        [
          layer('picture', 'reshape', { shape: '8, 8, 1' }),
          conv('h1', 8, { activation: 'linear', bias: false }),
          layer('norm1', 'batchNorm'),
          layer('bend1', 'activation', { activation: 'relu' }),
          layer('pool', 'maxPool'),
          layer('row', 'flatten'),
          dense('h2', 32, 'linear', { bias: false }),
          layer('norm2', 'batchNorm'),
          layer('bend2', 'activation', { activation: 'relu' }),
          output(10)
        ],
        { rate: 0.01, steps: 120, batchSize: 32, validation: 0.5 }
      )
  },
  {
    id: 'moonsNormed',
    task: 'binary',
    family: 'normed',
    make: () =>
      draft(
        { id: 'moons', count: 600, noise: 0.12 },
        [
          dense('h1', 24, 'linear', { bias: false }),
          layer('norm1', 'batchNorm'),
          layer('bend1', 'activation', { activation: 'tanh' }),
          dense('h2', 24, 'linear', { bias: false }),
          layer('norm2', 'batchNorm'),
          layer('bend2', 'activation', { activation: 'tanh' }),
          output(1)
        ],
        { loss: SIGMOID }
      )
  },
  {
    id: 'layerNormed',
    task: 'binary',
    family: 'normed',
    make: () =>
      draft(
        { id: 'moons', count: 600 },
        [
          dense('h1', 24, 'gelu'),
          layer('norm', 'layerNorm'),
          dense('h2', 24, 'silu'),
          layer('drop', 'dropout', { rate: 0.1 }),
          output(1)
        ],
        { loss: SIGMOID }
      )
  },
  {
    id: 'residual',
    task: 'multiclass',
    family: 'residual',
    make: () =>
      draft(
        { id: 'digits' },
        [
          dense('h1', 32, 'relu'),
          { ...dense('h2', 32, 'relu'), inputs: ['h1'] },
          { id: 'sum1', kind: 'add', inputs: ['h2', 'h1'] },
          { ...dense('h3', 32, 'relu'), inputs: ['sum1'] },
          { id: 'sum2', kind: 'add', inputs: ['h3', 'sum1'] },
          { ...output(10), inputs: ['sum2'] }
        ],
        { rate: 0.005 }
      )
  },
  {
    id: 'maxout',
    task: 'binary',
    family: 'normed',
    make: () =>
      draft(
        { id: 'circles', count: 600, noise: 0.05 },
        [layer('h1', 'maxout', { units: 16, pieces: 3 }), layer('h2', 'maxout', { units: 16 }), output(1)],
        { loss: SIGMOID }
      )
  },
  {
    id: 'selfNormed',
    task: 'multiclass',
    family: 'normed',
    make: () =>
      draft(
        { id: 'wine' },
        [
          dense('h1', 24, 'selu'),
          layer('drop', 'alphaDropout', { rate: 0.05 }),
          dense('h2', 24, 'selu'),
          dense('h3', 24, 'selu'),
          output(3)
        ],
        { rate: 0.005, batchSize: 32 }
      )
  },
  {
    id: 'rows',
    task: 'multiclass',
    family: 'recurrent',
    make: () => draft({ id: 'digitRows' }, [cell('lstm', 24), output(10)], { rate: 0.02, steps: 200, validation: 0.5 })
  },
  {
    id: 'recall',
    task: 'binary',
    family: 'recurrent',
    make: (rng, wish) => recallOf(rng, wish, [cell('simpleRnn', 16), output(1)])
  },
  {
    id: 'recallWide',
    task: 'binary',
    family: 'recurrent',
    make: (rng, wish) => recallOf(rng, wish, [cell('simpleRnn', 28), output(1)])
  },
  {
    id: 'recallGru',
    task: 'binary',
    family: 'recurrent',
    make: (rng, wish) => recallOf(rng, wish, [cell('gru', 12), output(1)])
  },
  {
    id: 'sine',
    task: 'regression',
    family: 'recurrent',
    make: () =>
      draft({ id: 'sineForecast', count: 400, length: 20 }, [cell('simpleRnn', 16), output(1)], {
        loss: MSE,
        rate: 0.005,
        batchSize: 32
      })
  },
  {
    id: 'windows',
    task: 'regression',
    family: 'recurrent',
    make: (rng) =>
      draft(
        { id: 'csv', file: 'level.csv', lines: 'windows', time: 't', target: 'level', length: 16 },
        [cell('gru', 12), output(1)],
        { loss: MSE, rate: 0.01, batchSize: 32, files: { 'level.csv': series(rng, 420) } }
      )
  },
  {
    id: 'order',
    task: 'multiclass',
    family: 'embedding',
    make: () =>
      draft(
        { id: 'temporalOrder', count: 400, length: 10, coding: 'ids' },
        [layer('words', 'embedding', { vocabulary: 6, units: 8 }), cell('gru', 20), output(4)],
        { rate: 0.02, steps: 200, batchSize: 32 }
      )
  },
  {
    id: 'copy',
    task: 'multiclass',
    family: 'recurrent',
    make: () =>
      draft(
        { id: 'copyMemory', count: 300, symbols: 3, items: 2, delay: 2 },
        [cell('gru', 24, { returnSequences: true }), output(4)],
        { rate: 0.02, steps: 200, batchSize: 32 }
      )
  },
  {
    id: 'adding',
    task: 'regression',
    family: 'recurrent',
    make: () =>
      draft({ id: 'addingProblem', count: 600, length: 8 }, [cell('lstm', 20), output(1)], {
        loss: MSE,
        rate: 0.02,
        steps: 250,
        batchSize: 32
      })
  },
  {
    id: 'fields',
    task: 'regression',
    family: 'dense',
    raw: ['inputs', 'targets'],
    make: (rng, wish) => fieldsOf(rng, wish, [...stack(2, 24, 'elu'), output(1)])
  },
  {
    id: 'meadows',
    task: 'regression',
    family: 'dense',
    raw: ['inputs', 'targets'],
    make: (rng, wish) => fieldsOf(rng, wish, [...stack(3, 20), output(1)])
  },
  {
    id: 'machines',
    task: 'binary',
    family: 'dense',
    rare: true,
    make: (rng, wish) => machinesOf(rng, wish, [...stack(2, 24), output(1)])
  },
  {
    id: 'engines',
    task: 'binary',
    family: 'dense',
    rare: true,
    make: (rng, wish) => machinesOf(rng, wish, [...stack(3, 16, 'tanh'), output(1)])
  },
  {
    id: 'cue',
    task: 'multiclass',
    family: 'recurrent',
    make: (rng, wish) => recallOf(rng, wish, [cell('simpleRnn', 20), output(3)], ['left', 'right', 'ahead'])
  },
  ...(['swissRoll', 'eightGaussians'] as const).map((id): Base => ({
    id,
    task: 'critic',
    family: 'dense',
    reach: 0.05,
    make: (_rng, { depth = 4 }) => ({
      ...draft({ id, count: 600, generator: 'noise' }, [...stack(depth, 32), output(1)], {
        loss: 'wasserstein',
        rate: 0.001
      }),
      training: {
        steps: 150,
        batchSize: 64,
        loss: 'wasserstein',
        optimizer: { id: 'adam', learningRate: 0.001, beta1: 0.5, beta2: 0.9 },
        hooks: [{ id: 'gradientPenalty', oneSided: id === 'swissRoll' }]
      }
    })
  }))
]
