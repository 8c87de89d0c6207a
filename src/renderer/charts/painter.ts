import type { SpecialPixels } from './scales'
import { MISSING as EMPTY } from '@shared/run/frameTable'

/** Values laid out as frames: value of row r in frame f is at `f * stride + columns[r]`. */
export interface Grid {
  /** Float32 values as their bits. */
  bits: Uint32Array
  stride: number
  /** Row (0 = bottom) → place in a frame. */
  columns: Int32Array
  /** Step of each frame, rising. */
  steps: Int32Array
  /** Values may be missing. */
  gaps?: boolean
}
export const gridOf = (
  values: Float32Array,
  stride: number,
  columns: Int32Array,
  steps: Int32Array,
  gaps = false
): Grid => ({
  bits: new Uint32Array(values.buffer, values.byteOffset, values.length),
  stride,
  columns,
  steps,
  gaps
})
/** What part of step × row a picture shows: [from, to) in steps and [bottom, top) in rows, both may be fractional. */
export interface View {
  from: number
  to: number
  bottom: number
  top: number
}

const MAGNITUDE_BITS = 0x7fffffff
const INF_BITS = 0x7f800000
const ONE_BITS = 0x3f800000

/** First index of a rising array whose element is ≥ x. */
function lowerBound(a: Int32Array, x: number): number {
  let low = 0
  let high = a.length
  while (low < high) {
    const mid = (low + high) >>> 1
    if (a[mid]! < x) low = mid + 1
    else high = mid
  }
  return low
}

/**
 * The cells of a picture `width` pixels wide: for each pixel column and row, the bits of one float32.
 * Where several frames fall into one pixel column the most telling is kept: NaN, then ±Inf, then the largest magnitude
 * (on a `ratio` scale the one furthest from 1). Where a frame is wider than a pixel it is repeated.
 */
export class CellBuffer {
  cells = new Uint32Array(0)
  width = 0
  rows = 0
  private view: View = { from: 0, to: 1, bottom: 0, top: 1 }
  private painted = 0
  private grid: Grid | undefined

  /**
   * Brings the cells up to date.
   * @param interval steps from one recorded frame to the next: how far the last one reaches.
   * @returns first and last + 1 pixel column that changed.
   */
  update(grid: Grid, view: View, width: number, interval: number, ratio: boolean, fresh = false): [number, number] {
    const rows = grid.columns.length
    const same =
      !fresh &&
      width === this.width &&
      rows === this.rows &&
      view.from === this.view.from &&
      view.to === this.view.to &&
      this.grid?.stride === grid.stride &&
      this.grid.columns === grid.columns &&
      grid.steps.length >= this.painted
    if (!same) {
      this.width = width
      this.rows = rows
      if (this.cells.length < width * rows) this.cells = new Uint32Array(width * rows)
      this.painted = 0
    }
    this.grid = grid
    this.view = { ...view }
    const frames = grid.steps.length
    if (same && frames === this.painted) return [0, 0]
    const perPixel = (view.to - view.from) / width
    // Also again what the newest painted frame reached into.
    const first = this.painted
      ? Math.max(0, Math.min(width, Math.floor((grid.steps[this.painted - 1]! - view.from) / perPixel)))
      : 0
    let last = width
    if (this.painted)
      last = Math.max(
        first,
        Math.min(width, Math.ceil((grid.steps[frames - 1]! + interval - view.from) / perPixel) + 1)
      )
    this.fill(grid, first, last, perPixel, interval, ratio)
    this.painted = frames
    return [first, last]
  }

  private fill(grid: Grid, first: number, last: number, perPixel: number, interval: number, ratio: boolean): void {
    const { bits, stride, columns, steps, gaps } = grid
    const { cells, rows, view } = this
    const end = steps.length ? steps[steps.length - 1]! + interval : -Infinity
    for (let x = first; x < last; x++) {
      const left = view.from + x * perPixel
      const right = view.from + (x + 1) * perPixel
      let f0 = lowerBound(steps, left)
      const f1 = lowerBound(steps, right)
      if (f0 === f1) f0--
      const at = x * rows
      // Between two frames the earlier holds; past the last one and before the first there is nothing.
      if (f0 < 0 || left >= end) {
        cells.fill(EMPTY, at, at + rows)
        continue
      }
      const stop = Math.max(f1, f0 + 1)
      for (let r = 0; r < rows; r++) {
        const c = columns[r]!
        let best = bits[f0 * stride + c]!
        for (let f = f0 + 1; f < stop; f++) {
          const b = bits[f * stride + c]!
          if (gaps && b === EMPTY) continue
          if (gaps && best === EMPTY) {
            best = b
            continue
          }
          const m = b & MAGNITUDE_BITS
          const n = best & MAGNITUDE_BITS
          // For positive floats the order of the bits is the order of the values, and NaN > Inf > any number.
          if (ratio ? Math.abs(m - ONE_BITS) >= Math.abs(n - ONE_BITS) : m >= n) best = b
        }
        cells[at + r] = best === EMPTY && !gaps ? 0x7fc00000 : best
      }
    }
  }

  /**
   * Paints pixel columns [first, last) into RGBA `pixels` (this.width × height).
   * @param unit device pixels per CSS pixel, the size of hatching and dots.
   * @param zero exact zero is off the scale and drawn as dots.
   */
  paint(
    pixels: Uint32Array,
    height: number,
    first: number,
    last: number,
    table: Uint32Array,
    special: SpecialPixels,
    unit: number,
    zero: boolean
  ): void {
    const { cells, rows, width, view } = this
    const u = Math.max(1, unit)
    const perRow = (view.top - view.bottom) / height
    for (let y = 0; y < height; y++) {
      // Row 0 is at the bottom. Where rows are thinner than pixels, the most telling of those under this pixel line.
      const low = view.bottom + (height - 1 - y) * perRow
      const r0 = Math.max(0, Math.min(rows - 1, Math.floor(low + (perRow < 1 ? perRow / 2 : 0))))
      const r1 = perRow > 1 ? Math.max(r0 + 1, Math.min(rows, Math.floor(low + perRow))) : r0 + 1
      const line = y * width
      for (let x = first; x < last; x++) {
        const at = x * rows
        let b = cells[at + r0]!
        for (let r = r0 + 1; r < r1; r++) {
          const c = cells[at + r]!
          if (b === EMPTY || (c !== EMPTY && (c & MAGNITUDE_BITS) >= (b & MAGNITUDE_BITS))) b = c
        }
        let p: number
        const m = b & MAGNITUDE_BITS
        if (m > INF_BITS) {
          if (b === EMPTY) p = Math.floor((x + y) / u) % 8 < 2 ? special.emptyLine : special.empty
          else p = Math.floor((x + y) / u) % 5 < 3 ? special.nanA : special.nanB
        } else if (m === INF_BITS) p = special.infinite
        else if (m === 0 && zero)
          p = Math.floor(x / u) % 4 === 1 && Math.floor(y / u) % 4 === 1 ? special.zeroDot : special.zero
        else p = table[b >>> 16]!
        pixels[line + x] = p
      }
    }
  }
}
