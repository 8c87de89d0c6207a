import { kerasObject } from '../../base/keras'
import { number, options } from '../../base/python'
import { rounded } from '../../base/rounded'
import { sizeOf } from '../../base/sizeOf'
import { normaliseBatch } from './parts/normalise'
import type { LayerKind, WeightSpec } from './types'

const batchNorm: LayerKind = {
  id: 'batchNorm',
  name: { en: 'Batch norm', zh: '批归一化' },
  doc: {
    en: 'Each channel to mean 0 and variance 1 over the batch, then γ·x̂ + β (Ioffe & Szegedy 2015). Validation uses running averages. Behind it, without skips, ReLU nets explode backwards by about 1.21 per layer (Yang 2019).',
    zh: '在批次上把每个通道变为均值 0、方差 1，再乘 γ 加 β（Ioffe & Szegedy 2015）。验证时使用滑动平均。没有跳跃连接时，ReLU 网络的梯度每层向后放大约 1.21 倍（Yang 2019）。'
  },
  group: 'normalise',
  icon: 'norm',
  stem: 'bn',
  fields: {
    momentum: {
      type: 'number',
      default: 0.9,
      min: 0,
      below: 1,
      label: { en: 'Momentum', zh: '动量' },
      help: {
        en: 'Share of the old running average kept at each step (as in Keras; PyTorch gives 1 minus it).',
        zh: '每步保留的旧滑动平均占比（同 Keras；PyTorch 中为 1 减去它）。'
      },
      advanced: true
    },
    epsilon: {
      type: 'number',
      default: 1e-5,
      min: 1e-12,
      max: 1,
      log: true,
      label: { en: 'ε', zh: 'ε' },
      help: { en: 'Added to the variance.', zh: '加在方差上。' },
      advanced: true
    }
  },
  inputs: { min: 1, max: 1 },
  infer: (_p, [s]) => [...s!],
  weights(_p, [s]) {
    const channels = s![s!.length - 1]!
    const one = (name: string, id: string, role: WeightSpec['role']): WeightSpec => ({
      name,
      shape: [channels],
      init: { id },
      fanIn: channels,
      fanOut: channels,
      role,
      ...(role === 'state' && { trainable: false })
    })
    return [
      one('gamma', 'ones', 'scale'),
      one('beta', 'zeros', 'bias'),
      one('mean', 'zeros', 'state'),
      one('variance', 'ones', 'state')
    ]
  },
  blocked(_p, [s], examples) {
    const values = (examples * sizeOf(s!)) / s![s!.length - 1]!
    return values > 1
      ? undefined
      : {
          en: 'normalises one value per channel, as the batch is a single example, so that its output is β whatever it reads: take larger batches, or layer norm instead',
          zh: '批次只有一个样本，每个通道只有一个值可归一化，无论输入如何，输出都等于 β：请增大批大小，或改用层归一化'
        }
  },
  forward(tf, p, [x], w, ctx) {
    const epsilon = p.epsilon as number
    if (!ctx.training) {
      const scale = tf.mul(w.gamma!, tf.rsqrt(tf.add(w.variance!, epsilon)))
      return { h: tf.add(tf.mul(tf.sub(x!, w.mean!), scale), w.beta!) }
    }
    const { y, mean, variance } = normaliseBatch(tf, x!, w.gamma!, w.beta!, epsilon)
    const m = p.momentum as number
    const count = x!.size / mean.size
    // The running variance is the unbiased one, as in PyTorch and TensorFlow.
    const unbiased = count > 1 ? tf.mul(variance, count / (count - 1)) : variance
    const blend = (old: typeof mean, now: typeof mean): typeof mean => tf.add(tf.mul(old, m), tf.mul(now, 1 - m))
    return { h: y, state: { mean: blend(w.mean!, mean), variance: blend(w.variance!, unbiased) } }
  },
  python: {
    channels: 'first',
    torch(p, { self, inputs: [s] }, [x]) {
      const more = options({
        eps: [number(p.epsilon), number(1e-5)],
        momentum: [number(rounded(1 - (p.momentum as number), 12)), '0.1']
      })
      const channels = s![s!.length - 1]!
      return {
        make: `nn.BatchNorm${Math.max(1, s!.length - 1)}d(${channels}${more && `, ${more}`})`,
        call: `${self}(${x!})`,
        weights: {
          gamma: { at: 'weight', isDefault: true },
          beta: { at: 'bias', isDefault: true },
          mean: { at: 'running_mean', isDefault: true },
          variance: { at: 'running_var', isDefault: true }
        }
      }
    },
    keras: (p) => [
      {
        object: kerasObject('layers', 'BatchNormalization', {
          momentum: p.momentum as number,
          epsilon: p.epsilon as number
        }),
        weights: [
          { name: 'gamma', as: 'gamma' },
          { name: 'beta', as: 'beta' },
          { name: 'mean', as: 'moving_mean' },
          { name: 'variance', as: 'moving_variance' }
        ],
        remark: 'Keras keeps the biased variance, Gradient Clinic the unbiased one: they differ in validation.'
      }
    ]
  },
  flops: () => 0
}
export default batchNorm
