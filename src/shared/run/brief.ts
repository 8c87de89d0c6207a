import { sumOfWords } from './frameTable'
import type { RunLog } from './runLog'
import type { RunRecord } from './types'

/** A step of which something is kept, the sum of its numbers, and how many there are. */
type Mark = readonly [step: number, sum: number, length: number]
/** What tells whether another log holds the same of a run. */
export interface Marks {
  hasSchema: boolean
  /** How many there are, and the sums of their steps, values and scalars. */
  frames: number
  sums: readonly [number, number, number]
  /** Numbers in all frames together. */
  numbers: number
  /** How many there are, and the step of the last one, −1 without any. */
  evaluations: number
  evaluated: number
  histograms: readonly Mark[]
  checkpoints: readonly Mark[]
}
/** A run without what is large of it, for a place that has the rest in a log of its own. */
export type BriefRun = ReturnType<RunLog['toHead']> & { marks: Marks }

/** Sums of arrays that never change. */
const sums = new WeakMap<Float32Array, number>()
function sumOf(values: Float32Array): number {
  let sum = sums.get(values)
  if (sum === undefined) sums.set(values, (sum = sumOfWords(values)))
  return sum
}
const NONE = [0, 0, 0] as const

/** What is recorded in a log, told by counts and sums. */
function marksOf({ schema, table, evaluations, histograms, checkpoints }: RunLog): Marks {
  return {
    hasSchema: !!schema,
    frames: table?.length ?? 0,
    sums: table?.sumOf(table.length) ?? NONE,
    numbers: table ? table.length * (1 + table.width + table.scalarWidth) : 0,
    evaluations: evaluations.length,
    evaluated: evaluations[evaluations.length - 1]?.step ?? -1,
    histograms: histograms.map(({ step, bins }) => [step, sumOf(bins), bins.length]),
    checkpoints: checkpoints.map(({ step, values }) => [step, sumOf(values), values.length])
  }
}
/** A run for somebody who follows the same updates, or writes them. Copies no numbers. */
export const briefOf = (log: RunLog): BriefRun => ({ ...log.toHead(), marks: marksOf(log) })

/** The marked members of a list; undefined when one of them is missing, or another than was marked. */
function marked<T extends { step: number }>(
  list: readonly T[],
  marks: readonly Mark[],
  of: (member: T) => Float32Array
): T[] | undefined {
  const found = marks.map(([step, sum]) => list.find((m) => m.step === step && sumOf(of(m)) === sum))
  return found.every((m): m is T => m !== undefined) ? found : undefined
}
/**
 * The record that a brief run stands for. A log that has gone on since is taken as far as it had come then.
 * @param log of the same run. @returns undefined when the log does not hold all of it, bit for bit
 */
export function wholeOf({ marks, ...head }: BriefRun, log: RunLog): RunRecord | undefined {
  const { schema, table } = log
  if (marks.hasSchema && !schema) return undefined
  if ((table?.length ?? 0) < marks.frames) return undefined
  if (marks.frames && table!.sumOf(marks.frames).some((sum, i) => sum !== marks.sums[i])) return undefined
  const evaluations = log.evaluations.slice(0, marks.evaluations)
  const last = evaluations[evaluations.length - 1]
  if (evaluations.length < marks.evaluations || (last?.step ?? -1) !== marks.evaluated) return undefined
  const histograms = marked(log.histograms, marks.histograms, (h) => h.bins)
  const checkpoints = marked(log.checkpoints, marks.checkpoints, (c) => c.values)
  if (!histograms || !checkpoints) return undefined
  return {
    ...head,
    ...(marks.hasSchema && { schema: schema! }),
    frames: log.toBatch(marks.frames),
    evaluations,
    ...(histograms.length && { histograms }),
    ...(checkpoints.length && { checkpoints })
  }
}
