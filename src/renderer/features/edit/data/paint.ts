import { sizeOf } from '@shared/base/sizeOf'
import type { Data } from '@shared/catalog/datasets'
import type { Plane } from '@shared/run/types'
import { contourLines, extent, levelsOf } from '@/charts/contour'
import { css } from '@shared/base/colour'
import { colourAlong } from '@/charts/scales'
import { themeOf } from '@/charts/theme'
import { isSequence, MAX_STRIPS, paintLines } from './lines'
import { byClass, classOf, pictureOf } from './points'

/** What is painted, and how. */
export interface Look {
  data: Data | undefined
  /** A critic's, while it is trained and after. */
  plane?: Plane | undefined
  /** CSS pixels. */
  w: number
  h: number
  /** Pictures in a row, classes in columns. */
  across?: number | undefined
  dark: boolean
  /** Device pixels per CSS pixel. */
  ratio: number
}
const COLOURS = {
  light: ['#2F58C9', '#A34A0A', '#00757A', '#8A3FA0', '#5C6675', '#B3261E'],
  dark: ['#93AEFF', '#F0A060', '#4CC5C2', '#CF93E0', '#949EAE', '#F48A82']
}
/** Examples that are points of the plane. */
const isPlane = (data: Pick<Data, 'inputShape'>): boolean => data.inputShape.join() === '2'

function grey(
  ctx: CanvasRenderingContext2D,
  look: Look,
  data: Data,
  from: number,
  x: number,
  y: number,
  cell: number,
  cols: number,
  rows: number
): void {
  const d = sizeOf(data.inputShape)
  let [low, high] = [Infinity, -Infinity]
  for (let i = 0; i < cols * rows; i++) {
    const v = data.x[from * d + (i % (d * data.count - from * d || 1))] ?? 0
    low = Math.min(low, v)
    high = Math.max(high, v)
  }
  ctx.fillStyle = themeOf(look.dark).text
  for (let i = 0; i < cols * rows; i++) {
    const v = data.x[from * d + i] ?? 0
    ctx.globalAlpha = 0.06 + 0.88 * (high > low ? (v - low) / (high - low) : 0)
    ctx.fillRect(x + (i % cols) * cell, y + Math.floor(i / cols) * cell, cell, cell)
  }
  ctx.globalAlpha = 1
}
/** One example as a picture of grey, the darkest value to the lightest. */
function picture(
  ctx: CanvasRenderingContext2D,
  look: Look,
  data: Data,
  example: number,
  [rows, cols]: [number, number],
  x: number,
  y: number,
  tile: number
): void {
  const n = rows * cols
  const values = data.x.subarray(example * n, (example + 1) * n)
  const [low, high] = extent(values) ?? [0, 0]
  const image = document.createElement('canvas')
  image.width = cols
  image.height = rows
  const pixels = new ImageData(cols, rows)
  const ink = look.dark ? 255 : 0
  for (let i = 0; i < n; i++) {
    pixels.data.fill(ink, 4 * i, 4 * i + 3)
    pixels.data[4 * i + 3] = 255 * (0.06 + 0.88 * (high > low ? (values[i]! - low) / (high - low) : 0))
  }
  image.getContext('2d')!.putImageData(pixels, 0, 0)
  const scale = tile / Math.max(rows, cols)
  // Enlarged pixels stay squares.
  ctx.imageSmoothingEnabled = scale * look.ratio < 2
  ctx.drawImage(image, x + (tile - cols * scale) / 2, y + (tile - rows * scale) / 2, cols * scale, rows * scale)
}
/**
 * The critic's output as colour and as lines of equal value, real points in orange, where it should be high, generated
 * ones in blue.
 */
function critic(ctx: CanvasRenderingContext2D, look: Look, plane: Plane): void {
  const { side, values, reach } = plane
  const size = Math.min(look.w, look.h)
  const [left, top] = [(look.w - size) / 2, (look.h - size) / 2]
  const range = extent(values)
  if (range) {
    const tile = document.createElement('canvas')
    tile.width = tile.height = side
    const t = tile.getContext('2d')!
    for (let i = 0; i < side * side; i++) {
      const v = values[i]!
      if (!Number.isFinite(v)) continue
      t.fillStyle = css(
        colourAlong(range[1] > range[0] ? (v - range[0]) / (range[1] - range[0]) : 0.5, 'linear', look.dark)
      )
      t.fillRect(i % side, Math.floor(i / side), 1, 1)
    }
    const step = size / (side - 1)
    ctx.save()
    ctx.beginPath()
    ctx.rect(left, top, size, size)
    ctx.clip()
    ctx.imageSmoothingEnabled = true
    ctx.globalAlpha = 0.5
    // Pixels stand for the grid's points, the outer ones of which lie on the edge.
    ctx.drawImage(tile, left - step / 2, top - step / 2, size + step, size + step)
    if (size >= 100) {
      ctx.globalAlpha = 0.45
      ctx.strokeStyle = themeOf(look.dark).text2
      ctx.lineWidth = 0.75
      ctx.beginPath()
      for (const level of levelsOf(range, 11)) {
        const s = contourLines(values, side, level)
        for (let i = 0; i < s.length; i += 4) {
          ctx.moveTo(left + s[i]! * step, top + s[i + 1]! * step)
          ctx.lineTo(left + s[i + 2]! * step, top + s[i + 3]! * step)
        }
      }
      ctx.stroke()
    }
    ctx.restore()
  }
  const colours = COLOURS[look.dark ? 'dark' : 'light']
  const r = size < 100 ? 0.8 : 1.6
  for (const [points, colour] of [
    [plane.real, colours[1]!],
    [plane.generated, colours[0]!]
  ] as const) {
    ctx.fillStyle = colour
    for (let i = 0; i < points.length; i += 2) {
      const [x, y] = [points[i]! / reach, points[i + 1]! / reach]
      if (!(Math.abs(x) <= 1 && Math.abs(y) <= 1)) continue
      ctx.beginPath()
      ctx.arc(left + (size / 2) * (1 + x), top + (size / 2) * (1 - y), r, 0, 7)
      ctx.fill()
    }
  }
}
/** The class that a network sees at each point of the plane as its colour, and examples in the colours of theirs. */
function boundary(ctx: CanvasRenderingContext2D, look: Look, plane: Plane): void {
  const { side, values, reach, real, labels = [] } = plane
  const size = Math.min(look.w, look.h)
  const [left, top] = [(look.w - size) / 2, (look.h - size) / 2]
  const colours = COLOURS[look.dark ? 'dark' : 'light']
  const colourAt = (k: number | undefined): string =>
    k === undefined || k < 0 ? themeOf(look.dark).empty : colours[k % colours.length]!
  const tile = document.createElement('canvas')
  tile.width = tile.height = side
  const t = tile.getContext('2d')!
  values.forEach((k, i) => {
    t.fillStyle = colourAt(k)
    t.fillRect(i % side, Math.floor(i / side), 1, 1)
  })
  const step = size / (side - 1)
  ctx.save()
  ctx.beginPath()
  ctx.rect(left, top, size, size)
  ctx.clip()
  ctx.globalAlpha = 0.28
  // Between two classes there is a border, not a blend.
  ctx.imageSmoothingEnabled = false
  ctx.drawImage(tile, left - step / 2, top - step / 2, size + step, size + step)
  ctx.globalAlpha = 1
  for (let i = 0; i < real.length / 2; i++) {
    ctx.fillStyle = colourAt(labels[i])
    ctx.beginPath()
    ctx.arc(left + (size / 2) * (1 + real[2 * i]! / reach), top + (size / 2) * (1 - real[2 * i + 1]! / reach), 2, 0, 7)
    ctx.fill()
  }
  ctx.restore()
}
/** A few sequences as tiles of features × time, time to the right. */
function pianoRoll(ctx: CanvasRenderingContext2D, look: Look, data: Data): void {
  const [steps, features] = data.inputShape as [number, number]
  const cell = Math.max(1, Math.min(look.w / steps, 8))
  const across = Math.max(1, Math.floor((look.w + 4) / (cell * steps + 4)))
  const high = Math.min(cell, 8)
  const down = Math.max(1, Math.floor((look.h + 4) / (high * features + 4)))
  ctx.fillStyle = themeOf(look.dark).text
  for (let k = 0; k < across * down && k < data.count; k++) {
    const of = data.x.subarray(k * steps * features, (k + 1) * steps * features)
    const range = extent(of)
    if (!range) continue
    const [left, top] = [(k % across) * (cell * steps + 4), Math.floor(k / across) * (high * features + 4)]
    for (let t = 0; t < steps; t++)
      for (let f = 0; f < features; f++) {
        ctx.globalAlpha =
          0.06 + 0.88 * (range[1] > range[0] ? (of[t * features + f]! - range[0]) / (range[1] - range[0]) : 0)
        ctx.fillRect(left + t * cell, top + f * high, cell, high)
      }
  }
  ctx.globalAlpha = 1
}
/**
 * The examples as one sees them: a critic's output over the plane with real and generated points, points of the plane,
 * pictures, sequences as lines, or the table's numbers as a tile of grey. Paints from the origin, in CSS pixels; the
 * ground is left as it is.
 */
export function paintData(ctx: CanvasRenderingContext2D, look: Look): void {
  const { data, plane, w, h } = look
  if (plane) return plane.classes === undefined ? critic(ctx, look, plane) : boundary(ctx, look, plane)
  if (!data) return
  const shape = pictureOf(data)
  if (isPlane(data)) {
    const pad = 5
    let reach = 0
    for (let i = 0; i < data.count * 2; i++) reach = Math.max(reach, Math.abs(data.x[i]!))
    const scale = (Math.min(w, h) / 2 - pad) / (reach || 1)
    const colours = COLOURS[look.dark ? 'dark' : 'light']
    const n = Math.min(data.count, 1500)
    const r = w < 100 ? 1 : 2
    for (let k = 0; k < n; k++) {
      const i = Math.floor((k * data.count) / n)
      ctx.fillStyle = colours[classOf(data, i) % colours.length]!
      ctx.beginPath()
      ctx.arc(w / 2 + data.x[i * 2]! * scale, h / 2 - data.x[i * 2 + 1]! * scale, r, 0, 7)
      ctx.fill()
    }
  } else if (shape) {
    if (!look.across) return picture(ctx, look, data, 0, shape, 0, 0, Math.min(w, h))
    const top = data.classes ? 14 : 0
    const count = byClass(data, look.across, 1).length
    const gap = 4
    const tile = (w - gap * (count - 1)) / count
    ctx.fillStyle = themeOf(look.dark).text2
    ctx.font = '11px system-ui, sans-serif'
    ctx.textAlign = 'center'
    byClass(data, look.across, Math.max(1, Math.floor((h - top + gap) / (tile + gap)))).forEach(
      ({ name, examples }, c) => {
        const x = c * (tile + gap)
        if (name !== undefined) ctx.fillText(name.slice(0, 6), x + tile / 2, 10)
        examples.forEach((i, r) => picture(ctx, look, data, i, shape, x, top + r * (tile + gap), tile))
      }
    )
  } else if (isSequence(data) && data.inputShape[1]! > MAX_STRIPS) pianoRoll(ctx, look, data)
  else if (isSequence(data)) {
    const colours = COLOURS[look.dark ? 'dark' : 'light']
    paintLines(ctx, data, w, h, (k) => colours[k % colours.length]!)
  } else {
    const cell = w / Math.max(4, Math.min(16, Math.floor(w / 7)))
    const cols = Math.round(w / cell)
    const rows = Math.floor(h / cell)
    grey(ctx, look, data, 0, 0, 0, cell, cols, rows)
  }
}
