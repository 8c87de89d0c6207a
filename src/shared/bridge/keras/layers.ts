// Longer than 300 lines, because every class of Keras layers that is known stands in this one table.
import { asObject, own, type Json } from '../../base/objects'
import type { Params, Spec } from '../../base/params'
import { InputError, problem } from '../../base/problems'
import type { Text } from '../../base/text'
import { refusal, text, type Counterpart, type Mapped, type Unmapped } from '../foreign'
import type { NamedTensor } from '../safetensors'
import type { KerasLayer } from './graph'

const same = (...parts: Counterpart[]): Mapped => ({ parts })
const isSet = (v: unknown): boolean => v !== undefined && v !== null && v !== false
const number = (v: unknown, otherwise: number): number => (typeof v === 'number' && Number.isFinite(v) ? v : otherwise)
/** A configured object's class and settings: `"relu"`, or `{ class_name, config }`. */
function classOf(value: unknown): { name: string; config: Json } {
  if (typeof value === 'string') return { name: value, config: {} }
  const { class_name = 'lambda', config } = asObject(value)
  return typeof config === 'string'
    ? { name: config, config: {} }
    : { name: String(class_name), config: asObject(config) }
}
const plain = (name: string): string => name.toLowerCase().replace(/[^a-z0-9]/g, '')

/** Keras's activations by their names without marks: ours, and whether they are the same function. */
const ACTIVATIONS: Record<string, Spec> = {
  linear: { id: 'linear' },
  relu: { id: 'relu' },
  sigmoid: { id: 'sigmoid' },
  tanh: { id: 'tanh' },
  elu: { id: 'elu' },
  selu: { id: 'selu' },
  gelu: { id: 'gelu' },
  exponential: { id: 'exponential' },
  hardsigmoid: { id: 'hardSigmoid' },
  leakyrelu: { id: 'leakyRelu', alpha: 0.2 },
  silu: { id: 'silu' },
  swish: { id: 'silu' },
  softplus: { id: 'softplus' }
}
/** An activation by name. @returns undefined where there is none like it; `softmax` is told by `isSoftmax` */
function activationOf(value: unknown): Spec | undefined {
  if (value === undefined || value === null) return { id: 'linear' }
  const { name, config } = classOf(value)
  const key = plain(name)
  const found = own(ACTIVATIONS, key)
  // A layer in place of a name brings settings.
  if (found?.id === 'relu') {
    if (isSet(config.max_value) || number(config.threshold, 0)) return undefined
    const slope = number(config.negative_slope, 0)
    return slope ? { id: 'leakyRelu', alpha: slope } : found
  }
  if (found?.id === 'leakyRelu') return { ...found, alpha: number(config.negative_slope ?? config.alpha, 0.2) }
  if (found?.id === 'elu') return { ...found, ...(isSet(config.alpha) && { alpha: config.alpha }) }
  if (found?.id === 'gelu' && config.approximate === true) return undefined
  return found
}
/** Activations of Keras that have no counterpart, by the nearest that has one. */
const NEAREST: Record<string, string> = {
  relu: 'relu',
  relu6: 'relu',
  gelu: 'gelu',
  celu: 'elu',
  mish: 'silu',
  hardsilu: 'silu',
  hardswish: 'silu',
  softsign: 'tanh',
  hardtanh: 'tanh'
}
/** Whether a setting says softmax. */
export const isSoftmax = (value: unknown): boolean => plain(classOf(value).name) === 'softmax'

/** Keras's initializers. @returns undefined where there is none like it */
function initializerOf(value: unknown): Spec | undefined {
  const { name, config } = classOf(value)
  const std = number(config.stddev, 0.05)
  const mean = number(config.mean, 0)
  const [low, high] = [number(config.minval, -0.05), number(config.maxval, 0.05)]
  switch (plain(name)) {
    case 'glorotuniform':
      return { id: 'glorotUniform' }
    case 'glorotnormal':
      return { id: 'glorotNormal' }
    case 'henormal':
      return { id: 'heNormal' }
    case 'heuniform':
      return { id: 'heUniform' }
    case 'lecunnormal':
      return { id: 'lecunNormal' }
    case 'lecununiform':
      return { id: 'lecunUniform' }
    case 'randomnormal':
      return { id: 'normal', mean, std }
    case 'truncatednormal':
      return { id: 'truncatedNormal', mean, std }
    case 'randomuniform':
      return { id: 'uniform', limit: Math.abs(high - low) / 2, centre: (high + low) / 2 }
    case 'zeros':
      return { id: 'zeros' }
    case 'ones':
      return { id: 'ones' }
    case 'constant':
      return { id: 'constant', value: number(config.value, 0) }
    case 'variancescaling': {
      const variance = number(config.scale, 1)
      const gain = Math.sqrt(variance)
      const spread = plain(String(config.distribution ?? 'truncated_normal')) === 'uniform' ? 'Uniform' : 'Normal'
      if (config.mode === 'fan_avg') return variance > 0 ? { id: `glorot${spread}`, gain } : undefined
      return (config.mode ?? 'fan_in') === 'fan_in' && variance > 0 ? { id: `lecun${spread}`, gain } : undefined
    }
    case 'orthogonal':
      return { id: 'orthogonal', gain: number(config.gain, 1) }
    case 'identity':
      return { id: 'identity', gain: number(config.gain, 1) }
    default:
      return undefined
  }
}

/** Collects what differs while a layer's settings are read. */
class Reading {
  readonly differs: Text[] = []
  constructor(readonly config: Json) {}
  note(en: string, zh: string): void {
    this.differs.push(text(en, zh))
  }
  has(key: string): boolean {
    return isSet(this.config[key])
  }
  /** An activation; another name than is known is noted. @param key of the setting */
  activation(key = 'activation'): Spec {
    const found = activationOf(this.config[key])
    if (found) return found
    const { name } = classOf(this.config[key])
    const id = own(NEAREST, plain(name)) ?? 'linear'
    this.note(
      `its activation “${name}” has no counterpart: ${id} takes its place`,
      `激活函数 “${name}” 没有对应项：以 ${id} 代替`
    )
    return { id }
  }
  initializer(key: string): Params {
    if (!this.has(key)) return {}
    const found = initializerOf(this.config[key])
    if (found) return { initializer: found }
    const { name } = classOf(this.config[key])
    this.note(
      `its initializer “${name}” has no counterpart: Glorot uniform takes its place`,
      `初始化 “${name}” 没有对应项：以 Glorot 均匀代替`
    )
    return {}
  }
  /** λ of an L2 penalty on the kernel. Other penalties and limits are noted. */
  penalty(): Params {
    for (const key of Object.keys(this.config))
      if (/_(regularizer|constraint)$/.test(key) && key !== 'kernel_regularizer' && this.has(key))
        this.note(`its ${key.replace('_', ' ')} is left out`, `其 ${key} 被略去`)
    if (!this.has('kernel_regularizer')) return {}
    const { name, config } = classOf(this.config.kernel_regularizer)
    if (isSet(config.l1) && number(config.l1, 0) > 0)
      this.note(
        'the L1 part of its penalty is left out: the remedy L1 adds one for the whole network',
        '其 L1 惩罚被略去：可用对策 L1 对整个网络添加'
      )
    const l2 = number(config.l2, plain(name) === 'l2' ? 0.01 : 0)
    return l2 > 0 ? { l2 } : {}
  }
  /** Kernel initializer, bias and penalty of a layer with a kernel. */
  kernel(): Params {
    const bias = this.config.use_bias !== false
    const start = bias && this.has('bias_initializer') ? initializerOf(this.config.bias_initializer) : { id: 'zeros' }
    const constant = start?.id === 'constant' ? number(start.value, 0) : start?.id === 'ones' ? 1 : 0
    if (start && !['zeros', 'ones', 'constant'].includes(start.id))
      this.note('its biases start at 0', '其偏置从 0 开始')
    return {
      ...this.initializer('kernel_initializer'),
      ...this.penalty(),
      ...(!bias && { bias: false }),
      ...(constant && { biasStart: constant })
    }
  }
  done(...parts: Counterpart[]): Mapped {
    return { parts, ...(this.differs.length && { differs: this.differs }) }
  }
}

const kernelAndBias = ([kernel, bias]: NamedTensor[]): Record<string, NamedTensor> => ({
  kernel: kernel!,
  ...(bias && { bias })
})
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
const square = (v: unknown, rank: number): number | undefined => {
  const list = Array.isArray(v) ? v : [v]
  return list.length <= rank && list.every((n) => n === list[0]) && typeof list[0] === 'number' ? list[0] : undefined
}

const CHANNELS_FIRST = refusal(
  'puts channels first',
  '通道在前',
  'make it with data_format="channels_last"',
  '请使用 data_format="channels_last"'
)
const ANOTHER_AXIS = refusal(
  'normalises another axis than the last',
  '归一化的不是最后一个轴',
  'make it with axis=-1',
  '请使用 axis=-1'
)
const SLOPES = refusal(
  'has slopes for each place, not one for each channel',
  '每个位置各有斜率，而非每个通道一个',
  'make it with shared_axes: [1] for sequences, [1, 2] for pictures',
  '请设置 shared_axes：序列用 [1]，图像用 [1, 2]'
)
const PAD_BEFORE = [
  'pad by “same” or “valid”, or by a ZeroPadding layer before it',
  '请使用 “same” 或 “valid”，或在其前加 ZeroPadding 层'
] as const

function convolution(kind: 'conv1d' | 'conv2d', c: Json): Mapped | Unmapped {
  const rank = kind === 'conv1d' ? 1 : 2
  const r = new Reading(c)
  const [size, stride, dilation] = [c.kernel_size, c.strides ?? 1, c.dilation_rate ?? 1].map((v) => square(v, rank))
  if (c.data_format === 'channels_first') return CHANNELS_FIRST
  if (size === undefined || stride === undefined)
    return refusal(
      'has a kernel or stride of unequal sides',
      '卷积核或步幅的各边不等',
      'make both sides equal',
      '请使各边相等'
    )
  if (dilation !== 1 || number(c.groups, 1) !== 1)
    return refusal(
      'is dilated or grouped',
      '带有空洞或分组',
      'make it with dilation_rate=1 and groups=1',
      '请使用 dilation_rate=1 与 groups=1'
    )
  if (c.padding !== 'same' && c.padding !== 'valid')
    return refusal(`pads by “${String(c.padding)}”`, `填充方式为 “${String(c.padding)}”`, ...PAD_BEFORE)
  const params = {
    filters: c.filters,
    kernelSize: size,
    stride,
    padding: c.padding,
    activation: r.activation(),
    ...r.kernel()
  }
  return r.done({ kind, params, weights: kernelAndBias })
}
function pool(kind: 'maxPool' | 'averagePool', rank: number, c: Json): Mapped | Unmapped {
  const size = square(c.pool_size ?? 2, rank)
  const stride = square(c.strides ?? c.pool_size ?? 2, rank)
  if (size === undefined || stride === undefined)
    return refusal('has windows of unequal sides', '窗口的各边不等', 'make both sides equal', '请使各边相等')
  if (c.data_format === 'channels_first') return CHANNELS_FIRST
  return same({ kind, params: { size, stride, padding: c.padding ?? 'valid' } })
}
/** Keras says one number, one for each axis, or one for each side of each axis. */
function zeroPadding(rank: 1 | 2, c: Json, reads: number[] | undefined): Mapped | Unmapped {
  if (c.data_format === 'channels_first') return CHANNELS_FIRST
  const given = c.padding ?? 1
  const axes = Array.isArray(given) && rank === 2 ? given : [given]
  const sides = Array.from({ length: rank }, (_, i): [number, number] => {
    const own: unknown = axes[i] ?? axes[0]
    const [before, behind] = (Array.isArray(own) ? own : [own, own]) as [number, number]
    return [before, behind]
  })
  return { parts: [], around: { sides, value: 0, ...(reads && { lengths: reads.slice(0, rank) }) } }
}
function globalPool(kind: string, c: Json): Mapped | Unmapped {
  if (c.data_format === 'channels_first') return CHANNELS_FIRST
  return {
    parts: [{ kind, params: {} }],
    ...(isSet(c.keepdims) && { differs: [text('its axes of length 1 are left out', '长度为 1 的轴被略去')] })
  }
}
/**
 * Whether a norm's axis is the last one. Keras 2 gives it as a list.
 * @param rank of what it reads, the batch included, where the file says it
 */
function isLast(axis: unknown, rank: number | undefined): boolean {
  const one: unknown = Array.isArray(axis) ? axis[0] : axis
  return (
    one === undefined || one === null || one === -1 || (rank === undefined ? Array.isArray(axis) : one === rank - 1)
  )
}
/** Gates of ours, by their place in Keras's order: LSTM i, f, c, o → i, c, f, o; GRU z, r, h → r, z, h. */
const GATES = { lstm: [0, 2, 1, 3], gru: [1, 0, 2], simpleRnn: [0] }
function recurrent(kind: keyof typeof GATES, c: Json): Mapped | Unmapped {
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
const activationLayer = (activation: Spec): Counterpart => ({ kind: 'activation', params: { activation } })
const channelsOf = (t: NamedTensor): NamedTensor | undefined => {
  const n = t.shape[t.shape.length - 1]!
  return t.values.length === n ? { shape: [n], values: t.values } : undefined
}

type Reader = (c: Json, layer: KerasLayer) => Mapped | Unmapped
const leftOut =
  (en: string, zh: string): Reader =>
  () => ({ parts: [], differs: [text(en, zh)] })

/** Every class of Keras layers that is known. */
const CLASSES: Record<string, Reader> = {
  Dense(c, { rank }) {
    const r = new Reading(c)
    const params = { units: c.units, activation: r.activation(), ...r.kernel() }
    if (rank === 4) {
      // Along the channels of each place of a picture: a convolution over that place alone.
      const { units: filters, ...more } = params
      return r.done({
        kind: 'conv2d',
        params: { filters, kernelSize: 1, stride: 1, padding: 'valid', ...more },
        weights([kernel, bias]) {
          const { shape, values } = kernel!
          return { kernel: { shape: [1, 1, ...shape], values }, ...(bias && { bias }) }
        }
      })
    }
    return r.done({ kind: 'dense', params, weights: kernelAndBias })
  },
  Activation(c) {
    const r = new Reading(c)
    return r.done(activationLayer(r.activation()))
  },
  ReLU(c) {
    const slope = number(c.negative_slope, 0)
    if (isSet(c.max_value) || number(c.threshold, 0))
      return {
        parts: [activationLayer({ id: 'relu' })],
        differs: [text('its upper limit and threshold are left out', '其上限与阈值被略去')]
      }
    return same(activationLayer(slope ? { id: 'leakyRelu', alpha: slope } : { id: 'relu' }))
  },
  LeakyReLU: (c) => same(activationLayer({ id: 'leakyRelu', alpha: number(c.negative_slope ?? c.alpha, 0.3) })),
  ELU: (c) => same(activationLayer({ id: 'elu', alpha: number(c.alpha, 1) })),
  PReLU(c, { rank }) {
    const own = [c.shared_axes].flat().map(Number)
    const places = Array.from({ length: Math.max(0, (rank ?? 2) - 2) }, (_, i) => i + 1)
    if (!places.every((axis) => own.includes(axis) || own.includes(axis - (rank ?? 0)))) return SLOPES
    const { name, config } = classOf(c.alpha_initializer ?? 'zeros')
    const start = plain(name) === 'constant' ? number(config.value, 0) : 0
    return {
      parts: [
        {
          // Slopes that are drawn anew start at 0.05 at least: with 0 the layer is a ReLU at first.
          ...activationLayer({ id: 'prelu', alpha: Math.max(0.05, Math.min(1, start)) }),
          weights: ([alpha]): Record<string, NamedTensor> => {
            const slope = alpha && channelsOf(alpha)
            // A file of Keras 2 doesn't say how many axes the layer reads.
            if (alpha && !slope) throw new InputError([problem('PReLU', SLOPES.refused.en, SLOPES.refused.zh)])
            return slope ? { slope } : {}
          }
        }
      ]
    }
  },
  Dropout: (c) => ({
    parts: [{ kind: 'dropout', params: { rate: number(c.rate, 0.5) } }],
    ...(isSet(c.noise_shape) && {
      differs: [text('single values are dropped, not whole rows', '随机失活作用于单个值，而非整行')]
    })
  }),
  AlphaDropout: (c) => same({ kind: 'alphaDropout', params: { rate: number(c.rate, 0.1) } }),
  BatchNormalization(c, { config, rank }) {
    const r = new Reading(config)
    if (!isLast(c.axis, rank)) return ANOTHER_AXIS
    if (c.scale === false) r.note('it gets a scale γ that is learnt', '增加了可学习的缩放 γ')
    if (c.center === false) r.note('it gets a shift β that is learnt', '增加了可学习的平移 β')
    return r.done({
      kind: 'batchNorm',
      params: { momentum: number(c.momentum, 0.99), epsilon: number(c.epsilon, 1e-3) },
      weights(given) {
        const names = [
          ...(c.scale === false ? [] : ['gamma']),
          ...(c.center === false ? [] : ['beta']),
          'mean',
          'variance'
        ]
        return Object.fromEntries(given.map((t, i) => [names[i]!, t]))
      }
    })
  },
  LayerNormalization(c, { rank }) {
    const axis = Array.isArray(c.axis) ? c.axis : [c.axis ?? -1]
    if (axis.length > 1)
      return refusal('normalises over several axes', '在多个轴上归一化', 'make it with axis=-1', '请使用 axis=-1')
    if (!isLast(c.axis, rank)) return ANOTHER_AXIS
    const r = new Reading(c)
    if (c.scale === false || c.center === false)
      r.note('it gets a scale and a shift that are learnt', '增加了可学习的缩放与平移')
    return r.done({
      kind: 'layerNorm',
      params: { epsilon: number(c.epsilon, 1e-3) },
      weights(given) {
        const names = [...(c.scale === false ? [] : ['gamma']), ...(c.center === false ? [] : ['beta'])]
        return Object.fromEntries(given.map((t, i) => [names[i]!, t]))
      }
    })
  },
  Conv1D: (c) => convolution('conv1d', c),
  Conv2D: (c) => convolution('conv2d', c),
  MaxPooling1D: (c) => pool('maxPool', 1, c),
  MaxPooling2D: (c) => pool('maxPool', 2, c),
  AveragePooling1D: (c) => pool('averagePool', 1, c),
  AveragePooling2D: (c) => pool('averagePool', 2, c),
  ZeroPadding1D: (c, { reads }) => zeroPadding(1, c, reads),
  ZeroPadding2D: (c, { reads }) => zeroPadding(2, c, reads),
  GlobalAveragePooling1D: (c) => globalPool('globalAveragePool', c),
  GlobalAveragePooling2D: (c) => globalPool('globalAveragePool', c),
  GlobalMaxPooling1D: (c) => globalPool('globalMaxPool', c),
  GlobalMaxPooling2D: (c) => globalPool('globalMaxPool', c),
  Flatten: () => same({ kind: 'flatten', params: {} }),
  Reshape: (c) => same({ kind: 'reshape', params: { shape: (c.target_shape as unknown[]).join(', ') } }),
  Add: (_c, { inputs }) =>
    inputs.length === 2
      ? same({ kind: 'add', params: {} })
      : inputs.length < 2
        ? refusal(
            'adds a number or a fixed tensor',
            '加上常数或固定张量',
            'let the bias of the layer before it learn that',
            '请由其前一层的偏置来学习'
          )
        : refusal('adds more than two results', '相加超过两个结果', 'write it as several additions', '请写成多次相加'),
  Concatenate(c, { inputs, rank }) {
    if (inputs.length < 2) return refusal('joins a single result', '只拼接一个结果', 'leave it out', '请去掉它')
    const axis = number(c.axis, -1)
    // A file of Keras 2 doesn't say the number of axes: pictures are taken as likely as sequences.
    return axis === -1 || axis === 3 || (axis > 0 && axis + 1 === rank)
      ? same({ kind: 'concatenate', params: {} })
      : refusal(
          'joins along another axis than the last',
          '不是沿最后一个轴拼接',
          'make it with axis=-1',
          '请使用 axis=-1'
        )
  },
  Embedding(c) {
    const r = new Reading(c)
    if (isSet(c.mask_zero)) r.note('the symbol 0 is not masked', '不屏蔽符号 0')
    const { initializer } = r.initializer('embeddings_initializer')
    return r.done({
      kind: 'embedding',
      params: { vocabulary: c.input_dim, units: c.output_dim, ...(initializer !== undefined && { initializer }) },
      weights: ([kernel]) => ({ kernel: kernel! })
    })
  },
  LSTM: (c) => recurrent('lstm', c),
  GRU: (c) => recurrent('gru', c),
  SimpleRNN: (c) => recurrent('simpleRnn', c),
  TimeDistributed(c, layer) {
    const inner = asObject(c.layer)
    if (inner.class_name !== 'Dense')
      return refusal(
        'repeats another layer than Dense over time',
        '在时间上重复的不是 Dense 层',
        'use Conv1D over the steps, or repeat a Dense',
        '请在时间步上用 Conv1D，或重复 Dense'
      )
    return mapLayer({ ...layer, className: 'Dense', config: asObject(inner.config) })
  },
  Bidirectional(c, layer) {
    const inner = asObject(c.layer)
    const half = mapLayer({ ...layer, className: String(inner.class_name), config: asObject(inner.config) })
    if ('refused' in half) return half
    const note = text(
      'only its forward half is taken over: there is no reverse direction here',
      '只采用其前向部分：这里没有反方向'
    )
    const parts = half.parts.map((p) => {
      const take = p.weights
      return take ? { ...p, weights: (given: NamedTensor[]) => take(given.slice(0, given.length / 2)) } : p
    })
    return { parts, differs: [...(half.differs ?? []), note] }
  },
  SpatialDropout1D: (c) => ({
    parts: [{ kind: 'dropout', params: { rate: number(c.rate, 0.5) } }],
    differs: [text('single values are dropped, not whole channels', '随机失活作用于单个值，而非整个通道')]
  }),
  SpatialDropout2D: (c) => CLASSES.SpatialDropout1D!(c, undefined as never),
  GaussianNoise: leftOut('its noise is left out', '其噪声被略去'),
  GaussianDropout: (c) => ({
    parts: [{ kind: 'dropout', params: { rate: number(c.rate, 0.5) } }],
    differs: [text('values are dropped, not multiplied by noise', '改为随机失活，而非乘以噪声')]
  }),
  ActivityRegularization: leftOut('its penalty is left out', '其惩罚被略去'),
  Identity: () => ({ parts: [] }),
  Masking: leftOut('time steps are not masked', '不屏蔽时间步'),
  Rescaling: leftOut('inputs are not rescaled inside the network: scale the data', '网络内部不再缩放输入：请缩放数据'),
  Normalization: leftOut(
    'inputs are not normalised inside the network: standardise the data',
    '网络内部不再归一化输入：请标准化数据'
  ),
  ...Object.fromEntries(
    [
      'RandomFlip',
      'RandomRotation',
      'RandomZoom',
      'RandomCrop',
      'RandomTranslation',
      'RandomContrast',
      'RandomBrightness'
    ].map((name) => [
      name,
      leftOut('its changes of the pictures while training are left out', '训练时对图像的随机变换被略去')
    ])
  )
}
/** Names of the classes of Keras layers that have a counterpart. */
export const knownClasses = (): string[] => Object.keys(CLASSES)

/** What to write in place of some layers. */
const INSTEAD: Record<string, Text> = {
  Relu: text('write the layer keras.layers.ReLU in place of ops.relu', '请用层 keras.layers.ReLU 代替 ops.relu'),
  Sigmoid: text('write Activation("sigmoid") in place of ops.sigmoid', '请用 Activation("sigmoid") 代替 ops.sigmoid'),
  Tanh: text('write Activation("tanh") in place of ops.tanh', '请用 Activation("tanh") 代替 ops.tanh'),
  SeparableConv2D: text('put a Conv2D in its place', '请用 Conv2D 代替'),
  Permute: text('give the data in that order of axes', '请按该轴顺序提供数据'),
  Subtract: text('write Add, with the weights of one input negative', '请写 Add，并使其中一个输入的权重取负')
}
/** A recording needs no counterpart. */
const WATCH = text(
  'write it in layers that are known, or watch the training with gradient_clinic.KerasWatch, which takes any layer',
  '请用已知的层改写，或用 gradient_clinic.KerasWatch 记录训练，它适用于任何层'
)

/** The counterpart of one Keras layer. */
export function mapLayer(layer: KerasLayer): Mapped | Unmapped {
  const read = own(CLASSES, layer.className)
  if (read) return read(layer.config, layer)
  const instead = own(INSTEAD, layer.className) ?? WATCH
  return refusal(
    `a “${layer.className}” has no counterpart here`,
    `“${layer.className}” 在这里没有对应的层`,
    instead.en,
    instead.zh
  )
}
