import { activations } from '../activations'
import { native, type Native } from '../../base/native'
import type { Params, Spec } from '../../base/params'
import type { TF, Tensor } from '../../base/tf'
import { throughTime, type Cell } from './parts/backThroughTime'
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
import type { LayerKind } from './types'

/** TensorFlow's fused cell: tanh and sigmoid, the reset gate before the product. */
const fusedCell = (tf: TF, n: Native, units: number): Cell => {
  const rowOf = (t: Tensor): Tensor[] => split(tf, t, [2 * units, units])
  return {
    run(xs, length, w) {
      const x = tf.unstack(tf.reshape(xs, [length, -1, xs.shape[1]!]))
      const zero = tf.zeros([x[0]!.shape[0]!, units])
      const [gates, candidate] = rowOf(tf.concat([w.kernel, w.recurrent] as never[], 0)) as [Tensor, Tensor]
      const [gateBias, bias] = (w.bias ? rowOf(w.bias) : [tf.zeros([2 * units]), tf.zeros([units])]) as [Tensor, Tensor]
      const weights = [gates, candidate, gateBias, bias]
      const [r, u, c, hs]: [Tensor[], Tensor[], Tensor[], Tensor[]] = [[], [], [], []]
      x.forEach((xt, t) => {
        const made = n.run('GRUBlockCell', [xt, hs[t - 1] ?? zero, ...weights], {}, 4)
        ;[r, u, c, hs].forEach((list, k) => list.push(made[k]!))
      })
      return { hs, saved: { x, r, u, c, h: hs, weights } }
    },
    back(s, t, [dh]) {
      const before = s.h![t - 1] ?? tf.zeros(dh.shape as [number, number])
      const made = n.run('GRUBlockCellGrad', [s.x![t]!, before, ...s.weights!, s.r![t]!, s.u![t]!, s.c![t]!, dh], {}, 4)
      const [, dBefore, dCandidate, dGates] = made as [Tensor, Tensor, Tensor, Tensor]
      return { dz: tf.concat([dGates, dCandidate] as never[], 1), before: () => [dBefore] }
    },
    recurrentGradient(s, before, dz) {
      const [gates, candidate] = rowOf(dz)
      const reset = tf.mul(tf.reshape(tf.stack(s.r!), before.shape as [number, number]), before)
      const product = (a: Tensor, b: Tensor): Tensor => tf.matMul(a as never, b as never, true)
      return tf.concat([product(before, gates!), product(reset, candidate!)] as never[], 1)
    }
  }
}

/** One step (Cho 2014). */
function step(tf: TF, p: Params, w: Record<string, Tensor>, x: Tensor, [h]: Tensor[]): { states: Tensor[] } {
  const [id, params] = splitSpec(p.activation as Spec)
  const [gateId, gateParams] = splitSpec(p.recurrentActivation as Spec)
  const units = p.units as number
  const input: Tensor = tf.matMul(x as never, w.kernel as never)
  const [inGates, inCandidate] = split(tf, w.bias ? tf.add(input, w.bias) : input, [2 * units, units])
  const [ownGates, ownCandidate] = split(tf, w.recurrent!, [2 * units, units])
  const gates = activations
    .get(gateId)
    .forward(tf, tf.add(inGates!, tf.matMul(h as never, ownGates as never)), gateParams, {})
  const [r, u] = split(tf, gates, [units, units])
  const linear = tf.add(inCandidate!, tf.matMul(tf.mul(r!, h!) as never, ownCandidate as never))
  const c = activations.get(id).forward(tf, linear, params, {})
  return { states: [tf.add(tf.mul(u!, h!), tf.mul(tf.sub(1, u!), c))] }
}

const gru: LayerKind = {
  id: 'gru',
  name: { en: 'GRU', zh: '门控循环 GRU' },
  doc: {
    en: 'A state that a gate mixes with its successor: h_t = u⊙h_{t−1} + (1 − u)⊙c, c = tanh(x_t·W + (r⊙h_{t−1})·U + b) (Cho 2014). The reset gate r acts before the product (Keras: reset_after=False). While the update gate u stays near 1, the gradient passes. Gates side by side: r, u, c.',
    zh: '由门控混合新旧状态：h_t = u⊙h_{t−1} + (1 − u)⊙c，c = tanh(x_t·W + (r⊙h_{t−1})·U + b)（Cho 2014）。重置门 r 作用于乘积之前（Keras 的 reset_after=False）。更新门 u 接近 1 时梯度可以通过。各门依次排列：r、u、c。'
  },
  group: 'recurrent',
  icon: 'lstm',
  stem: 'gru',
  fields: recurrentFields({
    activation: activationField('tanh', 'Activation', '激活函数'),
    recurrentActivation: activationField('sigmoid', 'Gate activation', '门的激活函数', true)
  }),
  inputs: { min: 1, max: 1 },
  infer: inferSequence,
  within: gatedWithin,
  weights: (p, s) => recurrentWeights(p, s, 3),
  forward(tf, p, [x], w, ctx) {
    const n = native(tf)
    return n && isFused(p)
      ? throughTime(tf, p, x!, w as never, ctx, fusedCell(tf, n, p.units as number))
      : unroll(tf, p, x!, ctx, 1, (xt, states) => step(tf, p, w, xt, states))
  },
  python: {
    ...torchCell('GRU', 3, ['h'], (_p, { activate: f, apply }, bias) => [
      'halves = (2 * self.units, self.units)',
      'gates, candidate = self.recurrent.split(halves, dim=1)',
      `zg, zc = (xt @ self.kernel${bias}).split(halves, dim=1)`,
      `r, u = ${apply('recurrentActivation', 'zg + h @ gates')}.chunk(2, dim=1)`,
      `c = ${f('zc + (r * h) @ candidate')}`,
      'h = u * h + (1 - u) * c'
    ]),
    keras: kerasCell({
      name: 'GRU',
      order: [1, 0, 2],
      states: ['h'],
      args: (_p, site) => ({ recurrent_activation: site.activation('recurrentActivation'), reset_after: false }),
      step: (_p, { apply }, bias) => [
        'kernels = self.recurrent_kernel',
        'gates, candidate = kernels[:, : 2 * self.units], kernels[:, 2 * self.units :]',
        `z = ops.matmul(xt, self.kernel)${bias}`,
        'zg = z[:, : 2 * self.units] + ops.matmul(h, gates)',
        `r, u = ops.split(${apply('recurrentActivation', 'zg')}, 2, axis=1)`,
        'zc = z[:, 2 * self.units :] + ops.matmul(r * h, candidate)',
        `h = u * h + (1 - u) * ${apply('activation', 'zc')}`
      ]
    })
  },
  kept: (p, s) => recurrentKept(p, s, 3, 1, isFused(p)),
  flops: (p, s) => recurrentFlops(p, s, 3)
}
export default gru
