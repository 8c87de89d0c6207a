import { describe, expect, it } from 'vitest'
import { makeRng } from '@shared/base/random/rng'
import { losses } from '@shared/catalog/losses'
import { neighboursOf } from '../../../src/trainer/neighbours'
import type { Prepared } from '../../../src/trainer/data'

const loss = { loss: losses.get('meanSquaredError'), params: {} }
const told = (task: string, x: readonly number[][], y: readonly number[]): number | undefined =>
  neighboursOf(
    {
      info: { task, targetShape: [1] },
      train: { x: Float32Array.from(x.flat()), y: Float32Array.from(y), count: x.length }
    } as unknown as Prepared,
    loss
  )

/** By the definition: every feature with variance 1, the five nearest others, of those as far away the first. */
function byDefinition(x: readonly number[][], y: readonly number[]): number[] {
  const columns = x[0]!.map((_, c) => {
    const values = x.map((row) => row[c]!)
    const mean = values.reduce((a, b) => a + b) / values.length
    return { mean, std: Math.sqrt(values.reduce((s, v) => s + (v - mean) ** 2, 0) / values.length) || 1 }
  })
  const scaled = x.map((row) => row.map((v, c) => (v - columns[c]!.mean) / columns[c]!.std))
  return scaled.map((row, i) => {
    const others = scaled
      .map((o, j) => ({ j, far: o.reduce((s, v, c) => s + (v - row[c]!) ** 2, 0) }))
      .filter(({ j }) => j !== i)
      .sort((a, b) => a.far - b.far || a.j - b.j)
    return others.slice(0, 5).reduce((s, { j }) => s + y[j]! / 5, 0)
  })
}

describe('what the nearest examples tell', () => {
  const rng = makeRng(1, 'test/neighbours')
  // Copies are as far away as each other.
  const places = Array.from({ length: 40 }, () => [rng.normal(), rng.normal(), rng.normal()].map(Math.fround))
  const x = Array.from({ length: 120 }, () => places[Math.floor(40 * rng.uniform())]!)
  it('is an r² for numbers, by the five nearest', () => {
    const y = x.map(([a, b]) => a! * 3 - b! + 0.2 * rng.normal())
    const mean = y.reduce((a, b) => a + b) / y.length
    const squares = (of: readonly number[]): number => y.reduce((s, v, i) => s + (v - of[i]!) ** 2, 0)
    const expected = 1 - squares(byDefinition(x, y)) / squares(y.map(() => mean))
    expect(expected).toBeGreaterThan(0.3)
    expect(told('regression', x, y)).toBeCloseTo(expected, 4)
  })
  it('is a share of right classes', () => {
    const y = x.map(([a]) => (a! > 0 ? 1 : 0))
    const right = byDefinition(x, y).filter((v, i) => Number(v > 0.5) === y[i]).length / y.length
    expect(told('classification', x, y)).toBeCloseTo(right, 9)
  })
  it('asks those with the same inputs where there are few, itself among them', () => {
    const rows = [[0], [0], [1], [1]]
    expect(told('regression', rows, [1, 3, 10, 12])).toBeCloseTo(1 - 4 / 85, 6)
  })
  it('is asked anew of data that were changed in their place', () => {
    const rows = Array.from({ length: 40 }, (_, i) => i / 40)
    const train = { x: Float32Array.from(rows), y: Float32Array.from(rows), count: rows.length }
    const data = { info: { task: 'regression', targetShape: [1] }, train } as unknown as Prepared
    const before = neighboursOf(data, loss)!
    expect(before).toBeGreaterThan(0.9)
    expect(neighboursOf(data, loss)).toBe(before)
    train.y.forEach((_, i) => (train.y[i] = i % 2))
    expect(neighboursOf(data, loss)).toBeLessThan(0.5)
    // Another loss saves another share.
    const huber = { loss: losses.get('meanAbsoluteError'), params: {} }
    expect(neighboursOf(data, huber)).not.toBe(neighboursOf(data, loss))
  })
})
