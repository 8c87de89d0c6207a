import type { ChartTheme } from './theme'
import { FONT } from './theme'

/**
 * Margins of a plot within its chart, CSS pixels. Neighbouring plots share top and bottom, so that their rows line up.
 */
export interface Margins {
  left: number
  right: number
  top: number
  bottom: number
}
export interface Size {
  width: number
  height: number
}
/** An ECharts option. */
export type Option = Record<string, unknown>
export interface Box extends Size {
  x: number
  y: number
}
export const boxOf = (size: Size, m: Margins): Box => ({
  x: m.left,
  y: m.top,
  width: Math.max(1, size.width - m.left - m.right),
  height: Math.max(1, size.height - m.top - m.bottom)
})
/** Something that happened at a step: a vertical line through every plot, with words. */
export interface Mark {
  step: number
  label: string
  /** Where there is room for more words. */
  full?: string
  tone: 'text' | 'bad' | 'accent'
}
/**
 * The marks whose lines are within reach of a pointer, from left to right. @param xOf horizontal place of a step's
 * line, or undefined when out of view
 */
export function near(marks: readonly Mark[], xOf: (step: number) => number | undefined, x: number, reach = 5): Mark[] {
  return marks.filter((m) => Math.abs((xOf(m.step) ?? Infinity) - x) <= reach)
}
/** Small words in the corners beside the axes: what runs to the right, and what upwards. */
export interface AxisNames {
  x?: string | undefined
  y?: string | undefined
}
export function axisNameElements({ x, y }: AxisNames, b: Box, t: ChartTheme): object[] {
  const say = (text: string, at: number): object => ({
    type: 'text',
    style: { text, x: b.x - 6, y: at, align: 'right', verticalAlign: 'middle', ...textStyle(t.text3) },
    silent: true
  })
  return [...(x ? [say(x, b.y + b.height + 14)] : []), ...(y ? [say(y, b.y - 10)] : [])]
}
/** A stretch of the value axis with a name: where a figure is healthy. In raw values. */
export interface Band {
  low: number
  high: number
  label: string
}
/** How strongly it is shaded. */
export const BAND = 0.18
/** A picture of the plot with nothing else around it needs its own words. */
export interface Caption {
  title: string
  sub?: string
}

export const TOP = 22
export const BOTTOM = 24

/** Grid, axis look and so on that all plots share. */
export function gridOption(size: Size, m: Margins): object {
  const b = boxOf(size, m)
  return { left: b.x, top: b.y, width: b.width, height: b.height, outerBoundsMode: 'none', show: false }
}
export function axisLook(t: ChartTheme, split: boolean): object {
  return {
    axisLine: { show: false },
    axisTick: { show: false },
    splitLine: { show: split, lineStyle: { color: t.line, width: 1 } },
    axisLabel: { color: t.text3, fontSize: 11, fontFamily: FONT, margin: 8, hideOverlap: true }
  }
}
export const textStyle = (fill: string, weight = 400, size = 11): object => ({
  fill,
  font: `${weight} ${size}px ${FONT}`
})

/**
 * Domain of the step axis: all planned steps, or all recorded ones when there are more; from where a continued run
 * begins.
 */
export const stepDomain = (planned: number, last: number | undefined, first = 0): [number, number] => [
  first,
  Math.max(first + 1, planned, (last ?? -1) + 1)
]

/** Measures text in the chart's own font (rough where there is no canvas). */
export function textWidth(text: string, weight = 400, size = 11): number {
  const c = (textWidth.canvas ??=
    typeof document === 'undefined' ? null : document.createElement('canvas').getContext('2d'))
  if (!c) return text.length * size * 0.6
  c.font = `${weight} ${size}px ${FONT}`
  return c.measureText(text).width
}
textWidth.canvas = undefined as CanvasRenderingContext2D | null | undefined

type Element = Record<string, unknown>
/** Room above a picture that has words of its own. */
export const CAPTION = 34
/** Those words, in the room above. */
export function captionElements(caption: Caption, t: ChartTheme, x: number): Element[] {
  return [
    {
      type: 'text',
      style: { text: caption.title, x, y: 14, verticalAlign: 'middle', ...textStyle(t.text, 600, 12) },
      silent: true
    },
    ...(caption.sub
      ? [
          {
            type: 'text',
            style: {
              text: caption.sub,
              x: x + textWidth(caption.title, 600, 12) + 10,
              y: 14,
              verticalAlign: 'middle',
              ...textStyle(t.text3)
            },
            silent: true
          }
        ]
      : [])
  ]
}
/** A row of legend entries: a piece of line (or band) and words, laid out from the left. */
export interface LegendItem {
  text: string
  /** Said instead where there is little room. */
  brief?: string
  color: string
  ink: string
  kind: 'line' | 'dots' | 'dashed' | 'dotted' | 'band'
  opacity?: number
  bold?: boolean
}
/** Dashes of a piece of line, in its legend and in its plot. */
export const DASH: Partial<Record<LegendItem['kind'], [number, number]>> = { dashed: [4, 3], dotted: [1, 3] }
const itemWidth = (i: LegendItem): number => 18 + textWidth(i.text, i.bold ? 600 : 400)
function entry(i: LegendItem, x: number, y: number): Element[] {
  const out: Element[] = []
  if (i.kind === 'band')
    out.push({
      type: 'rect',
      shape: { x, y: y - 4, width: 14, height: 8, r: 4 },
      style: { fill: i.color, opacity: i.opacity },
      silent: true
    })
  else
    out.push({
      type: 'line',
      shape: { x1: x, y1: y, x2: x + 14, y2: y },
      style: { stroke: i.color, lineWidth: 2, lineDash: DASH[i.kind] },
      silent: true
    })
  if (i.kind === 'dots')
    out.push({ type: 'circle', shape: { cx: x + 7, cy: y, r: 2.5 }, style: { fill: i.color }, silent: true })
  out.push({
    type: 'text',
    style: { text: i.text, x: x + 18, y, verticalAlign: 'middle', ...textStyle(i.ink, i.bold ? 600 : 400) },
    silent: true
  })
  return out
}
/** In one row from the left, in brief words when the others have no room, as many as there is room for. */
export function legendRow(all: LegendItem[], x: number, y: number, width: number): Element[] {
  const out: Element[] = []
  const whole = all.reduce((sum, i) => sum + itemWidth(i) + 12, -12)
  const items = whole <= width ? all : all.map((i) => ({ ...i, text: i.brief ?? i.text }))
  let at = x
  for (const i of items) {
    const w = itemWidth(i)
    if (at > x && at + w > x + width) break
    out.push(...entry(i, at, y))
    at += w + 12
  }
  return out
}
/** Share of a plot's width that a legend in it may take. */
const COVERED = 0.8
/**
 * One below the other, in the corner of a plot where the fewest `points` (pixels) lie.
 * @param above where no corner is free, the items stand in a row above the plot instead, which may be so much wider: as
 *   many as find room, bold ones first. Absent: in a plot that they would cover, they are left out
 */
export function legendCorner(
  items: LegendItem[],
  box: Box,
  points: readonly (readonly [number, number])[],
  ground: string,
  above?: number
): Element[] {
  if (!items.length) return []
  const width = Math.max(...items.map(itemWidth)) + 8
  const height = 16 * items.length + 4
  if (above === undefined && (width > box.width * COVERED || height > box.height)) return []
  const corners = [
    [box.x + 4, box.y + 4],
    [box.x + box.width - width - 4, box.y + box.height - height - 4],
    [box.x + box.width - width - 4, box.y + 4],
    [box.x + 4, box.y + box.height - height - 4]
  ] as const
  const hits = corners.map(
    ([x, y]) =>
      points.filter(([px, py]) => px > x - 6 && px < x + width + 6 && py > y - 6 && py < y + height + 6).length
  )
  const least = Math.min(...hits)
  if (above !== undefined && (least > 0 || width > box.width)) {
    const ranked = [...items].sort((a, b) => Number(b.bold ?? false) - Number(a.bold ?? false))
    return legendRow(ranked, box.x, box.y - 10, box.width + above)
  }
  const [x, y] = corners[hits.indexOf(least)]!
  return [
    { type: 'rect', shape: { x, y, width, height, r: 4 }, style: { fill: ground, opacity: 0.8 }, silent: true },
    ...items.flatMap((i, k) => entry(i, x + 4, y + 10 + 16 * k))
  ]
}

/** A small canvas of diagonal hatching, as a fill pattern. */
export function hatch(
  a: string,
  b: string,
  on: number,
  period: number
): { type: 'pattern'; image: HTMLCanvasElement; imageWidth: number; imageHeight: number; repeat: 'repeat' } {
  const image = document.createElement('canvas')
  image.width = image.height = period
  const c = image.getContext('2d')!
  for (let y = 0; y < period; y++)
    for (let x = 0; x < period; x++) {
      c.fillStyle = (x + y) % period < on ? a : b
      c.fillRect(x, y, 1, 1)
    }
  return { type: 'pattern', image, imageWidth: period, imageHeight: period, repeat: 'repeat' }
}
/** A picture of drawn elements alone, in pixels from the upper left, without axes. */
export const drawnOption = (size: Size, backgroundColor: string, children: object[]): Option => ({
  animation: false,
  backgroundColor,
  grid: { left: 0, top: 0, width: size.width, height: size.height },
  xAxis: { type: 'value', show: false, min: 0, max: 1 },
  yAxis: { type: 'value', show: false, min: 0, max: 1 },
  series: [
    {
      type: 'custom',
      silent: true,
      data: [[0, 0]],
      encode: { x: -1, y: -1 },
      renderItem: () => ({ type: 'group', children })
    }
  ]
})
