/** Theory against draws of random numbers, in float64. */
import { planNetwork } from '@shared/experiment'
import { readExperiment } from '@shared/experiment/parse'
import { makeRng } from '@shared/base/random/rng'
import { predictGains, type Prediction } from '@shared/theory'
import { describe, expect, it } from 'vitest'

const predict = (nodes: object[], inputs: number): Prediction[] =>
  predictGains(planNetwork(readExperiment({ network: { nodes } }).experiment.network, [inputs]))
const dot = (a: ArrayLike<number>, b: ArrayLike<number>): number => {
  let sum = 0
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!
  return sum
}

describe('layer norm', () => {
  it.each([
    [8, 40_000],
    [16, 20_000],
    [64, 5000],
    [512, 1000]
  ])('of width %i passes on what it does of Gaussian numbers', (n, draws) => {
    const rng = makeRng(1, 'layer norm')
    const normals = (): Float64Array => Float64Array.from({ length: n }, () => rng.normal())
    let sum = 0
    for (let k = 0; k < draws; k++) {
      const [x, g] = [normals(), normals()]
      const mean = x.reduce((a, v) => a + v, 0) / n
      const std = Math.sqrt(x.reduce((a, v) => a + (v - mean) ** 2, 0) / n)
      const y = x.map((v) => (v - mean) / std)
      const [along, level] = [dot(g, y) / n, g.reduce((a, v) => a + v, 0) / n]
      sum += g.reduce((a, v, i) => a + ((v - level - y[i]! * along) / std) ** 2, 0) / n
    }
    const [, norm] = predict(
      [
        { id: 'd', kind: 'dense', params: { units: n, activation: 'linear', initializer: 'lecunNormal' } },
        { id: 'n', kind: 'layerNorm' },
        { id: 'o', kind: 'dense', params: { units: 4 } }
      ],
      32
    )
    const told = norm!.through! ** 2
    expect(Math.abs(told / (sum / draws) - 1), `simulated ${sum / draws}, told ${told}`).toBeLessThan(0.02)
    expect(told).toBeCloseTo((n - 2) / (n - 3), 4)
  })
})

describe('the spread of a narrow net', () => {
  /** ln of the gradient's length at the first of `depth` layers, for one example and a random output gradient. */
  function once(n: number, depth: number, slope: (z: number) => number, variance: number, seed: number): number {
    const rng = makeRng(seed, 'spread')
    const vector = (): Float64Array => Float64Array.from({ length: n }, () => rng.normal())
    let x = vector()
    const layers = Array.from({ length: depth }, () => {
      const rows = Array.from({ length: n }, () => vector().map((v) => v * Math.sqrt(variance / n)))
      const z = rows.map((row) => dot(row, x))
      const slopes = z.map(slope)
      x = Float64Array.from(z, (v, i) => v * slopes[i]!)
      return { rows, slopes }
    })
    let g = vector()
    const start = dot(g, g)
    for (const { rows, slopes } of layers.slice(1).reverse()) {
      const next = new Float64Array(n)
      rows.forEach((row, j) => row.forEach((w, i) => (next[i]! += w * slopes[j]! * g[j]!)))
      g = next
    }
    return Math.log(dot(g, g) / start) / 2
  }
  it.each([
    ['relu', 16, 'heNormal', (z: number) => Number(z > 0), 2],
    ['relu', 48, 'heNormal', (z: number) => Number(z > 0), 2],
    ['linear', 16, 'lecunNormal', () => 1, 1]
  ] as const)('%s of width %i', (activation, n, initializer, slope, variance) => {
    const [depth, draws] = [8, 300]
    const all = Array.from({ length: draws }, (_, seed) => once(n, depth, slope, variance, seed))
    const mean = all.reduce((a, v) => a + v, 0) / draws
    const std = Math.sqrt(all.reduce((a, v) => a + (v - mean) ** 2, 0) / draws)
    const [first] = predict(
      [
        {
          id: 'h',
          kind: 'repeat',
          times: depth,
          body: [{ id: 'd', kind: 'dense', params: { units: n, activation, initializer } }]
        }
      ],
      n
    )
    expect(Math.abs(first!.spread! / std - 1), `simulated ${std}, told ${first!.spread}`).toBeLessThan(0.2)
  })
})
