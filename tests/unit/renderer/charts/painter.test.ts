import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { FrameTable } from '@shared/run/frameTable'
import { barTicks } from '@/charts/heatmap/colourBar'
import { CellBuffer, gridOf, type View } from '@/charts/painter'
import { DEFAULT_RANGE, RangeTracker, widen } from '@/charts/range'
import { css, DIVERGING, inkOn, INFINITE, luminance, MAGNITUDE, NAN_A, ZERO, type RGB } from '@shared/base/colour'
import { along, colourAlong, colourOf, lookUpTable, pixel, specialPixels, valueAlong } from '@/charts/scales'

const contrast = (a: number, b: number): number => (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05)

describe('colour scales', () => {
  it('grows brighter with magnitude, evenly enough for grey print', () => {
    let before = -1
    for (let i = 0; i <= 200; i++) {
      const now = luminance(colourAlong(i / 200, 'log', false))
      expect(now).toBeGreaterThan(before)
      before = now
    }
    expect(colourAlong(0, 'log', true)).toEqual(MAGNITUDE[0])
    expect(colourAlong(1, 'log', false)).toEqual(MAGNITUDE[10])
  })
  it('is neutral at gain 1, blue below, orange above, in both themes', () => {
    for (const dark of [false, true]) {
      const [low, mid, high] = [1 / 8, 1, 8].map((g) => colourOf(g, 'ratio', DEFAULT_RANGE.ratio, dark)) as [
        RGB,
        RGB,
        RGB
      ]
      expect(Math.max(...mid) - Math.min(...mid)).toBeLessThan(20)
      expect(low[2]).toBeGreaterThan(low[0])
      expect(high[0]).toBeGreaterThan(high[2])
    }
  })
  it('shows NaN, infinities and exact zero as themselves, unlike any number', () => {
    const onScale = new Set(Array.from({ length: 1001 }, (_, i) => css(colourAlong(i / 1000, 'log', false))))
    expect(colourOf(NaN, 'log')).toEqual(NAN_A)
    expect(colourOf(Infinity, 'log')).toEqual(INFINITE)
    expect(colourOf(-Infinity, 'log')).toEqual(INFINITE)
    expect(colourOf(0, 'log')).toEqual(ZERO)
    for (const c of [NAN_A, INFINITE, ZERO]) expect(onScale.has(css(c))).toBe(false)
    expect(new Set([NAN_A, INFINITE, ZERO].map(css)).size).toBe(3)
    // A share or a mean of 0 is an ordinary value.
    expect(colourOf(0, 'share')).toEqual(DIVERGING.light[3])
    expect(colourOf(0, 'count')).toEqual(DIVERGING.light[3])
    expect(colourOf(1, 'count')).not.toEqual(DIVERGING.light[3])
  })
  it('takes black or white ink, whichever contrasts more', () => {
    for (let i = 0; i <= 100; i++) {
      const c = colourAlong(i / 100, 'log', false)
      const l = luminance(c)
      const [chosen, other] = inkOn(c) === '#000000' ? [0, 1] : [1, 0]
      expect(contrast(l, chosen)).toBeGreaterThanOrEqual(contrast(l, other) - 0.15)
      expect(contrast(l, chosen)).toBeGreaterThan(4.4)
    }
  })
  it('goes back and forth between values and places', () => {
    for (const scale of ['log', 'ratio', 'share', 'linear', 'count'] as const)
      for (const u of [0, 0.25, 0.5, 1])
        expect(along(valueAlong(u, scale, DEFAULT_RANGE[scale]), scale, DEFAULT_RANGE[scale])).toBeCloseTo(u, 9)
  })
  it('looks colours up within 1 % of the value', () => {
    const table = lookUpTable('log', [-14, 0], false)
    const channel = (p: number, k: number): number => (p >>> (8 * k)) & 255
    fc.assert(
      fc.property(fc.double({ min: -15, max: 1, noNaN: true }), (e) => {
        const x = Math.fround(10 ** e)
        const want = colourOf(x, 'log', [-14, 0])
        const got = table[new Uint32Array(Float32Array.of(x).buffer)[0]! >>> 16]!
        for (let k = 0; k < 3; k++) expect(Math.abs(channel(got, k) - want[k]!)).toBeLessThanOrEqual(1)
      })
    )
  })
})

describe('ranges', () => {
  it('stays at the default for small values and widens upward for an explosion', () => {
    expect(widen('log', 1e-30, 0.5)).toEqual([-14, 0])
    expect(widen('log', 1e-3, 3)).toEqual([-14, 2])
    expect(widen('log', 1e-3, 1e9)).toEqual([-14, 10])
    expect(widen('log', Infinity, -Infinity)).toEqual([-14, 0])
    expect(widen('linear', -4, 2)).toEqual([-4, 4])
    expect(widen('share', 0, 1)).toEqual([0, 1])
  })
  it('reads only new frames, and neither NaN, Inf nor zero moves it', () => {
    const schema = {
      columns: [
        { layer: 0, statistic: 'a' },
        { layer: 0, statistic: 'b' }
      ],
      scalars: []
    }
    const none = new Float32Array(0)
    const table = new FrameTable(schema, {
      steps: Int32Array.of(0, 1, 2),
      values: Float32Array.of(NaN, 9e9, Infinity, 9e9, 0, 9e9),
      scalars: none
    })
    const tracker = new RangeTracker('log')
    const before = tracker.range
    tracker.scan(table, [0])
    expect(tracker.range).toBe(before)
    expect(tracker.extent).toBeUndefined()
    table.append({ steps: Int32Array.of(3), values: Float32Array.of(250, 1), scalars: none })
    tracker.scan(table, [0])
    expect(tracker.range).toEqual([-14, 4])
    expect(tracker.extent).toEqual([250, 250])
  })
  it('labels a bar with round values within it, without crowding', () => {
    expect(barTicks('log', [-14, 0], 140).map((t) => t.text)).toEqual([
      '1e-14',
      '1e-12',
      '1e-10',
      '1e-8',
      '1e-6',
      '1e-4',
      '1e-2',
      '1e0'
    ])
    expect(barTicks('ratio', [-3, 3], 200).map((t) => t.text)).toEqual(['1/8', '1/4', '1/2', '1', '2', '4', '8'])
    expect(barTicks('share', [0, 1], 200).map((t) => t.text)).toEqual(['0 %', '25 %', '50 %', '75 %', '100 %'])
    for (const height of [40, 80, 200, 600])
      for (const high of [0, 2, 10, 38]) {
        const ticks = barTicks('log', [-14, high], height)
        for (let i = 1; i < ticks.length; i++) expect((ticks[i]!.at - ticks[i - 1]!.at) * height).toBeGreaterThan(12)
      }
  })
})

/** Paints rows × frames into a picture; cells given bottom row first. */
function picture(
  rows: number[][],
  width: number,
  height: number,
  options: { steps?: number[]; view?: Partial<View>; interval?: number; ratio?: boolean; unit?: number } = {}
) {
  const frames = rows[0]!.length
  const steps = Int32Array.from(options.steps ?? Array.from({ length: frames }, (_, i) => i))
  const values = new Float32Array(frames * rows.length)
  rows.forEach((row, r) => row.forEach((v, f) => (values[f * rows.length + r] = v)))
  const view = { from: 0, to: frames, bottom: 0, top: rows.length, ...options.view }
  const buffer = new CellBuffer()
  const grid = gridOf(values, rows.length, Int32Array.from(rows.keys()), steps)
  const [first, last] = buffer.update(grid, view, width, options.interval ?? 1, options.ratio ?? false)
  const pixels = new Uint32Array(width * height)
  const scale = options.ratio ? 'ratio' : 'log'
  buffer.paint(
    pixels,
    height,
    first,
    last,
    lookUpTable(scale, DEFAULT_RANGE[scale], false),
    special,
    options.unit ?? 1,
    true
  )
  return { at: (x: number, y: number) => pixels[y * width + x]!, pixels, buffer, grid }
}
const special = specialPixels(false)
const colour = (x: number, ratio = false): number =>
  lookUpTable(ratio ? 'ratio' : 'log', DEFAULT_RANGE[ratio ? 'ratio' : 'log'], false)[
    new Uint32Array(Float32Array.of(x).buffer)[0]! >>> 16
  ]!
const NAN = [special.nanA, special.nanB]
const NOTHING = [special.empty, special.emptyLine]
const NOUGHT = [special.zero, special.zeroDot]

describe('heatmap painter', () => {
  it('puts row 0 at the bottom and the first frame at the left, one pixel a cell', () => {
    const p = picture(
      [
        [1e-9, 1e-6],
        [1e-3, 1]
      ],
      2,
      2
    )
    expect([p.at(0, 1), p.at(1, 1), p.at(0, 0), p.at(1, 0)]).toEqual([1e-9, 1e-6, 1e-3, 1].map((x) => colour(x)))
  })
  it('repeats cells that are larger than a pixel', () => {
    const p = picture([[1e-9, 1e-3]], 6, 4)
    for (let y = 0; y < 4; y++) for (let x = 0; x < 6; x++) expect(p.at(x, y)).toBe(colour(x < 3 ? 1e-9 : 1e-3))
  })
  it('paints NaN, infinities and zero as themselves, with patterns of both their colours', () => {
    const p = picture([[NaN, Infinity, -Infinity, 0]], 80, 20)
    const colours = (x0: number, x1: number): Set<number> => {
      const seen = new Set<number>()
      for (let y = 0; y < 20; y++) for (let x = x0; x < x1; x++) seen.add(p.at(x, y))
      return seen
    }
    expect(colours(0, 20)).toEqual(new Set(NAN))
    expect(colours(20, 60)).toEqual(new Set([special.infinite]))
    expect(colours(60, 80)).toEqual(new Set(NOUGHT))
    // The dark stripes of NaN prevail.
    let dark = 0
    for (let y = 0; y < 20; y++) for (let x = 0; x < 20; x++) if (p.at(x, y) === special.nanA) dark++
    expect(dark).toBe(240)
  })
  it('leaves what has not run to pale hatching', () => {
    const p = picture([[1, 1]], 40, 10, { view: { to: 4 } })
    const one = colour(1)
    for (let x = 0; x < 40; x++)
      for (let y = 0; y < 10; y++)
        expect(x < 20 ? p.at(x, y) === one : NOTHING.includes(p.at(x, y)), `${x} ${y}`).toBe(true)
    expect(p.at(39, 9)).not.toBe(pixel(ZERO))
  })
  it('never calls a recorded NaN "not run", whatever its payload', () => {
    const values = new Float32Array(new Uint32Array([0xffffffff]).buffer)
    const buffer = new CellBuffer()
    buffer.update(
      gridOf(values, 1, Int32Array.of(0), Int32Array.of(0)),
      { from: 0, to: 1, bottom: 0, top: 1 },
      1,
      1,
      false
    )
    const pixels = new Uint32Array(1)
    buffer.paint(pixels, 1, 0, 1, lookUpTable('log', [-14, 0], false), special, 1, true)
    expect(NAN).toContain(pixels[0])
  })
  it('keeps the most telling of several frames in one pixel: NaN, then Inf, then the largest', () => {
    expect(picture([[1e-9, 1e-2, 1e-5]], 1, 1).at(0, 0)).toBe(colour(1e-2))
    expect(picture([[1, Infinity, 1]], 1, 1).at(0, 0)).toBe(special.infinite)
    expect(NAN).toContain(picture([[1, NaN, Infinity, 1]], 1, 1).at(0, 0))
    expect(picture([[0, 0, 1e-13]], 1, 1).at(0, 0)).toBe(colour(1e-13))
    expect(NOUGHT).toContain(picture([[0, 0]], 1, 1).at(0, 0))
  })
  it('on a gain scale keeps the gain furthest from 1', () => {
    expect(picture([[1.1, 0.1, 2]], 1, 1, { ratio: true }).at(0, 0)).toBe(colour(0.1, true))
    expect(picture([[1.1, 0.9, 8]], 1, 1, { ratio: true }).at(0, 0)).toBe(colour(8, true))
    expect(NAN).toContain(picture([[NaN, 0.001]], 1, 1, { ratio: true }).at(0, 0))
  })
  it('does not lose a NaN when rows are thinner than pixels', () => {
    const p = picture(
      Array.from({ length: 30 }, (_, r) => [r === 17 ? NaN : 1e-3]),
      10,
      10
    )
    const row = Array.from({ length: 10 }, (_, y) => p.at(0, y))
    expect(row.filter((c) => NAN.includes(c))).toHaveLength(1)
    expect(NAN).toContain(p.at(0, 4))
  })
  it('holds a frame until the next one is recorded, and the last for one interval', () => {
    const p = picture([[1e-9, 1e-3]], 12, 3, { steps: [0, 5], interval: 3, view: { to: 12 } })
    for (let x = 0; x < 12; x++) {
      if (x < 5) expect(p.at(x, 0)).toBe(colour(1e-9))
      else if (x < 8) expect(p.at(x, 0)).toBe(colour(1e-3))
      else expect(NOTHING).toContain(p.at(x, 0))
    }
  })
  it('shows the part in view', () => {
    const p = picture(
      [
        [1e-9, 1e-8, 1e-7, 1e-6],
        [1e-5, 1e-4, 1e-3, 1e-2]
      ],
      2,
      1,
      { view: { from: 1, to: 3, bottom: 1, top: 2 } }
    )
    expect([p.at(0, 0), p.at(1, 0)]).toEqual([1e-4, 1e-3].map((x) => colour(x)))
  })
  it('appended piece by piece gives the same picture as all at once', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 12 }),
        fc.integer({ min: 3, max: 40 }),
        fc.integer({ min: 1, max: 4 }),
        (pieces, width, interval) => {
          const total = pieces.reduce((a, b) => a + b, 0)
          const steps = Int32Array.from({ length: total }, (_, i) => i * interval)
          const values = Float32Array.from({ length: total * 3 }, (_, i) =>
            i % 17 === 5 ? NaN : i % 23 === 7 ? 0 : 10 ** -((i * 7) % 14)
          )
          const columns = Int32Array.of(2, 0, 1)
          const view = { from: 0, to: total * interval + 5, bottom: 0, top: 3 }
          const run = (buffer: CellBuffer, pixels: Uint32Array, n: number): void => {
            const [a, b] = buffer.update(
              gridOf(values.subarray(0, n * 3), 3, columns, steps.subarray(0, n)),
              view,
              width,
              interval,
              false
            )
            buffer.paint(pixels, 9, a, b, lookUpTableOnce, special, 1, true)
          }
          const bit = new Uint32Array(width * 9)
          const whole = new Uint32Array(width * 9)
          const buffer = new CellBuffer()
          let n = 0
          for (const k of [0, ...pieces]) run(buffer, bit, (n += k))
          run(new CellBuffer(), whole, total)
          expect([...bit]).toEqual([...whole])
        }
      ),
      { numRuns: 60 }
    )
  })
})
const lookUpTableOnce = lookUpTable('log', [-14, 0], false)
