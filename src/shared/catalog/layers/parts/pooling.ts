import { kerasObject, type KerasObject } from '../../../base/keras'
import type { Params } from '../../../base/params'
import { number, options } from '../../../base/python'
import { ShapeError, type LayerKind } from '../types'
import {
  PAD,
  PADDING,
  along,
  asBefore,
  asPicture,
  needSpatial,
  padded,
  paddingOf,
  slide,
  torchPadding,
  wordFor,
  type Window
} from './window'

/** How a pooling window moves; a stride of 0 means the window's own length. */
export const windowOf = (p: Params): Window => {
  const size = p.size as number
  return { size, stride: (p.stride as number) || size, ...paddingOf(p) }
}

const PAD_BELOW = (name: string): string => `class ${name}(layers.Layer):
    """Puts -inf around its input, which is never the largest of a window."""

    def __init__(self, padding, **more):
        super().__init__(**more)
        self.sides = (padding, padding)

    def call(self, x):
        around = [(0, 0), *[self.sides] * (len(x.shape) - 2), (0, 0)]
        return ops.pad(x, around, constant_values=-float("inf"))`

/** Zeros on either side that keep the size; undefined when the sides differ. */
const evenly = (size: number): string | undefined => (size % 2 ? String((size - 1) / 2) : undefined)

/** Pooling with a moving window over one or two spatial axes, channel by channel. */
export function pooling(op: 'maxPool' | 'avgPool', words: Pick<LayerKind, 'id' | 'name' | 'doc'>): LayerKind {
  // No window sees the padding of a maximum; a mean counts its zeros where it is symmetric, as PyTorch does.
  const edge = op === 'maxPool' ? -Infinity : 0
  return {
    ...words,
    version: 2,
    group: 'convolution',
    icon: 'pool',
    stem: 'pool',
    fields: {
      size: { type: 'number', default: 2, integer: true, min: 1, max: 64, label: { en: 'Window', zh: '窗口' } },
      stride: {
        type: 'number',
        default: 0,
        integer: true,
        min: 0,
        max: 64,
        label: { en: 'Stride', zh: '步幅' },
        help: { en: '0: as long as the window.', zh: '0：与窗口相同。' }
      },
      padding: { ...PADDING, default: 'valid', help: { ...PADDING.help } },
      pad: PAD
    },
    inputs: { min: 1, max: 1 },
    infer(p, [s]) {
      needSpatial(s!, [1, 2])
      const { size, pad } = windowOf(p)
      if (2 * pad > size)
        throw new ShapeError({
          en: `pads ${pad} on each side, more than half of its window of ${size}, so that a window could see padding alone: make the window longer, or pad ${size >> 1} at most`,
          zh: `每侧填充 ${pad}，超过长为 ${size} 的窗口的一半，窗口可能只看到填充：请增大窗口，或至多填充 ${size >> 1}`
        })
      return slide(s!, windowOf(p), s![s!.length - 1]!)
    },
    weights: () => [],
    forward(tf, p, [x]) {
      const { size, stride } = windowOf(p)
      const [picture, padding] = padded(tf, x!, windowOf(p), edge)
      return { h: asBefore(tf, tf[op](picture as never, along(x!, size), along(x!, stride), padding), x!) }
    },
    python: {
      channels: 'first',
      torch(p, { inputs: [s] }, [x]) {
        const w = windowOf(p)
        const dims = s!.length - 1
        const name = `F.${op === 'maxPool' ? 'max' : 'avg'}_pool${dims}d`
        const { padding, before } = torchPadding(s!, w)
        // The word "same" is known to convolutions alone.
        const known = padding === '"same"' ? evenly(w.size) : padding
        const sides = known === undefined ? [(w.size - 1) >> 1, w.size >> 1] : before && before.slice(0, 2)
        const pads = sides && Array.from({ length: dims }, (_, i) => before?.slice(2 * i, 2 * i + 2) ?? sides).flat()
        const more = options({ stride: [number(w.stride), number(w.size)], padding: [known ?? '0', '0'] })
        const pool = (y: string, rest = more): string => `${name}(${y}, ${w.size}${rest && `, ${rest}`})`
        if (pads && op === 'maxPool') return { call: pool(`F.pad(${x!}, (${pads.join(', ')}), value=-math.inf)`) }
        // The zeros around do not count.
        if (pads) {
          const padded = (y: string): string => pool(`F.pad(${y}, (${pads.join(', ')}))`)
          return { call: `${padded(x!)} / ${padded(`torch.ones_like(${x!})`)}` }
        }
        const isCounted = op === 'maxPool' || w.padding !== 'same' || (known ?? '0') === '0'
        const counted = isCounted ? '' : ', count_include_pad=False'
        return { call: pool(x!, more + counted) }
      },
      keras(p, { inputs: [s], define }) {
        const w = windowOf(p)
        const dims = s!.length - 1
        // The zeros of a mean's "same" are not counted in Keras; those of ZeroPadding are.
        const word = op === 'avgPool' && w.pad ? undefined : wordFor(s!, w)
        const around = (): KerasObject =>
          op === 'maxPool'
            ? { class: define('PadBelow', PAD_BELOW), args: { padding: w.pad } }
            : kerasObject('layers', `ZeroPadding${dims}D`, { padding: w.pad })
        return [
          ...(word ? [] : [{ object: around() }]),
          {
            object: kerasObject('layers', `${op === 'maxPool' ? 'Max' : 'Average'}Pooling${dims}D`, {
              pool_size: w.size,
              ...(w.stride !== w.size && { strides: w.stride }),
              ...(word === 'same' && { padding: word })
            })
          }
        ]
      }
    },
    flops: () => 0
  }
}

/** Pooling over all positions: [batch, …, channels] → [batch, channels]. */
export function globalPooling(op: 'max' | 'mean', words: Pick<LayerKind, 'id' | 'name' | 'doc'>): LayerKind {
  return {
    ...words,
    group: 'convolution',
    icon: 'pool',
    stem: 'pool',
    fields: {},
    inputs: { min: 1, max: 1 },
    infer(_p, [s]) {
      needSpatial(s!, [1, 2])
      return [s![s!.length - 1]!]
    },
    weights: () => [],
    forward(tf, _p, [x]) {
      const { shape, rank } = x!
      const axes = shape.slice(1, -1).map((_, i) => i + 1)
      if (op === 'mean') return { h: tf.mean(x!, axes) }
      // As a window over everything: where several positions tie, one gets the gradient, not each of them.
      const picture = asPicture(tf, x!)
      const window = [picture.shape[1]!, picture.shape[2]!] as [number, number]
      return { h: tf.reshape(tf.maxPool(picture as never, window, window, 'valid'), [shape[0]!, shape[rank - 1]!]) }
    },
    python: {
      channels: 'first',
      torch(_p, { inputs: [s] }, [x]) {
        const dims = s!.length - 1
        if (op === 'mean') return { call: `${x!}.mean(dim=${dims === 1 ? '-1' : '(-2, -1)'})` }
        return { call: `F.adaptive_max_pool${dims}d(${x!}, 1).flatten(1)` }
      },
      keras: (_p, { inputs: [s] }) => [
        { object: kerasObject('layers', `Global${op === 'mean' ? 'Average' : 'Max'}Pooling${s!.length - 1}D`) }
      ]
    },
    flops: () => 0
  }
}
