import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import type { Finding } from '@shared/run/types'
import { axisNumber, extent, gaps, pairs, suitsLog } from '@/charts/curve/model'
import { exact, layerTicks, short, splitNumbers, tidy } from '@/charts/format'
import { meanGain, theoryProfile } from '@shared/theory/profile'
import { offScale, profileX } from '@/charts/profile/axis'
import { profileOption } from '@/charts/profile/option'
import type { ProfileModel } from '@/charts/profile/model'
import { DIVERGING, INFINITE, MAGNITUDE, NAN_A, NAN_B, ZERO, ZERO_DOT } from '@shared/base/colour'
import { DARK, LIGHT } from '@/charts/theme'
import { diagnosis, past } from '@/features/views/findings/findings'
import words from '@/features/views/runViews/messages'

describe('numbers in words', () => {
  it('short ones have two digits and name what is no number', () => {
    expect(
      [3.0617e-13, 0.248, 12.5, 1234.5, 2.5e7, 0, -0.5, NaN, Infinity, -Infinity, undefined].map((x) => short(x))
    ).toEqual(['3.1e-13', '0.248', '12.5', '1235', '2.5e+7', '0', '−0.500', 'NaN', '+Inf', '−Inf', '–'])
    expect([0.5, 1e-3, -2, NaN].map(tidy)).toEqual(['0.5', '0.001', '−2', 'NaN'])
    // Whole numbers of any size stay short.
    expect([1e20, -3.2e38, 2e6, 999999].map(tidy)).toEqual(['1e20', '−3.2e38', '2e6', '999999'])
    // Ticks that lie close together are told apart.
    const close = [2.6408, 2.641, 2.6412].map((v) => axisNumber(v, 0.0008))
    expect(new Set(close).size).toBe(3)
  })
  it('exact ones have every recorded digit', () => {
    expect([Math.fround(0.004099389), Math.fround(1.084598e-14)].map(exact)).toEqual(['4.099389e-3', '1.084598e-14'])
    expect([Math.fround(3.0617e-13), Math.fround(1 / 3), Math.fround(2.6117844e11), NaN, -Infinity].map(exact)).toEqual(
      ['3.0617e-13', '0.33333334', '2.6117844e+11', 'NaN', '-Inf']
    )
  })
  it('measurements of a sentence stand out, layer and step numbers do not', () => {
    const bold = (s: string): string[] => splitNumbers(s).filter((_, i) => i % 2 === 1)
    const sentence = 'layer 1 receives 3.1e-13 of RMS gradient, 1/4.0 per layer, × 0.98 or 42.3 %, NaN since step 210'
    expect(splitNumbers(sentence).join('')).toBe(sentence)
    expect(bold(sentence)).toEqual(['3.1e-13', '1/4.0', '× 0.98', '42.3 %', 'NaN'])
    expect(bold('the gradient at Dense 1 is 1.76 × that at Dense 12; loss 27900000 → 0.000104')).toEqual([
      '1.76',
      '27900000',
      '0.000104'
    ])
    expect(bold('hidden.3.dense and dense2 of RMS 3e-5 (7)')).toEqual(['3e-5', '7'])
    expect(bold('layers 1–9 change by 1,234')).toEqual(['1,234'])
    expect(bold('11 of 20 layers (Dense 1, Dense 2) and 8, too')).toEqual(['11', '20', '8'])
    expect(bold('The queue at postgres://127.0.0.1:37071/5 (10.0.0.1) is away: 3.5 s.')).toEqual(['3.5'])
    expect(bold('第 1 层收到的梯度 RMS 为 3.1e-13')).toEqual(['3.1e-13'])
  })
  it('layer axes have their first and last layer and no crowd', () => {
    expect(layerTicks(20, 0, 20, 200)).toEqual([1, 5, 10, 15, 20])
    expect(layerTicks(1, 0, 1, 200)).toEqual([1])
    expect(layerTicks(0, 0, 0, 200)).toEqual([])
    for (const rows of [2, 7, 33, 100, 400]) {
      const ticks = layerTicks(rows, 0, rows, 200)
      expect(ticks[0]).toBe(1)
      expect(ticks[ticks.length - 1]).toBe(rows)
      expect(ticks.length).toBeLessThanOrEqual(11)
    }
    expect(layerTicks(100, 40.2, 50.1, 200).every((t) => t >= 41 && t <= 50)).toBe(true)
  })
})

describe('colours', () => {
  it('are those of the style tokens', () => {
    const css = readFileSync('src/renderer/styles/tokens.css', 'utf8')
    const block = (from: string): string => css.slice(css.indexOf(from), css.indexOf('}', css.indexOf(from)))
    const token = (text: string, name: string): string =>
      new RegExp(`--${name}:\\s*(#[0-9A-Fa-f]{6})`).exec(text)![1]!.toUpperCase()
    const hex = (c: readonly number[]): string =>
      '#' +
      c
        .map((v) => v.toString(16).padStart(2, '0'))
        .join('')
        .toUpperCase()
    const names = {
      panel: 'panel',
      raised: 'raised',
      canvas: 'canvas',
      line: 'line',
      line2: 'line-2',
      control: 'control',
      text: 'text',
      text2: 'text-2',
      text3: 'text-3',
      accent: 'accent',
      runA: 'run-a',
      runB: 'run-b',
      ok: 'ok',
      warn: 'warn',
      bad: 'bad',
      empty: 'empty',
      empty2: 'empty-2'
    } as const
    for (const [theme, text, div] of [
      [LIGHT, block('html.light'), DIVERGING.light],
      [DARK, block('html.dark'), DIVERGING.dark]
    ] as const) {
      for (const [key, name] of Object.entries(names))
        expect(theme[key as keyof typeof names], name).toBe(token(text, name))
      div.forEach((c, i) => expect(hex(c)).toBe(token(text, `div-${i}`)))
    }
    const root = block(':root')
    MAGNITUDE.forEach((c, i) => expect(hex(c)).toBe(token(root, `mag-${i}`)))
    expect([NAN_A, NAN_B, INFINITE, ZERO, ZERO_DOT].map(hex)).toEqual(
      ['nan-a', 'nan-b', 'inf', 'zero', 'zero-dot'].map((n) => token(root, n))
    )
  })
})

describe('profile', () => {
  it('the theory goes through the topmost measured layer', () => {
    expect(theoryProfile([0.25, 0.5, 1], [7, 7, 8])).toEqual([2, 4, 8])
    expect(theoryProfile([0.25, 0.5, 1], [7, 6, NaN])).toEqual([3, 6, 12])
    expect(meanGain([0.25, 0.5, 1])).toBeCloseTo(0.5, 12)
    expect(meanGain([0.25, undefined, 1])).toBeCloseTo(0.5, 12)
  })
  it('says nothing where it does not reach or nothing was measured', () => {
    expect(theoryProfile([undefined, 0.5, 1], [1, 1, 4])).toEqual([undefined, 2, 4])
    expect(theoryProfile([0.5, 1], [0, NaN])).toEqual([undefined, undefined])
    expect([meanGain([1]), meanGain([undefined, 1])]).toEqual([undefined, undefined])
  })
  it('gives what has no place on a logarithm a mark of its own', () => {
    expect([
      profileX(0, 'log'),
      profileX(NaN, 'log'),
      profileX(-Infinity, 'linear'),
      profileX(1e-3, 'log'),
      profileX(0.25, 'ratio'),
      profileX(0, 'share')
    ]).toEqual([undefined, undefined, undefined, -3, -2, 0])
    expect([0, NaN, Infinity, 1, undefined].map((v) => offScale(v, 'log'))).toEqual([
      'zero',
      'nan',
      'inf',
      undefined,
      undefined
    ])
    expect(offScale(0, 'share')).toBeUndefined()
  })
})

describe('the band in which a figure is healthy', () => {
  const model: ProfileModel = {
    lines: [{ label: 'step 1', tone: 'live', values: [1e-9, 1e-3] }],
    rows: 2,
    rowNames: ['1', '2'],
    scale: 'log',
    range: [-14, 0],
    dark: false,
    bottom: 0,
    top: 2
  }
  const healthy = { low: 1e-4, high: 1e-2, label: 'healthy 1e-4 … 1e-2' }
  type Drawn = {
    data: number[][]
    renderItem(
      p: unknown,
      api: object
    ): { shape: { x: number; width: number; height: number }; children?: { style: { text?: string } }[] }
  }
  /** The option's band and legend, drawn at a pixel per hundredth of a decade. */
  function drawn(m: ProfileModel): { band: { x: number; width: number }[]; words: (string | undefined)[] } {
    const series = profileOption(m, { width: 320, height: 300 })['series'] as Drawn[]
    const api = (row: number[]) => ({
      coord: ([x, y]: [number, number]) => [100 * x, y],
      value: (i: number) => row[i]!
    })
    return {
      band: series[0]!.data.map((row) => series[0]!.renderItem(null, api(row)).shape),
      words: series[series.length - 1]!.renderItem(null, api([]))
        .children!.map((c) => c.style.text)
        .filter((x) => x !== undefined)
    }
  }
  it('is shaded from end to end on the axis, and named', () => {
    const { band, words } = drawn({ ...model, healthy })
    expect(band).toHaveLength(1)
    expect([band[0]!.x, band[0]!.x + band[0]!.width].map(Math.round)).toEqual([-400, -200])
    expect(words).toContain(healthy.label)
    expect(words).toContain('step 1')
  })
  it('is not there where the statistic has none, and is cut at the end of the axis', () => {
    expect(drawn(model)).toEqual({ band: [], words: ['step 1'] })
    const { band } = drawn({ ...model, range: [-14, -3], healthy })
    expect(band[0]!.x).toBeCloseTo(-400, 6)
    // A little room beyond the range, as for the lines.
    expect(band[0]!.x + band[0]!.width).toBeCloseTo(100 * (-3 + 11 * 0.03), 6)
  })
})

describe('curves', () => {
  it('marks every stretch that is not finite, up to the next recorded step', () => {
    expect(gaps([0, 10, 20, 30, 40], [1, Infinity, NaN, NaN, 2], 10)).toEqual([
      { from: 10, to: 20, kind: 'inf' },
      { from: 20, to: 40, kind: 'nan' }
    ])
    expect(gaps([0, 10], [1, NaN], 10)).toEqual([{ from: 10, to: 20, kind: 'nan' }])
    expect(gaps([0, 10], [1, 2], 10)).toEqual([])
  })
  it('writes ticks that have room beside the axis', () => {
    expect([0, -10000, 12000, 9000, 0.5, 2.25, 1e-4, -1e-4, -2.5e16, 100000].map((v) => axisNumber(v))).toEqual([
      '0',
      '−1e4',
      '1.2e4',
      '9000',
      '0.5',
      '2.25',
      '1e-4',
      '−1e-4',
      '−2.5e16',
      '1e5'
    ])
  })
  it('draws gaps, never a zero, where there is nothing to draw', () => {
    expect([...pairs([0, 1, 2, 3], [1, NaN, -1, 0], true)]).toEqual([0, 1, 1, NaN, 2, NaN, 3, NaN])
    expect([...pairs([0, 1], [-1, 0], false)]).toEqual([0, -1, 1, 0])
    const lines = [{ label: '', steps: [0, 1, 2], values: [1e-4, NaN, 5], tone: 'train' as const }]
    expect(extent(lines, false)).toEqual([1e-4, 5])
    expect(suitsLog(lines)).toBe(true)
    expect(extent([{ ...lines[0]!, values: [NaN, NaN, Infinity] }], false)).toBeUndefined()
  })
})

describe('diagnosis', () => {
  const f = (kind: Finding['kind'], severity: Finding['severity'], from: number, to: number): Finding => ({
    rule: kind,
    kind,
    severity,
    from,
    to,
    layers: [],
    measured: {},
    threshold: {},
    text: { en: '', zh: '' },
    advice: []
  })
  it('is the gravest that still holds, else healthy, else the gravest there was', () => {
    const [bad, warn, ok] = [f('vanishing', 'bad', 0, 9), f('unstable', 'warn', 3, 20), f('healthy', 'ok', 12, 20)]
    expect(diagnosis([warn, bad, ok], 9)?.kind).toBe('vanishing')
    expect(diagnosis([warn, bad, ok], 20)?.kind).toBe('unstable')
    expect(diagnosis([bad, ok], 20)?.kind).toBe('healthy')
    expect(past([bad, ok], ok)).toBe(bad)
    expect(past([bad], bad)).toBeUndefined()
    expect(diagnosis([bad], 20)?.kind).toBe('vanishing')
    expect(diagnosis([], 20)).toBeUndefined()
    expect(diagnosis([f('vanishing', 'bad', 0, 10), ok], 14, 5)?.kind).toBe('vanishing')
  })
})

describe('words', () => {
  it('exist in both languages under the same keys, with the same blanks', () => {
    const flat = (tree: object, path = ''): [string, string][] =>
      Object.entries(tree).flatMap(([k, v]) =>
        typeof v === 'string' ? [[`${path}${k}`, v] as [string, string]] : flat(v as object, `${path}${k}.`)
      )
    const [en, zh] = [new Map(flat(words.en)), new Map(flat(words.zh))]
    expect([...zh.keys()]).toEqual([...en.keys()])
    const blanks = (s: string): string[] => [...s.matchAll(/\{\w+\}/g)].map((m) => m[0]).sort()
    for (const [key, text] of en) expect(blanks(zh.get(key)!), key).toEqual(blanks(text))
  })
})
