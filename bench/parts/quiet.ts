import { readdirSync, readFileSync } from 'node:fs'
import { cpus, loadavg } from 'node:os'

/** Share of the machine that other processes may take in a round that counts. */
export const OTHERS = 0.1

/** Ticks that all cores spent on work since the start of the machine. */
function busy(): number {
  const [user, nice, system, , , irq, soft] = readFileSync('/proc/stat', 'utf8')
    .split('\n')[0]!
    .trim()
    .split(/\s+/)
    .slice(1)
    .map(Number)
  return user! + nice! + system! + irq! + soft!
}
/** Ticks of this process and all that descend from it, with those of children that have ended. */
function own(): number {
  const stats = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((pid) => {
      try {
        const text = readFileSync(`/proc/${pid}/stat`, 'utf8')
        const fields = text.slice(text.lastIndexOf(')') + 2).split(' ')
        return [{ pid, parent: fields[1]!, ticks: fields.slice(11, 15).reduce((n, t) => n + Number(t), 0) }]
      } catch {
        return []
      }
    })
  const mine = new Set([String(process.pid)])
  for (let before = 0; before < mine.size;) {
    before = mine.size
    for (const { pid, parent } of stats) if (mine.has(parent)) mine.add(pid)
  }
  return stats.reduce((n, { pid, ticks }) => (mine.has(pid) ? n + ticks : n), 0)
}

/**
 * Watches what other processes take of the machine while something is timed.
 * @returns a function that gives their share of all cores since the start, 0 … 1; 0 where there is no /proc
 */
export function watchOthers(): () => number {
  if (process.platform !== 'linux') return () => 0
  const [start, b, o] = [performance.now(), busy(), own()]
  return () => {
    // A tick is a hundredth of a second on every Linux that this runs on.
    const all = ((performance.now() - start) / 10) * cpus().length
    return Math.max(0, busy() - b - (own() - o)) / Math.max(1, all)
  }
}
/** The processor, its cores, and how long the queue for them is. */
export const machine = (): string =>
  `${cpus()[0]?.model.trim() ?? 'unknown processor'}, ${cpus().length} cores, load ${loadavg()[0]!.toFixed(2)}`
