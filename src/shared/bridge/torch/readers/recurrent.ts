import type { Text } from '../../../base/text'
import { FORWARD_HALF, refusal, text, type Counterpart } from '../../foreign'
import type { NamedTensor } from '../../safetensors'
import { number } from '../../settings'
import { type Call, differing, type Found } from './common'

/** Gates of ours by their place in PyTorch: LSTM i, f, g, o → i, g, f, o; GRU r, z, n as they are. */
const GATES = { lstm: [0, 2, 1, 3], gru: [0, 1, 2], simpleRnn: [0] }
/** A recurrent layer: one of ours for each of its layers, with their dropout between. */
export function recurrent(kind: keyof typeof GATES, { settings: s, input }: Call): Found {
  if (input.layout === 'first' || input.shape.length !== 3)
    return refusal(
      'reads a tensor whose time steps are not behind the batch here',
      '所读张量的时间轴不在批次之后',
      'give it [batch, steps, features]',
      '请给它 [批次, 步数, 特征]'
    )
  if (s.batch_first !== true)
    return refusal(
      'reads time before the batch',
      '时间轴在批次之前',
      'make it with batch_first=True',
      '请使用 batch_first=True'
    )
  if (number(s.proj_size, 0) > 0)
    return refusal(
      'projects its state',
      '带有状态投影',
      'make it with proj_size=0, and a Linear behind it',
      '请使用 proj_size=0，并在其后加 Linear'
    )
  const differs: Text[] = []
  if (s.bidirectional === true) differs.push(FORWARD_HALF)
  if (kind === 'gru')
    differs.push(
      text(
        'its reset gate acts after the product; here it acts before it',
        '其重置门作用于乘积之后；这里作用于乘积之前'
      )
    )
  const layers = number(s.num_layers, 1)
  const order = GATES[kind]
  const withBias = s.bias !== false
  /** Rows of gates as our columns. */
  const gates = (t: NamedTensor): NamedTensor => {
    const [rows, cols = 1] = t.shape as [number, number?]
    const width = rows / order.length
    const values = new Float32Array(t.values.length)
    order.forEach((from, to) => {
      for (let r = 0; r < width; r++)
        for (let c = 0; c < cols; c++) values[c * rows + to * width + r] = t.values[(from * width + r) * cols + c]!
    })
    return { shape: t.shape.length === 1 ? [rows] : [cols, rows], values }
  }
  const each = (withBias ? 4 : 2) * (s.bidirectional === true ? 2 : 1)
  const parts = Array.from({ length: layers }, (_, i): Counterpart => ({
    kind,
    params: {
      units: s.hidden_size,
      returnSequences: true,
      activation: { id: kind === 'simpleRnn' ? String(s.nonlinearity ?? 'tanh') : 'tanh' },
      ...(kind === 'lstm' && { forgetBias: 0 }),
      ...(!withBias && { bias: false })
    },
    // The second layer of a bidirectional one reads both halves.
    ...(!(i > 0 && s.bidirectional === true) && {
      weights(given: NamedTensor[], isMoment?: boolean) {
        const [input, state, a, b] = given.slice(each * i, each * i + 4).map(gates)
        return {
          kernel: input!,
          recurrent: state!,
          // Both biases have the same gradient, and so the same moments.
          ...(withBias && {
            bias: isMoment ? a! : { shape: a!.shape, values: a!.values.map((v, k) => v + b!.values[k]!) }
          })
        }
      }
    })
  }))
  const rate = number(s.dropout, 0)
  const between: Counterpart[] = rate > 0 ? [{ kind: 'dropout', params: { rate } }] : []
  return {
    ...differing(
      parts.flatMap((part, i) => (i ? [...between, part] : [part])),
      ...differs
    ),
    layout: 'same'
  }
}
