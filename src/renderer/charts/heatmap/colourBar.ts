import type { Scale } from '@shared/catalog/statistics/types'
import { decade, short } from '../format'
import { hatch, textStyle, type Box } from '../plot'
import type { Range } from '../range'
import { css, INFINITE, NAN_A, NAN_B, ZERO, ZERO_DOT } from '@shared/base/colour'
import { along, colourAlong, zeroIsSpecial } from '../scales'
import { themeOf } from '../theme'
import type { HeatmapModel } from './model'

/** Width of the bar, CSS pixels. */
const BAR = 12

/**
 * Labels of a colour bar, from its lower end upwards.
 * @param height of the bar, CSS pixels
 * @param say words for a value of a linear scale
 * @returns places as shares of the bar's height
 */
export function barTicks(
  scale: Scale,
  range: Range,
  height: number,
  say: (value: number) => string = short
): { at: number; text: string }[] {
  const [low, high] = range
  const span = high - low
  const room = Math.max(1, Math.floor(height / 15))
  if (scale === 'count')
    return Array.from({ length: high - low + 1 }, (_, i) => ({ at: i / span, text: i ? decade(low + i) : '0' })).filter(
      (_, i) => span <= room || i % 2 === 0
    )
  if (scale === 'log') {
    const step = [1, 2, 4, 5, 10, 20].find((s) => span / s <= room) ?? 40
    const out: { at: number; text: string }[] = []
    for (let d = Math.ceil(low); d <= high + 1e-9; d++)
      if (Math.round(high - d) % step === 0) out.push({ at: (d - low) / span, text: decade(d) })
    return out
  }
  if (scale === 'ratio') {
    const out: { at: number; text: string }[] = []
    for (let p = Math.ceil(low); p <= high; p++)
      out.push({ at: (p - low) / span, text: p < 0 ? `1/${2 ** -p}` : String(2 ** p) })
    return out
  }
  const parts = room >= 4 ? 4 : 2
  return Array.from({ length: parts + 1 }, (_, i) => {
    const v = low + (span * i) / parts
    return { at: i / parts, text: scale === 'share' ? `${Math.round(100 * v)} %` : say(v) }
  })
}

/** Share of the colour bar at which a value lies, clamped to its ends. */
const barAt = (value: number, scale: Scale, range: Range): number =>
  Math.max(0, Math.min(1, along(value, scale, range)))

/**
 * The colour bar to the right of the cells: its labels, the healthy band beside it, and below it the colours of what is
 * off the scale, where there is room for them.
 * @param b the rectangle of the cells
 */
export function colourBar(m: HeatmapModel, b: Box): object[] {
  const t = themeOf(m.dark)
  const x = b.x + b.width + 16
  const special = zeroIsSpecial(m.scale) ? 3 : 2
  const keys = b.height >= 120 ? special * 17 + 8 : 0
  const height = b.height - keys
  const colorStops = Array.from({ length: 33 }, (_, i) => ({
    offset: i / 32,
    color: css(colourAlong(1 - i / 32, m.scale, m.dark))
  }))
  const out: object[] = [
    {
      type: 'rect',
      shape: { x, y: b.y, width: BAR, height, r: 3 },
      style: { fill: { type: 'linear', x: 0, y: 0, x2: 0, y2: 1, colorStops } },
      silent: true
    }
  ]
  for (const tick of barTicks(m.scale, m.range, height, m.tickText)) {
    const y = b.y + height * (1 - tick.at)
    out.push({
      type: 'text',
      style: { text: tick.text, x: x + BAR + 6, y, ...textStyle(t.text3), verticalAlign: 'middle' },
      silent: true
    })
  }
  if (m.healthy) {
    const [y1, y2] = [m.healthy.high, m.healthy.low].map((v) => b.y + height * (1 - barAt(v, m.scale, m.range))) as [
      number,
      number
    ]
    out.push({
      type: 'rect',
      shape: { x: x - 6, y: y1, width: 3, height: Math.max(2, y2 - y1), r: 1 },
      style: { fill: t.ok },
      silent: true
    })
  }
  if (!keys) return out
  const fills: [unknown, string][] = [
    [hatch(css(NAN_A), css(NAN_B), 3, 5), 'NaN'],
    [css(INFINITE), '±Inf'],
    [dots(css(ZERO), css(ZERO_DOT)), '0']
  ]
  fills.slice(0, special).forEach(([fill, name], i) => {
    const y = b.y + height + 10 + i * 17
    out.push({ type: 'rect', shape: { x, y, width: 14, height: 11, r: 2 }, style: { fill }, silent: true })
    out.push({
      type: 'text',
      style: { text: name, x: x + BAR + 6 + 2, y: y + 6, ...textStyle(t.text3), verticalAlign: 'middle' },
      silent: true
    })
  })
  return out
}

/** A fill pattern of dots, for exact zeros. */
function dots(ground: string, dot: string): object {
  const image = document.createElement('canvas')
  image.width = image.height = 4
  const c = image.getContext('2d')!
  c.fillStyle = ground
  c.fillRect(0, 0, 4, 4)
  c.fillStyle = dot
  c.fillRect(1, 1, 1.5, 1.5)
  return { type: 'pattern', image, imageWidth: 4, imageHeight: 4, repeat: 'repeat' }
}
