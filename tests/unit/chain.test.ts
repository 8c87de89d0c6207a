import { describe, expect, it } from 'vitest'
import type { RunLayer } from '@shared/run/types'
import { chainOf, meanFactor, octaveBar, subscript } from '@/features/chain/chain'

const layer = (index: number, inputs: string[], theoryProfile?: number): RunLayer => ({
  index,
  id: `l${index}`,
  node: `l${index}`,
  kind: 'dense',
  name: `l${index}`,
  outputShape: [4],
  paramCount: 20,
  main: true,
  inputs,
  ...(theoryProfile !== undefined && { theoryProfile })
})
const net = [layer(0, ['input'], 0.0625), layer(1, ['l0'], 0.25), layer(2, ['l1'], 1)]
const reader =
  (h: (number | undefined)[], z: (number | undefined)[] = []) =>
  (l: RunLayer, s: string): number | undefined =>
    s === 'activationGradientRms' ? h[l.index] : s === 'preActivationGradientRms' ? z[l.index] : undefined

describe('chain of factors', () => {
  it('splits every factor into f′ and W, and multiplies up from the loss', () => {
    const { start, startValue, links } = chainOf(net, reader([0.02, 0.1, 0.8], [0.004, 0.05, 0.4]))
    expect([start!.id, startValue]).toEqual(['l2', 0.8])
    expect(links.map((l) => [l.layer.id, l.from.id])).toEqual([['l0', 'l1'], ['l1', 'l2']])
    expect(links.map((l) => l.factor)).toEqual([0.02 / 0.1, 0.1 / 0.8])
    // The f′ of the factor is that of the layer that is passed, l + 1.
    expect(links.map((l) => l.slope)).toEqual([0.05 / 0.1, 0.4 / 0.8])
    for (const l of links) expect(l.slope! * l.weights!).toBeCloseTo(l.factor!, 12)
    expect(links[0]!.product).toBeCloseTo(links[0]!.factor! * links[1]!.factor!, 12)
    expect(links.map((l) => l.theory)).toEqual([0.25, 0.25])
    expect(links.map((l) => l.theoryProduct)).toEqual([0.0625, 0.25])
  })
  it('does not split where other layers or a skip lie between', () => {
    const skip = [layer(0, ['input']), layer(1, ['l0', 'input']), layer(3, ['l2'])]
    const { links } = chainOf(skip, reader([1, 2, undefined, 4], [1, 1, 1, 1]))
    expect(links.map((l) => [l.factor, l.slope, l.weights, l.theory])).toEqual([
      [0.5, undefined, undefined, undefined],
      [0.5, undefined, undefined, undefined]
    ])
  })
  it('keeps nothing, infinity and NaN apart', () => {
    expect(chainOf(net, reader([0, 0, 1])).links.map((l) => [l.factor, l.product])).toEqual([
      [undefined, 0],
      [0, 0]
    ])
    expect(chainOf(net, reader([NaN, Infinity, 1])).links.map((l) => l.factor)).toEqual([NaN, Infinity])
    expect(chainOf([], reader([])).links).toEqual([])
    expect(chainOf(net.slice(0, 1), reader([1])).links).toEqual([])
  })
  it('says the factor per layer', () => {
    expect(meanFactor(chainOf(net, reader([0.01, 0.5, 1])))).toBeCloseTo(0.1, 12)
    expect(meanFactor(chainOf(net, reader([0, 0.5, 1])))).toBeUndefined()
    expect(meanFactor(chainOf([], reader([])))).toBeUndefined()
  })
  it('draws factors on a log scale, cut at its ends', () => {
    expect([1, 2, 0.25, 1e9, 0, Infinity].map((f) => octaveBar(f, 4))).toEqual([0, 0.25, -0.5, 1, -1, 1])
    expect([NaN, undefined].map((f) => octaveBar(f, 4))).toEqual([undefined, undefined])
    expect(subscript(120)).toBe('₁₂₀')
  })
})
