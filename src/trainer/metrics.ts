import type { DataInfo } from '../shared/catalog/datasets/types'

/** Names of the metrics of a task, in order. Of several named targets each has an r² of its own, behind that of all. */
export function metricNames({ task, targetNames = [] }: Pick<DataInfo, 'task' | 'targetNames'>): string[] {
  if (task !== 'regression') return [task === 'critic' ? 'wasserstein' : 'accuracy']
  return ['meanAbsoluteError', 'r2', ...targetNames.map((name) => `r2 ${name}`)]
}

/**
 * The class that each row of outputs or targets stands for; −1 where the row has a NaN.
 * @param width outputs in a row; a single one says the second of two classes where it is above the threshold
 */
export function classesOf(rows: Float32Array, width: number, threshold: number): number[] {
  return Array.from({ length: rows.length / width }, (_, r) => {
    if (width > 1) return largest(rows, r * width, width)
    const v = rows[r]!
    return Number.isNaN(v) ? -1 : Number(v > threshold)
  })
}

/** True when outputs are logits, whose sign says the class; else 0/1 targets are met halfway. */
export type BinaryThreshold = 0 | 0.5

/**
 * Rows that count, of outputs or targets of `count` examples: with a target at each time step there is one row per
 * step, of the last `scoredSteps` if so asked.
 */
export function scoredRows(
  info: DataInfo,
  values: Float32Array,
  count: number
): { values: Float32Array; count: number } {
  if (info.targetShape.length < 2) return { values, count }
  const steps = info.targetShape[0]!
  const scored = Math.min(info.scoredSteps ?? steps, steps)
  if (scored === steps) return { values, count: count * steps }
  const width = values.length / count
  const kept = (width / steps) * scored
  const out = new Float32Array(count * kept)
  for (let r = 0; r < count; r++) out.set(values.subarray((r + 1) * width - kept, (r + 1) * width), r * kept)
  return { values: out, count: count * scored }
}

/** Share of a mean that is rounding alone: 32-bit targets that differ at all are a thousand times as far apart. */
const ROUNDING = 1e-12
/**
 * Metrics of some rows of outputs. A row with a NaN is never right; where no row is without, there is no share of right
 * ones.
 * @param scale what the targets were divided by: errors are told in the data's own unit. @param threshold of binary
 *   outputs
 * @param each whether the targets of a regression have figures of their own, behind those of all
 */
export function metricsOf(
  task: DataInfo['task'],
  output: Float32Array,
  target: Float32Array,
  count: number,
  scale: Float64Array,
  threshold: BinaryThreshold,
  each = false
): number[] {
  if (task === 'critic') {
    // Outputs on `count` real points, then on as many generated ones.
    let [real, generated] = [0, 0]
    for (let i = 0; i < count; i++) {
      real += output[i]! / count
      generated += output[count + i]! / count
    }
    return [real - generated]
  }
  const width = target.length / count
  if (task === 'binary') {
    let [right, answers] = [0, 0]
    for (let i = 0; i < target.length; i++)
      if (output[i]! === output[i]!) {
        answers++
        if (output[i]! > threshold === target[i]! > 0.5) right++
      }
    return [answers ? right / target.length : NaN]
  }
  if (task === 'multiclass') {
    let [right, answers] = [0, 0]
    for (let r = 0; r < count; r++) {
      const [o, t] = [largest(output, r * width, width), largest(target, r * width, width)]
      if (o >= 0) answers++
      if (o === t) right++
    }
    return [answers ? right / count : NaN]
  }
  let absolute = 0
  let residual = 0
  let total = 0
  // Targets that don't vary, but for the rounding of their mean, leave nothing to explain.
  const explained = (missed: number, varies: number, noise: number): number =>
    varies > noise ? 1 - missed / varies : NaN
  let rounding = 0
  const own: number[] = []
  for (let c = 0; c < width; c++) {
    let mean = 0
    let [missed, varies] = [0, 0]
    for (let r = 0; r < count; r++) mean += target[r * width + c]! / count
    for (let r = 0; r < count; r++) {
      const error = output[r * width + c]! - target[r * width + c]!
      absolute += Math.abs(error) * scale[c]!
      const distance = (target[r * width + c]! - mean) ** 2
      residual += error * error
      total += distance
      missed += error * error
      varies += distance
    }
    const noise = count * (ROUNDING * mean) ** 2
    rounding += noise
    own.push(explained(missed, varies, noise))
  }
  return [absolute / target.length, explained(residual, total, rounding), ...(each ? own : [])]
}

/**
 * Mean, over the classes that there are, of the share of their rows that is answered rightly: a rare class counts as
 * much as a frequent one. NaN where no row is without a NaN.
 * @param width outputs in a row. @param threshold of a single output
 */
export function balancedAccuracy(
  output: Float32Array,
  target: Float32Array,
  width: number,
  threshold: BinaryThreshold
): number {
  const answers = classesOf(output, width, threshold)
  const [rows, right] = [new Map<number, number>(), new Map<number, number>()]
  classesOf(target, width, 0.5).forEach((c, r) => {
    rows.set(c, (rows.get(c) ?? 0) + 1)
    if (answers[r] === c) right.set(c, (right.get(c) ?? 0) + 1)
  })
  if (answers.every((a) => a < 0)) return NaN
  return [...rows].reduce((sum, [c, n]) => sum + (right.get(c) ?? 0) / n / rows.size, 0)
}

/** How many classes the targets that count are of. @param y targets of `count` examples */
export function classCount(info: DataInfo, y: Float32Array, count: number): number {
  const { values, count: rows } = scoredRows(info, y, count)
  return new Set(classesOf(values, values.length / rows, 0.5)).size
}

/** Index of the largest value, or −1 when there is a NaN. */
function largest(v: Float32Array, from: number, n: number): number {
  let best = 0
  for (let i = 0; i < n; i++) {
    const x = v[from + i]!
    if (x !== x) return -1
    if (x > v[from + best]!) best = i
  }
  return best
}
