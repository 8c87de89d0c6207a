import { layerTicks, short } from './format'
import { core, type Distribution } from './lens'
import {
  boxOf,
  CAPTION,
  captionElements,
  drawnOption,
  textStyle,
  type Caption,
  type Margins,
  type Option,
  type Size
} from './plot'
import { css, INFINITE, NAN_A, NAN_B } from '@shared/base/colour'
import { themeOf } from './theme'

/** The distribution of one layer; undefined where the layer has none. */
export interface Ridge {
  name: string
  distribution: Distribution | undefined
  nan: number
  infinite: number
}
export interface RidgelineModel {
  /** In forward order: the first is drawn at the bottom, as in the heatmap. */
  ridges: Ridge[]
  /** Selected row. */
  row?: number | undefined
  dark: boolean
  caption?: Caption | undefined
}
export const ridgelineMargins: Margins = { left: 30, right: 64, top: 18, bottom: 22 }

/** Far outliers stay outside. */
const reach = (d: Distribution): number => Math.max(...core(d).map(Math.abs))
/**
 * How far an axis around 0 must reach for all rows; undefined when their sizes differ so much (over 50 times) that on a
 * common axis most would be a needle: then each row has its own.
 */
export function commonReach(ridges: readonly Ridge[]): number | undefined {
  const all = ridges.flatMap((r) => (r.distribution ? [reach(r.distribution)] : [])).filter((x) => x > 0)
  const most = Math.max(0, ...all)
  return all.length && most <= 50 * Math.min(...all) ? most : undefined
}
/** The row under a height in the picture. */
export function ridgeAt(y: number, size: Size, rows: number): number | undefined {
  const b = boxOf(size, ridgelineMargins)
  const row = Math.floor(((b.y + b.height - y) / b.height) * rows)
  return row >= 0 && row < rows ? row : undefined
}
/** Outline of a ridge in pixels, from left to right; heights relative to its own tallest bin. */
export function outline(
  d: Distribution,
  most: number,
  x: number,
  width: number,
  base: number,
  height: number
): [number, number][] {
  const tallest = Math.max(...Array.from(d.bins))
  const at = (v: number): number => x + ((v / most + 1) / 2) * width
  if (!(most > 0) || !(tallest > 0)) return []
  if (d.low === d.high)
    return [
      [at(d.low) - 1, base],
      [at(d.low) - 1, base - height],
      [at(d.low) + 1, base - height],
      [at(d.low) + 1, base]
    ]
  const bin = (d.high - d.low) / d.bins.length
  const points = Array.from(d.bins, (n, i): [number, number] => [
    at(d.low + (i + 0.5) * bin),
    base - (n / tallest) * height
  ])
  const inside = points.filter(([px]) => px >= x && px <= x + width)
  const [from, to] = [Math.max(x, at(d.low)), Math.min(x + width, at(d.high))]
  return [[from, base], ...inside, [to, base]]
}

/** ECharts option of a ridgeline: one distribution per layer, the first layer at the bottom. */
export function ridgelineOption(m: RidgelineModel, size: Size): Option {
  const t = themeOf(m.dark)
  const b = boxOf(size, { ...ridgelineMargins, top: ridgelineMargins.top + (m.caption ? CAPTION - 10 : 0) })
  const n = m.ridges.length
  const pitch = b.height / Math.max(1, n)
  const common = commonReach(m.ridges)
  const named = new Set(layerTicks(n, 0, n, b.height))
  const children: object[] = m.caption ? captionElements(m.caption, t, 12) : []
  const middle = b.x + b.width / 2
  children.push({
    type: 'line',
    shape: { x1: middle, y1: b.y, x2: middle, y2: b.y + b.height },
    style: { stroke: t.line2, lineWidth: 1 }
  })
  for (let r = n - 1; r >= 0; r--) {
    const ridge = m.ridges[r]!
    const base = b.y + b.height - r * pitch
    const d = ridge.distribution
    const on = r === m.row
    if (on)
      children.push({
        type: 'rect',
        shape: { x: b.x, y: base - pitch, width: b.width + ridgelineMargins.right, height: pitch },
        style: { fill: t.accent, opacity: 0.12 }
      })
    children.push({
      type: 'line',
      shape: { x1: b.x, y1: base, x2: b.x + b.width, y2: base },
      style: { stroke: t.line, lineWidth: 1 }
    })
    if (d) {
      const most = common ?? reach(d)
      // Ridges overlap a little, as ridges do.
      const points = outline(d, most, b.x, b.width, base, Math.max(3, pitch * 1.25))
      if (points.length)
        children.push({
          type: 'polygon',
          shape: { points },
          style: { fill: on ? t.accent : t.runB, opacity: 0.55, stroke: on ? t.accent : t.runB, lineWidth: 1 }
        })
    }
    const special = ridge.nan ? `${ridge.nan} NaN` : ridge.infinite ? `${ridge.infinite} Inf` : ''
    if (named.has(r + 1) || on) {
      children.push({
        type: 'text',
        style: {
          text: ridge.name,
          x: b.x - 6,
          y: base - pitch / 2,
          align: 'right',
          verticalAlign: 'middle',
          ...textStyle(on ? t.accent : t.text3, on ? 600 : 400)
        }
      })
      const text = special || (d && common === undefined ? `±${short(reach(d), 1)}` : '')
      const ink = ridge.nan ? (m.dark ? css(NAN_B) : css(NAN_A)) : ridge.infinite ? css(INFINITE) : t.text3
      if (text)
        children.push({
          type: 'text',
          style: { text, x: b.x + b.width + 6, y: base - pitch / 2, verticalAlign: 'middle', ...textStyle(ink) }
        })
    }
  }
  if (common !== undefined)
    for (const [u, align] of [
      [-1, 'left'],
      [0, 'center'],
      [1, 'right']
    ] as const)
      children.push({
        type: 'text',
        style: {
          text: u === 0 ? '0' : `${u < 0 ? '−' : ''}${short(common)}`,
          x: middle + (u * b.width) / 2,
          y: b.y + b.height + 12,
          align,
          verticalAlign: 'middle',
          ...textStyle(t.text3)
        }
      })
  else
    children.push({
      type: 'text',
      style: {
        text: '0',
        x: middle,
        y: b.y + b.height + 12,
        align: 'center',
        verticalAlign: 'middle',
        ...textStyle(t.text3)
      }
    })
  return drawnOption(size, m.caption ? t.panel : 'transparent', children)
}
