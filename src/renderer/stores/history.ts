import { computed, shallowRef, type ComputedRef, type ShallowRef } from 'vue'

/** Undo and redo over immutable states: a step costs a reference, not a copy. */
export interface History<T> {
  readonly present: ShallowRef<T>
  readonly canUndo: ComputedRef<boolean>
  readonly canRedo: ComputedRef<boolean>
  /** @param merge edits with the same key in quick succession (a dragged slider) are one step. */
  push(next: T, merge?: string): void
  undo(): void
  redo(): void
  /** Starts anew: nothing to undo. */
  reset(state: T): void
}

/** @param limit steps kept. @param window milliseconds within which edits with one key merge. */
export function makeHistory<T>(
  first: T,
  { limit = 200, window = 1000, now = (): number => performance.now() } = {}
): History<T> {
  const present = shallowRef(first)
  const past = shallowRef<T[]>([])
  const future = shallowRef<T[]>([])
  let last: { key: string; at: number } | undefined
  return {
    present,
    canUndo: computed(() => past.value.length > 0),
    canRedo: computed(() => future.value.length > 0),
    push(next, merge) {
      if (next === present.value) return
      const at = now()
      const joins = merge !== undefined && last?.key === merge && at - last.at < window
      if (!joins) past.value = [...past.value.slice(-(limit - 1)), present.value]
      future.value = []
      present.value = next
      last = merge === undefined ? undefined : { key: merge, at }
    },
    undo() {
      const previous = past.value[past.value.length - 1]
      if (previous === undefined) return
      past.value = past.value.slice(0, -1)
      future.value = [...future.value, present.value]
      present.value = previous
      last = undefined
    },
    redo() {
      const next = future.value[future.value.length - 1]
      if (next === undefined) return
      future.value = future.value.slice(0, -1)
      past.value = [...past.value, present.value]
      present.value = next
      last = undefined
    },
    reset(state) {
      past.value = []
      future.value = []
      present.value = state
      last = undefined
    }
  }
}
