import type { Field, NumberField, Params } from '../../../base/params'
import { makeRng, type Rng } from '../../../base/random/rng'
import type { Data, DataInfo } from '../types'

/** Field of the number of examples. @param value default */
export const countField = (value: number): NumberField => ({
  type: 'number',
  default: value,
  integer: true,
  min: 2,
  max: 1_000_000,
  log: true,
  label: { en: 'Examples', zh: '样本数' }
})
/** Field of the noise added to each coordinate. @param value default standard deviation */
export const noiseField = (value: number): NumberField => ({
  type: 'number',
  default: value,
  min: 0,
  max: 10,
  label: { en: 'Noise', zh: '噪声' },
  help: {
    en: 'Standard deviation of the normal noise added to each coordinate.',
    zh: '加到每个坐标上的正态噪声的标准差。'
  }
})
/** Field of how classes become targets. */
export const codingField: Field = {
  type: 'choice',
  default: 'auto',
  advanced: true,
  label: { en: 'Target', zh: '目标编码' },
  options: [
    { id: 'auto', label: { en: '0/1 for two classes, else one-hot', zh: '两类用 0/1，否则独热' } },
    { id: 'oneHot', label: { en: 'One-hot', zh: '独热' } }
  ],
  help: {
    en: 'One 0/1 output suits sigmoid cross-entropy, one-hot outputs suit softmax.',
    zh: '单个 0/1 输出适合 sigmoid 交叉熵，独热输出适合 softmax。'
  }
}

/** Task and target shape of a classification with these classes. @param coding value of `codingField` */
export function classTarget(classes: string[], coding: unknown): Pick<DataInfo, 'task' | 'targetShape' | 'classes'> {
  return classes.length === 2 && coding !== 'oneHot'
    ? { task: 'binary', targetShape: [1], classes }
    : { task: 'multiclass', targetShape: [classes.length], classes }
}
/** Writes class `k` of example `i` into targets. @param y count × target shape, zero so far, laid out as `info` says */
export function putClass(y: Float32Array, i: number, k: number, info: Pick<DataInfo, 'task' | 'targetShape'>): void {
  if (info.task === 'binary') y[i] = k
  else y[i * info.targetShape[0]! + k] = 1
}

/**
 * Labelled points. Classes take turns, so that any stretch of examples holds them in equal parts.
 * @param stream name of its random numbers within the seed
 * @param draw writes the coordinates of a point of class k; it may return another class
 */
export function points(
  info: DataInfo,
  p: Params,
  seed: number,
  stream: string,
  draw: (k: number, rng: Rng, point: Float64Array) => number | void
): Data {
  const rng = makeRng(seed, `data/${stream}`)
  const dims = info.inputShape[0]!
  const classes = info.classes!.length
  const noise = (p.noise as number | undefined) ?? 0
  const x = new Float32Array(info.count * dims)
  const y = new Float32Array(info.count * info.targetShape[0]!)
  const point = new Float64Array(dims)
  for (let i = 0; i < info.count; i++) {
    // A drawing that decides its class by where the point fell says so.
    const k = draw(i % classes, rng, point) ?? i % classes
    for (let d = 0; d < dims; d++) x[i * dims + d] = point[d]! + (noise ? noise * rng.normal() : 0)
    putClass(y, i, k, info)
  }
  return { ...info, x, y }
}
/** What labelled points in the plane look like. @param p with `count` and `coding` */
export const planeInfo = (p: Params, classes: string[]): DataInfo => ({
  inputShape: [2],
  count: p.count as number,
  featureNames: ['x', 'y'],
  ...classTarget(classes, p.coding)
})
/** Names of n classes: `0`, `1` … */
export const numbered = (n: number): string[] => Array.from({ length: n }, (_, i) => String(i))
