import { makeRng, permutation } from '../../../src/shared/base/random/rng'
import { candidates } from '../../../tests/corpus'
import { type Entry, type Part } from '../../../tests/corpus/manifest'
import { FAILS, LEARNS } from '../../../tests/corpus/run'
import { pool } from '../hands'
import type { Answer, Ask } from './work'

const ROUND = (v: number): number => Number(v.toFixed(3))
const kindOf = (id: string): string => id.split('/')[1]!

/**
 * Runs candidates until there are enough of every fault and variation, and keeps those that really fail beside a twin
 * that learns, and those that really learn. @param before what stays for what is not wanted anew. @param quota cases
 * wanted of each fault, and of each variation
 */
export async function collect(
  before: Part,
  seeds: readonly number[],
  isFault: (kind: string) => boolean,
  isWanted: (id: string) => boolean,
  quota: { failing: number; healthy: number }
): Promise<Part> {
  const kept = (list: Entry[]): Entry[] => list.filter((e) => !isWanted(e.id))
  const found: Part = { failing: kept(before.failing), healthy: kept(before.healthy) }
  const all = seeds.flatMap((seed) => {
    const ids = candidates(seed).filter(isWanted)
    return Array.from(permutation(ids.length, makeRng(seed, 'collect')), (i) => ids[i]!)
  })
  const queues = new Map<string, string[]>()
  for (const id of all) queues.set(kindOf(id), [...(queues.get(kindOf(id)) ?? []), id])
  const have = new Map<string, number>()
  for (;;) {
    const asks = [...queues].flatMap(([kind, ids]) =>
      ids.splice(0, (isFault(kind) ? quota.failing : quota.healthy) - (have.get(kind) ?? 0))
    )
    if (!asks.length) break
    const answers = await pool<Ask, Answer>(
      __filename,
      asks.map((id) => ({ id, what: 'measure' })),
      ({ id, skill, twin, seconds, failure }, left) =>
        console.error(
          `${left} ${id} ${skill.toFixed(2)} ${twin?.toFixed(2) ?? ''} ${seconds.toFixed(1)} s ${failure ?? ''}`
        )
    )
    for (const { id, skill, twin } of answers) {
      const entry: Entry = { id, skill: ROUND(skill), ...(twin !== undefined && { twin: ROUND(twin) }) }
      const kind = kindOf(id)
      const fits = isFault(kind) ? skill <= FAILS && twin! >= LEARNS : skill >= LEARNS
      if (!fits) continue
      found[isFault(kind) ? 'failing' : 'healthy'].push(entry)
      have.set(kind, (have.get(kind) ?? 0) + 1)
    }
  }
  const byId = (a: Entry, b: Entry): number => (kindOf(a.id) + a.id).localeCompare(kindOf(b.id) + b.id)
  return { failing: found.failing.sort(byId), healthy: found.healthy.sort(byId) }
}
