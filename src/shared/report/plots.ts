import { css, DIVERGING, INFINITE, MAGNITUDE, mix, NAN_A, ZERO, type RGB } from '../base/colour'
import { show } from '../clinic/rules/parts/view'
import { dataUrl, html, raw, type Html } from './html'
import { png } from './png'
import { framesShown, type Rows } from './rows'
import type { ReportRun } from './types'

/** Where a plot is drawn inside its picture, CSS pixels. */
export interface Box {
  x: number
  y: number
  w: number
  h: number
}
/** Ends of the scale of magnitudes, as powers of ten. */
export type Decades = readonly [low: number, high: number]
const LOWEST = -14

/** The scale on which all gradients of some runs fit: from 1e-14 to 1, or further up. */
export function decadesOf(runs: readonly { run: ReportRun; rows: Rows }[]): Decades {
  let most = 1
  for (const { run, rows } of runs)
    for (let f = 0; f < run.frames.length; f++)
      for (const c of rows.columns) {
        const v = run.frames.value(f, c) ?? 0
        if (Number.isFinite(v) && v > most) most = v
      }
  return [LOWEST, 2 * Math.ceil(Math.log10(most) / 2)]
}
/** Colour of a magnitude. */
export function magnitude(value: number, [low, high]: Decades): RGB {
  if (Number.isNaN(value)) return NAN_A
  if (!Number.isFinite(value)) return INFINITE
  return value === 0 ? ZERO : mix(MAGNITUDE, (Math.log10(Math.abs(value)) - low) / (high - low))
}
/** Colour of a factor: blue where it shrinks, orange where it grows. */
export const factor = (value: number): RGB =>
  !Number.isFinite(value) ? NAN_A : value === 0 ? ZERO : mix(DIVERGING.light, (Math.log2(value) + 3) / 6)

type Anchor = 'start' | 'middle' | 'end'
/** A text of a picture. @param more its classes */
export const label = (x: number, y: number, text: string, anchor: Anchor = 'start', more = ''): Html =>
  html`<text x="${x.toFixed(1)}" y="${y.toFixed(1)}" text-anchor="${anchor}" class="${more}">${text}</text>`
const pathOf = (points: readonly (readonly [number, number] | undefined)[]): string => {
  let pen = false
  return points
    .map((p) => {
      if (!p) return ((pen = false), '')
      const command = pen ? 'L' : 'M'
      pen = true
      return `${command}${p[0].toFixed(1)} ${p[1].toFixed(1)}`
    })
    .join('')
}
/** A line through points; it is broken where there is none. @param style its CSS */
const line = (points: readonly (readonly [number, number] | undefined)[], style: string): Html =>
  html`<path d="${pathOf(points)}" fill="none" style="${style}" />`

/** Round marks from 0 to `end`, some four of them. */
function marksTo(end: number): number[] {
  const rough = end / 4
  const unit = 10 ** Math.floor(Math.log10(Math.max(rough, 1)))
  const step = Math.max(1, unit * [1, 2, 5, 10].find((n) => n * unit >= rough)!)
  return Array.from({ length: Math.floor(end / step) + 1 }, (_, i) => i * step)
}
/** The axis of steps under a plot. */
export const stepAxis = ({ x, y, w, h }: Box, steps: number): Html =>
  html`${marksTo(steps).map((t) => label(x + (w * t) / Math.max(1, steps), y + h + 14, String(t), t ? 'middle' : 'start'))}`

/** Numbers of the rows beside a plot: the first layer is at the bottom. */
export function rowAxis({ x, y, h }: Box, rows: number, title: string): Html {
  const every = Math.max(1, Math.ceil(rows / Math.max(2, Math.floor(h / 28))))
  const marks = Array.from({ length: rows }, (_, i) => i + 1).filter((n) => n === 1 || n === rows || n % every === 0)
  const kept = marks.filter((n) => n === rows || n === 1 || rows - n >= every / 2)
  return html`${label(x - 8, y - 6, title, 'end')}${kept.map((n) => label(x - 8, y + ((rows - n + 0.5) * h) / rows + 4, String(n), 'end'))}`
}

/**
 * A heatmap of ∂loss/∂h: a picture inside the page, which needs no script, and over it what the script asks for values.
 * @param table id of the link that holds the values
 */
export function heatmap(
  run: ReportRun,
  { columns }: Rows,
  box: Box,
  scale: Decades,
  table: string,
  name: string
): Html {
  const { frames, progress } = run
  const rows = columns.length
  const shown = framesShown(run, rows)
  const from = frames.firstStep ?? 0
  const every = shown.length > 1 ? (frames.lastStep! - from) / (shown.length - 1) : 1
  const width = shown.length
  const pixels = new Uint8Array(4 * width * rows)
  for (let i = 0; i < width; i++) {
    // Frames recorded out of turn stand at their step, not at their number.
    const frame = frames.frameAt(Math.round(from + i * every))
    for (let r = 0; r < rows; r++) {
      const v = frames.value(frame, columns[r]!)
      if (v !== undefined) pixels.set([...magnitude(v, scale), 255], 4 * ((rows - 1 - r) * width + i))
    }
  }
  const at = (step: number): number => box.x + (box.w * step) / Math.max(1, progress.steps)
  const [left, right] = [at(from), Math.min(box.x + box.w, at(frames.lastStep! + every))]
  return html`<rect x="${box.x}" y="${box.y}" width="${box.w}" height="${box.h}" class="empty" /><image
      x="${left.toFixed(2)}"
      y="${box.y}"
      width="${Math.max(1, right - left).toFixed(2)}"
      height="${box.h}"
      preserveAspectRatio="none"
      style="image-rendering:pixelated"
      href="${dataUrl('image/png', png(width, rows, pixels))}"
    /><rect
      class="hot"
      x="${left.toFixed(2)}"
      y="${box.y}"
      width="${Math.max(1, right - left).toFixed(2)}"
      height="${box.h}"
      data-kind="heat"
      data-table="${table}"
      data-from="${from}"
      data-to="${frames.lastStep! + every}"
      ><title>${name}</title></rect
    >`
}
/** The bar that says which colour is which power of ten. */
export function colourBar({ x, y, h }: Box, [low, high]: Decades): Html {
  const stops = MAGNITUDE.map((c, i) => html`<stop offset="${i * 10}%" stop-color="${css(c)}" />`)
  const marks = Array.from({ length: Math.floor((high - low) / 2) + 1 }, (_, i) => high - 2 * i)
  return html`<defs><linearGradient id="bar" x1="0" y1="1" x2="0" y2="0">${stops}</linearGradient></defs
    ><rect x="${x}" y="${y}" width="10" height="${h}" rx="2" fill="url(#bar)" />${marks.map((d) =>
      label(x + 16, y + 4 + (h * (high - d)) / (high - low), `1e${d}`)
    )}`
}

/** A line of a profile: its value at each row, the first layer first. */
export interface ProfileLine {
  name: string
  values: readonly (number | undefined)[]
  colour: string
  /** Wide and pale, under the others. */
  theory?: boolean
}
/** Gradient by layer, on the rows of the heatmap beside it. */
export function profile(lines: readonly ProfileLine[], rows: number, box: Box, named: readonly string[]): Html {
  const usable = (v: number | undefined): v is number => v !== undefined && Number.isFinite(v) && v > 0
  const logs = lines.flatMap((l) => l.values.filter(usable).map(Math.log10))
  const [low, high] = logs.length ? [Math.floor(Math.min(...logs)), Math.ceil(Math.max(...logs))] : [LOWEST, 0]
  const span = Math.max(1, high - low)
  const X = (v: number): number => box.x + (box.w * (Math.log10(v) - low)) / span
  const Y = (r: number): number => box.y + ((rows - r - 0.5) * box.h) / rows
  const every = Math.max(1, Math.ceil(span / 4))
  const marks = Array.from({ length: Math.floor(span / every) + 1 }, (_, i) => low + i * every)
  return html`${marks.map((d) => {
    const x = X(10 ** d)
    return html`<path
        d="M${x.toFixed(1)} ${box.y}v${box.h}"
        class="hair"
      />${label(x, box.y + box.h + 14, `1e${d}`, 'middle')}`
  })}${lines.map((l) => {
    const points = l.values.map((v, r) => (usable(v) ? ([X(v), Y(r)] as const) : undefined))
    if (l.theory) return line(points, `stroke:${l.colour};stroke-width:7;stroke-linecap:round`)
    return html`${line(points, `stroke:${l.colour};stroke-width:1.6`)}${points.map((p, r) =>
      p
        ? html`<circle cx="${p[0].toFixed(1)}" cy="${p[1].toFixed(1)}" r="2" fill="${l.colour}"
            ><title>${named[r]!}: ${show(l.values[r]!)}, ${l.name}</title></circle
          >`
        : ''
    )}`
  })}`
}

/** A curve over steps. */
export interface Curve {
  name: string
  steps: readonly number[]
  values: readonly (number | undefined)[]
  colour: string
  dashed?: boolean
}
/** Magnitudes further apart than this are drawn on a scale of powers of ten. */
const WIDE = 100
/**
 * @param table id of the link that holds the values @param only what the names of its columns end with
 * @param share values between 0 and 1
 */
export function curves(
  all: readonly Curve[],
  steps: number,
  box: Box,
  table: string,
  only = 'loss',
  share = false
): Html {
  const finite = all.flatMap((c) => c.values.filter((v): v is number => v !== undefined && Number.isFinite(v)))
  if (!finite.length) return raw('')
  const least = finite.reduce((a, v) => Math.min(a, v), Infinity)
  const most = finite.reduce((a, v) => Math.max(a, v), -Infinity)
  const isLog = least > 0 && most / least > WIDE
  const unit = 10 ** Math.floor(Math.log10(Math.max(1e-30, most - Math.min(0, least))))
  const [low, high] = share
    ? [0, 1]
    : isLog
      ? [Math.floor(Math.log10(least)), Math.ceil(Math.log10(most))]
      : [Math.min(0, Math.floor(least / unit) * unit), Math.ceil(most / (unit / 2)) * (unit / 2) || 1]
  const X = (step: number): number => box.x + (box.w * step) / Math.max(1, steps)
  const Y = (v: number): number =>
    box.y + box.h - (box.h * ((isLog && !share ? Math.log10(v) : v) - low)) / (high - low || 1)
  const ticks =
    isLog && !share
      ? Array.from({ length: Math.min(6, high - low + 1) }, (_, i, n = Math.min(6, high - low + 1)) =>
          Math.round(low + ((high - low) * i) / Math.max(1, n - 1))
        ).map((d) => [10 ** d, `1e${d}`] as const)
      : [0, 0.25, 0.5, 0.75, 1].map((u) => {
          const v = low + u * (high - low)
          return [v, share ? `${100 * v} %` : show(v)] as const
        })
  return html`${ticks.map(([v, text]) => html`<path d="M${box.x} ${Y(v).toFixed(1)}h${box.w}" class="hair" />${label(box.x - 6, Y(v) + 4, text, 'end')}`)}${all.map(
      (c) =>
        line(
          c.values.map((v, i) =>
            v !== undefined && Number.isFinite(v) && !(isLog && v <= 0)
              ? ([X(c.steps[i]!), Math.max(box.y, Math.min(box.y + box.h, Y(v)))] as const)
              : undefined
          ),
          `stroke:${c.colour};stroke-width:1.3;stroke-linejoin:round${c.dashed ? ';stroke-dasharray:4 3' : ''}`
        )
    )}${stepAxis(box, steps)}<rect
      class="hot"
      x="${box.x}"
      y="${box.y}"
      width="${box.w}"
      height="${box.h}"
      data-kind="curve"
      data-only="${only}"
      data-table="${table}"
      data-from="0"
      data-to="${steps}"
    />`
}
/** Names of lines, one under the other. */
export const legend = (
  x: number,
  y: number,
  lines: readonly { name: string; colour: string; dashed?: boolean }[]
): Html =>
  html`${lines.map(
    (l, i) =>
      html`<path
          d="M${x} ${y + 16 * i}h14"
          style="stroke:${l.colour};stroke-width:2${l.dashed ? ';stroke-dasharray:4 3' : ''}"
        /><text x="${x + 20}" y="${y + 16 * i + 4}" style="fill:${l.colour};font-weight:600">${l.name}</text>`
  )}`
