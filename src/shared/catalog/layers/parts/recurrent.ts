import { activations } from '../../activations'
import type { Field, Fields, Params, Spec } from '../../../base/params'
import { number } from '../../../base/python'
import type { TF, Tensor } from '../../../base/tf'
import {
  ShapeError,
  type ForwardContext,
  type ForwardResult,
  type LayerPython,
  type Shape,
  type TorchSite,
  type WeightSpec
} from '../types'

const initializer = (id: string, en: string, zh: string): Field => ({
  type: 'ref',
  registry: 'initializers',
  default: { id },
  label: { en, zh }
})

/** Parameters that all recurrent layers have. @param own the layer's own, put after the number of units */
export const recurrentFields = (own: Fields): Fields => ({
  units: {
    type: 'number',
    default: 64,
    integer: true,
    min: 1,
    max: 4096,
    log: true,
    label: { en: 'Units', zh: '单元数' },
    help: { en: 'Width of the state that is carried from step to step.', zh: '逐步传递的状态的宽度。' }
  },
  ...own,
  returnSequences: {
    type: 'bool',
    default: false,
    label: { en: 'Return the sequence', zh: '返回整个序列' },
    help: {
      en: 'On: the state at every time step, [T, units]. Off: the last state, [units].',
      zh: '开：每个时间步的状态 [T, 单元数]；关：只返回最后的状态 [单元数]。'
    }
  },
  initializer: initializer('glorotUniform', 'Input initializer', '输入权重初始化'),
  recurrentInitializer: initializer('orthogonal', 'Recurrent initializer', '循环权重初始化'),
  bias: { type: 'bool', default: true, label: { en: 'Bias', zh: '偏置' } },
  truncate: {
    type: 'number',
    default: 0,
    integer: true,
    min: 0,
    max: 100000,
    label: { en: 'Gradient reaches back (steps)', zh: '梯度回溯步数' },
    help: {
      en: 'Truncated backpropagation through time: counted from the end, the carried state passes no gradient from one stretch of k steps to the one before. 0: the whole way.',
      zh: '截断的随时间反向传播：自末尾起每 k 步为一段，段与段之间传递的状态不传梯度。0 表示不截断。'
    },
    advanced: true
  },
  l2: {
    type: 'number',
    default: 0,
    min: 0,
    max: 1000,
    label: { en: 'L2', zh: 'L2 正则' },
    help: { en: 'λ in λ·Σw², added to the loss for both kernels.', zh: '对两个权重矩阵在损失中加入 λ·Σw² 的 λ。' },
    advanced: true
  }
})
/** Field of an activation inside a cell. @param id default */
export const activationField = (id: string, en: string, zh: string, advanced = false): Field => ({
  type: 'ref',
  registry: 'activations',
  default: { id },
  label: { en, zh },
  ...(advanced && { advanced })
})

/**
 * Output shape of a recurrent layer: [T, units] or [units].
 * @throws ShapeError when the input isn't [T, features], or an activation has weights of its own
 */
export function inferSequence(p: Params, [s]: Shape[]): Shape {
  if (s!.length !== 2)
    throw new ShapeError(
      s!.length === 1
        ? {
            en: `reads a sequence [T × features], but gets one row [${s![0]}]: use sequence data, an Embedding before it, or let the recurrent layer before it return its sequence`,
            zh: `需要序列 [T × 特征]，但得到一行 [${s![0]}]：请使用序列数据、在前面加嵌入层，或让前面的循环层返回整个序列`
          }
        : {
            en: `reads a sequence [T × features], but gets ${s!.length} axes [${s!.join(' × ')}]: use data with one time axis`,
            zh: `需要序列 [T × 特征]，但得到 ${s!.length} 个轴 [${s!.join(' × ')}]：请使用只有一个时间轴的数据`
          }
    )
  for (const { id } of [p.activation, p.recurrentActivation].filter(Boolean) as Spec[])
    if (activations.get(id).weights)
      throw new ShapeError({
        en: `can't learn the slope of ${activations.get(id).name.en} inside a cell: choose another activation, such as leaky ReLU or tanh`,
        zh: `循环单元内不能学习 ${activations.get(id).name.zh} 的斜率：请改用其他激活函数，如 leaky ReLU 或 tanh`
      })
  const units = p.units as number
  return p.returnSequences ? [s![0]!, units] : [units]
}

/** Gates that let through between nothing and all. */
const GATES = ['sigmoid', 'hardSigmoid']
/** The activation that bounds the state of a gated cell; undefined where its gates may let through more than all. */
export const gatedWithin = (p: Params): Spec | undefined =>
  GATES.includes((p.recurrentActivation as Spec).id) ? (p.activation as Spec) : undefined

/** Kernel [D, gates·units], recurrent kernel [units, gates·units], bias [gates·units]: gates side by side. */
export function recurrentWeights(p: Params, [s]: Shape[], gates: number): WeightSpec[] {
  const [inputs, units] = [s![1]!, p.units as number]
  // Each gate is a matrix of its own: that is what its fans are.
  const own = { fanIn: inputs, fanOut: units }
  const l2 = p.l2 as number
  const kernels: WeightSpec[] = [
    {
      name: 'kernel',
      shape: [inputs, gates * units],
      blocks: gates,
      init: p.initializer as Spec,
      ...own,
      l2,
      role: 'kernel'
    },
    {
      name: 'recurrent',
      shape: [units, gates * units],
      blocks: gates,
      init: p.recurrentInitializer as Spec,
      fanIn: units,
      fanOut: units,
      l2,
      role: 'kernel'
    }
  ]
  return p.bias
    ? [...kernels, { name: 'bias', shape: [gates * units], init: { id: 'zeros' }, ...own, role: 'bias' }]
    : kernels
}
/** Multiply–adds of one example: input and recurrent product of every gate at every time step. */
export const recurrentFlops = (p: Params, [s]: Shape[], gates: number): number =>
  s![0]! * (s![1]! + (p.units as number)) * gates * (p.units as number)

/** What automatic differentiation keeps, relative to a cell with its own gradient (measured). */
const UNROLLED = 3.5
/**
 * Numbers kept for one example until the backward pass: gates and states of each time step.
 * @param gates kernels side by side
 * @param states tensors kept per time step besides the gates
 * @param own the cell has its own gradient (`throughTime`)
 */
export const recurrentKept = (p: Params, [s]: Shape[], gates: number, states: number, own: boolean): number =>
  s![0]! * (p.units as number) * (gates + states) * (own ? 1 : UNROLLED)

/** Whether TensorFlow has the whole cell as one operation: it does for these activations only. */
export const isFused = (p: Params): boolean =>
  (p.activation as Spec).id === 'tanh' && (p.recurrentActivation as Spec).id === 'sigmoid'

/** The id of a choice, and its parameters. */
export const splitSpec = (s: Spec): [string, Params] => {
  const { id, ...params } = s
  return [id, params]
}
/** [batch, T, …] ↔ [T, batch, …] */
export const swapTime = (tf: TF, x: Tensor): Tensor => tf.transpose(x, [1, 0, 2])
/** [T, batch, n] → [T·batch, n] */
export const rows = (tf: TF, x: Tensor): Tensor => tf.reshape(x, [-1, x.shape[2]!])
/** Parts of `t` along its last axis, of these widths. */
export const split = (tf: TF, t: Tensor, widths: number[]): Tensor[] => tf.split(t, widths, t.rank - 1)

/**
 * True when the state that step t (from 0) of T receives passes no gradient back: the stretches of k steps are counted
 * from the end.
 */
export const cutBefore = (t: number, length: number, k: number): boolean => t > 0 && k > 0 && (length - t) % k === 0

/**
 * The layer in plain tfjs operations, differentiated by the tape: the reference, and what runs when there is no native
 * cell for the activations.
 * @param step one time step: the input's rows at that time and the states before → the states after; the first is h.
 *   `z` is the pre-activation, if it has one.
 */
export function unroll(
  tf: TF,
  p: Params,
  x: Tensor,
  ctx: ForwardContext,
  states: number,
  step: (x: Tensor, states: Tensor[], zProbe: Tensor | undefined) => { states: Tensor[]; z?: Tensor },
  hasZ = false
): ForwardResult {
  const [batch, length] = x.shape as [number, number]
  const units = p.units as number
  const probes = {
    h: ctx.probe('h', [length, batch, units]),
    ...(hasZ && { z: ctx.probe('z', [length, batch, units]) })
  }
  const [hProbes, zProbes] = [tf.unstack(probes.h), probes.z && tf.unstack(probes.z)]
  const hs: Tensor[] = []
  const zs: Tensor[] = []
  let now: Tensor[] = Array.from({ length: states }, () => tf.zeros([batch, units]))
  tf.unstack(x, 1).forEach((xt, t) => {
    if (cutBefore(t, length, p.truncate as number)) now = now.map((s) => ctx.cut(s))
    const { states: next, z } = step(xt, now, zProbes?.[t])
    now = [tf.add(next[0]!, hProbes[t]!), ...next.slice(1)]
    hs.push(now[0]!)
    if (z) zs.push(z)
  })
  const h = p.returnSequences ? tf.stack(hs, 1) : hs[hs.length - 1]!
  return { h, probes, ...(zs.length && { z: tf.stack(zs) }) }
}

/**
 * A recurrent layer as a PyTorch class of its own: what `nn.RNN`, `nn.LSTM` and `nn.GRU` fix (activations, one bias,
 * truncation, where the reset gate acts) is free here.
 * @param name of the class
 * @param gates kernels side by side
 * @param states names of what is carried; the first is h
 * @param step statements of one time step, from `xt` and the states to the states
 */
export const torchCell = (
  name: string,
  gates: number,
  states: readonly string[],
  step: (p: Params, site: TorchSite, withBias: string) => string[]
): Pick<LayerPython, 'torch'> => ({
  torch(p, site, [x]) {
    const lines = step(p, site, p.bias ? ' + self.bias' : '')
    const k = p.truncate as number
    const width = gates === 1 ? 'units' : `${gates} * units`
    const made = site.define(name, (own) =>
      [
        `class ${own}(nn.Module):`,
        '    def __init__(self, inputs, units):',
        '        super().__init__()',
        '        self.units = units',
        `        self.kernel = nn.Parameter(torch.empty(inputs, ${width}))`,
        `        self.recurrent = nn.Parameter(torch.empty(units, ${width}))`,
        ...(p.bias ? [`        self.bias = nn.Parameter(torch.empty(${width}))`] : []),
        '',
        '    def forward(self, x):',
        `        ${states.join(' = ')} = x.new_zeros(len(x), self.units)`,
        ...(p.returnSequences ? ['        states = []'] : []),
        `        for ${k ? 't, xt in enumerate(x.unbind(1))' : 'xt in x.unbind(1)'}:`,
        ...(k
          ? [
              `            if t and (x.shape[1] - t) % ${number(k)} == 0:  # the gradient ends here`,
              ...states.map((s) => `                ${s} = ${s}.detach()`)
            ]
          : []),
        ...lines.map((l) => `            ${l}`),
        ...(p.returnSequences
          ? ['            states.append(h)', '        return torch.stack(states, 1)']
          : ['        return h'])
      ].join('\n')
    )
    return {
      make: `${made}(${site.inputs[0]![1]!}, ${p.units as number})`,
      call: `${site.self}(${x!})`,
      weights: { kernel: { at: 'kernel' }, recurrent: { at: 'recurrent' }, bias: { at: 'bias' } }
    }
  }
})
