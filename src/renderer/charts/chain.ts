import { textStyle, textWidth, type Caption, type Option, type Size } from './plot'
import { colourOf, css, NAN_A } from './scales'
import { themeOf } from './theme'

/** One bar: how far it reaches from the line of 1 (−1 … 1), what theory says, and the digits under it. */
export interface ChainBar {
  height: number | undefined
  theory: number | undefined
  text: string
  nan?: boolean
}
export interface ChainColumn {
  name: string
  factor: ChainBar
  product: ChainBar
}
/** The chain of factors as a picture of its own. */
export interface ChainPicture {
  columns: ChainColumn[]
  /** Name of the layer that the chain starts from, and the size of its gradient. */
  start: { name: string; text: string }
  /** Where 1 lies in the height of either row of bars, from above: 0 … 1. */
  factorOne: number
  productOne: number
  caption: Caption
  /** The product written out. */
  formula: string
  labels: { factor: string; product: string; theory: string; start: string }
  dark: boolean
}
const HEAD = 64
const ROW = 92
const WORDS = 76
/** Room that a chain of so many links takes. */
export const chainSize = (links: number): Size => ({ width: WORDS + 16 + Math.max(420, Math.min(1800, (links + 1) * 54)), height: HEAD + 28 + 2 * (ROW + 26) + 12 })

/** ECharts option of the chain: factors above, their product below, theory as dotted lines. */
export function chainOption(m: ChainPicture, size: Size): Option {
  const t = themeOf(m.dark)
  const n = m.columns.length + 1
  const pitch = (size.width - WORDS - 16) / n
  // Digits of every k-th column where they would run into each other.
  const every = Math.max(1, Math.ceil(50 / pitch))
  const children: object[] = []
  const say = (text: string, x: number, y: number, ink: string, weight = 400, align = 'center', px = 11): void =>
    void children.push({ type: 'text', style: { text, x, y, align, verticalAlign: 'middle', ...textStyle(ink, weight, px) } })
  say(m.caption.title, 16, 18, t.text, 600, 'left', 12)
  if (m.caption.sub) say(m.caption.sub, 16 + textWidth(m.caption.title, 600, 12) + 10, 18, t.text3, 400, 'left')
  say(m.formula, 16, 40, t.text2, 400, 'left', 12)
  const legend = size.width - 16 - textWidth(m.labels.theory)
  say(m.labels.theory, legend, 18, t.text2, 400, 'left')
  children.push({ type: 'line', shape: { x1: legend - 22, y1: 18, x2: legend - 6, y2: 18 }, style: { stroke: t.text2, lineWidth: 2, lineDash: [2, 2] } })
  const less = css(colourOf(0.25, 'ratio', undefined, m.dark))
  const more = css(colourOf(4, 'ratio', undefined, m.dark))
  const rows = [
    { top: HEAD + 24, one: m.factorOne, of: (c: ChainColumn) => c.factor, label: m.labels.factor, weight: 600 },
    { top: HEAD + 24 + ROW + 30, one: m.productOne, of: (c: ChainColumn) => c.product, label: m.labels.product, weight: 400 }
  ]
  for (const row of rows) {
    const line = row.top + row.one * ROW
    say(row.label, 16, row.top + ROW / 2, t.text2, 400, 'left')
    children.push({ type: 'line', shape: { x1: WORDS, y1: line, x2: size.width - 16, y2: line }, style: { stroke: t.line2, lineWidth: 1 } })
    m.columns.forEach((c, i) => {
      const bar = row.of(c)
      const x = WORDS + (i + 0.5) * pitch
      const reach = (u: number): number => u * (u < 0 ? 1 - row.one : row.one) * ROW
      if (bar.height !== undefined) {
        const h = reach(bar.height)
        children.push({ type: 'rect', shape: { x: x - pitch * 0.27, y: Math.min(line, line - h), width: pitch * 0.54, height: Math.max(1, Math.abs(h)) }, style: { fill: bar.height < 0 ? less : more } })
      }
      if (bar.nan) children.push({ type: 'rect', shape: { x: x - pitch * 0.27, y: row.top, width: pitch * 0.54, height: ROW }, style: { fill: css(NAN_A), opacity: 0.6 } })
      if (bar.theory !== undefined) {
        const y = line - reach(bar.theory)
        children.push({ type: 'line', shape: { x1: x - pitch * 0.42, y1: y, x2: x + pitch * 0.42, y2: y }, style: { stroke: t.text2, lineWidth: 2, lineDash: [2, 2] } })
      }
      if (i % every === 0) say(bar.text, x, row.top + ROW + 12, row.weight === 600 ? t.text : t.text2, row.weight)
    })
  }
  m.columns.forEach((c, i) => i % every === 0 && say(c.name, WORDS + (i + 0.5) * pitch, HEAD + 10, t.text3))
  const last = WORDS + (n - 0.5) * pitch
  say(m.start.name, last, HEAD + 10, t.text3)
  say(m.labels.start, last, rows[0]!.top + ROW + 12, t.text, 600)
  say(m.start.text, last, rows[1]!.top + ROW + 12, t.text2)
  return {
    animation: false,
    backgroundColor: t.panel,
    grid: { left: 0, top: 0, width: size.width, height: size.height },
    xAxis: { type: 'value', show: false, min: 0, max: 1 },
    yAxis: { type: 'value', show: false, min: 0, max: 1 },
    series: [{ type: 'custom', silent: true, data: [[0, 0]], encode: { x: -1, y: -1 }, renderItem: () => ({ type: 'group', children }) }]
  }
}
