import { kerasObject } from '../../base/keras'
import { sizeOf } from '../../base/sizeOf'
import { addBias } from '../../base/native'
import type { Spec } from '../../base/params'
import { ACTIVATION, activate, activationWeights } from './parts/activate'
import { KERNEL, kernelAndBias, KERAS_LINEAR, LINEAR, kerasKernel } from './parts/kernel'
import { ShapeError, type LayerKind } from './types'

const dense: LayerKind = {
  id: 'dense',
  version: 2,
  name: { en: 'Dense', zh: '全连接' },
  doc: {
    en: 'Every output reads every input: z = xW + b, h = f(z). Of a sequence it reads each time step, with the same weights.',
    zh: '每个输出读取所有输入：z = xW + b，h = f(z)。对序列则以同一组权重读取每个时间步。'
  },
  group: 'core',
  icon: 'dense',
  stem: 'dense',
  fields: {
    units: {
      type: 'number',
      default: 64,
      integer: true,
      min: 1,
      max: 16384,
      log: true,
      label: { en: 'Units', zh: '单元数' },
      help: { en: 'Width: the number of outputs.', zh: '宽度：输出的个数。' }
    },
    activation: ACTIVATION,
    ...KERNEL
  },
  inputs: { min: 1, max: 1 },
  infer(p, [s]) {
    if (s!.length > 2)
      throw new ShapeError({
        en: `reads one row of numbers, or a sequence of them, but gets ${s!.length} axes [${s!.join(' × ')}]: put a Flatten before it`,
        zh: `需要一行数或其序列，但得到 ${s!.length} 个轴 [${s!.join(' × ')}]：请在前面加展平层`
      })
    return [...s!.slice(0, -1), p.units as number]
  },
  weights: (p, [s]) => [
    ...kernelAndBias(p, [], s![s!.length - 1]!, p.units as number),
    ...activationWeights(p, [p.units as number])
  ],
  forward(tf, p, [x], w) {
    const rows = x!.rank > 2 ? tf.reshape(x!, [-1, x!.shape[x!.rank - 1]!]) : x!
    const linear = tf.matMul(rows as never, w.kernel as never)
    const flat = w.bias ? addBias(tf, linear, w.bias) : linear
    const z = x!.rank > 2 ? tf.reshape(flat, [...x!.shape.slice(0, -1), p.units as number]) : flat
    return { z, h: activate(tf, p, z, w) }
  },
  python: {
    torch: (p, { self, inputs: [s], activate: f }, [x]) => ({
      make: `nn.Linear(${s![s!.length - 1]!}, ${p.units as number}${p.bias ? '' : ', bias=False'})`,
      call: f(`${self}(${x!})`),
      weights: LINEAR
    }),
    keras: (p, site) => [
      {
        object: kerasObject('layers', 'Dense', {
          units: p.units as number,
          activation: site.activate(),
          ...kerasKernel(p, site)
        }),
        weights: KERAS_LINEAR
      }
    ]
  },
  activation: (p) => p.activation as Spec,
  flops: (p, [s]) => sizeOf(s!) * (p.units as number)
}
export default dense
