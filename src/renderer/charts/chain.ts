import { captionElements, drawnOption, textStyle, textWidth, type Caption, type Option, type Size } from './plot'
import type { Range } from './range'
import { css, inkOn } from '@shared/base/colour'
import { colourOf } from './scales'
import type { Scale } from '@shared/catalog/statistics/types'
import { themeOf } from './theme'

/** A row of figures, one per column; painted where it has a scale. */
export interface ChainPictureRow {
  label: string
  values: (number | undefined)[]
  texts: string[]
  scale?: { scale: Scale; range: Range }
}
/** The chain of factors as a picture of its own, from the loss to the first layer. */
export interface ChainPicture {
  /** Names of the layers that the gradient gets to. */
  columns: string[]
  rows: ChainPictureRow[]
  caption: Caption
  /** The product written out, and what follows from it, a line each. */
  lines: string[]
  labels: { into: string; loss: string }
  dark: boolean
}
const HEAD = 44
const PLAIN = 20
const CELL = 28
const COLUMN = 52
const heightOf = (r: Pick<ChainPictureRow, 'scale'>): number => (r.scale ? CELL : PLAIN)
const wordsOf = (m: Pick<ChainPicture, 'rows' | 'labels'>): number =>
  Math.min(220, 12 + Math.max(...[m.labels.into, ...m.rows.map((r) => r.label)].map((s) => textWidth(s, 600))))
/** Room that the chain takes, words included. */
export function chainSize(m: ChainPicture): Size {
  const words = Math.max(
    textWidth(m.caption.title, 600, 12) + textWidth(m.caption.sub ?? '') + 26,
    ...m.lines.map((l) => textWidth(l, 400, 12))
  )
  return {
    width: Math.ceil(32 + Math.max(words, wordsOf(m) + m.columns.length * COLUMN)),
    height: HEAD + PLAIN + m.rows.reduce((n, r) => n + heightOf(r), 0) + 12 + 20 * m.lines.length + 12
  }
}

/**
 * ECharts option of the chain: a column per layer, the loss at the left, gains and gradients in the colours of the
 * heatmap.
 */
export function chainOption(m: ChainPicture, size: Size): Option {
  const t = themeOf(m.dark)
  const children: object[] = captionElements(m.caption, t, 16)
  const say = (text: string, x: number, y: number, ink: string, weight = 400, align = 'center', px = 11): void =>
    void children.push({
      type: 'text',
      style: { text, x, y, align, verticalAlign: 'middle', ...textStyle(ink, weight, px) }
    })
  const left = 16 + wordsOf(m)
  const middle = (column: number): number => left + (column + 0.5) * COLUMN
  let y = HEAD
  say(m.labels.into, 16, y + PLAIN / 2, t.text3, 400, 'left')
  m.columns.forEach((c, i) => say(c, middle(i), y + PLAIN / 2, t.text3))
  y += PLAIN
  for (const row of m.rows) {
    const h = heightOf(row)
    say(row.label, 16, y + h / 2, row.scale ? t.text : t.text2, row.scale ? 600 : 400, 'left')
    row.values.forEach((v, i) => {
      if (row.scale && v !== undefined) {
        const colour = colourOf(v, row.scale.scale, row.scale.range, m.dark)
        children.push({
          type: 'rect',
          shape: { x: middle(i) - COLUMN / 2 + 1, y: y + 1, width: COLUMN - 2, height: h - 2, r: 3 },
          style: { fill: css(colour) }
        })
        say(row.texts[i]!, middle(i), y + h / 2, inkOn(colour), 600)
      } else say(!i && row.scale ? m.labels.loss : row.texts[i]!, middle(i), y + h / 2, row.scale ? t.text3 : t.text2)
    })
    y += h
  }
  m.lines.forEach((l, i) => say(l, 16, y + 22 + 20 * i, t.text2, 400, 'left', 12))
  return drawnOption(size, t.panel, children)
}
