import type { Spec } from '../base/params'
import type { Text } from '../base/text'
import { sizeOf } from '../base/sizeOf'
import { text, type Counterpart, type ForeignLayer, type ForeignModel } from './foreign'
import type { NamedTensor, Tensors } from './safetensors'

/** Name, in a file of weights, of the number of steps that the optimizer has made. */
export const STEPS_MADE = 'optimizer/steps'

/** A node that was made of a layer. */
interface Made {
  id: string
  part: Counterpart
  layer: ForeignLayer
  /** Its weights by our names, as they were taken over. */
  weights: Record<string, NamedTensor>
}

const lost = (en: string, zh: string): Text =>
  text(`the optimizer’s state is not taken over, and starts anew: ${en}`, `优化器状态未被采用，将重新开始：${zh}`)
const LACKS = (id: string): Text => lost(`the file has none for ${id}`, `文件中没有 ${id} 的状态`)

/** The slot of Nadam that follows from the number of steps: 1 − μ₁⋯μₜ (Dozat 2016). */
export function correctionOf({ beta1, decay }: Spec, steps: number): { correction: number } {
  let product = 1
  for (let t = 1; t <= Math.min(steps, 1e5); t++)
    product *= (beta1 as number) * (1 - 0.5 * 0.96 ** (t * (decay as number)))
  return { correction: 1 - product }
}

/**
 * What the optimizer has kept of each weight, as `slot/layer/weight`, and how many steps it has made. All of it or
 * nothing: a weight without its moments would move by other steps than the rest.
 * @param isOther some layers are other functions here, or have other weights
 * @returns an empty map, and the reason, where it can't be taken over; no note where the file has none
 */
export function takeState(
  { state }: ForeignModel,
  made: readonly Made[],
  isOther: boolean
): { tensors: Tensors; note?: Text } {
  const none: Tensors = new Map()
  if (!state) return { tensors: none }
  if ('lost' in state) return { tensors: none, note: lost(state.lost.en, state.lost.zh) }
  if (isOther) return { tensors: none, note: lost('some layers are other ones here', '这里有些层与原来不同') }
  const tensors: Tensors = new Map()
  for (const { id, part, layer, weights } of made) {
    if (!part.weights || !Object.keys(weights).length) continue
    const shapes = new Map<string, number[]>()
    for (const slot of state.slots) {
      const kept = layer.moments?.(slot)
      if (!kept) return { tensors: none, note: LACKS(id) }
      for (const [name, moment] of Object.entries(part.weights(kept as NamedTensor[], true))) {
        const weight = weights[name]
        // A bias that was left out takes its moments with it.
        if (!weight && name === 'bias') continue
        if (weight?.shape.join() !== moment.shape.join()) return { tensors: none, note: LACKS(id) }
        tensors.set(`${slot}/${id}/${name}`, moment)
        shapes.set(name, moment.shape)
      }
    }
    for (const [slot, value] of Object.entries(state.filled ?? {}))
      for (const [name, shape] of shapes)
        tensors.set(`${slot}/${id}/${name}`, { shape, values: new Float32Array(sizeOf(shape)).fill(value) })
  }
  if (!tensors.size) return { tensors: none }
  tensors.set(STEPS_MADE, { shape: [1], values: Float32Array.of(state.steps) })
  return {
    tensors,
    note: state.steps
      ? text(
          `the optimizer’s state is taken over: its next step is number ${state.steps + 1}`,
          `已采用优化器状态：下一步是第 ${state.steps + 1} 步`
        )
      : text('the optimizer’s state is taken over', '已采用优化器状态')
  }
}
