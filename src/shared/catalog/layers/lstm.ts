import { number } from '../../base/python'
import { activations } from '../activations'
import { native, type Native } from '../../base/native'
import type { Params, Spec } from '../../base/params'
import type { TF, Tensor } from '../../base/tf'
import { kerasCell } from './parts/kerasCell'
import {
  activationField,
  gatedWithin,
  inferSequence,
  isFused,
  recurrentFields,
  recurrentFlops,
  recurrentKept,
  recurrentWeights,
  split,
  splitSpec,
  torchCell,
  unroll
} from './parts/recurrent'
import { wholeSequence, type Sequence } from './parts/wholeSequence'
import type { LayerKind } from './types'

/**
 * The product's own operations (native/lstm.cc): tanh and sigmoid, gates in the order input, candidate, forget, output.
 */
const sequenceOf = (n: Native, p: Params): Sequence => ({
  run: (z, recurrent) =>
    n.run('ClinicLstm', [z, recurrent], { forget_bias: p.forgetBias as number }, 4) as [Tensor, ...Tensor[]],
  back: (dy, recurrent, saved) =>
    n.run('ClinicLstmGrad', [dy, recurrent, ...saved], { truncate: { int: p.truncate as number } }, 2) as [
      Tensor,
      Tensor
    ]
})

/** One step (Hochreiter & Schmidhuber 1997 with the forget gate of Gers 2000). */
function step(tf: TF, p: Params, w: Record<string, Tensor>, x: Tensor, [h, c]: Tensor[]): { states: Tensor[] } {
  const [id, params] = splitSpec(p.activation as Spec)
  const [gateId, gateParams] = splitSpec(p.recurrentActivation as Spec)
  const f = (z: Tensor): Tensor => activations.get(id).forward(tf, z, params, {})
  const gate = (z: Tensor): Tensor => activations.get(gateId).forward(tf, z, gateParams, {})
  const units = p.units as number
  const linear = tf.add(tf.matMul(x as never, w.kernel as never), tf.matMul(h as never, w.recurrent as never)) as Tensor
  const [i, candidate, forget, o] = split(tf, w.bias ? tf.add(linear, w.bias) : linear, [units, units, units, units])
  const next = tf.add(
    tf.mul(gate(i!), f(candidate!)),
    tf.mul(gate(tf.add(forget!, p.forgetBias as number)), c!)
  ) as Tensor
  return { states: [tf.mul(gate(o!), f(next)), next] }
}

const lstm: LayerKind = {
  id: 'lstm',
  name: { en: 'LSTM', zh: '长短期记忆 LSTM' },
  doc: {
    en: 'A cell state c that is added to, not multiplied through: c_t = f⊙c_{t−1} + i⊙g, h_t = o⊙tanh c_t (Hochreiter & Schmidhuber 1997). While the forget gate f stays near 1, the gradient lives through long sequences. Gates side by side: i, g, f, o.',
    zh: '细胞状态 c 以加法更新：c_t = f⊙c_{t−1} + i⊙g，h_t = o⊙tanh c_t（Hochreiter & Schmidhuber 1997）。遗忘门 f 接近 1 时，梯度可穿过很长的序列。各门依次排列：i、g、f、o。'
  },
  group: 'recurrent',
  icon: 'lstm',
  stem: 'lstm',
  fields: recurrentFields({
    activation: activationField('tanh', 'Activation', '激活函数'),
    recurrentActivation: activationField('sigmoid', 'Gate activation', '门的激活函数', true),
    forgetBias: {
      type: 'number',
      default: 1,
      min: -100,
      max: 100,
      label: { en: 'Forget bias', zh: '遗忘门偏置' },
      help: {
        en: 'Added inside the forget gate, beside its learnt bias: a positive one keeps the memory, and the gradient, at first (Gers 2000; Jozefowicz 2015).',
        zh: '在可训练偏置之外加到遗忘门内：取正值时，起初保持记忆和梯度（Gers 2000；Jozefowicz 2015）。'
      },
      advanced: true
    }
  }),
  inputs: { min: 1, max: 1 },
  infer: inferSequence,
  within: gatedWithin,
  weights: (p, s) => recurrentWeights(p, s, 4),
  forward(tf, p, [x], w, ctx) {
    const n = native(tf)
    return n?.hasOwn && isFused(p)
      ? wholeSequence(tf, n, p, x!, w as never, ctx, sequenceOf(n, p))
      : unroll(tf, p, x!, ctx, 2, (xt, states) => step(tf, p, w, xt, states))
  },
  python: {
    ...torchCell('LSTM', 4, ['h', 'c'], (p, { activate: f, apply }, bias) => {
      const gate = (z: string): string => apply('recurrentActivation', z)
      const forget = p.forgetBias ? `f + ${number(p.forgetBias)}` : 'f'
      return [
        `z = xt @ self.kernel + h @ self.recurrent${bias}`,
        'i, g, f, o = z.chunk(4, dim=1)',
        `c = ${gate('i')} * ${f('g')} + ${gate(forget)} * c`,
        `h = ${gate('o')} * ${f('c')}`
      ]
    }),
    keras: kerasCell({
      name: 'LSTM',
      order: [0, 2, 1, 3],
      states: ['h', 'c'],
      args: (p, site) => ({
        recurrent_activation: site.activation('recurrentActivation'),
        ...(p.bias && p.forgetBias !== 1 ? { unit_forget_bias: false } : {})
      }),
      plus: (p) => [0, p.forgetBias as number, 0, 0],
      step(p, { apply }, bias) {
        const gate = (z: string): string => apply('recurrentActivation', z)
        const forget = p.forgetBias ? `f + ${number(p.forgetBias)}` : 'f'
        return [
          `z = ops.matmul(xt, self.kernel)${bias}`,
          'z = z + ops.matmul(h, self.recurrent_kernel)',
          'i, g, f, o = ops.split(z, 4, axis=1)',
          `f = ${gate(forget)}`,
          `c = ${gate('i')} * ${apply('activation', 'g')} + f * c`,
          `h = ${gate('o')} * ${apply('activation', 'c')}`
        ]
      }
    })
  },
  kept: (p, s) => recurrentKept(p, s, 4, 3, isFused(p)),
  flops: (p, s) => recurrentFlops(p, s, 4)
}
export default lstm
