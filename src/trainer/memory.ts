import { readFileSync } from 'node:fs'
import { totalmem } from 'node:os'

/** Bytes that this process may hope for: what the machine has, or less where a container sets a limit. */
export function machineMemory(): number {
  for (const file of ['/sys/fs/cgroup/memory.max', '/sys/fs/cgroup/memory/memory.limit_in_bytes'])
    try {
      const limit = Number(readFileSync(file, 'utf8'))
      if (limit > 0) return Math.min(limit, totalmem())
    } catch {
      // Not there on most machines.
    }
  return totalmem()
}
