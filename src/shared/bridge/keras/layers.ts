import { asObject, own } from '../../base/objects'
import type { Text } from '../../base/text'
import { FORWARD_HALF, refusal, SINGLE_VALUES, text, type Mapped, type Unmapped } from '../foreign'
import type { NamedTensor } from '../safetensors'
import { number } from '../settings'
import type { KerasLayer } from './graph'
import { activationLayer, isSet, same, type Reader } from './readers/common'
import { add, concatenate } from './readers/joins'
import { batchNorm, dense, layerNorm } from './readers/linear'
import { Reading } from './readers/reading'
import { prelu, relu } from './readers/rectifiers'
import { recurrent } from './readers/recurrent'
import { convolution, globalPool, pool, zeroPadding } from './readers/windows'

const leftOut =
  (en: string, zh: string): Reader =>
  () => ({ parts: [], differs: [text(en, zh)] })

/** Every class of Keras layers that is known. */
const CLASSES: Record<string, Reader> = {
  Dense: dense,
  Activation(c) {
    const r = new Reading(c)
    return r.done(activationLayer(r.activation()))
  },
  ReLU: relu,
  LeakyReLU: (c) => same(activationLayer({ id: 'leakyRelu', alpha: number(c.negative_slope ?? c.alpha, 0.3) })),
  ELU: (c) => same(activationLayer({ id: 'elu', alpha: number(c.alpha, 1) })),
  PReLU: prelu,
  Dropout: (c) => ({
    parts: [{ kind: 'dropout', params: { rate: number(c.rate, 0.5) } }],
    ...(isSet(c.noise_shape) && {
      differs: [text('single values are dropped, not whole rows', '随机失活作用于单个值，而非整行')]
    })
  }),
  AlphaDropout: (c) => same({ kind: 'alphaDropout', params: { rate: number(c.rate, 0.1) } }),
  BatchNormalization: batchNorm,
  LayerNormalization: layerNorm,
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
  Add: add,
  Concatenate: concatenate,
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
    const parts = half.parts.map((p) => {
      const take = p.weights
      return take ? { ...p, weights: (given: NamedTensor[]) => take(given.slice(0, given.length / 2)) } : p
    })
    return { parts, differs: [...(half.differs ?? []), FORWARD_HALF] }
  },
  SpatialDropout1D: (c) => ({
    parts: [{ kind: 'dropout', params: { rate: number(c.rate, 0.5) } }],
    differs: [SINGLE_VALUES]
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
