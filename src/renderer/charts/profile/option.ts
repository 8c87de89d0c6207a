import { layerTicks } from '../format'
import {
  axisLook,
  axisNameElements,
  boxOf,
  gridOption,
  legendCorner,
  textStyle,
  BAND,
  BOTTOM,
  TOP,
  type LegendItem,
  type Margins,
  type Option,
  type Size
} from '../plot'
import { css, INFINITE, NAN_A, ZERO } from '@shared/base/colour'
import { themeOf, type ChartTheme } from '../theme'
import { offScale, profileX, valueTicks } from './axis'
import type { ProfileLine, ProfileModel } from './model'

/** Margins of a profile within its chart. */
export const profileMargins = (captioned: boolean): Margins => ({
  left: 36,
  right: 18,
  top: TOP + (captioned ? 24 : 0),
  bottom: BOTTOM
})

const look = (
  { tone, color }: ProfileLine,
  t: ChartTheme
): { color: string; width: number; kind: LegendItem['kind'] } =>
  color
    ? { color, width: 2, kind: 'line' }
    : tone === 'theory'
      ? { color: t.line2, width: 8, kind: 'band' }
      : tone === 'pinned'
        ? { color: t.runA, width: 2, kind: 'dots' }
        : { color: t.runB, width: 2, kind: 'line' }

/** The ECharts option of a profile: values along x, and layers along y as in the heatmap beside it. */
export function profileOption(m: ProfileModel, size: Size): Option {
  const t = themeOf(m.dark)
  const margins = profileMargins(!!m.caption)
  const b = boxOf(size, margins)
  const [low, high] = m.range
  // Without some room the ends would be drawn half outside. What lies beyond the range is drawn at its edge.
  const pad = (high - low) * 0.03
  const clamp = (x: number): number => Math.max(low - pad, Math.min(high + pad, x))
  const ticks = valueTicks(m.scale, m.range, b.width)
  const base = axisLook(t, true) as { axisLabel: object }
  const dense = m.rows > 60
  // A line without another beside it has dots, where there is room between them.
  const dotted = m.lines.filter((l) => l.tone !== 'theory').length === 1 && !dense
  const off = m.lines
    .filter((l) => l.tone !== 'theory')
    .flatMap((l) =>
      l.values.flatMap((v, r) => {
        const kind = offScale(v, m.scale)
        return kind ? [[kind === 'zero' ? low : high, r + 0.5, kind === 'nan' ? 0 : kind === 'inf' ? 1 : 2]] : []
      })
    )
  const band = m.healthy && [m.healthy.low, m.healthy.high].map((v) => clamp(profileX(v, m.scale) ?? low))
  return {
    animation: false,
    backgroundColor: m.caption ? t.panel : 'transparent',
    grid: gridOption(size, margins),
    xAxis: {
      type: 'value',
      min: low - pad,
      max: high + pad,
      ...axisLook(t, true),
      splitLine: { show: true, lineStyle: { color: t.line, width: 1 }, showMinLine: false, showMaxLine: false },
      axisTick: { show: false, customValues: ticks.map((k) => k.at) },
      axisLabel: {
        ...base.axisLabel,
        customValues: ticks.map((k) => k.at),
        formatter: (v: number) => ticks.find((k) => Math.abs(k.at - v) < 1e-9)?.text ?? ''
      }
    },
    yAxis: {
      type: 'value',
      min: m.bottom,
      max: m.top,
      ...axisLook(t, false),
      axisLabel: {
        ...base.axisLabel,
        customValues: layerTicks(m.rows, m.bottom, m.top, b.height).map((k) => k - 0.5),
        formatter: (v: number) => m.rowNames[Math.round(v - 0.5)] ?? ''
      }
    },
    series: [
      {
        type: 'custom',
        silent: true,
        z: 0,
        data: band ? [[band[0], band[1]]] : [],
        encode: { x: -1, y: -1 },
        renderItem: (_: unknown, api: { coord(p: [number, number]): [number, number]; value(i: number): number }) => {
          const [x, to] = [0, 1].map((i) => api.coord([api.value(i), 0])[0]) as [number, number]
          return {
            type: 'rect',
            shape: { x, y: b.y, width: Math.max(1, to - x), height: b.height },
            style: { fill: t.ok, opacity: BAND }
          }
        }
      },
      ...[...m.lines]
        .sort((a, c) => Number(c.tone === 'theory') - Number(a.tone === 'theory'))
        .map((l) => {
          const k = look(l, t)
          return {
            type: 'line',
            silent: true,
            clip: true,
            z: l.tone === 'theory' ? 1 : l.tone === 'live' ? 3 : 2,
            data: l.values.map((v, r) => {
              const x = profileX(v, m.scale)
              return [x === undefined ? NaN : clamp(x), r + 0.5]
            }),
            showSymbol:
              l.tone === 'pinned' ||
              (dotted && l.tone !== 'theory') ||
              l.values.filter((v) => profileX(v, m.scale) !== undefined).length === 1,
            symbol: 'circle',
            symbolSize: dense ? 3 : 5,
            lineStyle: { color: k.color, width: k.width, cap: 'round', join: 'round' },
            itemStyle: { color: k.color }
          }
        }),
      {
        type: 'custom',
        silent: true,
        z: 4,
        clip: true,
        encode: { x: 0, y: 1 },
        data: off,
        renderItem: (_: unknown, api: { coord(p: [number, number]): [number, number]; value(i: number): number }) => {
          const [x, y] = api.coord([api.value(0), api.value(1)])
          const fill = css([NAN_A, INFINITE, ZERO][api.value(2)]!)
          return { type: 'rect', shape: { x: x - 4, y: y - 3, width: 8, height: 6, r: 1 }, style: { fill } }
        }
      },
      {
        type: 'custom',
        silent: true,
        z: 6,
        data: [[0, 0]],
        encode: { x: -1, y: -1 },
        renderItem: (_: unknown, api: { coord(p: [number, number]): [number, number] }) => {
          const children: object[] = []
          if (m.row !== undefined && m.row >= 0) {
            const y = Math.round(api.coord([low, m.row + 0.5])[1]) + 0.5
            if (y >= b.y && y <= b.y + b.height)
              children.push({
                type: 'line',
                shape: { x1: b.x, y1: y, x2: b.x + b.width, y2: y },
                style: { stroke: t.control, lineWidth: 1, lineDash: [3, 3] }
              })
          }
          if (m.axes) children.push(...axisNameElements(m.axes, b, t))
          if (m.caption) {
            children.push({
              type: 'text',
              style: { text: m.caption.title, x: 12, y: 10, verticalAlign: 'top', ...textStyle(t.text, 600, 12) }
            })
            if (m.caption.sub)
              children.push({
                type: 'text',
                style: { text: m.caption.sub, x: 12, y: 26, verticalAlign: 'top', ...textStyle(t.text3) }
              })
          }
          // Along the lines, too: few layers lie far apart.
          const points = m.lines.flatMap((l) =>
            l.values.flatMap((v, r) => {
              const [x, next] = [v, l.values[r + 1]].map((value) => profileX(value, m.scale))
              if (x === undefined) return []
              const to = next ?? x
              return [0, 0.25, 0.5, 0.75].map((k) => api.coord([clamp(x + k * (to - x)), r + 0.5 + k]))
            })
          )
          for (const [x, r] of off) points.push(api.coord([x!, r!]))
          const items: LegendItem[] = m.lines.map((l) => {
            const k = look(l, t)
            return {
              text: l.label,
              color: k.color,
              ink: l.tone === 'theory' ? t.text3 : k.color,
              kind: dotted && l.tone === 'live' ? ('dots' as const) : k.kind,
              bold: l.tone !== 'theory'
            }
          })
          if (m.healthy) items.push({ text: m.healthy.label, color: t.ok, ink: t.ok, kind: 'band', opacity: 2 * BAND })
          children.push(...legendCorner(items, b, points, t.panel, margins.right - 4))
          return { type: 'group', children }
        }
      }
    ]
  }
}
