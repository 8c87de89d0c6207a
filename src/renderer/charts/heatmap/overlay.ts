import { axisNameElements, textStyle, textWidth, type Box } from '../plot'
import { themeOf, type ChartTheme } from '../theme'
import { RIGHT, type HeatmapModel } from './model'

/** Where things are within the chart, CSS pixels. */
export interface Places {
  /** The rectangle of the cells. */
  box: Box
  /** Horizontal middle of a step's cell. */
  xOf(step: number): number
  /** Vertical middle of a row's cell. */
  yOf(row: number): number
}

const rect = (x: number, y: number, width: number, height: number, r: number, style: object): object => ({
  type: 'rect',
  shape: { x, y, width, height, r },
  style,
  silent: true
})
const line = (x1: number, y1: number, x2: number, y2: number, style: object): object => ({
  type: 'line',
  shape: { x1, y1, x2, y2 },
  style,
  silent: true
})
const text = (words: string, x: number, y: number, style: object): object => ({
  type: 'text',
  style: { text: words, x, y, ...style },
  silent: true
})
/** Two strokes, so that a line shows on dark and on bright cells alike. */
const twoTone = (x1: number, y1: number, x2: number, y2: number): object[] => [
  line(x1, y1, x2, y2, { stroke: '#000000', opacity: 0.55, lineWidth: 1, lineDash: [3, 3], lineDashOffset: 3 }),
  line(x1, y1, x2, y2, { stroke: '#FFFFFF', lineWidth: 1, lineDash: [3, 3] })
]
const isInside = (x: number, b: Box): boolean => x >= b.x - 0.5 && x <= b.x + b.width + 0.5

function captionOf({ caption }: HeatmapModel, b: Box, t: ChartTheme): object[] {
  if (!caption) return []
  const title = text(caption.title, b.x, 10, { ...textStyle(t.text, 600, 12), verticalAlign: 'top' })
  const x = b.x + textWidth(caption.title, 600, 12) + 10
  return caption.sub ? [title, text(caption.sub, x, 11, { ...textStyle(t.text3), verticalAlign: 'top' })] : [title]
}
/** Words over the steps that have not run, where there is room for them. */
function notRunOf(m: HeatmapModel, { box: b, xOf }: Places, t: ChartTheme): object[] {
  if (!m.notRun) return []
  const last = m.source?.lastStep
  const from = last === undefined ? b.x : Math.max(b.x, xOf(last + m.interval - 0.5))
  const width = textWidth(m.notRun) + 12
  if (b.x + b.width - from <= width + 16) return []
  const x = last === undefined ? b.x + (b.width - width) / 2 : from + 8
  const y = b.y + b.height / 2
  return [
    rect(x, y - 9, width, 18, 4, { fill: t.panel }),
    text(m.notRun, x + 6, y, { ...textStyle(t.text3), verticalAlign: 'middle' })
  ]
}
/** A line for each event and fault, with its label where the one before leaves room. */
function marksOf(m: HeatmapModel, { box: b, xOf }: Places, t: ChartTheme): object[] {
  const out: object[] = []
  let free = b.x
  for (const mark of m.marks) {
    const x = Math.round(xOf(mark.step - 0.5))
    if (!isInside(x, b)) continue
    const fill = mark.tone === 'bad' ? t.bad : mark.tone === 'accent' ? t.accent : t.text
    out.push(line(x, b.y - 4, x, b.y + b.height + 4, { stroke: t.panel, lineWidth: 4 }))
    out.push(line(x, b.y - 18, x, b.y + b.height + 4, { stroke: fill, lineWidth: 1.5 }))
    const width = textWidth(mark.label, 500) + 12
    const left = x + 6 + width > b.x + b.width + RIGHT - 4 ? x - 6 - width : x + 6
    if (left < free) continue
    out.push(rect(left, b.y - 20, width, 16, 4, { fill }))
    out.push(text(mark.label, left + 6, b.y - 12, { ...textStyle(t.panel, 500), verticalAlign: 'middle' }))
    free = left + width + 4
  }
  return out
}
/** The selected row, the pinned step, and a frame around the cell where they cross. */
function selectionOf(m: HeatmapModel, { box: b, xOf, yOf }: Places): object[] {
  const out: object[] = []
  const y = m.row !== undefined && m.row >= 0 ? yOf(m.row) : undefined
  const rowSeen = y !== undefined && y >= b.y && y <= b.y + b.height
  if (rowSeen) out.push(...twoTone(b.x, Math.round(y) + 0.5, b.x + b.width, Math.round(y) + 0.5))
  const x = m.pinned === undefined ? undefined : xOf(m.pinned)
  if (x === undefined || !isInside(x, b)) return out
  out.push(...twoTone(Math.round(x) + 0.5, b.y, Math.round(x) + 0.5, b.y + b.height))
  if (rowSeen)
    out.push(
      rect(x - 3.5, y - 5.5, 8, 11, 1, { fill: 'none', stroke: '#000000', lineWidth: 3, opacity: 0.5 }),
      rect(x - 3.5, y - 5.5, 8, 11, 1, { fill: 'none', stroke: '#FFFFFF', lineWidth: 1.5 })
    )
  return out
}
/** All that lies over the cells, back to front. */
export function overlay(m: HeatmapModel, places: Places): object[] {
  const t = themeOf(m.dark)
  return [
    ...captionOf(m, places.box, t),
    ...(m.axes ? axisNameElements(m.axes, places.box, t) : []),
    ...notRunOf(m, places, t),
    ...marksOf(m, places, t),
    ...selectionOf(m, places)
  ]
}
