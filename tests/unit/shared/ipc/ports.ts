import type { Port } from '@shared/ipc/rpc'

/** Two joined ports in one process; messages are cloned and delivered later, as between processes. */
export function portPair(): { a: Port; b: Port; posted: unknown[]; close: () => void } {
  const posted: unknown[] = []
  const listeners = { a: [] as ((m: unknown) => void)[], b: [] as ((m: unknown) => void)[] }
  const closers: (() => void)[] = []
  const port = (mine: 'a' | 'b', other: 'a' | 'b'): Port => ({
    post(message) {
      const copy: unknown = structuredClone(message)
      posted.push(copy)
      queueMicrotask(() => listeners[other].forEach((l) => l(copy)))
    },
    onMessage: (l) => void listeners[mine].push(l),
    onClose: (l) => void closers.push(l)
  })
  return { a: port('a', 'b'), b: port('b', 'a'), posted, close: () => closers.splice(0).forEach((l) => l()) }
}
