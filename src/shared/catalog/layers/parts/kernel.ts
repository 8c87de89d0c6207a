import type { KerasObject, KerasWeight } from '../../../base/keras'
import { sizeOf } from '../../../base/sizeOf'
import type { Field, Params, Spec } from '../../../base/params'
import type { KerasSite, TorchWeight, WeightSpec } from '../types'

/** Fields of layers with a kernel and a bias. */
export const KERNEL = {
  initializer: {
    type: 'ref',
    registry: 'initializers',
    default: { id: 'glorotUniform' },
    label: { en: 'Initializer', zh: '初始化' }
  },
  bias: { type: 'bool', default: true, label: { en: 'Bias', zh: '偏置' } },
  biasStart: {
    type: 'number',
    default: 0,
    min: -1e6,
    max: 1e6,
    label: { en: 'Bias at start', zh: '偏置初值' },
    advanced: true
  },
  biasStd: {
    type: 'number',
    default: 0,
    min: 0,
    max: 1e6,
    label: { en: 'Spread of the biases', zh: '偏置的标准差' },
    help: {
      en: 'Standard deviation σ_b of the biases at start. With 0 all are the same.',
      zh: '偏置初值的标准差 σ_b。为 0 时所有偏置相同。'
    },
    advanced: true
  },
  l2: {
    type: 'number',
    default: 0,
    min: 0,
    max: 1000,
    label: { en: 'L2', zh: 'L2 正则' },
    help: { en: 'λ in λ·Σw², added to the loss for the kernel.', zh: '对权重矩阵在损失中加入 λ·Σw² 的 λ。' },
    advanced: true
  }
} satisfies Record<string, Field>

/**
 * A kernel [receptive field…, inputs, outputs] and, if chosen, a bias. Fan-in and fan-out count the receptive field, as
 * in Glorot & Bengio 2010 and He 2015.
 * @param field lengths of the receptive field; empty for a dense layer
 */
export function kernelAndBias(p: Params, field: number[], inputs: number, outputs: number): WeightSpec[] {
  const area = sizeOf(field)
  const fans = { fanIn: area * inputs, fanOut: area * outputs }
  const kernel: WeightSpec = {
    name: 'kernel',
    shape: [...field, inputs, outputs],
    init: p.initializer as Spec,
    ...fans,
    l2: p.l2 as number,
    role: 'kernel'
  }
  const bias: WeightSpec = {
    name: 'bias',
    shape: [outputs],
    init: p.biasStd ? { id: 'normal', mean: p.biasStart, std: p.biasStd } : { id: 'constant', value: p.biasStart },
    ...fans,
    role: 'bias'
  }
  return p.bias ? [kernel, bias] : [kernel]
}

/** Where `nn.Linear` keeps a kernel and a bias. */
export const LINEAR: Record<string, TorchWeight> = {
  kernel: { at: 'weight', axes: [1, 0], isStandard: true },
  bias: { at: 'bias' }
}
/** The variables of a Keras layer with a kernel. */
export const KERAS_LINEAR: KerasWeight[] = [
  { name: 'kernel', as: 'kernel' },
  { name: 'bias', as: 'bias' }
]
/** Arguments of a Keras layer with a kernel: whether it has a bias, and how both start. */
export const kerasKernel = (p: Params, { start }: KerasSite): KerasObject['args'] => ({
  ...(!p.bias && { use_bias: false }),
  ...start('kernel', 'kernel'),
  ...(p.bias ? start('bias', 'bias') : {})
})
