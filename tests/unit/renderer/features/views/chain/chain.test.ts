import { describe, expect, it } from 'vitest'
import type { RunLayer } from '@shared/run/types'
import { hiddenLayers } from '@shared/run/layers'
import { chainOf, chainRows, meanFactor, subscript, weightLink } from '@shared/run/chain'
import { chainOption, chainSize, type ChainPicture } from '@/charts/chain'
import { brief } from '@/charts/format'
import { chipLook } from '@/charts/scales'

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
    expect(links.map((l) => [l.layer.id, l.from.id])).toEqual([
      ['l0', 'l1'],
      ['l1', 'l2']
    ])
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
  it('goes from the loss to the first layer, so that each gain leads from the gradient on its left to the one below it', () => {
    const chain = chainOf(net, reader([0.02, 0.1, 0.8], [0.004, 0.05, 0.4]))
    const rows = chainRows(
      chain,
      new Map([
        ['l0', 3],
        ['l1', 6],
        ['l2', 12]
      ])
    )
    expect(rows.gradient).toEqual([0.8, 0.1, 0.02].map((v) => expect.closeTo(v, 12) as number))
    expect(rows.gain).toEqual([undefined, 0.1 / 0.8, 0.02 / 0.1])
    for (const i of [1, 2]) expect(rows.gradient[i - 1]! * rows.gain[i]!).toBeCloseTo(rows.gradient[i]!, 12)
    for (const i of [1, 2]) expect(rows.slope[i]! * rows.weights[i]!).toBeCloseTo(rows.gain[i]!, 12)
    expect(rows.theory).toEqual([0.8, 0.2, 0.05])
    // Theory with a remedy starts from the same gradient.
    expect(rows.treated).toEqual([0.8, 0.4, 0.2])
    expect(chainRows(chain).treated).toEqual([undefined, undefined, undefined])
    const bare = { ...chain, startValue: undefined }
    expect(chainRows(bare).gradient).toEqual([undefined, undefined, undefined])
  })
  it('ends in the gradient of the weights, and the step that is made of it', () => {
    // 16 weights: a norm is 4 times the RMS.
    const values: Record<string, number> = {
      activationGradientRms: 0.02,
      preActivationGradientRms: 0.005,
      weightGradientRms: 0.03,
      weightGradientNorm: 0.12,
      weightNorm: 2,
      updateRatio: 0.006
    }
    const w = weightLink(net[0]!, (_, s) => values[s], 0.1)
    expect(w.slope).toBeCloseTo(0.25, 12)
    expect(w.gradient! * w.slope! * w.input!).toBeCloseTo(0.03, 12)
    expect(w.step).toBeCloseTo(0.003, 12)
    // Plain gradient descent: what is applied is what the formula says.
    expect(w.applied).toBeCloseTo(0.003, 12)
    expect(w.relative).toBe(0.006)
    expect(weightLink(net[0]!, (_, s) => (s === 'weightGradientRms' ? 0.03 : undefined), undefined)).toMatchObject({
      weightGradient: 0.03,
      step: undefined,
      applied: undefined,
      input: undefined
    })
  })
  it('says the factor per layer, of hidden layers alone', () => {
    expect(meanFactor([0.01, 0.5, 1])).toBeCloseTo(0.1, 12)
    expect([
      meanFactor([0, 0.5, 1]),
      meanFactor([NaN, 1]),
      meanFactor([1, undefined]),
      meanFactor([0.5]),
      meanFactor([])
    ]).toEqual([undefined, undefined, undefined, undefined, undefined])
    // The output layer, with what only follows it, is not one of them; neither is what has no kernel.
    const layers = [
      layer(0, ['input']),
      { ...layer(1, ['l0']), main: false },
      layer(2, ['l1']),
      layer(3, ['l2']),
      { ...layer(4, ['l3']), main: false }
    ]
    expect(hiddenLayers(layers).map((l) => l.id)).toEqual(['l0', 'l2'])
    expect(hiddenLayers([layer(0, ['input'])])).toEqual([])
  })
  it('writes numbers and chips as the network does', () => {
    expect([0.0047, 0.242, -0.0047, 1234, 0, NaN, undefined].map(brief)).toEqual([
      '4.7e-3',
      '0.242',
      '−4.7e-3',
      '1.2e+3',
      '0',
      'NaN',
      '–'
    ])
    expect(subscript(120)).toBe('₁₂₀')
    expect(chipLook(NaN, 'log', [-14, 0], false).class).toBe('k-nan')
    expect(chipLook(0, 'ratio', [-3, 3], false).class).toBe('k-zero')
    expect(chipLook(1, 'log', [-14, 0], false)).toEqual({ style: { background: 'rgb(250,240,127)', color: '#000000' } })
    expect(chipLook(undefined, 'log', [-14, 0], false)).toEqual({})
  })
  it('is as wide as its columns and words in a picture, in which nothing is cut', () => {
    const picture = (columns: number): ChainPicture => ({
      columns: Array.from({ length: columns }, (_, i) => `h${columns - i}`),
      rows: [
        {
          label: '= gain',
          scale: { scale: 'ratio', range: [-3, 3] },
          values: Array.from({ length: columns }, (_, i) => (i ? 0.25 : undefined)),
          texts: Array.from({ length: columns }, (_, i) => (i ? '0.250' : ''))
        }
      ],
      caption: { title: 'Chain' },
      lines: ['a = b'],
      labels: { into: 'Into layer', loss: 'loss →' },
      dark: true
    })
    for (const n of [2, 20, 60]) {
      const m = picture(n)
      const size = chainSize(m)
      const { children } = (
        chainOption(m, size)['series'] as [
          {
            renderItem(): {
              children: {
                type: string
                shape?: { x: number; width: number; y: number; height: number }
                style: { text?: string; x?: number; y?: number }
              }[]
            }
          }
        ]
      )[0].renderItem()
      const rects = children.filter((c) => c.type === 'rect')
      expect(rects.length).toBe(n - 1)
      for (const { shape } of rects)
        expect(shape!.x + shape!.width <= size.width - 8 && shape!.y + shape!.height <= size.height).toBe(true)
      expect(children.map((c) => c.style.text).filter(Boolean)).toEqual(
        expect.arrayContaining(['loss →', '0.250', 'a = b', `h${n}`, 'h1'])
      )
      expect(Math.max(...children.map((c) => c.style.y ?? 0))).toBeLessThan(size.height)
    }
  })
})
