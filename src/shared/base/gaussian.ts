/** Logistic function 1/(1 + e⁻ᶻ), exact in both tails. */
export function logistic(z: number): number {
  if (z >= 0) return 1 / (1 + Math.exp(-z))
  const e = Math.exp(z)
  return e / (1 + e)
}

/** Density of the standard normal distribution. */
export const gaussian = (z: number): number => Math.exp(-0.5 * z * z) / Math.sqrt(2 * Math.PI)

/** Complementary error function to about 1e-12 relative, tails included. */
export function erfc(x: number): number {
  if (x !== x) return x
  if (x < 0) return 2 - erfc(-x)
  if (x < 2.5) {
    // erf x = 2/√π e^(−x²) Σ 2ⁿ x^(2n+1) / (2n+1)!!: every term positive, nothing cancels (Abramowitz & Stegun 7.1.6).
    let term = x
    let sum = x
    for (let n = 1; term > sum * 1e-17; n++) sum += term *= (2 * x * x) / (2 * n + 1)
    return 1 - (2 / Math.sqrt(Math.PI)) * Math.exp(-x * x) * sum
  }
  // Continued fraction (Abramowitz & Stegun 7.1.14), from its tail inwards.
  let f = x
  for (let k = 80; k >= 1; k--) f = x + k / 2 / f
  return Math.exp(-x * x) / Math.sqrt(Math.PI) / f
}

/** Distribution function Φ of the standard normal distribution. */
export const gaussianCdf = (z: number): number => 0.5 * erfc(-z * Math.SQRT1_2)

/**
 * The z in [from, to] left of which |slope| stays under 5 % of `steepest`, by bisection.
 * @param slope its absolute value must rise monotonically from `from` to `to`
 */
export function leftTail(slope: (z: number) => number, steepest: number, from: number, to: number): number {
  let [a, b] = [from, to]
  for (let i = 0; i < 200; i++) {
    const m = (a + b) / 2
    if (Math.abs(slope(m)) < 0.05 * Math.abs(steepest)) a = m
    else b = m
  }
  return a
}
