import type { ComputedRef, InjectionKey, ShallowRef } from 'vue'
import type { CanvasNode } from './model'

/** What the nodes on the canvas ask of it. */
export interface CanvasContext {
  /** The nodes drawn now, by path. */
  nodes: ShallowRef<Map<string, CanvasNode>>
  /** Whether layers are low, and say less. */
  low: ComputedRef<boolean>
}
export const CANVAS: InjectionKey<CanvasContext> = Symbol('canvas')
