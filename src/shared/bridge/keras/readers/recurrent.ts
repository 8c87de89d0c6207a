import type { Json } from '../../../base/objects'
import { refusal, type Mapped, type Unmapped } from '../../foreign'
import type { NamedTensor } from '../../safetensors'
import { number } from '../../settings'
import { isSet } from './common'
import { initializerOf } from './functions'
import { Reading } from './reading'

/** Columns of a matrix in another order of blocks. @param order the block of `t` that comes first, second … */
function reorder(t: NamedTensor, order: number[]): NamedTensor {
  const cols = t.shape[t.shape.length - 1]!
  const width = cols / order.length
  const values = new Float32Array(t.values.length)
  for (let row = 0; row < t.values.length; row += cols)
    order.forEach((from, to) =>
      values.set(t.values.subarray(row + from * width, row + (from + 1) * width), row + to * width)
    )
  return { shape: t.shape, values }
}
/** Gates of ours, by their place in Keras's order: LSTM i, f, c, o → i, c, f, o; GRU z, r, h → r, z, h. */
const GATES = { lstm: [0, 2, 1, 3], gru: [1, 0, 2], simpleRnn: [0] }
/** A recurrent layer, its gates put into our order. */
export function recurrent(kind: keyof typeof GATES, c: Json): Mapped | Unmapped {
  const r = new Reading(c)
  if (isSet(c.go_backwards))
    return refusal('reads backwards', '逆序读取', 'turn the sequences round in the data', '请在数据中翻转序列')
  if (isSet(c.return_state))
    return refusal(
      'returns its state',
      '返回状态',
      'make it with return_state=False, and read its output',
      '请使用 return_state=False，并读取其输出'
    )
  for (const key of ['dropout', 'recurrent_dropout'])
    if (number(c[key], 0) > 0) r.note(`its ${key.replace('_', ' ')} is left out`, `其 ${key} 被略去`)
  if (isSet(c.stateful)) r.note('it starts each batch from zero', '每批都从零状态开始')
  const isResetAfter = kind === 'gru' && c.reset_after !== false
  if (isResetAfter)
    r.note(
      'its reset gate acts after the product (reset_after=True); here it acts before it',
      '其重置门作用于乘积之后（reset_after=True）；这里作用于乘积之前'
    )
  const { activation: inner, recurrent_activation: gate } = c
  const { biasStart: _, ...kernel } = r.kernel()
  const order = GATES[kind]
  // Without biases nothing starts at 1.
  const forgets = kind === 'lstm' && c.unit_forget_bias !== false && c.use_bias !== false
  return r.done({
    kind,
    params: {
      units: c.units,
      activation: inner === undefined ? { id: 'tanh' } : r.activation(),
      ...(kind !== 'simpleRnn' && {
        recurrentActivation: gate === undefined ? { id: 'sigmoid' } : r.activation('recurrent_activation')
      }),
      returnSequences: c.return_sequences === true,
      ...kernel,
      ...(isSet(c.recurrent_initializer) &&
        initializerOf(c.recurrent_initializer) && { recurrentInitializer: initializerOf(c.recurrent_initializer) }),
      ...(kind === 'lstm' && { forgetBias: forgets ? 1 : 0 })
    },
    weights([kernel, own, bias], isMoment) {
      const out: Record<string, NamedTensor> = { kernel: reorder(kernel!, order), recurrent: reorder(own!, order) }
      if (!bias) return out
      // With reset_after there is a bias of the input and one of the state: both are added, except the candidate's.
      const row = bias.shape.length === 2 ? sumOfRows(bias) : bias
      const values = Float32Array.from(reorder(row, order).values)
      // Our forget gate adds its 1 outside the bias.
      if (forgets && !isMoment) for (let i = 2 * (values.length / 4); i < 3 * (values.length / 4); i++) values[i]! -= 1
      return { ...out, bias: { shape: [values.length], values } }
    }
  })
}
function sumOfRows({ shape, values }: NamedTensor): NamedTensor {
  const [rows, cols] = shape as [number, number]
  const sum = new Float32Array(cols)
  for (let r = 0; r < rows; r++) for (let c = 0; c < cols; c++) sum[c]! += values[r * cols + c]!
  return { shape: [cols], values: sum }
}
