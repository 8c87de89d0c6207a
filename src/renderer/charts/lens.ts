import { short } from './format'
import { axisLook, CAPTION, captionElements, legendCorner, textStyle, type Caption, type LegendItem, type Option, type Size } from './plot'
import { themeOf } from './theme'

/** A distribution: counts of equal bins from `low` to `high`. */
export interface Distribution {
  low: number
  high: number
  bins: ArrayLike<number>
}
export interface LensModel {
  f: (z: number) => number
  df: (z: number) => number
  /** Limits of the regime in which hardly any gradient passes. */
  below?: number | undefined
  above?: number | undefined
  /** Pre-activations. */
  after: Distribution
  /** What the norm in front of the activation makes them from. */
  before?: Distribution | undefined
  labels: { f: string; df: string; after: string; before: string }
  dark: boolean
  caption?: Caption | undefined
}

/** Where all but a share of the values lie, as far as bins tell. */
export function core(d: Distribution, tail = 0.005): [number, number] {
  const total = Array.from(d.bins).reduce((s, x) => s + x, 0)
  const width = (d.high - d.low) / d.bins.length
  let [from, to, left, right] = [0, d.bins.length, 0, 0]
  while (from < to - 1 && left + d.bins[from]! <= tail * total) left += d.bins[from++]!
  while (to > from + 1 && right + d.bins[to - 1]! <= tail * total) right += d.bins[--to]!
  return [d.low + from * width, d.low + to * width]
}

/** z in view: the function's own shape, and all that was measured but for far outliers. */
export function lensDomain(m: Pick<LensModel, 'below' | 'above' | 'after' | 'before'>): [number, number] {
  const edges = [m.below, m.above].filter((x): x is number => x !== undefined)
  const reach = Math.max(4, ...edges.map((x) => Math.abs(x) * 1.3))
  const all = [m.after, ...(m.before ? [m.before] : [])].map((d) => core(d))
  return [Math.min(-reach, ...all.map(([low]) => low)), Math.max(reach, ...all.map(([, high]) => high))]
}
/** Density by bin; a distribution on one value is drawn as thin as one bin of the domain. */
export function density(d: Distribution, domain: [number, number]): { from: number; to: number; height: number }[] {
  const total = Array.from(d.bins).reduce((s, x) => s + x, 0)
  const width = (d.high - d.low) / d.bins.length || (domain[1] - domain[0]) / 100
  const start = d.high > d.low ? d.low : d.low - (d.bins.length / 2 + 0.5) * width
  return Array.from(d.bins, (n, i) => ({ from: start + i * width, to: start + (i + 1) * width, height: total ? n / total / width : 0 }))
}

const LEFT = 34
const RIGHT = 40
/** ECharts option: f and f′ above, the distribution of z under them on the same axis, the regime without gradient shaded through both. */
export function lensOption(m: LensModel, size: Size): Option {
  const t = themeOf(m.dark)
  const domain = lensDomain(m)
  const width = Math.max(1, size.width - LEFT - RIGHT)
  const up = m.caption ? CAPTION : 8
  const room = Math.max(40, size.height - up - 4 - 22)
  const top = Math.round(room * 0.55)
  const z = Array.from({ length: 241 }, (_, i) => domain[0] + ((domain[1] - domain[0]) * i) / 240)
  const shaded = [
    ...(m.below !== undefined ? [[{ xAxis: domain[0] }, { xAxis: m.below }]] : []),
    ...(m.above !== undefined ? [[{ xAxis: m.above }, { xAxis: domain[1] }]] : [])
  ]
  const markArea = { silent: true, itemStyle: { color: t.bad, opacity: 0.1 }, data: shaded }
  const steps = (d: Distribution): [number, number][] =>
    density(d, domain).flatMap(({ from, to, height }) => [[from, height], [to, height]] as [number, number][])
  const after = steps(m.after)
  const before = m.before ? steps(m.before) : []
  const highest = Math.max(1e-30, ...after.map(([, h]) => h))
  const f = z.map((x) => m.f(x))
  const df = z.map((x) => m.df(x))
  const finite = f.filter(Number.isFinite)
  const slopes = df.filter(Number.isFinite)
  const x = (k: number): object => ({
    type: 'value',
    gridIndex: k,
    min: domain[0],
    max: domain[1],
    ...axisLook(t, false),
    axisLabel: { ...(axisLook(t, false) as { axisLabel: object }).axisLabel, show: k === 1, showMinLabel: false, showMaxLabel: false, formatter: (v: number) => short(v, 1).replace(/\.0+$/, '') }
  })
  const y = (k: number, low: number, high: number): object => ({
    type: 'value',
    gridIndex: k,
    min: low,
    max: high,
    splitNumber: 2,
    ...axisLook(t, k === 0),
    axisLabel: { ...(axisLook(t, false) as { axisLabel: object }).axisLabel, show: k === 0, showMaxLabel: false, formatter: (v: number) => short(v, 1) }
  })
  const line = (data: unknown, color: string, more: object = {}): object => ({ type: 'line', silent: true, showSymbol: false, clip: true, data, lineStyle: { color, width: 2 }, ...more })
  const items: LegendItem[] = [
    { text: m.labels.f, color: t.runA, ink: t.runA, kind: 'line' },
    { text: m.labels.df, color: t.runB, ink: t.runB, kind: 'line' }
  ]
  const lower: LegendItem[] = [
    { text: m.labels.after, color: t.accent, ink: t.accent, kind: 'band' },
    ...(m.before ? [{ text: m.labels.before, color: t.text3, ink: t.text3, kind: 'dashed' as const }] : [])
  ]
  return {
    animation: false,
    backgroundColor: m.caption ? t.panel : 'transparent',
    grid: [
      { left: LEFT, top: up, width, height: top, outerBoundsMode: 'none' },
      { left: LEFT, top: up + top + 4, width, height: room - top, outerBoundsMode: 'none' }
    ],
    xAxis: [x(0), x(1)],
    // f′ on an axis of its own: f may be a hundred times as large.
    yAxis: [
      y(0, Math.min(0, ...finite), Math.max(...finite, 0.1)),
      y(1, 0, highest * 1.05),
      { ...y(0, Math.min(0, ...slopes), Math.max(...slopes, 0.1) * 1.05), position: 'right', splitLine: { show: false }, axisLabel: { ...(axisLook(t, false) as { axisLabel: object }).axisLabel, showMaxLabel: false, color: t.runB, formatter: (v: number) => short(v, 1) } }
    ],
    series: [
      line(z.map((v, i) => [v, f[i]]), t.runA, { markArea }),
      line(z.map((v, i) => [v, df[i]]), t.runB, { yAxisIndex: 2 }),
      line(after, t.accent, { xAxisIndex: 1, yAxisIndex: 1, areaStyle: { color: t.accent, opacity: 0.35 }, lineStyle: { color: t.accent, width: 1 }, markArea }),
      line(before, t.text3, { xAxisIndex: 1, yAxisIndex: 1, lineStyle: { color: t.text3, width: 1.5, type: [4, 3] } }),
      {
        type: 'custom',
        silent: true,
        z: 6,
        data: [[0, 0]],
        encode: { x: -1, y: -1 },
        renderItem: (_: unknown, api: { coord(p: [number, number]): [number, number] }) => ({
          type: 'group',
          children: [
            ...(m.caption ? captionElements(m.caption, t, 12) : []),
            ...legendCorner(items, { x: LEFT, y: up, width, height: top }, [...z.map((v, i) => api.coord([v, f[i]!])), ...z.map((v, i) => api.coord([v, df[i]!]))], t.panel),
            ...legendCorner(lower, { x: LEFT, y: up + top + 4, width, height: room - top }, after.map(([v, h]) => [LEFT + ((v - domain[0]) / (domain[1] - domain[0])) * width, up + top + 4 + (room - top) * (1 - h / highest)] as const), t.panel),
            { type: 'text', style: { text: 'z', x: LEFT + width, y: size.height - 8, align: 'right', verticalAlign: 'middle', ...textStyle(t.text2, 600) } }
          ]
        })
      }
    ]
  }
}
