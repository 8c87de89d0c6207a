import { computed, type ComputedRef } from 'vue'

/**
 * A computed value that stays the same object as long as it says the same (as JSON): nothing behind it is done again
 * for that.
 */
export const steady = <T>(get: () => T): ComputedRef<T> =>
  computed<T>((before) => {
    const now = get()
    return before !== undefined && JSON.stringify(before) === JSON.stringify(now) ? before : now
  })
