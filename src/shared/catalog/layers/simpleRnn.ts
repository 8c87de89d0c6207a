import { activations } from '../activations'
import { addBias, native, pullBack } from '../../base/native'
import type { Spec } from '../../base/params'
import type { TF, Tensor } from '../../base/tf'
import { throughTime, type Cell } from './parts/backThroughTime'
import { kerasCell } from './parts/kerasCell'
import {
  activationField,
  inferSequence,
  recurrentFields,
  recurrentFlops,
  recurrentKept,
  recurrentWeights,
  splitSpec,
  torchCell,
  unroll
} from './parts/recurrent'
import type { LayerKind } from './types'

/** z_t = x_t·W + b + h_{t−1}·U with the input's part of all times as one product. */
const cellOf = (tf: TF, f: (z: Tensor) => Tensor): Cell => ({
  run(xs, length, w) {
    const linear: Tensor = tf.matMul(xs as never, w.kernel as never)
    const inputs = tf.unstack(
      tf.reshape(w.bias ? addBias(tf, linear, w.bias) : linear, [length, -1, w.kernel.shape[1]!])
    )
    const hs: Tensor[] = []
    const zs = inputs.map((part, t) => {
      const z = t ? tf.add(part, tf.matMul(hs[t - 1] as never, w.recurrent as never)) : part
      hs.push(f(z))
      return z
    })
    return { hs, zs, saved: { z: zs } }
  },
  back({ z }, t, [dh], w) {
    const dz = pullBack(tf, f, z![t]!, dh)
    return { dz, before: () => [tf.matMul(dz as never, w.recurrent as never, false, true)] }
  }
})

const simpleRnn: LayerKind = {
  id: 'simpleRnn',
  name: { en: 'Simple RNN', zh: '简单循环' },
  doc: {
    en: 'One state carried through time: h_t = f(x_t·W + h_{t−1}·U + b) (Elman 1990). The gradient passes U once per step back, so it vanishes or explodes with the length of the sequence.',
    zh: '随时间传递一个状态：h_t = f(x_t·W + h_{t−1}·U + b)（Elman 1990）。梯度每回溯一步都要乘一次 U，因此随序列变长而消失或爆炸。'
  },
  group: 'recurrent',
  icon: 'rnn',
  stem: 'rnn',
  fields: recurrentFields({ activation: activationField('tanh', 'Activation', '激活函数') }),
  inputs: { min: 1, max: 1 },
  infer: inferSequence,
  weights: (p, s) => recurrentWeights(p, s, 1),
  forward(tf, p, [x], w, ctx) {
    const [id, params] = splitSpec(p.activation as Spec)
    const f = (z: Tensor): Tensor => activations.get(id).forward(tf, z, params, {})
    if (native(tf)) return throughTime(tf, p, x!, w as never, ctx, cellOf(tf, f))
    const step = (xt: Tensor, [h]: Tensor[], probe: Tensor | undefined): { states: Tensor[]; z: Tensor } => {
      const input: Tensor = tf.matMul(xt as never, w.kernel as never)
      const linear = tf.add(w.bias ? tf.add(input, w.bias) : input, tf.matMul(h as never, w.recurrent as never))
      const z = tf.add(linear, probe!) as Tensor
      return { states: [f(z)], z }
    }
    return unroll(tf, p, x!, ctx, 1, step, true)
  },
  python: {
    ...torchCell('SimpleRNN', 1, ['h'], (_p, { activate: f }, bias) => [
      `h = ${f(`xt @ self.kernel${bias} + h @ self.recurrent`)}`
    ]),
    keras: kerasCell({
      name: 'SimpleRNN',
      order: [0],
      states: ['h'],
      step: (_p, { apply }, bias) => [
        `z = ops.matmul(xt, self.kernel)${bias}`,
        'z = z + ops.matmul(h, self.recurrent_kernel)',
        `h = ${apply('activation', 'z')}`
      ]
    })
  },
  activation: (p) => p.activation as Spec,
  kept: (p, s) => recurrentKept(p, s, 1, 1, true),
  flops: (p, s) => recurrentFlops(p, s, 1)
}
export default simpleRnn
