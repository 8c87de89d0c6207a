/** Rows for every activation and initializer, and for the kinds of layer beside dense: theory against measurement. */
import { activations } from '../shared/catalog/activations'
import { initializers, type Initializer } from '../shared/catalog/initializers'
import { defaultsOf } from '../shared/base/params'
import { makeRng } from '../shared/base/random/rng'
import { lookup } from '../shared/experiment/lookup'
import { dense, normalised, predictRow, row, WIDTH, type GoldRow } from './goldTable'

/**
 * True when the weights are the same whatever the seed: zeros, constants, the identity. The theory is one of random
 * weights, and has no word for these.
 */
export function isFixed(initializer: Initializer): boolean {
  const p = defaultsOf(initializer.fields, lookup)
  const drawn = (seed: number): Float32Array => initializer.sample([16, 16], 16, 16, makeRng(seed, 'fixed'), p)
  const [a, b] = [drawn(1), drawn(2)]
  return a.every((v, i) => v === b[i])
}
/**
 * Every activation × every initializer × plain, batch norm and layer norm: theory against measurement. @param width of
 * the layers; the theory is of wide ones
 */
export function theoryRows(width = WIDTH, tolerance = 0.05): GoldRow[] {
  return activations.all.flatMap((a) =>
    initializers.all
      .filter((i) => !isFixed(i))
      .flatMap((i) => {
        const activation = { id: a.id, ...defaultsOf(a.fields, lookup) }
        const initializer = { id: i.id, ...defaultsOf(i.fields, lookup) }
        const rows = [
          row(`${a.id}, ${i.id}`, [dense(activation, initializer, width)], '', NaN, {
            deep: true,
            tolerance,
            batch: 64
          }),
          ...['batchNorm', 'layerNorm'].map((kind) =>
            row(`${a.id}, ${i.id}, ${kind}`, normalised(kind, activation, initializer, width), '', NaN, {
              tolerance,
              batch: 64
            })
          )
        ]
        // Of e^z at unit variance, for one, the limit of wide layers says nothing.
        return rows.filter((r) => predictRow(r, width) !== undefined)
      })
  )
}

/**
 * The other kinds of layer that theory knows: convolutions in all their paddings and strides, maxout, pooling, alpha
 * dropout, concatenation.
 */
export function kindRows(): GoldRow[] {
  const conv = (more: object = {}, kind = 'conv2d'): object => ({
    id: 'conv',
    kind,
    params: { filters: 48, kernelSize: 3, activation: { id: 'relu' }, initializer: { id: 'heNormal' }, ...more }
  })
  const of = (name: string, input: number[], depth: number, block: object[], more: Partial<GoldRow> = {}): GoldRow =>
    row(name, block, '', NaN, { tolerance: 0.12, batch: 32, input, depth, ...more })
  const picture = [12, 12, 48]
  const tanh = { activation: { id: 'tanh' }, initializer: { id: 'glorotNormal' } }
  const wide = (activation: unknown): object => dense(activation, 'heNormal', 192)
  const sum = { id: 'sum', kind: 'add', inputs: ['dense', 'input'] }
  const before = [
    { id: 'norm', kind: 'batchNorm' },
    { id: 'first', kind: 'activation', params: { activation: { id: 'relu' } } }
  ]
  const pool = (kind: string, more: object = {}): object => ({ id: 'pool', kind, params: more })
  return [
    of('x + ReLU(Wx)', [192], 8, [wide('relu'), sum]),
    of('batch norm, ReLU, dense, residual', [192], 8, [...before, wide('linear'), sum], { batch: 64 }),
    of('residual, then PReLU', [192], 8, [
      wide('linear'),
      sum,
      { id: 'act', kind: 'activation', params: { activation: { id: 'prelu' } } }
    ]),
    of('tanh + Glorot, biases of 0.3', [192], 8, [
      {
        id: 'dense',
        kind: 'dense',
        params: { units: 192, activation: 'tanh', initializer: 'glorotNormal', biasStart: 0.3 }
      }
    ]),
    of('conv2d ReLU + He, same', picture, 6, [conv()]),
    of('conv2d ReLU + He, same, 5 × 5', picture, 4, [conv({ kernelSize: 5 })]),
    of('conv2d ReLU + He, same, 2 × 2', picture, 6, [conv({ kernelSize: 2 })]),
    of('conv2d ReLU + He, valid', picture, 4, [conv({ padding: 'valid' })]),
    of('conv2d ReLU + He, stride 2', [32, 32, 48], 4, [conv({ stride: 2 })]),
    of('conv2d tanh + Glorot, same', picture, 6, [conv(tanh)]),
    of('conv1d ReLU + He, same', [40, 48], 6, [conv({}, 'conv1d')]),
    of('conv1d tanh + Glorot, stride 3, valid', [250, 48], 4, [
      conv({ ...tanh, stride: 3, padding: 'valid' }, 'conv1d')
    ]),
    of('conv2d, batch norm, ReLU', picture, 6, [
      conv({ activation: { id: 'linear' } }),
      { id: 'norm', kind: 'batchNorm' },
      { id: 'act', kind: 'activation', params: { activation: { id: 'relu' } } }
    ]),
    of('conv2d ReLU, average pool 2', [32, 32, 48], 4, [conv(), pool('averagePool')]),
    of('conv2d linear, average pool 3, a rest', [29, 29, 48], 2, [
      conv({ activation: { id: 'linear' } }),
      pool('averagePool', { size: 3 })
    ]),
    of('conv2d ReLU, global average pool, dense', [6, 6, 32], 2, [
      conv({ filters: 32 }),
      pool('globalAveragePool'),
      dense({ id: 'linear' }, { id: 'glorotNormal' }, 1152),
      { id: 'shape', kind: 'reshape', params: { shape: '6, 6, 32' } }
    ]),
    of('flatten, dense, reshape, conv2d', [6, 6, 32], 5, [
      { id: 'flat', kind: 'flatten' },
      dense({ id: 'tanh' }, { id: 'glorotNormal' }, 1152),
      { id: 'shape', kind: 'reshape', params: { shape: '6, 6, 32' } },
      conv({ filters: 32 })
    ]),
    ...[2, 5].map((pieces) =>
      of(`maxout, ${pieces} pieces`, [256], 8, [
        { id: 'maxout', kind: 'maxout', params: { units: 256, pieces, initializer: { id: 'lecunNormal' } } }
      ])
    ),
    of('SELU + LeCun, alpha dropout 0.2', [256], 8, [
      dense({ id: 'selu' }, { id: 'lecunNormal' }, 256),
      { id: 'drop', kind: 'alphaDropout', params: { rate: 0.2 } }
    ]),
    of('tanh, concatenated with the layer before', [256], 8, [
      dense({ id: 'tanh' }, { id: 'glorotNormal' }, 128),
      {
        id: 'b',
        kind: 'dense',
        params: { units: 128, activation: { id: 'tanh' }, initializer: { id: 'glorotNormal' } }
      },
      { id: 'both', kind: 'concatenate', inputs: ['dense', 'b'] }
    ])
  ]
}
