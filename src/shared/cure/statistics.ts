/** Lanczos' approximation of ln Γ(x) for x > 0, to 1e-13. Source: Numerical Recipes, 3rd edition, section 6.1. */
function lnGamma(x: number): number {
  const c = [76.18009172947146, -86.50532032941677, 24.01409824083091, -1.231739572450155, 1.208650973866179e-3]
  const series = [...c, -5.395239384953e-6].reduce((sum, v, i) => sum + v / (x + i + 1), 1.000000000190015)
  const t = x + 5.5
  return (x + 0.5) * Math.log(t) - t + Math.log((2.5066282746310005 * series) / x)
}
/** Continued fraction of the incomplete beta function by Lentz's method. Source: Numerical Recipes, section 6.4. */
function betaFraction(a: number, b: number, x: number): number {
  const tiny = 1e-300
  let c = 1
  let d = 1 / (1 - ((a + b) * x) / (a + 1) || tiny)
  let h = d
  for (let m = 1; m <= 300; m++) {
    const even = (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m))
    d = 1 / (1 + even * d || tiny)
    c = 1 + even / c || tiny
    h *= d * c
    const odd = (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1))
    d = 1 / (1 + odd * d || tiny)
    c = 1 + odd / c || tiny
    h *= d * c
    if (Math.abs(d * c - 1) < 1e-14) break
  }
  return h
}
/** Regularised incomplete beta function I_x(a, b), for a, b > 0 and x in [0, 1]. */
function incompleteBeta(a: number, b: number, x: number): number {
  if (x <= 0) return 0
  if (x >= 1) return 1
  const front = Math.exp(lnGamma(a + b) - lnGamma(a) - lnGamma(b) + a * Math.log(x) + b * Math.log(1 - x))
  return x < (a + 1) / (a + b + 2) ? (front * betaFraction(a, b, x)) / a : 1 - (front * betaFraction(b, a, 1 - x)) / b
}

/**
 * Share of Student's t distribution beyond ±t. @param df degrees of freedom, ≥ 1 @returns the two-sided p, in [0, 1]
 */
export const twoSided = (t: number, df: number): number => incompleteBeta(df / 2, 0.5, df / (df + t * t))

/** The t beyond which, on both sides together, a share of 0.05 lies. @param df degrees of freedom, ≥ 1 */
export function studentT95(df: number): number {
  let [low, high] = [0, 20]
  for (let i = 0; i < 60; i++) {
    const middle = (low + high) / 2
    if (twoSided(middle, df) > 0.05) low = middle
    else high = middle
  }
  return (low + high) / 2
}

/** The mean; NaN of no values. */
export const mean = (values: readonly number[]): number => values.reduce((a, v) => a + v, 0) / values.length

/** Standard error of the mean; 0 of a single value, which does not tell. */
function standardError(values: readonly number[]): number {
  const m = mean(values)
  const n = values.length
  return n < 2 ? 0 : Math.sqrt(values.reduce((a, v) => a + (v - m) ** 2, 0) / (n - 1) / n)
}

/**
 * The 95 % interval of a mean by Student's t with n − 1 degrees of freedom. One value has no interval: both ends are
 * it.
 * @returns [low, high]
 */
export function interval95(values: readonly number[]): [number, number] {
  const m = mean(values)
  if (values.length < 2) return [m, m]
  const half = studentT95(values.length - 1) * standardError(values)
  return [m - half, m + half]
}

/**
 * The two-sided p of a paired t test, that differences have the mean 0. Differences that are all alike have no spread:
 * 1 when they are 0, else 0.
 */
export function pairedP(differences: readonly number[]): number {
  const [m, error] = [mean(differences), standardError(differences)]
  if (differences.length < 2) return 1
  if (error === 0) return m === 0 ? 1 : 0
  return twoSided(m / error, differences.length - 1)
}

/** Wilson's 95 % interval of a share: `hits` of `n`. Source: Wilson (1927), JASA 22, 209–212. @returns [low, high] */
export function wilson95(hits: number, n: number): [number, number] {
  if (!n) return [0, 1]
  const z = 1.959963984540054
  const p = hits / n
  const middle = (p + (z * z) / (2 * n)) / (1 + (z * z) / n)
  const half = (z / (n * (1 + (z * z) / n))) * Math.sqrt(n * p * (1 - p) + (z * z) / 4)
  return [Math.max(0, middle - half), Math.min(1, middle + half)]
}

/**
 * Which of some tests hold together at 5 %. Source: Holm (1979), Scandinavian Journal of Statistics 6, 65–70.
 * @param p two-sided, one for each test @returns whether each holds, in the same order
 */
export function holm(p: readonly number[]): boolean[] {
  const order = p.map((_, i) => i).sort((a, b) => p[a]! - p[b]!)
  const holds = p.map(() => false)
  for (const [rank, i] of order.entries()) {
    if (!(p[i]! <= 0.05 / (p.length - rank))) break
    holds[i] = true
  }
  return holds
}
