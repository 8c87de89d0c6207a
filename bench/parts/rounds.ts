import { multiplyAdds, type Case, type Variant } from './cases'
import type { PeerMode } from './peer'
import { machine, OTHERS, watchOthers } from './quiet'
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

/** How many rounds others may have disturbed, for each that is wanted. */
const DISTURBED = 2
/** Rounds that were thrown away because other processes took too much of the machine. */
const discarded = { rounds: 0, kept: 0 }

/**
 * Times something round by round, until so many rounds were quiet. Where the machine never is, the last ones count
 * although they were not. @param round true for the first one, which warms up
 * @param warmsUp whether there is one; processes that start anew have none
 * @returns whether enough rounds were quiet
 */
export async function quietRounds(
  rounds: number,
  round: (isWarmUp: boolean) => Promise<() => void>,
  warmsUp = true
): Promise<boolean> {
  if (warmsUp) await round(true)
  const noisy: (() => void)[] = []
  let quiet = 0
  while (quiet < rounds && noisy.length < DISTURBED * rounds) {
    const others = watchOthers()
    const keep = await round(false)
    if (others() <= OTHERS) {
      keep()
      quiet++
    } else noisy.push(keep)
  }
  const missing = rounds - quiet
  noisy.slice(noisy.length - missing, missing ? undefined : 0).forEach((keep) => keep())
  discarded.rounds += noisy.length - missing
  discarded.kept += missing
  return !missing
}

/** The same of processes that start anew in each round, so that there is nothing to warm up. */
export const processRounds = (rounds: number, round: () => Promise<() => void>): Promise<boolean> =>
  quietRounds(rounds, round, false)

/**
 * Times all variants in turn, round by round.
 * @param steps of each variant in a round
 * @returns the times, and whether enough rounds were quiet
 */
export async function interleave(
  c: Case,
  who: readonly [Variant, Worker][],
  rounds: number,
  steps: number
): Promise<{ times: Map<Variant, Times>; isQuiet: boolean }> {
  const times = new Map<Variant, Times>(who.map(([v]) => [v, []]))
  const isQuiet = await quietRounds(rounds, async () => {
    const made: [Variant, number][] = []
    for (const [variant, worker] of who)
      made.push([
        variant,
        await worker.ask({ case: c, variant, steps: variant === 'tfjs' ? Math.max(2, steps >> 3) : steps })
      ])
    return () => made.forEach(([variant, ms]) => times.get(variant)!.push(ms))
  })
  return { times, isQuiet }
}

/** The value of an option: `--rounds 15`. */
export const argument = (name: string, args: readonly string[] = process.argv): string | undefined =>
  args.includes(name) ? args[args.indexOf(name) + 1] : undefined
/** `--rounds 15`, `--electron`, `--case 30×64`, `--peer best`. @throws Error for another kind of peer */
export function options(args: readonly string[] = process.argv.slice(2)): {
  rounds: number
  electron: boolean
  peer: PeerMode
  only?: string
} {
  const peer = argument('--peer', args) ?? 'best'
  if (peer !== 'best' && peer !== 'default') throw new Error(`--peer ${peer}: must be best or default`)
  const only = argument('--case', args)
  return {
    rounds: Number(argument('--rounds', args) ?? 15),
    electron: args.includes('--electron'),
    peer,
    ...(only && { only })
  }
}
/** Steps for which a round of all variants takes about a second. */
export const stepsFor = (c: Case): number =>
  Math.max(4, Math.min(200, Math.round(2e9 / (c.batch * multiplyAdds(c) + 1e5 * c.depth))))

/** Prints rows as columns. */
export function printColumns(rows: readonly string[][]): void {
  const widths = rows[0]!.map((_, i) => Math.max(...rows.map((r) => r[i]!.length)))
  for (const r of rows)
    console.log(
      r
        .map((cell, i) => cell.padEnd(widths[i]!))
        .join('   ')
        .trimEnd()
    )
}

/** Goals of a bench. */
export class Goals {
  private missed = 0
  /** Notes that a goal is missed. @returns the word for it, behind what was measured */
  miss(measured: string): string {
    this.missed++
    return `${measured} missed`
  }
  /** A ratio beside its goal. @param most the largest that meets it. @param isQuiet whether no round was disturbed */
  judge(ratio: Times, most: number, isQuiet: boolean): string {
    const said = `${shown(ratio)} ≤ ${most}`
    if (median(ratio) <= most) return said
    return isQuiet ? this.miss(said) : `${said} not judged: others were busy`
  }
  /** Prints the state of the machine, and how many goals were missed, which the exit code tells. */
  end(): void {
    console.log(
      `\n${machine()} at the end; ${discarded.rounds} rounds thrown away, ${discarded.kept} kept though others were busy`
    )
    if (!this.missed) return
    console.log(`${this.missed} of the goals missed on this machine, at this moment.`)
    process.exitCode = 1
  }
}
