import { KERAS_LINEAR } from './parts/kernel'
import { kerasObject } from '../../base/keras'
import { addBias, withGradient } from '../../base/native'
import type { Spec } from '../../base/params'
import type { Tensor } from '../../base/tf'
import { ShapeError, type LayerKind } from './types'

const maxout: LayerKind = {
  id: 'maxout',
  name: { en: 'Maxout', zh: 'Maxout' },
  doc: {
    en: 'Each output is the largest of k linear pieces (Goodfellow 2013): the slope is always that of a piece, so no unit saturates or dies.',
    zh: '每个输出取 k 个线性片段中的最大值（Goodfellow 2013）：斜率总是某个片段的斜率，单元不会饱和或死亡。'
  },
  group: 'core',
  icon: 'dense',
  stem: 'maxout',
  fields: {
    units: {
      type: 'number',
      default: 64,
      integer: true,
      min: 1,
      max: 16384,
      log: true,
      label: { en: 'Units', zh: '单元数' }
    },
    pieces: { type: 'number', default: 2, integer: true, min: 2, max: 16, label: { en: 'Pieces k', zh: '片段数 k' } },
    initializer: {
      type: 'ref',
      registry: 'initializers',
      default: { id: 'lecunNormal' },
      label: { en: 'Initializer', zh: '初始化' }
    },
    bias: { type: 'bool', default: true, label: { en: 'Bias', zh: '偏置' } },
    l2: {
      type: 'number',
      default: 0,
      min: 0,
      max: 1000,
      label: { en: 'L2', zh: 'L2 正则' },
      help: { en: 'λ in λ·Σw², added to the loss for the kernel.', zh: '对权重矩阵在损失中加入 λ·Σw² 的 λ。' },
      advanced: true
    }
  },
  inputs: { min: 1, max: 1 },
  columnsByUnit: true,
  infer(p, [s]) {
    if (s!.length !== 1)
      throw new ShapeError({
        en: `reads one row of numbers, but gets ${s!.length} axes [${s!.join(' × ')}]: put a Flatten before it`,
        zh: `需要一维输入，但得到 ${s!.length} 个轴 [${s!.join(' × ')}]：请在前面加展平层`
      })
    return [p.units as number]
  },
  weights(p, [s]) {
    const fanIn = s![0]!
    const fanOut = (p.units as number) * (p.pieces as number)
    const kernel = {
      name: 'kernel',
      shape: [fanIn, fanOut],
      init: p.initializer as Spec,
      fanIn,
      fanOut: p.units as number,
      l2: p.l2 as number,
      role: 'kernel' as const
    }
    return p.bias
      ? [kernel, { name: 'bias', shape: [fanOut], init: { id: 'zeros' }, fanIn, fanOut, role: 'bias' }]
      : [kernel]
  },
  forward(tf, p, [x], w) {
    let pieces: Tensor = tf.matMul(x as never, w.kernel as never)
    if (w.bias) pieces = addBias(tf, pieces, w.bias)
    const sides = tf.reshape(pieces, [-1, p.units as number, p.pieces as number])
    const largest = withGradient(
      tf,
      [sides],
      (keep) => {
        keep(sides)
        return tf.max(sides, 2)
      },
      // Where pieces tie, only one gets the gradient. (A max pool would do that too, but it loses NaN.)
      (dy, [s]) => [tf.mul(tf.expandDims(dy, 2), tf.oneHot(tf.argMax(s!, 2), p.pieces as number))]
    )
    return { h: largest }
  },
  python: {
    torch(p, { self, inputs: [s] }, [x]) {
      const [units, pieces] = [p.units as number, p.pieces as number]
      return {
        make: `nn.Linear(${s![0]!}, ${units * pieces}${p.bias ? '' : ', bias=False'})`,
        call: `${self}(${x!}).unflatten(1, (${units}, ${pieces})).max(dim=2).values`,
        weights: { kernel: { at: 'weight', axes: [1, 0] }, bias: { at: 'bias' } }
      }
    },
    keras(p, { start }) {
      const [units, pieces] = [p.units as number, p.pieces as number]
      return [
        {
          object: kerasObject('layers', 'Dense', {
            units: units * pieces,
            ...(!p.bias && { use_bias: false }),
            ...start('kernel', 'kernel')
          }),
          weights: KERAS_LINEAR
        },
        { object: kerasObject('layers', 'Reshape', { target_shape: [units, pieces] }) },
        { object: kerasObject('layers', 'Permute', { dims: [2, 1] }) },
        { object: kerasObject('layers', 'GlobalMaxPooling1D') }
      ]
    }
  },
  kept: (p) => (p.units as number) * (p.pieces as number),
  flops: (p, [s]) => s![0]! * (p.units as number) * (p.pieces as number)
}
export default maxout
