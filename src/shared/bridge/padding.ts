import type { Params } from '../base/params'
import type { Around, Counterpart, ForeignLayer, Mapped, Unmapped } from './foreign'

const WINDOWS = ['conv1d', 'conv2d', 'maxPool', 'averagePool']
/** Activations that are never negative: zeros around them are no larger than what stands there. */
const POSITIVE = ['relu', 'sigmoid', 'hardSigmoid', 'softplus', 'exponential']
/** Kinds that keep what isn't negative so. */
const KEEPING = ['maxPool', 'averagePool', 'dropout', 'concatenate']

/** The padding here of windows behind it; undefined where there is none that means the same. */
function paddingOf({ sides, lengths }: Around, { kind, params }: Counterpart): Params | undefined {
  const pad = sides[0]![0]
  if (sides.every((s) => s[0] === pad && s[1] === pad)) return { padding: 'symmetric', pad }
  if (kind === 'averagePool' || lengths?.length !== sides.length) return undefined
  const size = (params.kernelSize ?? params.size) as number
  const stride = params.stride as number
  const isSame = sides.every(([before, behind], i) => {
    const length = lengths[i]!
    const count = Math.ceil(length / stride)
    const all = Math.max(0, (count - 1) * stride + size - length)
    const isAsMany = Math.floor((length + before + behind - size) / stride) + 1 === count
    // Elements behind the last window are not read.
    return isAsMany && before === all >> 1 && behind >= all - before
  })
  return isSame ? { padding: 'same' } : undefined
}
const partsOf = (l: ForeignLayer): Counterpart[] => ('parts' in l.mapped ? l.mapped.parts : [])

/**
 * Puts the zeros of layers of their own (Keras's ZeroPadding, PyTorch's ZeroPad and F.pad) into the convolutions and
 * pooling layers behind them.
 * @param layers in order; those whose `mapped` says `around` are refused where nothing here means the same
 */
export function takePadding(layers: readonly ForeignLayer[]): ForeignLayer[] {
  const taken = new Map<string, Mapped | Unmapped>()
  const byName = new Map(layers.map((l) => [l.name, l]))
  const isPositive = (name: string): boolean => {
    const layer = byName.get(name)
    if (!layer) return false
    const part = partsOf(layer).at(-1)
    const activation = part?.params.activation as { id: string } | undefined
    if (activation) return POSITIVE.includes(activation.id)
    return (!part || KEEPING.includes(part.kind)) && layer.inputs.every(isPositive)
  }
  for (const layer of layers) {
    const around = 'parts' in layer.mapped ? layer.mapped.around : undefined
    if (!around) continue
    const readers = layers.filter((l) => l.inputs.includes(layer.name))
    const found = readers.map((reader): Mapped | undefined => {
      const [own, ...more] = partsOf(reader)
      if (!own || !('parts' in reader.mapped) || !WINDOWS.includes(own.kind) || own.params.padding !== 'valid')
        return undefined
      const isUnseen = around.value === -Infinity || (around.value === 0 && isPositive(layer.inputs[0]!))
      if (own.kind === 'maxPool' ? !isUnseen : around.value !== 0) return undefined
      const padding = paddingOf(around, own)
      return padding && { ...reader.mapped, parts: [{ ...own, params: { ...own.params, ...padding } }, ...more] }
    })
    if (readers.length && found.every((f) => f)) readers.forEach((reader, i) => taken.set(reader.name, found[i]!))
    else
      taken.set(layer.name, {
        refused: {
          en: 'puts something around its input that no layer behind it can take over: pad by zeros, as many on either side, right before convolutions or average pooling without padding of their own, or before max pooling of what is not negative',
          zh: '在输入四周填充，其后没有层能接收：请以零填充且两侧相同，并紧接在自身不填充的卷积或平均池化之前，或在非负值的最大池化之前'
        }
      })
  }
  return layers.map((l) => {
    const mapped = taken.get(l.name)
    return mapped ? { ...l, mapped } : l
  })
}
