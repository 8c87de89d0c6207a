import { describe, expect, it } from 'vitest'
import { binValues } from '@shared/run/histogram'
import type { RunLayer } from '@shared/run/types'
import { density, lensDomain } from '@/charts/lens'
import { commonReach, outline, ridgeAt, ridgelineMargins } from '@/charts/ridgeline'
import { lensOf } from '@/features/lens/lens'

const layer = (id: string, kind: string, inputs: string[], activation?: string): RunLayer => ({ index: 0, id, node: id, kind, name: id, outputShape: [4], paramCount: 0, main: kind === 'dense', inputs, ...(activation && { activation }) })

describe('activation lens', () => {
  const net = [
    layer('a', 'dense', ['input'], 'tanh'),
    layer('b', 'dense', ['a'], 'linear'),
    layer('bn', 'batchNorm', ['b']),
    layer('act', 'activation', ['bn'], 'relu'),
    layer('out', 'dense', ['act'], 'linear')
  ]
  it('is on the layer itself, or on the activation behind its norm, with what the norm reads', () => {
    expect(lensOf(net, 'a')).toEqual({ on: net[0] })
    const behind = { on: net[3], norm: net[2], before: net[1] }
    for (const id of ['b', 'bn', 'act']) expect(lensOf(net, id)).toEqual(behind)
    expect(lensOf(net, 'out')).toEqual({ on: net[4] })
    // Nothing selected: the first activation there is.
    expect(lensOf(net, null)).toEqual({ on: net[0] })
    expect(lensOf([layer('f', 'flatten', ['input'])], 'f')).toBeUndefined()
  })
  it('has a density whose area is 1, on an axis that holds all that was measured', () => {
    const d = binValues([-9, -1, 0, 0.5, 1, 2, 30])
    const domain = lensDomain({ after: d })
    expect(domain[0]).toBeLessThanOrEqual(-9)
    expect(domain[1]).toBeGreaterThanOrEqual(30)
    const area = density(d, domain).reduce((s, b) => s + (b.to - b.from) * b.height, 0)
    expect(area).toBeCloseTo(1, 6)
    const single = density(binValues([3, 3, 3]), [-4, 4])
    const tallest = single.reduce((a, b) => (b.height > a.height ? b : a))
    expect(tallest.from).toBeLessThan(3)
    expect(tallest.to).toBeGreaterThan(3)
    expect(lensDomain({ below: -4.7, above: 4.7, after: binValues([0.1, 0.2]) })[1]).toBeGreaterThan(4.7)
  })
})

describe('ridgeline', () => {
  const ridge = (...values: number[]) => ({ name: 'x', distribution: binValues(values), nan: 0, infinite: 0 })
  it('shares an axis while sizes are alike, and gives each row its own beyond', () => {
    expect(commonReach([ridge(-1, 1), ridge(-0.1, 0.2)])).toBe(1)
    expect(commonReach([ridge(-1, 1), ridge(-1e-6, 1e-6)])).toBeUndefined()
    expect(commonReach([ridge(0, 0)])).toBeUndefined()
  })
  it('is as high as its fullest bin, and as wide as its values', () => {
    const points = outline(binValues([-1, -1, -1, 0.5, 1]), 2, 100, 400, 300, 50)
    expect(points[0]).toEqual([200, 300])
    expect(points.at(-1)).toEqual([400, 300])
    expect(Math.min(...points.map(([, y]) => y))).toBe(250)
    expect(outline(binValues([]), 2, 0, 100, 0, 10)).toEqual([])
  })
  it('finds the row under the pointer, the first layer at the bottom', () => {
    const size = { width: 300, height: 240 + ridgelineMargins.top + ridgelineMargins.bottom }
    expect(ridgeAt(size.height - ridgelineMargins.bottom - 1, size, 4)).toBe(0)
    expect(ridgeAt(ridgelineMargins.top + 1, size, 4)).toBe(3)
    expect(ridgeAt(2, size, 4)).toBeUndefined()
  })
})
