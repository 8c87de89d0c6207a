import type { Spec } from '../../../base/params'
import type { Text } from '../../../base/text'
import type { Counterpart, Mapped, Unmapped } from '../../foreign'
import type { NamedTensor } from '../../safetensors'
import type { Value } from '../call'

/** A call whose layer is to be found. */
export interface Call {
  settings: Record<string, unknown>
  /** What it reads. */
  input: Value
  /** Of its result in PyTorch, the batch first. */
  shape: number[]
}
/** What a call is here, and in which layout its result is; absent: as its input. */
export type Found = (Mapped & Pick<Partial<Value>, 'layout' | 'pooled' | 'order'>) | Unmapped

/** The numbers of a list, or a number as a list of one. */
export const list = (v: unknown): number[] =>
  (Array.isArray(v) ? (v as unknown[]) : [v]).filter((n) => typeof n === 'number')
/** The size that all axes have; undefined where they differ, or there are more than `rank`. */
export const square = (v: unknown, rank: number): number | undefined => {
  const l = list(v)
  return l.length >= 1 && l.length <= rank && l.every((n) => n === l[0]) ? l[0] : undefined
}
/** A counterpart, and why it is not the same function; the same where nothing is said. */
export const differing = (parts: Counterpart[], ...differs: Text[]): Mapped => ({
  parts,
  ...(differs.length && { differs })
})

/** An activation as a layer. */
export const activation = (spec: Spec, ...differs: Text[]): Mapped =>
  differing([{ kind: 'activation', params: { activation: spec } }], ...differs)
/** PyTorch's default is U(±1/√fan-in): a third of LeCun's variance. Alike weights are told by what they are. */
export function initializerOf(kernel: NamedTensor | undefined): Spec {
  const first = kernel?.values[0]
  if (kernel && first !== undefined && kernel.values.length > 1 && kernel.values.every((v) => v === first))
    return first === 0 ? { id: 'zeros' } : { id: 'constant', value: first }
  return { id: 'lecunUniform', gain: Math.sqrt(1 / 3) }
}
/** Whether a layer has a bias, by its tensors or its settings. */
export const hasBias = (settings: Record<string, unknown>): boolean =>
  Array.isArray(settings.tensors) ? settings.tensors.includes('bias') : settings.bias !== false

/** A call's counterpart. @param kernel its weights, where it has some */
export type Reader = (call: Call, kernel?: NamedTensor) => Found
