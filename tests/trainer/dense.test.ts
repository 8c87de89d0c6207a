import { nativeOf } from '@shared/base/native'
import type { Attribute } from '@shared/base/native'
import type { NodeBackend } from '@shared/base/binding'
import type { Tensor } from '@shared/base/tf'
import { describe, expect, it } from 'vitest'
import { fuse, simplify, type Own } from '../../src/trainer/graph/rewrite'
import { attributeOf, trace, type TracedOp } from '../../src/trainer/graph/trace'
import { apart, normals } from './support'
import { loadTf } from './tf'

const tf = loadTf()
const backend = tf.backend() as unknown as NodeBackend
const run = (op: string, inputs: Tensor[], attrs: Record<string, Attribute>, outputs = 1): Tensor[] =>
  nativeOf(backend).run(op, inputs, attrs, outputs)
const matrix = (rows: number, columns: number, name: string): Tensor =>
  tf.tensor2d(normals(rows * columns, name), [rows, columns])
const values = (t: Tensor): Float32Array => t.dataSync<'float32'>()

/** Sizes at and around the blocks and stretches of native/product.cc. */
const SIZES: [what: string, m: number, n: number, k: number][] = [
  ['one number', 1, 1, 1],
  ['a row', 1, 33, 5],
  ['a column', 37, 1, 9],
  ['one block', 12, 32, 8],
  ['one more than a block each way', 13, 33, 9],
  ['a narrow layer', 64, 64, 64],
  ['one stretch', 5, 40, 256],
  ['one more than a stretch', 5, 40, 257],
  ['rows that are far apart', 11, 288, 300],
  ['more columns than are packed at a time', 7, 1100, 20],
  ['enough to share among threads', 80, 900, 260],
  ['tall enough to share among threads', 3000, 90, 70]
]

describe('the product of two matrices in one native call', () => {
  describe.each(SIZES)('%s', (_what, m, n, k) => {
    it.each([
      [false, false],
      [true, false],
      [false, true],
      [true, true]
    ])('transposed %s and %s: is that of float64', (ta, tb) => {
      const [a, b] = [matrix(ta ? k : m, ta ? m : k, 'a'), matrix(tb ? n : k, tb ? k : n, 'b')]
      const [c] = run('ClinicMatMul', [a, b], { transpose_a: ta, transpose_b: tb })
      expect(c!.shape).toEqual([m, n])
      const [av, bv, got] = [values(a), values(b), values(c!)]
      let far = 0
      for (let i = 0; i < m; i++)
        for (let j = 0; j < n; j++) {
          let sum = 0
          for (let t = 0; t < k; t++) sum += av[ta ? t * m + i : i * k + t]! * bv[tb ? j * k + t : t * n + j]!
          far = Math.max(far, Math.abs(sum - got[i * n + j]!))
        }
      expect(far).toBeLessThan(6e-6 * Math.max(1, Math.sqrt(k)))
    })
  })
  it('of no terms is zero', () => {
    const [c] = run('ClinicMatMul', [tf.zeros([3, 0]), tf.zeros([0, 4])], { transpose_a: false, transpose_b: false })
    expect(Array.from(values(c!))).toEqual(Array<number>(12).fill(0))
  })
  it('of matrices that do not fit is refused', () => {
    expect(() =>
      run('ClinicMatMul', [matrix(3, 4, 'a'), matrix(3, 4, 'b')], { transpose_a: false, transpose_b: false })
    ).toThrow(/sides of the matrices differ/)
  })
  it('has the same bits for some of its rows as for all', () => {
    const [a, b] = [matrix(700, 300, 'a'), matrix(300, 90, 'b')]
    const product = (x: Tensor): Float32Array =>
      values(run('ClinicMatMul', [x, b], { transpose_a: false, transpose_b: false })[0]!)
    expect(product(tf.slice(a, [100, 0], [5, 300]))).toEqual(product(a).slice(100 * 90, 105 * 90))
  })
})

/** A layer that ends in ReLU, or not, and what comes before and after it. */
describe.each([true, false])('a dense layer in one native call, with ReLU: %s', (relu) => {
  it.each([
    [3, 5, 2],
    [64, 40, 33],
    [200, 300, 70]
  ])('its pass forward, of %i × %i to %i, is that of its operations', (batch, inputs, units) => {
    const [x, w, b] = [matrix(batch, inputs, 'x'), matrix(inputs, units, 'w'), tf.tensor1d(normals(units, 'b'))]
    const z = tf.add(tf.matMul(x, w), b)
    const [y] = run('ClinicDense', [x, w, b], { relu })
    expect(apart(values(y!), values(relu ? tf.relu(z) : z))).toBeLessThan(1e-5)
  })
  it.each([
    [3, 5, 2],
    [64, 40, 33],
    [200, 300, 350]
  ])('its pass back, of %i × %i to %i, is that of its operations', (batch, inputs, units) => {
    const [x, w] = [matrix(batch, inputs, 'x'), matrix(inputs, units, 'w')]
    const [dy, y] = [matrix(batch, units, 'dy'), tf.relu(matrix(batch, units, 'y'))]
    const dz = relu ? tf.mul(dy, tf.cast(tf.greater(y, 0), 'float32')) : dy
    const want = [...(relu ? [dz] : []), tf.sum(dz, 0), tf.matMul(dz, w, false, true), tf.matMul(x, dz, true, false)]
    const given = [dy, ...(relu ? [y] : []), w, x]
    const attrs = { N: { int: given.length }, M: { int: want.length }, relu, bias: true, dx: true, dw: true }
    const got = run('ClinicDenseGrad', given, attrs, want.length)
    got.forEach((g, i) => {
      expect(g.shape).toEqual(want[i]!.shape)
      expect(apart(values(g), values(want[i]!))).toBeLessThan(1e-5)
    })
  })
})

describe('what is not finite', () => {
  it('stays what it is through a layer and its ReLU', () => {
    const x = tf.tensor2d([NaN, 1, Infinity, 1, -Infinity, 1, 2, 1], [4, 2])
    const [y] = run('ClinicDense', [x, tf.tensor2d([1, 0], [2, 1]), tf.tensor1d([0])], { relu: true })
    expect(Array.from(values(y!))).toEqual([NaN, Infinity, 0, 2])
  })
  it('is not hidden by a unit that does not fire, as in TensorFlow', () => {
    const [dy, y] = [tf.tensor2d([Infinity, NaN, 3, 4], [2, 2]), tf.tensor2d([0, 0, 0, 1], [2, 2])]
    const want = nativeOf(backend).op('ReluGrad', [dy, y])
    const attrs = { N: { int: 2 }, M: { int: 2 }, relu: true, bias: true, dx: false, dw: false }
    const [dz] = run('ClinicDenseGrad', [dy, y], attrs, 2)
    expect(values(dz!)).toEqual(values(want))
  })
})

describe.each([
  ['Sigmoid', 2, (z: number) => 1 / (1 + Math.exp(-z))],
  ['Tanh', 3, Math.tanh]
] as const)('%s in one native call', (name, code, f) => {
  const through = (z: readonly number[]): Float32Array =>
    values(run('ClinicActivation', [tf.tensor1d([...z])], { f: { int: code } })[0]!)
  it('stands in the place of that of TensorFlow in a recorded step', () => {
    const ops = rewritten([matrix(3, 4, 'z')], () => [nativeOf(backend).op(name, [matrix(3, 4, 'z')])])
    expect(ops.map((o) => o.op)).toEqual(['ClinicActivation'])
  })
  it('is within two units in the last place of float64', () => {
    const zs = Array.from(Float32Array.from({ length: 40_001 }, (_, i) => (i - 20_000) / 400))
    const got = through(zs)
    const off = zs.map((z, i) => Math.abs(got[i]! - f(z)) / Math.abs(f(z)))
    expect(Math.max(...off.filter((_, i) => Math.abs(f(zs[i]!)) > 1e-37))).toBeLessThan(2.4e-7)
  })
  it('is right at the ends, and keeps what is not a number', () => {
    const ends = [-Infinity, -1e30, -104, 104, 1e30, Infinity, NaN, 0, 1e-30]
    expect(Array.from(through(ends))).toEqual(Array.from(Float32Array.from(ends, f)))
  })
})

/** Records f, rewrites it, runs what came out of it, and compares. @returns the rewritten operations */
function rewritten(
  inputs: Tensor[],
  f: () => Tensor[],
  own: Own = 'several',
  see: (result: Float32Array) => unknown = () => undefined,
  far = 1e-5
): TracedOp[] {
  const b = backend.binding
  const ran = trace(backend, inputs, f, (out) => out)
  const want = ran.value.map((v) => values(v).slice())
  const { constants, results } = ran.trace
  const shapes = inputs.map((t) => t.shape)
  const { ops, alias } = fuse(b, simplify(b, ran.trace, shapes, results, []), own)
  const at = new Map<number, number>(ran.trace.inputs.map((id) => [id, id]))
  for (const [id, c] of constants) at.set(id, b.createTensor(c.shape, c.dtype, c.data))
  for (const o of ops) {
    const ids = o.inputs.map((i) => at.get(alias(i)))
    expect(ids, `${o.op} reads what is not there yet`).not.toContain(undefined)
    b.executeOp(o.op, o.attrs, ids as number[], o.outputs.length).forEach((m, i) => at.set(o.outputs[i]!.id, m.id))
  }
  results.forEach((id, i) => {
    const got = b.tensorDataSync(at.get(alias(id))!) as Float32Array
    see(got)
    expect(apart(got, want[i]!)).toBeLessThan(far)
  })
  return ops
}
/** What comes out of the rewritten operations. */
function resultsOf(inputs: Tensor[], f: () => Tensor[], own: Own): Float32Array[] {
  const out: Float32Array[] = []
  rewritten(inputs, f, own, (v) => out.push(v.slice()))
  return out
}
const names = (ops: readonly TracedOp[]): string[] =>
  ops.map((o) => o.op).filter((o) => /MatMul|Dense|Relu|Bias/.test(o))

describe('a recorded step', () => {
  const [batch, width] = [8, 6]
  const x = matrix(batch, width, 'x')
  const dy = matrix(batch, width, 'dy')
  const weights = [0, 1, 2].flatMap((i) => [matrix(width, width, `w${i}`), tf.tensor1d(normals(width, `b${i}`))])
  const native = nativeOf(backend)
  /** As the product's dense layers compute it. */
  const dense = (h: Tensor, w: Tensor, b: Tensor): Tensor => native.op('BiasAdd', [tf.matMul(h, w), b])
  const back = (dz: Tensor, h: Tensor, w: Tensor): [dx: Tensor, dw: Tensor, db: Tensor] => [
    tf.matMul(dz, w, false, true),
    tf.matMul(h, dz, true, false),
    native.op('BiasAddGrad', [dz])
  ]
  const slope = (d: Tensor, h: Tensor): Tensor => native.op('ReluGrad', [d, h])

  it('has one operation for a layer there and one back', () => {
    const ops = rewritten([x, dy, ...weights], () => {
      const [w0, b0, w1, b1] = weights as [Tensor, Tensor, Tensor, Tensor]
      const h0 = tf.relu(dense(x, w0, b0))
      const h1 = tf.relu(dense(h0, w1, b1))
      const d1 = slope(dy, h1)
      const [dh, dw1, db1] = back(d1, h0, w1)
      const [, dw0, db0] = back(slope(dh, h0), x, w0)
      return [dw0, db0, dw1, db1]
    })
    expect(names(ops)).toEqual([
      ...['ClinicDense', 'ClinicDense'],
      ...['ClinicDenseGrad', 'ClinicMatMul', 'ClinicDenseGrad', 'ClinicMatMul']
    ])
  })
  it('keeps what is asked for between the operations of a layer', () => {
    const [w0, b0] = weights as [Tensor, Tensor]
    const ops = rewritten([x, ...weights], () => {
      const z = dense(x, w0, b0)
      return [z, tf.relu(z)]
    })
    expect(names(ops)).toEqual(['ClinicDense', 'Relu'])
  })
  it('keeps the sums before the bias where they are asked for', () => {
    const [w0, b0] = weights as [Tensor, Tensor]
    const ops = rewritten([x, ...weights], () => {
      const sums = tf.matMul(x, w0)
      return [sums, native.op('BiasAdd', [sums, b0])]
    })
    expect(names(ops)).toEqual(['ClinicMatMul', 'BiasAdd'])
  })
  it('takes nothing into an operation before it is there, and moves nothing behind its reader', () => {
    const [w0] = weights as [Tensor]
    // The product for the weights reads what is computed of the other product: they cannot be one operation.
    const ops = rewritten([x, dy, ...weights], () => {
      const dx = tf.matMul(dy, w0, false, true)
      const later = tf.tanh(dx)
      return [later, tf.matMul(later, dy, true, false)]
    })
    expect(names(ops)).toEqual(['ClinicMatMul', 'ClinicMatMul'])
  })
  it('whose operations run in turn has the same bits, whatever the size of its products', () => {
    const wide = [tf.tensor2d(normals(64 * 256, 'x'), [64, 256]), matrix(256, 256, 'w'), tf.tensor1d(normals(256, 'b'))]
    const f = (): Tensor[] => {
      const [h, w, b] = wide as [Tensor, Tensor, Tensor]
      const y = tf.relu(dense(h, w, b))
      return [y, ...back(slope(h, y), h, w), tf.add(tf.mul(w, w), w)]
    }
    const told = (ops: readonly TracedOp[]): boolean[] => ops.map((o) => Boolean(attributeOf(o, 'alone')))
    const ops = rewritten(wide, f, 'inTurn')
    expect(ops.map((o) => o.op)).toEqual(['ClinicDense', 'ClinicDenseGrad', 'ClinicPointwise'])
    expect(told(ops)).toEqual([true, true, true])
    expect(told(rewritten(wide, f))).not.toContain(true)
    expect(names(rewritten(wide, f))).toContain('MatMul')
    // Nothing but the number of threads hangs on it.
    for (const o of ops.slice(0, 1)) {
      const [alone, beside] = [o.attrs, o.attrs.filter((a) => a.name !== 'alone')].map((attrs) => {
        const [y] = backend.binding.executeOp(o.op, attrs, backend.getInputTensorIds(wide), 1)
        return backend.binding.tensorDataSync(y!.id)
      })
      expect(alone).toEqual(beside)
    }
  })
  describe('whose operations run in turn', () => {
    const sizes = [40, 33, 64, 7]
    const batches = [
      ['a few rows', 5],
      ['rows that several threads share', 300]
    ] as const
    const parts = sizes
      .slice(1)
      .map((n, i) => [matrix(sizes[i]!, n, `cw${i}`), tf.tensor1d(normals(n, `cb${i}`))] as const)
    const activations = {
      none: [(z: Tensor): Tensor => z, (dy: Tensor): Tensor => dy],
      relu: [(z: Tensor): Tensor => tf.relu(z), slope],
      sigmoid: [
        (z: Tensor): Tensor => native.op('Sigmoid', [z]),
        (dy: Tensor, y: Tensor) => native.op('SigmoidGrad', [y, dy])
      ],
      tanh: [(z: Tensor): Tensor => native.op('Tanh', [z]), (dy: Tensor, y: Tensor) => native.op('TanhGrad', [y, dy])]
    } as const
    /** Gradients of all layers, and the output; with `inside` also what lies between. */
    const step =
      (input: Tensor, d: Tensor, [f, df]: (typeof activations)[keyof typeof activations], inside = false) =>
      (): Tensor[] => {
        const ys = [input]
        const zs: Tensor[] = []
        for (const [w, b] of parts) {
          const z = dense(ys[ys.length - 1]!, w, b)
          zs.push(z)
          ys.push(zs.length < parts.length ? f(z) : z)
        }
        let dy = d
        const out: Tensor[] = [ys[ys.length - 1]!]
        for (let i = parts.length - 1; i >= 0; i--) {
          const dz = i < parts.length - 1 ? df(dy, ys[i + 1]!) : dy
          out.push(tf.matMul(ys[i]!, dz, true, false), native.op('BiasAddGrad', [dz]))
          if (i) dy = tf.matMul(dz, parts[i]![0], false, true)
          if (inside) out.push(dz, zs[i]!, ys[i + 1]!)
        }
        return out
      }
    describe.each(batches)('on %s', (_what, rows) => {
      const input = matrix(rows, sizes[0]!, 'input')
      const d = matrix(rows, sizes[3]!, 'd')
      const all = [input, d, ...parts.flat()]
      it.each(Object.keys(activations) as (keyof typeof activations)[])(
        'has one operation for all layers with %s there, and one back',
        (name) => {
          for (const inside of [false, true]) {
            // TensorFlow's own tanh is up to 2.8e-7 off, three times as far as that of a chain.
            const far = name === 'tanh' ? 3e-5 : 1e-5
            const ops = rewritten(all, step(input, d, activations[name], inside), 'inTurn', undefined, far)
            expect(ops.map((o) => o.op).filter((o) => o !== 'Relu')).toEqual(['ClinicChain', 'ClinicChainGrad'])
          }
        }
      )
      it('has the bits of single layers', () => {
        const chain = resultsOf(all, step(input, d, activations.relu, true), 'inTurn')
        expect(chain).toEqual(resultsOf(all, step(input, d, activations.relu, true), 'several'))
      })
    })
    it('keeps the sums of a layer only where somebody asks for them', () => {
      const input = matrix(5, sizes[0]!, 'input')
      const f = (): Tensor[] => step(input, matrix(5, sizes[3]!, 'd'), activations.tanh)().slice(0, 1)
      const [chain] = rewritten([input, ...parts.flat()], f, 'inTurn')
      expect(chain!.outputs).toHaveLength(3)
    })
    it('takes no layer into a chain whose weights hang on an earlier one', () => {
      const [w0, b0, w1, b1] = weights as [Tensor, Tensor, Tensor, Tensor]
      const ops = rewritten(
        [x, ...weights],
        () => {
          const h = tf.relu(dense(x, w0, b0))
          return [dense(h, tf.mul(w1, tf.sum(h)), b1)]
        },
        'inTurn'
      )
      expect(names(ops)).not.toContain('ClinicChain')
    })
    it('does the arithmetic of all weights at once', () => {
      const rate = tf.scalar(0.1)
      const ops = rewritten([rate, ...weights], () => weights.map((w) => tf.sub(w, tf.mul(w, rate))), 'inTurn')
      expect(ops.map((o) => o.op)).toEqual(['ClinicPointwiseSets'])
    })
    it('does no arithmetic before what it reads is there', () => {
      const [w0, , w1] = weights as [Tensor, Tensor, Tensor]
      const ops = rewritten(
        [w0, w1],
        () => {
          const next = tf.sub(w0, tf.mul(w0, w0))
          const far = tf.matMul(next, w1)
          return [next, tf.sub(far, tf.mul(far, far))]
        },
        'inTurn'
      )
      expect(ops.filter((o) => o.op === 'ClinicPointwise')).toHaveLength(2)
    })
    it('measures all layers at once, but for what something else asks for', () => {
      // The norm of one tensor, and the ratio of its norm to that of another.
      const ratio = (a: Tensor, b: Tensor): Tensor =>
        native.op('ClinicMeasure', [a, b], {
          N: { int: 2 },
          requests: { int: [0, 0, -1, 0, 12, 1] },
          bounds: [0, 0, 0, 0]
        })
      const [w0, b0, w1, b1] = weights as [Tensor, Tensor, Tensor, Tensor]
      const all = (): [Tensor, Tensor, Tensor] => [ratio(w0, w1), ratio(b0, b1), ratio(w1, w0)]
      const head = tf.tensor1d([7])
      const counted = (f: () => Tensor[]): string[] =>
        rewritten([head, ...weights], f, 'inTurn').map((o) => `${o.op} ${o.inputs.length}`)
      expect(counted(() => [tf.concat([head, ...all()])])).toEqual(['ClinicMeasure 6', 'ConcatV2 3'])
      const asked = (): Tensor[] => {
        const [first, ...others] = all()
        return [tf.concat([head, first, ...others]), first]
      }
      expect(counted(asked)).toEqual(['ClinicMeasure 2', 'ClinicMeasure 4', 'ConcatV2 4'])
    })
    it('refuses chains whose sides differ', () => {
      const attrs = { N: { int: 5 }, M: { int: 2 }, layers: { int: [0, 0] } }
      const b = tf.tensor1d(normals(6, 'b'))
      expect(() => run('ClinicChain', [x, matrix(width, width, 'w'), b, matrix(5, width, 'w'), b], attrs, 2)).toThrow(
        /sides of the matrices differ/
      )
      expect(() =>
        run('ClinicChainGrad', [dy, matrix(5, 5, 'w')], { N: { int: 2 }, M: { int: 1 }, layers: { int: [8] } }, 1)
      ).toThrow(/sides of the matrices differ/)
    })
  })
  it('leaves the bias of pictures alone', () => {
    const d4 = tf.tensor4d(normals(2 * 3 * 3 * 4, 'd'), [2, 3, 3, 4])
    expect(names(rewritten([d4], () => [native.op('BiasAddGrad', [d4]), tf.relu(d4)]))).toEqual(['BiasAddGrad', 'Relu'])
  })
  it('has small constants once, and what is computed of them', () => {
    const ops = rewritten([x], () => [tf.add(tf.mul(x, tf.scalar(3)), tf.scalar(1)), tf.mul(x, tf.scalar(3))])
    expect(ops.filter((o) => o.op === 'Mul' || o.op === 'ClinicPointwise')).toHaveLength(1)
  })
})
