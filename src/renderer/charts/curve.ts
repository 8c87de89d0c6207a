import { short } from './format'
import {
  axisLook,
  axisNameElements,
  boxOf,
  gridOption,
  hatch,
  legendRow,
  stepDomain,
  textStyle,
  textWidth,
  BOTTOM,
  DASH,
  TOP,
  type AxisNames,
  type Caption,
  type LegendItem,
  type Margins,
  type Mark,
  type Option,
  type Size
} from './plot'
import { css, INFINITE, NAN_A, NAN_B } from './scales'
import { themeOf } from './theme'

export interface CurveLine {
  label: string
  /** Where there is little room. */
  brief?: string
  steps: ArrayLike<number>
  values: ArrayLike<number>
  /** `data`: the training loss without its penalties, which is what a validation loss compares with. */
  tone: 'train' | 'validation' | 'data'
  /** Of a run among others; its own holes are then not painted over theirs. */
  color?: string
}
export interface CurveModel {
  lines: CurveLine[]
  log: boolean
  dark: boolean
  /** Planned steps. */
  planned: number
  /** Where a continued run begins. */
  first?: number | undefined
  last: number | undefined
  /** Steps one recorded frame stands for. */
  interval: number
  marks: Mark[]
  pinned?: number | undefined
  /** Steps in view, as in the heatmap above it; the whole domain when absent. */
  from?: number
  to?: number
  axes?: AxisNames
  caption?: Caption
}
export const curveMargins = (captioned: boolean): Margins => ({
  left: 44,
  right: 12,
  top: TOP + (captioned ? 24 : 0),
  bottom: BOTTOM
})

/** Stretches of steps where a curve isn't finite: painted as themselves, never left blank. */
export function gaps(
  steps: ArrayLike<number>,
  values: ArrayLike<number>,
  interval: number
): { from: number; to: number; kind: 'nan' | 'inf' }[] {
  const out: { from: number; to: number; kind: 'nan' | 'inf' }[] = []
  for (let i = 0; i < steps.length; i++) {
    const v = values[i]!
    if (Number.isFinite(v)) continue
    const kind = Number.isNaN(v) ? 'nan' : 'inf'
    const to = i + 1 < steps.length ? steps[i + 1]! : steps[i]! + interval
    const last = out[out.length - 1]
    if (last && last.kind === kind && last.to === steps[i]) last.to = to
    else out.push({ from: steps[i]!, to, kind })
  }
  return out
}
/** [x, y] pairs in one array, as ECharts takes them; what a logarithm has no place for becomes a gap. */
export function pairs(steps: ArrayLike<number>, values: ArrayLike<number>, log: boolean): Float64Array {
  const out = new Float64Array(steps.length * 2)
  for (let i = 0; i < steps.length; i++) {
    const v = values[i]!
    out[2 * i] = steps[i]!
    out[2 * i + 1] = Number.isFinite(v) && !(log && v <= 0) ? v : NaN
  }
  return out
}
/** Least and greatest finite value that can be drawn. */
export function extent(lines: readonly CurveLine[], log: boolean): [number, number] | undefined {
  let low = Infinity
  let high = -Infinity
  for (const l of lines)
    for (let i = 0; i < l.values.length; i++) {
      const v = l.values[i]!
      if (!Number.isFinite(v) || (log && v <= 0)) continue
      if (v < low) low = v
      if (v > high) high = v
    }
  return low <= high ? [low, high] : undefined
}
/** A logarithmic axis suits a curve that spans more than three decades. */
export function suitsLog(lines: readonly CurveLine[]): boolean {
  const e = extent(lines, false)
  return !!e && e[0] > 0 && e[1] / e[0] > 1000
}

const KINDS = { train: 'line', data: 'dotted', validation: 'dashed' } as const

/** ECharts option of loss or metric curves over steps. */
export function curveOption(m: CurveModel, size: Size): Option {
  const t = themeOf(m.dark)
  const inkOf = (l: CurveLine): string => l.color ?? (l.tone === 'validation' ? t.text3 : t.accent)
  const margins = curveMargins(!!m.caption)
  const b = boxOf(size, margins)
  const [d0, d1] = stepDomain(m.planned, m.last, m.first)
  const [from, to] = [m.from ?? d0, m.to ?? d1]
  const base = axisLook(t, true) as { axisLabel: object }
  const range = extent(m.lines, m.log)
  // A flat curve needs some height; a linear axis starts at zero when that costs little.
  let yMin: number | undefined
  let yMax: number | undefined
  if (range && !m.log) {
    const [low, high] = range
    yMin = low >= 0 && low < 0.5 * high ? 0 : undefined
    if (low === high) [yMin, yMax] = [low - (Math.abs(low) || 1) / 2, high + (Math.abs(high) || 1) / 2]
  }
  if (range && m.log) {
    yMin = 10 ** Math.floor(Math.log10(range[0]))
    yMax = 10 ** Math.ceil(Math.log10(range[1]) + 1e-9)
  }
  const holes = m.lines.flatMap((l) => (l.tone === 'train' && !l.color ? gaps(l.steps, l.values, m.interval) : []))
  return {
    animation: false,
    backgroundColor: m.caption ? t.panel : 'transparent',
    grid: gridOption(size, margins),
    xAxis: {
      type: 'value',
      min: from,
      max: to,
      minInterval: 1,
      splitNumber: Math.max(2, Math.floor(b.width / 70)),
      ...axisLook(t, false),
      axisLabel: {
        ...base.axisLabel,
        alignMinLabel: 'left',
        alignMaxLabel: 'right',
        formatter: (v: number) => (Number.isInteger(v) ? String(v) : '')
      }
    },
    yAxis: {
      type: m.log ? 'log' : 'value',
      min: yMin,
      max: yMax,
      scale: true,
      splitNumber: Math.max(2, Math.floor(b.height / 48)),
      ...axisLook(t, true),
      axisLabel: { ...base.axisLabel, showMaxLabel: true, formatter: (v: number) => axisNumber(v) }
    },
    series: [
      ...m.lines.map((l) => ({
        type: 'line',
        silent: true,
        clip: true,
        dimensions: ['x', 'y'],
        encode: { x: 0, y: 1 },
        data: pairs(l.steps, l.values, m.log),
        showSymbol: l.steps.length === 1,
        symbol: 'circle',
        symbolSize: 4,
        sampling: 'minmax',
        connectNulls: false,
        z: l.tone === 'train' ? 3 : 2,
        lineStyle: {
          color: inkOf(l),
          width: 1.5,
          type: DASH[KINDS[l.tone]] ?? 'solid',
          join: 'round'
        },
        itemStyle: { color: inkOf(l) }
      })),
      {
        type: 'custom',
        silent: true,
        z: 1,
        data: [[0, 0]],
        encode: { x: -1, y: -1 },
        renderItem: () => {
          const x = (s: number): number => b.x + ((s - from) / (to - from)) * b.width
          const children: object[] = []
          for (const hole of holes) {
            const x1 = Math.max(b.x, x(hole.from))
            const x2 = Math.min(b.x + b.width, x(hole.to))
            if (x2 <= x1) continue
            const fill = hole.kind === 'nan' ? hatch(css(NAN_A), css(NAN_B), 3, 5) : css(INFINITE)
            children.push({
              type: 'rect',
              shape: { x: x1, y: b.y, width: Math.max(1, x2 - x1), height: b.height },
              style: { fill, opacity: hole.kind === 'nan' ? 0.75 : 1 }
            })
            if (x2 - x1 > 40) {
              const w = 32
              const cx = (x1 + x2) / 2
              children.push({
                type: 'rect',
                shape: { x: cx - w / 2, y: b.y + b.height / 2 - 9, width: w, height: 18, r: 4 },
                style: { fill: t.panel }
              })
              children.push({
                type: 'text',
                style: {
                  text: hole.kind === 'nan' ? 'NaN' : '±Inf',
                  x: cx,
                  y: b.y + b.height / 2,
                  align: 'center',
                  verticalAlign: 'middle',
                  ...textStyle(t.bad, 600)
                }
              })
            }
          }
          let free = b.x
          for (const mark of m.marks) {
            if (mark.step < from || mark.step > to) continue
            const at = Math.round(x(mark.step))
            const ink = mark.tone === 'bad' ? t.bad : mark.tone === 'accent' ? t.accent : t.text
            const w = textWidth(mark.label, 500) + 6
            const left = at + w > b.x + b.width ? at - w : at
            // Words as far as there is room for them; the line is there in any case.
            if (left >= free) {
              children.push({
                type: 'rect',
                shape: { x: left, y: b.y, width: w, height: 14 },
                style: { fill: t.panel, opacity: 0.85 }
              })
              children.push({
                type: 'text',
                style: { text: mark.label, x: left + 3, y: b.y + 7, verticalAlign: 'middle', ...textStyle(ink, 500) }
              })
              free = left + w + 4
            }
            children.push({
              type: 'line',
              shape: { x1: at, y1: b.y, x2: at, y2: b.y + b.height },
              style: { stroke: ink, lineWidth: 1.5 }
            })
          }
          if (m.pinned !== undefined && m.pinned >= from && m.pinned <= to) {
            const at = Math.round(x(m.pinned)) + 0.5
            children.push({
              type: 'line',
              shape: { x1: at, y1: b.y, x2: at, y2: b.y + b.height },
              style: { stroke: t.control, lineWidth: 1, lineDash: [3, 3] }
            })
          }
          if (m.caption)
            children.push({
              type: 'text',
              style: { text: m.caption.title, x: b.x, y: 10, verticalAlign: 'top', ...textStyle(t.text, 600, 12) }
            })
          if (m.axes) children.push(...axisNameElements(m.axes, b, t))
          const items: LegendItem[] = m.lines
            .filter((l) => l.label)
            .map((l) => ({
              text: l.label,
              ...(l.brief !== undefined && { brief: l.brief }),
              kind: KINDS[l.tone],
              color: inkOf(l),
              ink: inkOf(l),
              bold: l.tone === 'train'
            }))
          children.push(...legendRow(items, 8, b.y - 14, size.width - 12))
          return { type: 'group', children }
        }
      }
    ]
  }
}
/** A tick, in at most six signs. */
export const axisNumber = (v: number): string =>
  v === 0
    ? '0'
    : Math.abs(v) >= 1e4 || Math.abs(v) < 1e-3
      ? v
          .toExponential(1)
          .replace('.0e', 'e')
          .replace('e+', 'e')
          .replace('-', v < 0 ? '−' : '-')
      : short(v, 3)
          .replace(/(\.\d*?)0+$/, '$1')
          .replace(/\.$/, '')
