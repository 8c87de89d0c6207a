import type { Rng } from '@shared/base/random/rng'
import { idxBytes } from '../idxBytes'

const round = (v: number): string => String(Number(v.toPrecision(6)))
const csv = (names: string[], rows: (string | number)[][]): string =>
  [names, ...rows.map((r) => r.map((v) => (typeof v === 'number' ? round(v) : v)))].map((r) => r.join(',')).join('\n')
const between = (rng: Rng, low: number, high: number): number => low + (high - low) * rng.uniform()

/**
 * Flats and what they cost: a smooth function of four columns in their own units, or of z-scores.
 * @param raw whether the inputs, or the price, have their own units
 */
export function flats(rng: Rng, count: number, raw?: 'inputs' | 'targets'): string {
  const rows = Array.from({ length: count }, () => {
    const [a, b, c, d] = [rng.normal(), rng.normal(), rng.normal(), rng.normal()]
    const price = a + 0.6 * b - 0.5 * c + 0.4 * Math.tanh(2 * a * d) + 0.15 * rng.normal()
    const inputs = raw === 'inputs' ? [90 + 30 * a, 1980 + 20 * b, 5000 + 3000 * c, 45000 + 12000 * d] : [a, b, c, d]
    return [...inputs, raw === 'targets' ? 240000 + 70000 * price : price]
  })
  return csv(['area', 'built', 'distance', 'income', 'price'], rows)
}
/** Patients in two or three groups, told by a bent border. @param rare share of the last group */
export function patients(rng: Rng, count: number, classes: 2 | 3, raw = false, rare?: number): string {
  const names = ['calm', 'acute', 'chronic'].slice(0, classes)
  const rows = Array.from({ length: count }, (_, i) => {
    const k = rare === undefined ? i % classes : rng.uniform() < rare ? classes - 1 : i % (classes - 1)
    const turn = (2 * Math.PI * k) / classes
    const [u, v] = [1.3 * Math.cos(turn) + 0.45 * rng.normal(), 1.3 * Math.sin(turn) + 0.45 * rng.normal()]
    const [w, x] = [rng.normal(), u * v + 0.3 * rng.normal()]
    return raw ? [120 + 25 * u, 70 + 12 * v, 25000 + 9000 * w, 400 + 150 * x, names[k]!] : [u, v, w, x, names[k]!]
  })
  return csv(['glucose', 'pressure', 'platelets', 'enzyme', 'state'], rows)
}
/**
 * Fields and what they yield: most at a middle amount of rain, and more with sun where there is nitrogen.
 * @param raw whether the inputs, or the yield, have their own units
 */
export function fields(rng: Rng, count: number, raw?: 'inputs' | 'targets'): string {
  const rows = Array.from({ length: count }, () => {
    const [rain, sun, nitrogen] = [between(rng, -1.5, 1.5), between(rng, -1.5, 1.5), between(rng, -1.5, 1.5)]
    const [slope, acid] = [rng.normal(), rng.normal()]
    const grown = 1 - rain * rain + 0.7 * sun * nitrogen + 0.5 * slope + 0.1 * rng.normal()
    const inputs =
      raw === 'inputs'
        ? [600 + 250 * rain, 1700 + 300 * sun, 90 + 40 * nitrogen, 8 + 3 * slope, 650 + 60 * acid]
        : [rain, sun, nitrogen, slope, acid]
    return [...inputs, raw === 'targets' ? 5200 + 1400 * grown : grown]
  })
  return csv(['rain', 'sun', 'nitrogen', 'slope', 'acidity', 'yield'], rows)
}
/** Machines that run or fail: those that fail are hot or shaken, or both. @param rare share of those that fail */
export function machines(rng: Rng, count: number, rare = 0.5): string {
  const rows = Array.from({ length: count }, () => {
    const fails = rng.uniform() < rare
    const [turn, far] = [2 * Math.PI * rng.uniform(), (fails ? 2.2 : 0.8) + 0.25 * rng.normal()]
    return [far * Math.cos(turn), far * Math.sin(turn), rng.normal(), rng.normal(), fails ? 'fails' : 'runs']
  })
  return csv(['heat', 'shaking', 'load', 'hours', 'state'], rows)
}
/** Sequences by id whose first step says the class, followed by noise. @param names of two classes, or of three */
export function recall(rng: Rng, count: number, length: number, names: readonly string[] = ['up', 'down']): string {
  const cues = [1.5, -1.5, 0]
  const rows = Array.from({ length: count }, (_, i) => {
    const k = i % names.length
    return Array.from({ length }, (_, t) => {
      const cue = t === 0 ? cues[k]! : 0
      return [`s${i}`, t, cue + 0.2 * rng.normal(), between(rng, -0.5, 0.5), names[k]!]
    })
  })
  return csv(['id', 't', 'signal', 'noise', 'class'], rows.flat())
}
/** A price that swings with two periods, as one long series. */
export function series(rng: Rng, count: number): string {
  const [a, b] = [between(rng, 9, 13), between(rng, 23, 31)]
  const rows = Array.from({ length: count }, (_, t) => [
    t,
    Math.sin((2 * Math.PI * t) / a) + 0.7 * Math.sin((2 * Math.PI * t) / b) + 0.08 * rng.normal()
  ])
  return csv(['t', 'level'], rows)
}
/** Pictures of 8 × 8 with a bar or a block each, and their labels, as IDX files. */
export function bars(rng: Rng, count: number): { images: Uint8Array; labels: Uint8Array } {
  const pixels: number[] = []
  const labels: number[] = []
  for (let i = 0; i < count; i++) {
    const k = i % 3
    const [row, col] = [1 + Math.floor(6 * rng.uniform()), 1 + Math.floor(6 * rng.uniform())]
    for (let r = 0; r < 8; r++)
      for (let c = 0; c < 8; c++) {
        const on = k === 0 ? r === row : k === 1 ? c === col : Math.abs(r - row) < 2 && Math.abs(c - col) < 2
        pixels.push(Math.round((on ? 170 : 20) + 60 * rng.uniform()))
      }
    labels.push(k)
  }
  return { images: idxBytes('ubyte', [count, 8, 8], pixels), labels: idxBytes('ubyte', [count], labels) }
}
