import { tidy } from './format'
import {
  axisLook,
  CAPTION,
  captionElements,
  legendCorner,
  textStyle,
  textWidth,
  type Caption,
  type LegendItem,
  type Option,
  type Size
} from './plot'
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
  /** f′ of another activation, to compare with. */
  against?: { df: (z: number) => number; label: string } | undefined
  /** Limits of the regime in which hardly any gradient passes. */
  below?: number | undefined
  above?: number | undefined
  /** Words for that regime, and for the share of the values on either side of it. */
  regions?: { label: string; below: string; above: string } | undefined
  /** Pre-activations. */
  after: Distribution
  /** What the norm in front of the activation makes them from. */
  before?: Distribution | undefined
  labels: { f: string; df: string; after: string; before: string }
  dark: boolean
  caption?: Caption | undefined
}

/** The largest slope there is, over all z that matter: ¼ for the sigmoid. */
export const peakSlope = (df: (z: number) => number): number =>
  Math.max(...Array.from({ length: 1601 }, (_, i) => df((i - 800) / 40)).filter(Number.isFinite))
/** Ticks for low … high, both ends among them: round steps, and ends moved outward to the next one. */
export function roundTicks(low: number, high: number): number[] {
  const span = high - low || 1
  const decade = 10 ** Math.floor(Math.log10(span))
  const step = [0.1, 0.2, 0.25, 0.5, 1, 2].map((k) => k * decade).find((k) => span / k <= 4.0001) ?? 5 * decade
  const [from, to] = [Math.floor(low / step + 1e-9), Math.ceil(high / step - 1e-9)]
  return Array.from({ length: to - from + 1 }, (_, i) => (from + i) * step)
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
  const reach = Math.max(4, ...edges.map((x) => Math.abs(x) * 1.6))
  const all = [m.after, ...(m.before ? [m.before] : [])].map((d) => core(d))
  return [Math.min(-reach, ...all.map(([low]) => low)), Math.max(reach, ...all.map(([, high]) => high))]
}
/** Density by bin; a distribution on one value is drawn as thin as one bin of the domain. */
export function density(d: Distribution, domain: [number, number]): { from: number; to: number; height: number }[] {
  const total = Array.from(d.bins).reduce((s, x) => s + x, 0)
  const width = (d.high - d.low) / d.bins.length || (domain[1] - domain[0]) / 100
  const start = d.high > d.low ? d.low : d.low - (d.bins.length / 2 + 0.5) * width
  return Array.from(d.bins, (n, i) => ({
    from: start + i * width,
    to: start + (i + 1) * width,
    height: total ? n / total / width : 0
  }))
}

const LEFT = 34
const RIGHT = 44
/**
 * ECharts option: f and f′ above, the distribution of z under them on the same axis, the regime without gradient shaded
 * through both.
 */
export function lensOption(m: LensModel, size: Size): Option {
  const t = themeOf(m.dark)
  const domain = lensDomain(m)
  const width = Math.max(1, size.width - LEFT - RIGHT)
  const up = m.caption ? CAPTION : 8
  const room = Math.max(40, size.height - up - 4 - 22)
  const top = Math.round(room * 0.55)
  const z = Array.from({ length: 241 }, (_, i) => domain[0] + ((domain[1] - domain[0]) * i) / 240)
  const regime = [
    ...(m.below !== undefined ? [{ from: domain[0], to: m.below, text: m.regions?.below }] : []),
    ...(m.above !== undefined ? [{ from: m.above, to: domain[1], text: m.regions?.above }] : [])
  ]
  const markArea = {
    silent: true,
    itemStyle: { color: t.warn, opacity: 0.12 },
    data: regime.map((r) => [{ xAxis: r.from }, { xAxis: r.to }])
  }
  /** Outline of the bins, of what of them lies between two z. */
  const steps = (d: Distribution, low = -Infinity, high = Infinity): [number, number][] =>
    density(d, domain).flatMap(({ from, to, height }) =>
      to <= low || from >= high
        ? []
        : ([
            [Math.max(from, low), height],
            [Math.min(to, high), height]
          ] as [number, number][])
    )
  const after = steps(m.after)
  const before = m.before ? steps(m.before) : []
  const highest = Math.max(1e-30, ...after.map(([, h]) => h))
  const f = z.map((x) => m.f(x))
  const df = z.map((x) => m.df(x))
  const other = m.against && z.map((x) => m.against!.df(x))
  const finite = f.filter(Number.isFinite)
  const peak = peakSlope(m.df)
  const slopes = [0, peak, ...df, ...(other ?? [])].filter(Number.isFinite)
  const ends = (values: number[]): [number, number] => [Math.min(0, ...values), Math.max(...values, 0.1)]
  const label = (axisLook(t, false) as { axisLabel: object }).axisLabel
  const x = (k: number): object => ({
    type: 'value',
    gridIndex: k,
    min: domain[0],
    max: domain[1],
    ...axisLook(t, false),
    axisLabel: { ...label, show: k === 1, showMinLabel: false, showMaxLabel: false, formatter: (v: number) => tidy(v) }
  })
  const y = (k: number, low: number, high: number, ticks: number[], more: object = {}): object => ({
    type: 'value',
    gridIndex: k,
    min: low,
    max: high,
    ...axisLook(t, k === 0),
    axisTick: { show: false, customValues: ticks },
    axisLabel: {
      ...label,
      show: k === 0,
      customValues: ticks,
      hideOverlap: false,
      formatter: (v: number) => tidy(v),
      ...more
    }
  })
  const fTicks = roundTicks(...ends(finite))
  const [least, most] = ends(slopes)
  // The largest slope is said as it is: it is what the gain per layer can be at best.
  const slopeTicks = [
    ...new Set([...(least < 0 ? [least] : []), 0, ...(most > 1.5 * peak ? [most] : [peak / 2]), peak])
  ]
  const line = (data: unknown, color: string, more: object = {}): object => ({
    type: 'line',
    silent: true,
    showSymbol: false,
    clip: true,
    data,
    lineStyle: { color, width: 2 },
    ...more
  })
  const area = (data: unknown, color: string, more: object = {}): object =>
    line(data, color, {
      xAxisIndex: 1,
      yAxisIndex: 1,
      areaStyle: { color, opacity: 0.4 },
      lineStyle: { color, width: 1 },
      ...more
    })
  const items: LegendItem[] = [
    { text: m.labels.f, color: t.text, ink: t.text, kind: 'line' },
    { text: m.labels.df, color: t.accent, ink: t.accent, kind: 'line' },
    ...(m.against ? [{ text: m.against.label, color: t.text2, ink: t.text2, kind: 'dashed' as const }] : [])
  ]
  const lower: LegendItem[] = [
    { text: m.labels.after, color: t.control, ink: t.text2, kind: 'band' },
    ...(m.before ? [{ text: m.labels.before, color: t.text3, ink: t.text3, kind: 'dashed' as const }] : [])
  ]
  const place = (v: number): number => LEFT + ((v - domain[0]) / (domain[1] - domain[0])) * width
  const low = up + top + 4
  /** Words in the shaded regions, where there is room for them. */
  const words = regime.flatMap((r) => {
    const [from, to] = [place(r.from), place(r.to)]
    const say = (text: string | undefined, y: number): object[] =>
      !text || Math.max(...text.split('\n').map((l) => textWidth(l, 600))) > to - from
        ? []
        : [
            {
              type: 'text',
              style: {
                text,
                x: (from + to) / 2,
                y,
                align: 'center',
                verticalAlign: 'middle',
                ...textStyle(t.warn, 600)
              },
              silent: true
            }
          ]
    return [...say(m.regions?.label, up + top * 0.75), ...say(r.text, low + (room - top) * 0.6)]
  })
  return {
    animation: false,
    backgroundColor: m.caption ? t.panel : 'transparent',
    grid: [
      { left: LEFT, top: up, width, height: top, outerBoundsMode: 'none' },
      { left: LEFT, top: low, width, height: room - top, outerBoundsMode: 'none' }
    ],
    xAxis: [x(0), x(1)],
    // f′ on an axis of its own: f may be a hundred times as large.
    yAxis: [
      y(0, fTicks[0]!, fTicks[fTicks.length - 1]!, fTicks),
      y(1, 0, highest * 1.05, []),
      {
        ...y(0, least * 1.05, most * 1.05, slopeTicks, { color: t.accent }),
        position: 'right',
        splitLine: { show: false }
      }
    ],
    series: [
      line(
        z.map((v, i) => [v, f[i]]),
        t.text,
        { markArea }
      ),
      line(
        z.map((v, i) => [v, df[i]]),
        t.accent,
        { yAxisIndex: 2 }
      ),
      line(other ? z.map((v, i) => [v, other[i]]) : [], t.text2, {
        yAxisIndex: 2,
        lineStyle: { color: t.text2, width: 1.5, type: [4, 3] }
      }),
      area(steps(m.after, m.below, m.above), t.control, { markArea }),
      area(m.below === undefined ? [] : steps(m.after, -Infinity, m.below), t.warn),
      area(m.above === undefined ? [] : steps(m.after, m.above), t.warn),
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
            ...words,
            ...legendCorner(
              items,
              { x: LEFT, y: up, width, height: top },
              [
                ...z.map((v, i) => api.coord([v, f[i]!])),
                ...z.map((v, i) => [place(v), up + top * (1 - df[i]! / (most * 1.05))] as const)
              ],
              t.panel
            ),
            ...legendCorner(
              lower,
              { x: LEFT, y: low, width, height: room - top },
              after.map(([v, h]) => [place(v), low + (room - top) * (1 - h / highest)] as const),
              t.panel
            ),
            {
              type: 'text',
              style: {
                text: 'z',
                x: LEFT + width,
                y: size.height - 8,
                align: 'right',
                verticalAlign: 'middle',
                ...textStyle(t.text2, 600)
              }
            }
          ]
        })
      }
    ]
  }
}
