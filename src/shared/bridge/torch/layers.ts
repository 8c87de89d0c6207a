// Longer than 300 lines, because every module and function of PyTorch that is known stands in this one table.
import type { Params, Spec } from '../../base/params'
import type { Text } from '../../base/text'
import { refusal, text, type Counterpart, type Mapped, type Unmapped } from '../foreign'
import type { NamedTensor } from '../safetensors'
import { permute, type Value } from './call'

/** A call whose layer is to be found. */
interface Call {
  settings: Record<string, unknown>
  /** What it reads. */
  input: Value
  /** Of its result in PyTorch, the batch first. */
  shape: number[]
}
/** What a call is here, and in which layout its result is; absent: as its input. */
export type Found = (Mapped & Pick<Partial<Value>, 'layout' | 'pooled' | 'order'>) | Unmapped

const no = refusal
/** A finite number as it is, and anything else as the given one. */
export const number = (v: unknown, otherwise: number): number =>
  typeof v === 'number' && Number.isFinite(v) ? v : otherwise
const list = (v: unknown): number[] => (Array.isArray(v) ? (v as unknown[]) : [v]).filter((n) => typeof n === 'number')
const square = (v: unknown, rank: number): number | undefined => {
  const l = list(v)
  return l.length >= 1 && l.length <= rank && l.every((n) => n === l[0]) ? l[0] : undefined
}
const differing = (parts: Counterpart[], ...differs: Text[]): Mapped => ({ parts, ...(differs.length && { differs }) })

const activation = (spec: Spec, ...differs: Text[]): Mapped =>
  differing([{ kind: 'activation', params: { activation: spec } }], ...differs)
/** PyTorch's default is U(±1/√fan-in): a third of LeCun's variance. Alike weights are told by what they are. */
function startOf(kernel: NamedTensor | undefined): Spec {
  const first = kernel?.values[0]
  if (kernel && first !== undefined && kernel.values.length > 1 && kernel.values.every((v) => v === first))
    return first === 0 ? { id: 'zeros' } : { id: 'constant', value: first }
  return { id: 'lecunUniform', gain: Math.sqrt(1 / 3) }
}
const hasBias = (settings: Record<string, unknown>): boolean =>
  Array.isArray(settings.tensors) ? settings.tensors.includes('bias') : settings.bias !== false

/** How windows move there, and what is put around each axis. */
interface Windows {
  size: number
  stride: number
  pads: number[]
}
/**
 * The padding here that puts every window where PyTorch has it.
 * @param lengths of the axes that it moves along
 * @param after numbers of its windows
 * @param counts whether the zeros around belong to a mean: "same" leaves them out, "symmetric" does not
 */
function paddingOf(
  lengths: number[],
  after: number[],
  { size, stride, pads }: Windows,
  counts?: boolean
): Params | undefined {
  const inside = lengths.every((n, i) => !pads[i] && Math.floor((n - size) / stride) + 1 === after[i])
  if (inside) return { padding: 'valid' }
  const [pad] = pads
  const even =
    pads.every((n) => n === pad) && lengths.every((n, i) => Math.floor((n + 2 * pad! - size) / stride) + 1 === after[i])
  const same =
    !counts &&
    lengths.every((n, i) => {
      const out = Math.ceil(n / stride)
      return out === after[i] && Math.max(0, (out - 1) * stride + size - n) >> 1 === pads[i]
    })
  // With a longer stride "same" would hang on the length of the axes.
  if (same && (counts === false || !(even && stride > 1))) return { padding: 'same' }
  return even ? { padding: 'symmetric', pad } : undefined
}
const padsOf = (value: unknown, rank: number, size: number): number[] => {
  if (value === 'same') return new Array<number>(rank).fill((size - 1) >> 1)
  const l = value === 'valid' ? [0] : list(value ?? 0)
  return l.length === rank ? l : new Array<number>(rank).fill(l[0] ?? 0)
}
const SHIFTED = text(
  'it pads its axes by unequal amounts, or rounds its number of windows up: some windows stand elsewhere here',
  '其各轴填充不等，或窗口数上取整：这里有些窗口的位置不同'
)

const needsChannels = ({ input }: Call): Unmapped | undefined =>
  input.layout === 'first' && !input.pooled
    ? undefined
    : no(
        'reads a tensor whose channels are not behind the batch here',
        '所读张量的通道轴不在批次之后',
        'leave the axes as PyTorch’s layers give them, without permute',
        '请保持 PyTorch 各层给出的轴顺序，不要 permute'
      )

function convolution(rank: 1 | 2, call: Call, kernel?: NamedTensor): Found {
  const { settings: s, input, shape } = call
  const wrong = needsChannels(call)
  if (wrong) return wrong
  const [size, stride, dilation] = [s.kernel_size, s.stride ?? 1, s.dilation ?? 1].map((v) => square(v, rank))
  if (size === undefined || stride === undefined)
    return no(
      'has a kernel or stride of unequal sides',
      '卷积核或步幅的各边不等',
      'make both sides equal',
      '请使各边相等'
    )
  const pads = padsOf(s.padding, rank, size)
  const padding = paddingOf(input.shape.slice(2), shape.slice(2), { size, stride, pads })
  const differs: Text[] = []
  const groups = number(s.groups, 1)
  const fresh = groups !== 1 || dilation !== 1
  if (fresh)
    differs.push(
      text(
        'it is grouped or dilated: an ordinary convolution takes its place, with fresh weights',
        '分组或空洞卷积：以普通卷积代替，权重重新初始化'
      )
    )
  else if (!padding) {
    const out = Math.ceil(input.shape[2]! / stride)
    if (out !== shape[2])
      return no(
        'pads by an amount that has no counterpart',
        '填充量没有对应项',
        'pad as many on each side, and leave ceil_mode out',
        '请两侧填充相同，且不用 ceil_mode'
      )
    differs.push(SHIFTED)
  }
  if (s.padding_mode !== undefined && s.padding_mode !== 'zeros')
    differs.push(text('it pads by zeros here, not by values', '这里以零填充，而非以数值填充'))
  return {
    layout: 'first',
    ...differing(
      [
        {
          kind: rank === 1 ? 'conv1d' : 'conv2d',
          params: {
            filters: s.out_channels,
            kernelSize: size,
            stride,
            ...(padding ?? { padding: 'same' }),
            activation: { id: 'linear' },
            initializer: startOf(kernel),
            bias: hasBias(s)
          },
          ...(!fresh && {
            weights: ([w, bias]: NamedTensor[]) => ({
              kernel: permute(w!, rank === 1 ? [2, 1, 0] : [2, 3, 1, 0]),
              ...(bias && { bias })
            })
          })
        }
      ],
      ...differs
    )
  }
}
function pool(kind: 'maxPool' | 'averagePool', call: Call): Found {
  const { settings: s, input, shape } = call
  const wrong = needsChannels(call)
  if (wrong) return wrong
  const rank = shape.length - 2
  const [size, stride, dilation] = [s.kernel_size, s.stride ?? s.kernel_size, s.dilation ?? 1].map((v) =>
    square(v, rank)
  )
  if (size === undefined || stride === undefined || dilation !== 1)
    return no(
      'has windows of unequal sides, or dilated ones',
      '窗口的各边不等，或带有空洞',
      'make both sides equal, with dilation=1',
      '请使各边相等，且 dilation=1'
    )
  const pads = padsOf(s.padding, rank, size)
  const counts = kind === 'averagePool' && pads.some((n) => n > 0) ? s.count_include_pad !== false : undefined
  const padding = paddingOf(input.shape.slice(2), shape.slice(2), { size, stride, pads }, counts)
  const differs: Text[] = []
  if (!padding) {
    if (Math.ceil(input.shape[2]! / stride) !== shape[2])
      return no(
        'pads by an amount that has no counterpart',
        '填充量没有对应项',
        'pad as many on each side, and leave ceil_mode out',
        '请两侧填充相同，且不用 ceil_mode'
      )
    differs.push(SHIFTED)
    if (counts) differs.push(text('its zeros around are not counted here', '这里不计四周的零'))
  } else if (counts === false && padding.padding === 'symmetric')
    differs.push(text('its zeros around are counted here', '这里计入四周的零'))
  return {
    layout: 'first',
    ...differing([{ kind, params: { size, stride, ...(padding ?? { padding: 'same' }) } }], ...differs)
  }
}
/** A constant around the last axes: PyTorch says its sides from the last axis on. */
function padding(call: Call): Found {
  const { settings: s, input } = call
  const wrong = needsChannels(call)
  if (wrong) return wrong
  const rank = input.shape.length - 2
  const given = list(s.padding ?? s.pad)
  const value = s.value === '-inf' ? -Infinity : number(s.value, 0)
  if ((s.mode ?? 'constant') !== 'constant' || given.length !== 2 * rank || given.some((n) => n < 0))
    return no(
      'pads by other values than a constant, cuts off, or pads the channels',
      '以非常数填充、裁剪或填充通道',
      'pad the last axes by zeros',
      '请只在最后的轴以零填充'
    )
  const sides = Array.from({ length: rank }, (_, i) => {
    const at = 2 * (rank - 1 - i)
    return [given[at]!, given[at + 1]!] as const
  })
  return { layout: 'first', parts: [], around: { sides, value, lengths: input.shape.slice(2) } }
}
/** Pooling to a wanted size. */
function adaptive(kind: 'max' | 'average', call: Call): Found {
  const { settings: s, input, shape } = call
  const wrong = needsChannels(call)
  if (wrong) return wrong
  const [before, after] = [input.shape.slice(2), shape.slice(2)]
  if (after.every((n) => n === 1))
    return {
      pooled: true,
      parts: [{ kind: kind === 'max' ? 'globalMaxPool' : 'globalAveragePool', params: {} }],
      layout: 'first'
    }
  if (before.join() === after.join()) return { parts: [], layout: 'first' }
  const by = before.map((n, i) => n / after[i]!)
  if (!by.every((n) => Number.isInteger(n) && n === by[0]))
    return no(
      `pools ${before.join('×')} to ${String(s.output_size)}, in windows of unequal lengths`,
      '自适应池化的窗口长度不等',
      'pool to a size that divides that of the picture, or to 1',
      '请池化到能整除图像边长的尺寸，或池化到 1'
    )
  const params = { size: by[0], stride: by[0], padding: 'valid' }
  return { layout: 'first', parts: [{ kind: kind === 'max' ? 'maxPool' : 'averagePool', params }] }
}

/** Rows of a matrix, or values of a vector, of [channels, …] flattened, put into our order. */
function unflatten(t: NamedTensor, order: number[]): NamedTensor {
  const rest = t.shape.slice(1)
  const axes = channelsToEnd(order.length)
  const moved = permute({ shape: [...order, ...rest], values: t.values }, [
    ...axes,
    ...rest.map((_, i) => order.length + i)
  ])
  return { shape: t.shape, values: moved.values }
}
const channelsToEnd = (rank: number): number[] => [...Array.from({ length: rank - 1 }, (_, i) => i + 1), 0]

function linear(call: Call, kernel?: NamedTensor): Found {
  const { settings: s, input } = call
  if (input.pooled || (input.layout === 'first' && input.shape.length > 2))
    return no(
      'reads a tensor along an axis that is not the last one here',
      '沿着这里不是最后一个的轴读取',
      'flatten the picture first, or use a 1 × 1 convolution',
      '请先展平图像，或使用 1 × 1 卷积'
    )
  const { order } = input
  if (input.shape.length > 4)
    return no(
      'reads a tensor of more than four axes',
      '所读张量多于四个轴',
      'flatten some of them first',
      '请先展平其中几个'
    )
  if (input.shape.length === 4)
    return {
      layout: 'same',
      parts: [
        {
          // Along the channels of each place of a picture: a convolution over that place alone.
          kind: 'conv2d',
          params: {
            filters: s.out_features,
            kernelSize: 1,
            stride: 1,
            padding: 'valid',
            activation: { id: 'linear' },
            initializer: startOf(kernel),
            bias: hasBias(s)
          },
          weights([w, bias]) {
            const { shape, values } = permute(w!, [1, 0])
            return { kernel: { shape: [1, 1, ...shape], values }, ...(bias && { bias }) }
          }
        }
      ]
    }
  return {
    parts: [
      {
        kind: 'dense',
        params: {
          units: s.out_features,
          activation: { id: 'linear' },
          initializer: startOf(kernel),
          bias: hasBias(s)
        },
        weights([w, bias]) {
          const turned = permute(w!, [1, 0])
          return { kernel: order ? unflatten(turned, order) : turned, ...(bias && { bias }) }
        }
      }
    ],
    layout: 'same'
  }
}
function batchNorm(call: Call): Found {
  const { settings: s, input } = call
  if (input.layout === 'same' && input.shape.length > 2)
    return no(
      'normalises an axis that is not the last one here',
      '所归一化的不是这里的最后一个轴',
      'put the channels behind the batch, as convolutions do',
      '请把通道放在批次之后，同卷积'
    )
  if (s.track_running_stats === false)
    return no(
      'uses the statistics of each batch when it predicts, too',
      '预测时也使用各批次的统计量',
      'make it with track_running_stats=True',
      '请使用 track_running_stats=True'
    )
  const { order } = input
  const own = (t: NamedTensor): NamedTensor => (order ? unflatten(t, order) : t)
  const differs: Text[] = []
  if (s.affine === false) differs.push(text('it gets a scale and a shift that are learnt', '增加了可学习的缩放与平移'))
  if (typeof s.momentum !== 'number')
    differs.push(text('its running averages forget; they were plain means', '其滑动平均会遗忘旧值，原为简单平均'))
  const names = [...(s.affine === false ? [] : ['gamma', 'beta']), 'mean', 'variance']
  return differing(
    [
      {
        kind: 'batchNorm',
        params: { momentum: 1 - number(s.momentum, 0.1), epsilon: number(s.eps, 1e-5) },
        weights: (given) => Object.fromEntries(names.flatMap((n, i) => (given[i] ? [[n, own(given[i]!)]] : [])))
      }
    ],
    ...differs
  )
}
function layerNorm(call: Call): Found {
  const { settings: s, input } = call
  if (input.layout === 'first' && input.shape.length > 2)
    return no(
      'normalises axes that are not the last one here',
      '所归一化的不是这里的最后一个轴',
      'use batch norm, or move the channels to the end before it',
      '请使用批归一化，或先把通道移到末尾'
    )
  if (list(s.normalized_shape).length > 1)
    return no(
      'normalises over several axes',
      '在多个轴上归一化',
      'normalise the last one alone',
      '请只归一化最后一个轴'
    )
  const { order } = input
  return differing(
    [
      {
        kind: 'layerNorm',
        params: { epsilon: number(s.eps, 1e-5) },
        weights: ([gamma, beta]) => ({
          ...(gamma && { gamma: order ? unflatten(gamma, order) : gamma }),
          ...(beta && { beta: order ? unflatten(beta, order) : beta })
        })
      }
    ],
    ...(s.elementwise_affine === false
      ? [text('it gets a scale and a shift that are learnt', '增加了可学习的缩放与平移')]
      : !hasBias(s)
        ? [text('it gets a shift that is learnt', '增加了可学习的平移')]
        : [])
  )
}
const otherNorm =
  (en: string, zh: string): (() => Found) =>
  () =>
    differing([{ kind: 'layerNorm', params: {} }], text(en, zh))

/** Gates of ours by their place in PyTorch: LSTM i, f, g, o → i, g, f, o; GRU r, z, n as they are. */
const GATES = { lstm: [0, 2, 1, 3], gru: [0, 1, 2], simpleRnn: [0] }
function recurrent(kind: keyof typeof GATES, { settings: s, input }: Call): Found {
  if (input.layout === 'first' || input.shape.length !== 3)
    return no(
      'reads a tensor whose time steps are not behind the batch here',
      '所读张量的时间轴不在批次之后',
      'give it [batch, steps, features]',
      '请给它 [批次, 步数, 特征]'
    )
  if (s.batch_first !== true)
    return no(
      'reads time before the batch',
      '时间轴在批次之前',
      'make it with batch_first=True',
      '请使用 batch_first=True'
    )
  if (number(s.proj_size, 0) > 0)
    return no(
      'projects its state',
      '带有状态投影',
      'make it with proj_size=0, and a Linear behind it',
      '请使用 proj_size=0，并在其后加 Linear'
    )
  const differs: Text[] = []
  if (s.bidirectional === true)
    differs.push(
      text(
        'only its forward half is taken over: there is no reverse direction here',
        '只采用其前向部分：这里没有反方向'
      )
    )
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
const dropout =
  (...differs: Text[]) =>
  ({ settings: s }: Call): Found =>
    differing([{ kind: 'dropout', params: { rate: number(s.p, 0.5) } }], ...differs)
const WHOLE = text('single values are dropped, not whole channels', '随机失活作用于单个值，而非整个通道')
const LIMIT = text('its upper limit is left out', '其上限被略去')

/** A call's counterpart. @param kernel its weights, where it has some */
type Reader = (call: Call, kernel?: NamedTensor) => Found
const is =
  (id: string): Reader =>
  () =>
    activation({ id })

/** Every module of PyTorch that is known; functions are listed by the module that they are like. */
const MODULES: Record<string, Reader> = {
  Linear: linear,
  Conv1d: (c, k) => convolution(1, c, k),
  Conv2d: (c, k) => convolution(2, c, k),
  BatchNorm1d: batchNorm,
  BatchNorm2d: batchNorm,
  LayerNorm: layerNorm,
  GroupNorm: otherNorm(
    'layer norm takes its place: over each position, not over groups of channels',
    '以层归一化代替：作用于每个位置，而非通道组'
  ),
  InstanceNorm1d: otherNorm(
    'layer norm takes its place: over each position, not each channel',
    '以层归一化代替：作用于每个位置，而非每个通道'
  ),
  InstanceNorm2d: otherNorm(
    'layer norm takes its place: over each position, not each channel',
    '以层归一化代替：作用于每个位置，而非每个通道'
  ),
  RMSNorm: otherNorm('layer norm takes its place: it subtracts the mean, too', '以层归一化代替：它还会减去均值'),
  Normalize: otherNorm(
    'layer norm takes its place: it subtracts the mean, too, and learns a scale and a shift',
    '以层归一化代替：它还会减去均值，并学习缩放与平移'
  ),
  LocalResponseNorm: () => differing([], text('it is left out', '被略去')),
  ZeroPad1d: padding,
  ZeroPad2d: padding,
  ConstantPad1d: padding,
  ConstantPad2d: padding,
  MaxPool1d: (c) => pool('maxPool', c),
  MaxPool2d: (c) => pool('maxPool', c),
  AvgPool1d: (c) => pool('averagePool', c),
  AvgPool2d: (c) => pool('averagePool', c),
  AdaptiveAvgPool1d: (c) => adaptive('average', c),
  AdaptiveAvgPool2d: (c) => adaptive('average', c),
  AdaptiveMaxPool1d: (c) => adaptive('max', c),
  AdaptiveMaxPool2d: (c) => adaptive('max', c),
  Embedding: ({ settings: s }) => ({
    layout: 'same',
    parts: [
      {
        kind: 'embedding',
        params: { vocabulary: s.num_embeddings, units: s.embedding_dim, initializer: { id: 'standardNormal' } },
        weights: ([kernel]) => ({ kernel: kernel! })
      }
    ],
    ...(typeof s.padding_idx === 'number' && {
      differs: [text('the padding symbol’s vector is learnt, too', '填充符号的向量也会被学习')]
    })
  }),
  LSTM: (c) => recurrent('lstm', c),
  GRU: (c) => recurrent('gru', c),
  RNN: (c) => recurrent('simpleRnn', c),
  Dropout: dropout(),
  Dropout1d: dropout(WHOLE),
  Dropout2d: dropout(WHOLE),
  AlphaDropout: ({ settings: s }) => differing([{ kind: 'alphaDropout', params: { rate: number(s.p, 0.5) } }]),
  FeatureAlphaDropout: ({ settings: s }) =>
    differing([{ kind: 'alphaDropout', params: { rate: number(s.p, 0.5) } }], WHOLE),
  ReLU: is('relu'),
  ReLU6: () => activation({ id: 'relu' }, LIMIT),
  Sigmoid: is('sigmoid'),
  Tanh: is('tanh'),
  SELU: is('selu'),
  SiLU: is('silu'),
  Hardsigmoid: is('hardSigmoid'),
  Exp: is('exponential'),
  LeakyReLU: ({ settings: s }) => activation({ id: 'leakyRelu', alpha: number(s.negative_slope, 0.01) }),
  ELU: ({ settings: s }) => activation({ id: 'elu', alpha: number(s.alpha, 1) }),
  CELU: ({ settings: s }) =>
    activation(
      { id: 'elu', alpha: number(s.alpha, 1) },
      ...(number(s.alpha, 1) === 1 ? [] : [text('ELU takes its place', '以 ELU 代替')])
    ),
  GELU: ({ settings: s }) =>
    activation(
      { id: 'gelu' },
      ...(s.approximate === 'tanh' ? [text('it is computed exactly, not by tanh', '精确计算，而非以 tanh 近似')] : [])
    ),
  Softplus: ({ settings: s }) =>
    activation(
      { id: 'softplus' },
      ...(number(s.beta, 1) === 1 ? [] : [text('its sharpness β is left out', '其陡度 β 被略去')])
    ),
  PReLU: ({ settings: s, input }, slope) => {
    const alpha = slope?.values[0] ?? number(s.init, 0.25)
    const shared = number(s.num_parameters, 1) === 1
    if (!shared && input.layout === 'same' && input.shape.length > 2)
      return no(
        'has slopes along an axis that is not the last one here',
        '斜率所在的轴不是这里的最后一个轴',
        'give it one slope: num_parameters=1',
        '请只用一个斜率：num_parameters=1'
      )
    const { parts } = activation({ id: 'prelu', alpha: Math.max(0.05, Math.min(1, alpha)), ...(shared && { shared }) })
    return { parts: [{ ...parts[0]!, weights: ([given]) => ({ slope: given! }) }] }
  },
  Hardtanh: () => activation({ id: 'tanh' }, text('tanh takes its place', '以 tanh 代替')),
  Softsign: () => activation({ id: 'tanh' }, text('tanh takes its place', '以 tanh 代替')),
  Hardswish: () => activation({ id: 'silu' }, text('SiLU takes its place', '以 SiLU 代替')),
  Mish: () => activation({ id: 'silu' }, text('SiLU takes its place', '以 SiLU 代替')),
  RReLU: () =>
    activation(
      { id: 'leakyRelu', alpha: 11 / 48 },
      text('leaky ReLU with the mean slope takes its place', '以平均斜率的 Leaky ReLU 代替')
    ),
  Identity: () => ({ parts: [] })
}
/** Functions, and methods of tensors, by the module that is the same. */
const FUNCTIONS: Record<string, string> = {
  relu: 'ReLU',
  relu_: 'ReLU',
  relu6: 'ReLU6',
  sigmoid: 'Sigmoid',
  tanh: 'Tanh',
  selu: 'SELU',
  silu: 'SiLU',
  hardsigmoid: 'Hardsigmoid',
  hardswish: 'Hardswish',
  hardtanh: 'Hardtanh',
  mish: 'Mish',
  softsign: 'Softsign',
  exp: 'Exp',
  leaky_relu: 'LeakyReLU',
  elu: 'ELU',
  celu: 'CELU',
  gelu: 'GELU',
  softplus: 'Softplus',
  dropout: 'Dropout',
  dropout2d: 'Dropout2d',
  alpha_dropout: 'AlphaDropout',
  normalize: 'Normalize',
  pad: 'ConstantPad2d',
  max_pool1d: 'MaxPool1d',
  max_pool2d: 'MaxPool2d',
  avg_pool1d: 'AvgPool1d',
  avg_pool2d: 'AvgPool2d',
  adaptive_avg_pool1d: 'AdaptiveAvgPool1d',
  adaptive_avg_pool2d: 'AdaptiveAvgPool2d',
  adaptive_max_pool1d: 'AdaptiveMaxPool1d',
  adaptive_max_pool2d: 'AdaptiveMaxPool2d',
  local_response_norm: 'LocalResponseNorm',
  contiguous: 'Identity',
  clone: 'Identity',
  to: 'Identity',
  float: 'Identity',
  type: 'Identity'
}

const own = <T>(table: Record<string, T>, key: string): T | undefined =>
  Object.prototype.hasOwnProperty.call(table, key) ? table[key] : undefined
/** The counterpart of a module or function; undefined for what only its surroundings explain. */
export function readerOf(op: string, isModule: boolean): Reader | undefined {
  const name = isModule ? op : own(FUNCTIONS, op)
  return name === undefined ? undefined : own(MODULES, name)
}
/** What to write in place of some modules and functions. */
const INSTEAD: Record<string, Text> = {
  clamp: text('write F.relu where the limit is 0, or leave the limit out', '若界限为 0 请写 F.relu，否则去掉该界限'),
  chunk: text('give each part a layer of its own, as nn.Linear', '请为每部分单独建层，如 nn.Linear'),
  ConvTranspose2d: text(
    'watch its training with gradient_clinic.watch, or try its encoder alone',
    '请用 gradient_clinic.watch 记录其训练，或只导入其编码器'
  ),
  flip: text('turn the data round instead', '请改为翻转数据')
}
for (const like of ['split', 'unbind', 'GLU', 'glu', 'tensor_split']) INSTEAD[like] = INSTEAD.chunk!
for (const like of ['clip', 'clamp_', 'clamp_min', 'Threshold']) INSTEAD[like] = INSTEAD.clamp!
/** What is said of a module or function that nothing here comes near. */
export function unknown(op: string): Unmapped {
  const instead = own(INSTEAD, op) ?? WATCH
  return no(`a “${op}” has no counterpart here`, `“${op}” 在这里没有对应的层`, instead.en, instead.zh)
}
/** A recording needs no counterpart. */
const WATCH = text(
  'write it in layers that are known, or watch the training with gradient_clinic.watch, which takes any module',
  '请用已知的层改写，或用 gradient_clinic.watch 记录训练，它适用于任何模块'
)
