import { describe, expect, it } from 'vitest'
import { nativeOf } from '@shared/base/native'
import type { NodeBackend } from '@shared/base/binding'
import type { Tensor } from '@shared/base/tf'
import { fuse, simplify } from '../../src/trainer/graph/rewrite'
import { trace } from '../../src/trainer/graph/trace'
import { runsInTurn } from '../../src/trainer/graph/turns'
import { normals } from './support'
import { loadTf } from './tf'

const tf = loadTf()
const backend = tf.backend() as unknown as NodeBackend
const native = nativeOf(backend)
const tensor = (...shape: number[]): Tensor => {
  const size = shape.reduce((a, b) => a * b, 1)
  return tf.tensor(normals(size, shape.join()), shape)
}
const traced = (inputs: Tensor[], f: () => Tensor[]): Parameters<typeof runsInTurn>[0][number] => {
  const noted = trace(backend, inputs, f, (out) => out).trace
  const shapes = inputs.map((t) => t.shape)
  return fuse(backend.binding, simplify(backend.binding, noted, shapes, noted.results, []), 'inTurn')
}
/** The pass of a batch through dense layers with a bias, of which every operation reads the one before alone. */
const chain = (batch: number, ...widths: number[]): ReturnType<typeof traced> => {
  const weights = widths.slice(1).map((n, i) => [tensor(widths[i]!, n), tensor(n)] as const)
  const x = tensor(batch, widths[0]!)
  return traced([x, ...weights.flat()], () => [
    weights.reduce<Tensor>((h, [w, b]) => tf.relu(native.op('BiasAdd', [tf.matMul(h, w), b])), x)
  ])
}
/** The pass of a batch through dense layers and the gradient of the first one's weights. */
const layers = (batch: number, ...widths: number[]): ReturnType<typeof traced> => {
  const weights = widths.slice(1).map((n, i) => tensor(widths[i]!, n))
  const x = tensor(batch, widths[0]!)
  return traced([x, ...weights], () => {
    const y = weights.reduce<Tensor>((h, w) => tf.matMul(h, w), x)
    return [y, tf.matMul(x, tf.matMul(y, weights[weights.length - 1]!, false, true), true, false)]
  })
}
/** A sequence of 64 examples through a long short-term memory, and its gradient. */
const memory = (length: number, units: number): ReturnType<typeof traced> => {
  const [z, u, dy] = [tensor(length, 64, 4 * units), tensor(units, 4 * units), tensor(64, units)]
  return traced([z, u, dy], () => {
    const [h, ...saved] = native.run('ClinicLstm', [z, u], { forget_bias: 1 }, 4)
    return [h!, ...native.run('ClinicLstmGrad', [dy, u, ...saved], { truncate: { int: 0 } }, 2)]
  })
}
const picture = (): ReturnType<typeof traced> => {
  const [x, w] = [tensor(8, 16, 16, 8), tensor(3, 3, 8, 8)]
  return traced([x, w], () => [tf.conv2d(x as never, w as never, 1, 'same')])
}

describe('the operations of a graph', () => {
  it.each([
    ['of layers of 1024 units', true, [layers(64, 64, 1024, 1024, 1024)]],
    ['of large batches', true, [layers(2048, 64, 64, 64)]],
    ['of a memory of 64 units over a hundred steps', true, [memory(100, 64)]],
    ['of narrow layers that follow each other', true, [chain(64, 64, 64, 64)]],
    ['of a chain beside a convolution', false, [picture(), chain(64, 64, 64, 64)]],
    ['of a chain beside as much that is none', false, [chain(64, 64, 64), layers(64, 64, 64)]],
    ['of narrow layers', false, [layers(64, 64, 64, 64)]],
    ['of layers of 256 units', false, [layers(64, 256, 256, 256)]],
    ['of a short memory of few units', false, [memory(4, 8)]],
    ['of which a convolution is one', false, [picture(), layers(64, 1024, 1024, 1024)]],
    [
      'most of whose work is in narrow layers',
      false,
      [layers(1, 1024, 1024), layers(64, ...Array<number>(9).fill(256))]
    ],
    ['that multiply nothing', false, [traced([tensor(3)], () => [tf.add(tensor(3), 1)])]]
  ])('%s run in turn: %s', (_what, want, functions) => {
    expect(runsInTurn(functions)).toBe(want)
  })
})
