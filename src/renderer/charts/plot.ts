import type { ChartTheme } from './theme'
import { FONT } from './theme'

/** Margins of a plot within its chart, CSS pixels. Neighbouring plots share top and bottom, so that their rows line up. */
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
  tone: 'text' | 'bad' | 'accent'
}
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
export const textStyle = (fill: string, weight = 400, size = 11): object => ({ fill, font: `${weight} ${size}px ${FONT}` })

/** Domain of the step axis: all planned steps, or all recorded ones when there are more. */
export const stepDomain = (planned: number, last: number | undefined): [number, number] => [0, Math.max(1, planned, (last ?? -1) + 1)]

/** Measures text in the chart's own font (rough where there is no canvas). */
export function textWidth(text: string, weight = 400, size = 11): number {
  const c = (textWidth.canvas ??= typeof document === 'undefined' ? null : document.createElement('canvas').getContext('2d'))
  if (!c) return text.length * size * 0.6
  c.font = `${weight} ${size}px ${FONT}`
  return c.measureText(text).width
}
textWidth.canvas = undefined as CanvasRenderingContext2D | null | undefined

type Element = Record<string, unknown>
/** A row of legend entries: a piece of line (or band) and words, laid out from the left. */
export interface LegendItem {
  text: string
  color: string
  ink: string
  kind: 'line' | 'dots' | 'dashed' | 'band'
  bold?: boolean
}
export function legend(items: LegendItem[], x: number, y: number, width: number): Element[] {
  const out: Element[] = []
  let at = x
  for (const i of items) {
    const w = 20 + textWidth(i.text, i.bold ? 600 : 400)
    if (at > x && at + w > x + width) break
    if (i.kind === 'band') out.push({ type: 'rect', shape: { x: at, y: y - 4, width: 14, height: 8, r: 4 }, style: { fill: i.color }, silent: true })
    else
      out.push({
        type: 'line',
        shape: { x1: at, y1: y, x2: at + 14, y2: y },
        style: { stroke: i.color, lineWidth: 2, lineDash: i.kind === 'dashed' ? [4, 3] : undefined },
        silent: true
      })
    if (i.kind === 'dots') out.push({ type: 'circle', shape: { cx: at + 7, cy: y, r: 2.5 }, style: { fill: i.color }, silent: true })
    out.push({ type: 'text', style: { text: i.text, x: at + 18, y, verticalAlign: 'middle', ...textStyle(i.ink, i.bold ? 600 : 400) }, silent: true })
    at += w + 12
  }
  return out
}

/** A small canvas of diagonal hatching, as a fill pattern. */
export function hatch(a: string, b: string, on: number, period: number): { type: 'pattern'; image: HTMLCanvasElement; repeat: 'repeat' } {
  const image = document.createElement('canvas')
  image.width = image.height = period
  const c = image.getContext('2d')!
  for (let y = 0; y < period; y++)
    for (let x = 0; x < period; x++) {
      c.fillStyle = (x + y) % period < on ? a : b
      c.fillRect(x, y, 1, 1)
    }
  return { type: 'pattern', image, repeat: 'repeat' }
}
