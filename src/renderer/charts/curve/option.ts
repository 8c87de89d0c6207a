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
  type Box,
  type LegendItem,
  type Margins,
  type Option,
  type Size
} from '../plot'
import { css, INFINITE, NAN_A, NAN_B } from '@shared/base/colour'
import { themeOf, type ChartTheme } from '../theme'
import { axisNumber, extent, gaps, pairs, type CurveLine, type CurveModel } from './model'
import { smoothed } from './smooth'

const KINDS = { train: 'line', data: 'dotted', validation: 'dashed', baseline: 'dotted' } as const

/** Margins of a plot of curves within its chart. */
export const curveMargins = (captioned: boolean): Margins => ({
  left: 50,
  right: 12,
  top: TOP + (captioned ? 24 : 0),
  bottom: BOTTOM
})
const inkOf = (l: CurveLine, t: ChartTheme): string =>
  l.color ?? (l.tone === 'validation' ? t.text3 : l.tone === 'baseline' ? t.warn : t.accent)

/** Ends of the value axis; undefined where ECharts is to find a round one. */
function valueDomain(m: CurveModel): { min: number | undefined; max: number | undefined } {
  const range = extent(m.lines, m.log)
  if (!range) return { min: undefined, max: undefined }
  const [low, high] = range
  if (m.log) return { min: 10 ** Math.floor(Math.log10(low)), max: 10 ** Math.ceil(Math.log10(high) + 1e-9) }
  // A flat curve needs some height.
  if (low === high) return { min: low - (Math.abs(low) || 1) / 2, max: high + (Math.abs(high) || 1) / 2 }
  // A linear axis starts at zero when that costs little.
  return { min: low >= 0 && low < 0.5 * high ? 0 : undefined, max: undefined }
}

/** The plot's rectangle, and the steps at its left and right edge. */
interface Frame {
  box: Box
  from: number
  to: number
}
const xOf = (step: number, { box, from, to }: Frame): number => box.x + ((step - from) / (to - from)) * box.width

/** Stretches where the training curve isn't finite, in the colours of NaN and infinity. */
function holeElements(holes: ReturnType<typeof gaps>, frame: Frame, t: ChartTheme): object[] {
  const b = frame.box
  return holes.flatMap((hole) => {
    const x1 = Math.max(b.x, xOf(hole.from, frame))
    const x2 = Math.min(b.x + b.width, xOf(hole.to, frame))
    if (x2 <= x1) return []
    const nan = hole.kind === 'nan'
    const area = {
      type: 'rect',
      shape: { x: x1, y: b.y, width: Math.max(1, x2 - x1), height: b.height },
      style: { fill: nan ? hatch(css(NAN_A), css(NAN_B), 3, 5) : css(INFINITE), opacity: nan ? 0.75 : 1 }
    }
    if (x2 - x1 <= 40) return [area]
    const [x, y, width] = [(x1 + x2) / 2, b.y + b.height / 2, 32]
    return [
      area,
      { type: 'rect', shape: { x: x - width / 2, y: y - 9, width, height: 18, r: 4 }, style: { fill: t.panel } },
      {
        type: 'text',
        style: {
          text: nan ? 'NaN' : '±Inf',
          x,
          y,
          align: 'center',
          verticalAlign: 'middle',
          ...textStyle(t.bad, 600)
        }
      }
    ]
  })
}
/** A line for each event and fault in view, with its label where the one before leaves room. */
function markElements(m: CurveModel, frame: Frame, t: ChartTheme): object[] {
  const b = frame.box
  const out: object[] = []
  let free = b.x
  for (const mark of m.marks) {
    if (mark.step < frame.from || mark.step > frame.to) continue
    const at = Math.round(xOf(mark.step, frame))
    const ink = mark.tone === 'bad' ? t.bad : mark.tone === 'accent' ? t.accent : t.text
    const width = textWidth(mark.label, 500) + 6
    const left = at + width > b.x + b.width ? at - width : at
    if (left >= free) {
      out.push({
        type: 'rect',
        shape: { x: left, y: b.y, width, height: 14 },
        style: { fill: t.panel, opacity: 0.85 }
      })
      out.push({
        type: 'text',
        style: { text: mark.label, x: left + 3, y: b.y + 7, verticalAlign: 'middle', ...textStyle(ink, 500) }
      })
      free = left + width + 4
    }
    out.push({
      type: 'line',
      shape: { x1: at, y1: b.y, x2: at, y2: b.y + b.height },
      style: { stroke: ink, lineWidth: 1.5 }
    })
  }
  return out
}
function pinElements(m: CurveModel, frame: Frame, t: ChartTheme): object[] {
  if (m.pinned === undefined || m.pinned < frame.from || m.pinned > frame.to) return []
  const b = frame.box
  const x = Math.round(xOf(m.pinned, frame)) + 0.5
  return [
    {
      type: 'line',
      shape: { x1: x, y1: b.y, x2: x, y2: b.y + b.height },
      style: { stroke: t.control, lineWidth: 1, lineDash: [3, 3] }
    }
  ]
}
function captionElements({ caption }: CurveModel, b: Box, t: ChartTheme): object[] {
  if (!caption) return []
  const style = { text: caption.title, x: b.x, y: 10, verticalAlign: 'top', ...textStyle(t.text, 600, 12) }
  return [{ type: 'text', style }]
}
function legendElements(m: CurveModel, b: Box, width: number, t: ChartTheme): object[] {
  const items = m.lines
    .filter((l) => l.label)
    .map((l): LegendItem => ({
      text: l.label,
      ...(l.brief !== undefined && { brief: l.brief }),
      kind: KINDS[l.tone],
      color: inkOf(l, t),
      ink: inkOf(l, t),
      bold: l.tone === 'train'
    }))
  return legendRow(items, 8, b.y - 14, width - 12)
}

/** @param faint behind its moving average */
function lineSeries(l: CurveLine, log: boolean, t: ChartTheme, faint = false): object {
  return {
    type: 'line',
    silent: true,
    clip: true,
    dimensions: ['x', 'y'],
    encode: { x: 0, y: 1 },
    data: pairs(l.steps, l.values, log),
    showSymbol: l.steps.length === 1,
    symbol: 'circle',
    symbolSize: 4,
    sampling: 'minmax',
    connectNulls: false,
    z: (l.tone === 'train' ? 3 : 2) - (faint ? 1 : 0),
    lineStyle: {
      color: inkOf(l, t),
      width: faint ? 1 : 1.5,
      opacity: faint ? 0.3 : 1,
      type: DASH[KINDS[l.tone]] ?? 'solid',
      join: 'round'
    },
    itemStyle: { color: inkOf(l, t) }
  }
}

/** The ECharts option of curves of a loss or metric over the steps. */
export function curveOption(m: CurveModel, size: Size): Option {
  const t = themeOf(m.dark)
  const margins = curveMargins(!!m.caption)
  const b = boxOf(size, margins)
  const [d0, d1] = stepDomain(m.planned, m.last, m.first)
  const frame = { box: b, from: m.from ?? d0, to: m.to ?? d1 }
  const base = axisLook(t, true) as { axisLabel: object }
  const range = m.log ? undefined : extent(m.lines, false)
  const span = range && range[1] - range[0]
  const holes = m.lines.flatMap((l) => (l.tone === 'train' && !l.color ? gaps(l.steps, l.values, m.interval) : []))
  return {
    animation: false,
    backgroundColor: m.caption ? t.panel : 'transparent',
    grid: gridOption(size, margins),
    xAxis: {
      type: 'value',
      min: frame.from,
      max: frame.to,
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
      ...valueDomain(m),
      scale: true,
      splitNumber: Math.max(2, Math.floor(b.height / 48)),
      ...axisLook(t, true),
      axisLabel: { ...base.axisLabel, showMaxLabel: true, formatter: (v: number) => axisNumber(v, span) }
    },
    series: [
      ...m.lines.flatMap((l) => {
        if (!m.smoothing || l.tone === 'validation') return [lineSeries(l, m.log, t)]
        const average = { ...l, values: smoothed(l.values, m.smoothing) }
        return [lineSeries(l, m.log, t, true), lineSeries(average, m.log, t)]
      }),
      {
        type: 'custom',
        silent: true,
        z: 1,
        data: [[0, 0]],
        encode: { x: -1, y: -1 },
        renderItem: () => ({
          type: 'group',
          children: [
            ...holeElements(holes, frame, t),
            ...markElements(m, frame, t),
            ...pinElements(m, frame, t),
            ...captionElements(m, b, t),
            ...(m.axes ? axisNameElements(m.axes, b, t) : []),
            ...legendElements(m, b, size.width, t)
          ]
        })
      }
    ]
  }
}
