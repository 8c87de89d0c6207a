import { multiplyAdds, type Case, type Variant } from './cases'
import type { Worker } from './workers'

/** Times of one variant, one for each round. */
export type Times = number[]
const sorted = (v: Times): Times => [...v].sort((a, b) => a - b)
export const median = (v: Times): number => sorted(v)[v.length >> 1]!
/** Ratios within each round, because variants of one round share the load of the machine. */
export const ratios = (a: Times, b: Times): Times => a.map((x, i) => x / b[i]!)
/** `0.52 (0.49–0.55)`: the median and the middle half. */
export function shown(v: Times): string {
  const s = sorted(v)
  const at = (q: number): string => s[Math.min(s.length - 1, Math.floor(q * s.length))]!.toFixed(2)
  return `${at(0.5)} (${at(0.25)}–${at(0.75)})`
}

/** Times all variants in turn, round by round. @param steps of each variant in a round */
export async function interleave(
  c: Case,
  who: readonly [Variant, Worker][],
  rounds: number,
  steps: number
): Promise<Map<Variant, Times>> {
  const times = new Map<Variant, Times>(who.map(([v]) => [v, []]))
  // The first round warms up.
  for (let r = -1; r < rounds; r++)
    for (const [variant, worker] of who) {
      const ms = await worker.ask({ case: c, variant, steps: variant === 'tfjs' ? Math.max(2, steps >> 3) : steps })
      if (r >= 0) times.get(variant)!.push(ms)
    }
  return times
}

/** The value of an option: `--rounds 15`. */
export const argument = (name: string, args: readonly string[] = process.argv): string | undefined =>
  args.includes(name) ? args[args.indexOf(name) + 1] : undefined
/** `--rounds 15`, `--electron`, `--case 30×64`. */
export function options(args: readonly string[] = process.argv.slice(2)): {
  rounds: number
  electron: boolean
  only?: string
} {
  const only = argument('--case', args)
  return {
    rounds: Number(argument('--rounds', args) ?? 15),
    electron: args.includes('--electron'),
    ...(only && { only })
  }
}
/** Steps for which a round of all variants takes about a second. */
export const stepsFor = (c: Case): number =>
  Math.max(4, Math.min(200, Math.round(2e9 / (c.batch * multiplyAdds(c) + 1e5 * c.depth))))
