/**
 * Positive nodes and weights of the n-point Gauss–Legendre rule on [−1, 1], by Newton's method on the Legendre
 * polynomial.
 */
export function gaussLegendre(n: number): { nodes: number[]; weights: number[] } {
  const nodes: number[] = []
  const weights: number[] = []
  for (let i = 0; i < n; i++) {
    let x = Math.cos((Math.PI * (i + 0.75)) / (n + 0.5))
    let slope = 1
    for (let k = 0; k < 100; k++) {
      let [p, q] = [1, 0]
      for (let j = 1; j <= n; j++) [p, q] = [((2 * j - 1) * x * p - (j - 1) * q) / j, p]
      slope = (n * (x * p - q)) / (x * x - 1)
      const step = p / slope
      x -= step
      if (Math.abs(step) < 1e-15) break
    }
    nodes.push(x)
    weights.push(2 / ((1 - x * x) * slope * slope))
  }
  return { nodes, weights }
}
const RULE = gaussLegendre(12)

/** ∫ f over [a, b] in one panel; exact for polynomials of degree 23. */
function panel(f: (x: number) => number, a: number, b: number): number {
  const [mid, half] = [(a + b) / 2, (b - a) / 2]
  let sum = 0
  for (let i = 0; i < RULE.nodes.length; i++) sum += RULE.weights[i]! * f(mid + half * RULE.nodes[i]!)
  return sum * half
}

/** Share of what is summed under which a difference is rounding: halving further would never end. */
const ROUNDING = 1e-14
/** ∫ f over [a, b] by bisection, to an absolute error of about `tolerance`; kinks and jumps anywhere do no harm. */
export function integrate(
  f: (x: number) => number,
  a: number,
  b: number,
  tolerance = 1e-11,
  whole = panel(f, a, b),
  depth = 40
): number {
  const mid = (a + b) / 2
  const [left, right] = [panel(f, a, mid), panel(f, mid, b)]
  const room = Math.max(tolerance, ROUNDING * (Math.abs(left) + Math.abs(right)))
  if (depth === 0 || Math.abs(left + right - whole) <= room) return left + right
  return integrate(f, a, mid, tolerance / 2, left, depth - 1) + integrate(f, mid, b, tolerance / 2, right, depth - 1)
}

const INV_ROOT_2PI = 1 / Math.sqrt(2 * Math.PI)
/** Beyond 12 standard deviations lies 4e-33 of the mass; panels shrink towards 0, where activations bend. */
const EDGES = [0, 1e-4, 1e-3, 1e-2, 0.1, 0.5, 1, 2, 4, 8, 12]

/** E[f(√q·u)] for u ~ N(0, 1). */
export function gaussianMean(f: (z: number) => number, q: number): number {
  if (!Number.isFinite(q) || q < 0) return NaN
  const s = Math.sqrt(q)
  const weigh = (u: number): number => Math.exp(-0.5 * u * u) * INV_ROOT_2PI * (f(s * u) + f(-s * u))
  let sum = 0
  for (let i = 1; i < EDGES.length; i++) {
    const [a, b] = [EDGES[i - 1]!, EDGES[i]!]
    // Against the size of what is summed: an odd f leaves nothing but rounding.
    const size = panel((u) => Math.exp(-0.5 * u * u) * (Math.abs(f(s * u)) + Math.abs(f(-s * u))), a, b)
    // Beyond what a number holds there is nothing to refine.
    if (!Number.isFinite(size)) return size
    sum += integrate(weigh, a, b, 1e-10 * size + 1e-300)
  }
  return sum
}

const FINE = gaussLegendre(20)
/** Nodes for E over N(0, 1): panels that meet at 0, weights with the density in them. */
const GAUSS: { u: number; w: number }[] = []
for (const [a, b] of [
  [-8, -3],
  [-3, -1],
  [-1, 0],
  [0, 1],
  [1, 3],
  [3, 8]
] as const)
  FINE.nodes.forEach((x, i) => {
    const u = (a + b) / 2 + ((b - a) / 2) * x
    GAUSS.push({ u, w: FINE.weights[i]! * ((b - a) / 2) * Math.exp(-0.5 * u * u) * INV_ROOT_2PI })
  })

/**
 * E[f(z₁)·f(z₂)] for zero-mean Gaussians of variance q and covariance c ≥ 0: the square of E[f | what they share],
 * averaged. About 1e-4 relative.
 */
export function gaussianProduct(f: (z: number) => number, q: number, c: number): number {
  const shared = Math.sqrt(Math.min(Math.max(c, 0), q))
  const own = Math.sqrt(Math.max(q - shared * shared, 0))
  if (own === 0) return gaussianMean((z) => f(z) ** 2, q)
  if (shared === 0) return gaussianMean(f, q) ** 2
  let sum = 0
  for (const outer of GAUSS) {
    let inner = 0
    for (const { u, w } of GAUSS) inner += w * f(shared * outer.u + own * u)
    sum += outer.w * inner * inner
  }
  return sum
}
