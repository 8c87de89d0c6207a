import { describe, expect, it } from 'vitest'
import { binValues } from '@shared/run/histogram'
import type { RunLayer } from '@shared/run/types'
import { activations } from '@shared/catalog/activations'
import { defaultsOf } from '@shared/base/params'
import { density, lensDomain, lensOption, peakSlope, roundTicks, type LensModel } from '@/charts/lens'
import { DARK, LIGHT } from '@/charts/theme'
import { commonReach, outline, ridgeAt, ridgelineMargins } from '@/charts/ridgeline'
import { lensOf } from '@/features/views/lens/lens'

const layer = (id: string, kind: string, inputs: string[], activation?: string): RunLayer => ({
  index: 0,
  id,
  node: id,
  kind,
  name: id,
  outputShape: [4],
  paramCount: 0,
  main: kind === 'dense',
  inputs,
  ...(activation && { activation })
})

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

describe('the picture of the lens', () => {
  const sigmoid = activations.get('sigmoid')
  const { saturatedBelow: below, saturatedAbove: above } = sigmoid.regime({})
  const z = binValues(Array.from({ length: 2000 }, (_, i) => -9 + (18 * i) / 1999))
  const model = (more: Partial<LensModel> = {}): LensModel => ({
    f: (x) => sigmoid.f(x, {}),
    df: (x) => sigmoid.df(x, {}),
    below,
    above,
    after: z,
    regions: { label: 'saturated\nf′ < 0.0125', below: '25.7 %', above: '25.8 %' },
    labels: { f: 'f', df: 'f′ ≤ ¼', after: 'z', before: 'before' },
    dark: false,
    ...more
  })
  type Axis = { max: number; axisLabel: { customValues: number[]; formatter(v: number): string } }
  type Series = {
    data: [number, number][]
    lineStyle?: { color: string }
    renderItem(p: unknown, api: object): { children: { style: { text?: string } }[] }
  }
  const option = (m: LensModel): { yAxis: Axis[]; series: Series[] } =>
    lensOption(m, { width: 600, height: 360 }) as never
  it('labels the largest slope there is: ¼ for a sigmoid, wherever z lies', () => {
    for (const a of activations.all) {
      const p = defaultsOf(a.fields)
      const { yAxis } = option(model({ f: (x) => a.f(x, p), df: (x) => a.df(x, p) }))
      const peak = peakSlope((x) => a.df(x, p))
      expect(yAxis[2]!.axisLabel.customValues, a.id).toContain(peak)
      expect(yAxis[2]!.max, a.id).toBeGreaterThan(peak)
    }
    const { yAxis } = option(model())
    expect(yAxis[2]!.axisLabel.customValues.map(yAxis[2]!.axisLabel.formatter)).toEqual(['0', '0.125', '0.25'])
    expect(yAxis[0]!.axisLabel.customValues.map(yAxis[0]!.axisLabel.formatter)).toEqual(['0', '0.5', '1'])
    expect(roundTicks(-1, 0.99)).toEqual([-1, -0.5, 0, 0.5, 1])
  })
  it('names the regions without gradient, with the share of z in each, apart from the rest of z', () => {
    const { series } = option(model())
    const words = series[series.length - 1]!.renderItem(null, {
      coord: ([x, y]: [number, number]) => [x, y]
    }).children.map((c) => c.style.text)
    expect(words.filter((w) => w === 'saturated\nf′ < 0.0125')).toHaveLength(2)
    expect(words).toEqual(expect.arrayContaining(['25.7 %', '25.8 %', 'f′ ≤ ¼']))
    const [middle, low, high] = series.slice(3, 6).map((s) => s.data.map(([x]) => x)) as [number[], number[], number[]]
    expect([Math.min(...middle), Math.max(...middle)]).toEqual([below, above])
    expect(Math.max(...low)).toBe(below)
    expect(Math.min(...high)).toBe(above)
  })
  it('draws f′ of another activation beside its own, and none of it in the colours of runs', () => {
    const relu = activations.get('relu')
    expect(option(model()).series[2]!.data).toEqual([])
    const { series, yAxis } = option(model({ against: { df: (x) => relu.df(x, {}), label: 'f′ of ReLU' } }))
    expect(series[2]!.data.every(([x, y]) => y === relu.df(x, {}))).toBe(true)
    expect(yAxis[2]!.max).toBeGreaterThan(1)
    for (const [dark, theme] of [
      [false, LIGHT],
      [true, DARK]
    ] as const)
      for (const s of option(model({ dark })).series) expect([theme.runA, theme.runB]).not.toContain(s.lineStyle?.color)
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
