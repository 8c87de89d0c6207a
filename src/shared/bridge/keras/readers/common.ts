import { asObject, type Json } from '../../../base/objects'
import type { Spec } from '../../../base/params'
import type { Counterpart, Mapped, Unmapped } from '../../foreign'
import type { NamedTensor } from '../../safetensors'
import type { KerasLayer } from '../graph'

/** What becomes of a layer of Keras. @param c its settings */
export type Reader = (c: Json, layer: KerasLayer) => Mapped | Unmapped

/** A layer that computes the same as these. */
export const same = (...parts: Counterpart[]): Mapped => ({ parts })
/** Whether a setting is there and not switched off. */
export const isSet = (v: unknown): boolean => v !== undefined && v !== null && v !== false
/** A configured object's class and settings: `"relu"`, or `{ class_name, config }`. */
export function classOf(value: unknown): { name: string; config: Json } {
  if (typeof value === 'string') return { name: value, config: {} }
  const { class_name = 'lambda', config } = asObject(value)
  return typeof config === 'string'
    ? { name: config, config: {} }
    : { name: String(class_name), config: asObject(config) }
}
/** A name as Keras compares it: small letters and digits alone. */
export const plain = (name: string): string => name.toLowerCase().replace(/[^a-z0-9]/g, '')
/** The size that all axes have; undefined where they differ, or there are more than `rank`. */
export const square = (v: unknown, rank: number): number | undefined => {
  const list = Array.isArray(v) ? v : [v]
  return list.length <= rank && list.every((n) => n === list[0]) && typeof list[0] === 'number' ? list[0] : undefined
}
/** An activation as a layer. */
export const activationLayer = (activation: Spec): Counterpart => ({ kind: 'activation', params: { activation } })
/** The weights of a layer with a kernel, by our names. */
export const kernelAndBias = ([kernel, bias]: NamedTensor[]): Record<string, NamedTensor> => ({
  kernel: kernel!,
  ...(bias && { bias })
})
