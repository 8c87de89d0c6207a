import { caseOf } from '../../../tests/corpus'
import type { Entry } from '../../../tests/corpus/manifest'
import { LEARNS, REPAIRS } from '../../../tests/corpus/run'
import { PEERS, type Peer } from './peers'
import { faultsOf, type Answer } from './work'

/** So many of so many. */
export interface Share {
  k: number
  n: number
}
export const shareOf = <T>(list: readonly T[], holds: (t: T) => boolean): Share => ({
  k: list.filter(holds).length,
  n: list.length
})
/** Wilson's 95 % interval of a share (Wilson 1927). */
export function wilson({ k, n }: Share): [number, number] {
  if (!n) return [0, 1]
  const z = 1.959964
  const [p, z2] = [k / n, z * z]
  const centre = (p + z2 / (2 * n)) / (1 + z2 / n)
  const half = (z / (1 + z2 / n)) * Math.sqrt((p * (1 - p)) / n + z2 / (4 * n * n))
  return [Math.max(0, centre - half), Math.min(1, centre + half)]
}

/** What became of one failing case. */
export interface Marks {
  id: string
  fault: string
  detected: boolean
  named: boolean
  /** Absent where no layer is at fault. */
  layer?: boolean
  /** First step at which anything was said; absent where nothing was. */
  first?: number
  /** Whether a fault that is there from the start was told within ten steps. */
  prompt?: boolean
  repaired: boolean
  remedy?: string
  said: string[]
}
/** Steps within which a fault that is there from the start is to be told. */
const PROMPT = 10
/** Layers that a finding's sentence names. */
const NAMED_LAYERS = 3

export function marksOf(answer: Answer, entry: Entry): Marks {
  const label = caseOf(answer.id).label!
  const faults = faultsOf(answer.said ?? [])
  const right = faults.filter((f) => label.kinds.includes(f.kind))
  const first = faults.length ? Math.min(...faults.map((f) => f.from)) : undefined
  const { repair } = answer
  return {
    id: answer.id,
    fault: answer.id.split('/')[1]!,
    detected: faults.length > 0,
    named: right.length > 0,
    ...(label.layers && {
      layer: right.some((f) => f.layers.slice(0, NAMED_LAYERS).some((l) => label.layers!.includes(l)))
    }),
    ...(first !== undefined && { first }),
    ...(label.early && { prompt: first !== undefined && first <= PROMPT }),
    repaired: repair !== undefined && repair.skill >= Math.max(LEARNS, REPAIRS * entry.twin!),
    ...(repair && { remedy: `${repair.remedy} → ${repair.skill.toFixed(2)}` }),
    said: faults.map((f) => `${f.severity} ${f.kind}@${f.from} [${f.layers.slice(0, 3).join(' ')}]`)
  }
}
/** Symptoms of the peers that name a fault of ours. */
const MEANS: Record<string, readonly string[]> = {
  poorInitialization: ['symmetry', 'vanishing', 'exploding'],
  weightVariance: ['symmetry', 'vanishing', 'exploding'],
  lossNotDecreasing: [],
  unstable: ['unstable', 'rateTooLarge'],
  notUpdating: ['notUpdating', 'rateTooSmall']
}
export interface PeerShares {
  detected: Share
  named: Share
  falseAlarms: Share
}
export const peerShares = (failing: readonly Answer[], healthy: readonly Answer[]): Record<Peer, PeerShares> =>
  Object.fromEntries(
    PEERS.map((p) => [
      p,
      {
        detected: shareOf(failing, (a) => a.peers![p].length > 0),
        named: shareOf(failing, (a) => {
          const { kinds } = caseOf(a.id).label!
          return a.peers![p].some((s) => (MEANS[s.kind] ?? [s.kind]).some((k) => kinds.includes(k)))
        }),
        falseAlarms: shareOf(healthy, (a) => a.peers![p].length > 0)
      }
    ])
  ) as unknown as Record<Peer, PeerShares>
