export type Values = ArrayLike<number>

const fold = (v: Values, f: (sum: number, x: number) => number, start = 0): number => {
  let s = start
  for (let i = 0; i < v.length; i++) s = f(s, v[i]!)
  return s
}
/** The naive definitions in float64. */
export const plain = {
  norm: (v: Values) => Math.sqrt(fold(v, (s, x) => s + x * x)),
  rms: (v: Values) => Math.sqrt(fold(v, (s, x) => s + x * x) / v.length),
  maxAbs: (v: Values) => fold(v, (s, x) => Math.max(s, Math.abs(x))),
  meanAbs: (v: Values) => fold(v, (s, x) => s + Math.abs(x)) / v.length,
  mean: (v: Values) => fold(v, (s, x) => s + x) / v.length,
  std(v: Values) {
    const mean = plain.mean(v)
    return Math.sqrt(fold(v, (s, x) => s + (x - mean) ** 2) / v.length)
  },
  zeroShare: (v: Values) => fold(v, (s, x) => s + (x !== x ? NaN : x === 0 ? 1 : 0)) / v.length,
  nans: (v: Values) => fold(v, (s, x) => s + (x !== x ? 1 : 0)),
  infinities: (v: Values) => fold(v, (s, x) => s + (Math.abs(x) === Infinity ? 1 : 0)),
  nonFinite: (v: Values) => fold(v, (s, x) => s + (Number.isFinite(x) ? 0 : 1))
}
