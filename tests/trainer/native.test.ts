import { defaultsOf } from '@shared/base/params'
import { layers } from '@shared/catalog/layers'
import { normaliseBatch } from '@shared/catalog/layers/parts/normalise'
import { optimizers } from '@shared/catalog/optimizers'
import type { NodeBackend } from '@shared/base/binding'
import type { TF, Tensor } from '@shared/base/tf'
import { lookup } from '@shared/experiment/lookup'
import { describe, expect, it } from 'vitest'
import { fusePointwise } from '../../src/trainer/graph/pointwise'
import { trace } from '../../src/trainer/graph/trace'
import { apart, normals } from './support'
import { loadTf } from './tf'

const tf = loadTf()
/** Without TensorFlow's own ops, as another backend would run it: the reference. */
const plainTf = new Proxy(tf, { get: (t, k) => (k === 'getBackend' ? () => 'plain' : (t as never)[k]) })

describe('batch norm in one native call', () => {
  const EPSILON = 1e-5
  const of = (shape: number[], name: string, scale = 1, mean = 0): Float32Array =>
    normals(
      shape.reduce((a, b) => a * b, 1),
      name
    ).map((v) => v * scale + mean)

  it.each([
    ['a few rows', [8, 5], 1, 0],
    ['as many channels as fit two lines', [64, 32], 3, 0.5],
    ['a sequence', [4, 7, 19], 1, 0],
    ['a picture', [6, 3, 4, 17], 0.1, 0],
    ['a mean that is large beside the deviation', [32, 16], 1e-2, 100],
    ['enough to share among threads', [2048, 300], 1, 0]
  ] as const)('%s: value and gradient are those of the formula in float64', (_what, shape, scale, mean) => {
    const size = [...shape]
    const channels = size[size.length - 1]!
    const rows = size.reduce((a, b) => a * b, 1) / channels
    const [x, dy] = [of(size, 'x', scale, mean), of(size, 'dy')]
    const [gamma, beta] = [of([channels], 'gamma'), of([channels], 'beta')]
    const tensors = [tf.tensor(x, size), tf.tensor1d(gamma), tf.tensor1d(beta)] as [Tensor, Tensor, Tensor]
    const out = normaliseBatch(tf, ...tensors, EPSILON)
    const grads = tf.grads((a, g, b) => normaliseBatch(tf, a!, g!, b!, EPSILON).y)(tensors, tf.tensor(dy, size))
    const got = [out.y, out.mean, out.variance, ...grads].map((t) => t.dataSync<'float32'>())
    const want = got.map((v) => new Float64Array(v.length))
    for (let c = 0; c < channels; c++) {
      const all = Array.from({ length: rows }, (_, r) => r * channels + c)
      const average = (f: (i: number) => number): number => all.reduce((s, i) => s + f(i), 0) / rows
      const m = average((i) => x[i]!)
      const variance = average((i) => (x[i]! - m) ** 2)
      const inverse = 1 / Math.sqrt(variance + EPSILON)
      const hat = (i: number): number => (x[i]! - m) * inverse
      const [d, dHat] = [average((i) => dy[i]!), average((i) => dy[i]! * hat(i))]
      want[1]![c] = m
      want[2]![c] = variance
      want[4]![c] = dHat * rows
      want[5]![c] = d * rows
      for (const i of all) {
        want[0]![i] = hat(i) * gamma[c]! + beta[c]!
        want[3]![i] = gamma[c]! * inverse * (dy[i]! - d - hat(i) * dHat)
      }
    }
    // A mean that float32 rounds moves every value by as much.
    const most = 2e-6 + (Math.abs(mean) / scale) * 1e-7
    got.forEach((v, k) => {
      const largest = want[k]!.reduce((a, b) => Math.max(a, Math.abs(b)), 0)
      const far = v.reduce((a, b, i) => Math.max(a, Math.abs(b - want[k]![i]!)), 0)
      expect(far / largest, ['y', 'mean', 'variance', '∂x', '∂γ', '∂β'][k]).toBeLessThan(most)
    })
  })
  it('a batch with a NaN has no mean', () => {
    const x = of([8, 5], 'x')
    x[6] = NaN
    const { y, mean } = normaliseBatch(tf, tf.tensor2d(x, [8, 5]), tf.ones([5]), tf.zeros([5]), EPSILON)
    expect(Array.from(mean.dataSync<'float32'>(), Number.isNaN)).toEqual([false, true, false, false, false])
    expect(Number.isNaN(y.dataSync<'float32'>()[11])).toBe(true)
  })
})

describe('a whole LSTM in one native call there and one back', () => {
  const lstm = layers.get('lstm')
  it.each([
    ['two steps, one unit', [1, 2, 2], { units: 1 }],
    ['of a size that no register has', [7, 9, 3], { units: 5 }],
    ['its whole sequence', [6, 9, 3], { units: 19, returnSequences: true }],
    ['without a bias, forgetting', [5, 8, 2], { units: 16, bias: false, forgetBias: -2 }],
    ['cut every four steps', [6, 10, 3], { units: 17, truncate: 4 }],
    ['cut at every step', [6, 5, 3], { units: 8, truncate: 1, returnSequences: true }],
    ['enough to share among threads', [64, 30, 8], { units: 72, returnSequences: true }]
  ] as const)('%s: value, gradients and those of each state are those of the unrolled cell', (_what, shape, own) => {
    const [batch, length] = shape
    const params = { ...defaultsOf(lstm.fields, lookup), ...own }
    const specs = lstm.weights(params, [shape.slice(1)])
    const weights = specs.map((s) =>
      tf.mul(
        tf.tensor(
          normals(
            s.shape.reduce((a, b) => a * b, 1),
            s.name
          ),
          s.shape
        ),
        0.4
      )
    )
    const x = tf.tensor3d(normals(batch * length * shape[2], 'x'), [...shape])
    const probe = tf.zeros([length, batch, own.units])
    const names = specs.map((s) => s.name)
    const of = (lib: TF): Float32Array[] => {
      const forward = (list: Tensor[]): Tensor => {
        const w = Object.fromEntries(names.map((name, i) => [name, list[i]!]))
        const ctx = {
          training: true,
          scalar: () => tf.scalar(0),
          noise: (_name: string, s: number[]) => tf.zeros(s),
          probe: () => list[list.length - 1]!,
          cut: (t: Tensor) =>
            tf.customGrad((v) => ({ value: (v as Tensor).clone(), gradFunc: (dy: Tensor) => tf.zerosLike(dy) }))(t)
        }
        return lstm.forward(lib, params, [list[names.length]!], w, ctx as never).h
      }
      const all = [...weights, x, probe]
      const h = forward(all)
      const dy = tf.tensor(normals(h.size, 'dy'), h.shape)
      return [h, ...tf.grads((...list) => forward(list))(all, dy)].map((t) => t.dataSync<'float32'>())
    }
    const [got, want] = [of(tf), of(plainTf)]
    ;['h', ...names.map((n) => `∂${n}`), '∂x', '∂h'].forEach((what, i) =>
      expect(apart(got[i]!, want[i]!), what).toBeLessThan(2e-4)
    )
  })
})

describe.each(optimizers.all.map((o) => [o.id, o] as const))(
  'the arithmetic of %s in one native call',
  (_id, entry) => {
    it.each([[[7]], [[40, 33]]])('of %j has the bits of its operations', (shape) => {
      const backend = tf.backend() as unknown as NodeBackend
      const b = backend.binding
      const n = shape.reduce((x, y) => x * y, 1)
      const [w, g] = [tf.tensor(normals(n, 'w'), shape), tf.tensor(normals(n, 'g'), shape)]
      const slots = entry.slots.map((s) => tf.abs(tf.tensor(normals(n, s), shape)))
      const [learningRate, t] = [tf.scalar(0.013), tf.scalar(3)]
      const run = trace(
        backend,
        [w, g, ...slots, learningRate, t],
        () => {
          const named = Object.fromEntries(entry.slots.map((s, i) => [s, slots[i]!]))
          const made = entry.update(tf, { w, g, slots: named, learningRate, t }, defaultsOf(entry.fields, lookup))
          return [made.w, tf.sub(made.w, w), ...entry.slots.map((s) => made.slots[s]!)]
        },
        (out) => out
      )
      const want = run.value.map((v) => v.dataSync<'float32'>().slice())
      const { ops, constants, results, inputs } = run.trace
      const shapes = new Map<number, readonly number[]>(ops.flatMap((o) => o.outputs.map((out) => [out.id, out.shape])))
      const feeds = [w, g, ...slots, learningRate, t]
      inputs.forEach((id, i) => shapes.set(id, feeds[i]!.shape))
      for (const [id, c] of constants) shapes.set(id, c.shape)
      const fused = fusePointwise(b, ops, (id) => shapes.get(id), new Set(results))
      expect(fused.length).toBeLessThan(ops.length)
      expect(fused.some((o) => o.op === 'ClinicPointwise')).toBe(true)
      const at = new Map<number, number>(inputs.map((id) => [id, id]))
      for (const [id, c] of constants) at.set(id, b.createTensor(c.shape, c.dtype, c.data))
      for (const o of fused) {
        const made = b.executeOp(
          o.op,
          o.attrs,
          o.inputs.map((i) => at.get(i)!),
          o.outputs.length
        )
        o.outputs.forEach((out, i) => at.set(out.id, made[i]!.id))
      }
      results.forEach((id, i) => expect(b.tensorDataSync(at.get(id)!)).toEqual(want[i]))
    })
  }
)
