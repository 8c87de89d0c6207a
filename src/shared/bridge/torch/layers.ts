import { own } from '../../base/objects'
import type { Text } from '../../base/text'
import { refusal, SINGLE_VALUES, text, type Unmapped } from '../foreign'
import { number } from '../settings'
import { activation, type Call, differing, type Found, type Reader } from './readers/common'
import { batchNorm, layerNorm, linear, otherNorm } from './readers/linear'
import { recurrent } from './readers/recurrent'
import { adaptive, convolution, padding, pool } from './readers/windows'

const dropout =
  (...differs: Text[]) =>
  ({ settings: s }: Call): Found =>
    differing([{ kind: 'dropout', params: { rate: number(s.p, 0.5) } }], ...differs)
const LIMIT = text('its upper limit is left out', '其上限被略去')

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
  Dropout1d: dropout(SINGLE_VALUES),
  Dropout2d: dropout(SINGLE_VALUES),
  AlphaDropout: ({ settings: s }) => differing([{ kind: 'alphaDropout', params: { rate: number(s.p, 0.5) } }]),
  FeatureAlphaDropout: ({ settings: s }) =>
    differing([{ kind: 'alphaDropout', params: { rate: number(s.p, 0.5) } }], SINGLE_VALUES),
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
      return refusal(
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
  return refusal(`a “${op}” has no counterpart here`, `“${op}” 在这里没有对应的层`, instead.en, instead.zh)
}
/** A recording needs no counterpart. */
const WATCH = text(
  'write it in layers that are known, or watch the training with gradient_clinic.watch, which takes any module',
  '请用已知的层改写，或用 gradient_clinic.watch 记录训练，它适用于任何模块'
)
