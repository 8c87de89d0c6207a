import { kerasObject } from '../../../base/keras'
import { number, options } from '../../../base/python'
import { sizeOf } from '../../../base/sizeOf'
import { addBias } from '../../../base/native'
import type { Params, Spec } from '../../../base/params'
import type { LayerKind } from '../types'
import { ACTIVATION, activate, activationWeights } from './activate'
import { KERAS_LINEAR, KERNEL, kerasKernel, kernelAndBias } from './kernel'
import {
  PAD,
  PADDING,
  along,
  asBefore,
  needSpatial,
  padded,
  paddingOf,
  slide,
  torchPadding,
  wordFor,
  type Window
} from './window'

/** How a convolution's kernel moves. */
export const windowOf = (p: Params): Window => ({
  size: p.kernelSize as number,
  stride: p.stride as number,
  ...paddingOf(p)
})

/** A convolution over one or two spatial axes, channels last. @param words what differs: id, name, doc */
export function convolution(dims: 1 | 2, words: Pick<LayerKind, 'id' | 'name' | 'doc'>): LayerKind {
  const field = (p: Params): number[] => new Array<number>(dims).fill(p.kernelSize as number)
  const channels = (p: Params): number => p.filters as number
  return {
    ...words,
    version: 3,
    group: 'convolution',
    icon: 'conv',
    stem: 'conv',
    fields: {
      filters: {
        type: 'number',
        default: 16,
        integer: true,
        min: 1,
        max: 4096,
        log: true,
        label: { en: 'Filters', zh: '滤波器数' },
        help: { en: 'Channels of the output.', zh: '输出的通道数。' }
      },
      kernelSize: {
        type: 'number',
        default: 3,
        integer: true,
        min: 1,
        max: 64,
        label: { en: 'Kernel size', zh: '卷积核大小' },
        ...(dims === 2 && { help: { en: 'Height and width.', zh: '高与宽。' } })
      },
      stride: { type: 'number', default: 1, integer: true, min: 1, max: 64, label: { en: 'Stride', zh: '步幅' } },
      padding: PADDING,
      pad: PAD,
      activation: ACTIVATION,
      ...KERNEL
    },
    inputs: { min: 1, max: 1 },
    infer(p, [s]) {
      needSpatial(s!, [dims])
      return slide(s!, windowOf(p), channels(p))
    },
    weights(p, [s]) {
      return [
        ...kernelAndBias(p, field(p), s![dims]!, channels(p)),
        ...activationWeights(p, slide(s!, windowOf(p), channels(p)))
      ]
    },
    forward(tf, p, [x], w) {
      const { stride } = windowOf(p)
      const [picture, padding] = padded(tf, x!, windowOf(p))
      const kernel = dims === 1 ? tf.reshape(w.kernel!, [1, ...w.kernel!.shape]) : w.kernel!
      const linear = asBefore(tf, tf.conv2d(picture as never, kernel as never, along(x!, stride), padding), x!)
      const z = w.bias ? addBias(tf, linear, w.bias) : linear
      return { z, h: activate(tf, p, z, w) }
    },
    python: {
      channels: 'first',
      torch(p, { self, inputs: [s], activate: f }, [x]) {
        const w = windowOf(p)
        const { padding, before } = torchPadding(s!, w)
        const more = options({
          stride: [number(w.stride), '1'],
          padding: [padding, '0'],
          bias: [p.bias ? 'True' : 'False', 'True']
        })
        const spatial = Array.from({ length: dims }, (_, i) => i)
        return {
          make: `nn.Conv${dims}d(${s![dims]!}, ${channels(p)}, ${w.size}${more && `, ${more}`})`,
          call: f(`${self}(${before ? `F.pad(${x!}, (${before.join(', ')}))` : x!})`),
          weights: {
            kernel: { at: 'weight', axes: [dims + 1, dims, ...spatial], isStandard: true },
            bias: { at: 'bias' }
          }
        }
      },
      keras(p, site) {
        const { size, stride, pad } = windowOf(p)
        const word = wordFor(site.inputs[0]!, windowOf(p))
        return [
          ...(word ? [] : [{ object: kerasObject('layers', `ZeroPadding${dims}D`, { padding: pad }) }]),
          {
            object: kerasObject('layers', `Conv${dims}D`, {
              filters: channels(p),
              kernel_size: size,
              ...(stride > 1 && { strides: stride }),
              ...(word === 'same' && { padding: word }),
              activation: site.activate(),
              ...kerasKernel(p, site)
            }),
            weights: KERAS_LINEAR
          }
        ]
      }
    },
    activation: (p) => p.activation as Spec,
    flops(p, [s]) {
      const positions = sizeOf(slide(s!, windowOf(p), 1))
      return positions * (p.kernelSize as number) ** dims * s![dims]! * channels(p)
    }
  }
}
