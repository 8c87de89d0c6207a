import { activations } from '../activations'
import { addBias } from '../native'
import type { Spec } from '../params'
import { ShapeError, type LayerKind } from './types'

const split = (s: Spec): [string, Record<string, unknown>] => {
  const { id, ...params } = s
  return [id, params]
}

const dense: LayerKind = {
  id: 'dense',
  name: { en: 'Dense', zh: '全连接' },
  doc: { en: 'Every output reads every input: z = xW + b, h = f(z).', zh: '每个输出读取所有输入：z = xW + b，h = f(z)。' },
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
    activation: { type: 'ref', registry: 'activations', default: { id: 'relu' }, label: { en: 'Activation', zh: '激活函数' } },
    initializer: { type: 'ref', registry: 'initializers', default: { id: 'glorotUniform' }, label: { en: 'Initializer', zh: '初始化' } },
    bias: { type: 'bool', default: true, label: { en: 'Bias', zh: '偏置' } },
    biasStart: { type: 'number', default: 0, min: -1e6, max: 1e6, label: { en: 'Bias at start', zh: '偏置初值' }, advanced: true },
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
    const fanOut = p.units as number
    const kernel = {
      name: 'kernel',
      shape: [fanIn, fanOut],
      init: p.initializer as Spec,
      fanIn,
      fanOut,
      l2: p.l2 as number,
      role: 'kernel' as const
    }
    return p.bias
      ? [kernel, { name: 'bias', shape: [fanOut], init: { id: 'constant', value: p.biasStart }, fanIn, fanOut, role: 'bias' }]
      : [kernel]
  },
  forward(tf, p, [x], w) {
    const linear = tf.matMul(x as never, w.kernel as never)
    const z = w.bias ? addBias(tf, linear, w.bias) : linear
    const [id, params] = split(p.activation as Spec)
    return { z, h: activations.get(id).forward(tf, z, params) }
  },
  activation: (p) => p.activation as Spec,
  flops: (p, [s]) => s![0]! * (p.units as number)
}
export default dense
