import type { HeatmapModel } from './heatmap/model'
import type { View } from './painter'
import { textStyle, textWidth, type Option, type Size } from './plot'
import { FONT, themeOf } from './theme'

export async function bytesOf(canvas: HTMLCanvasElement): Promise<Uint8Array> {
  const blob = await new Promise<Blob | null>((done) => canvas.toBlob(done, 'image/png'))
  if (!blob) throw new Error(`a picture of ${canvas.width} × ${canvas.height} pixels is too large to be written`)
  return new Uint8Array(await blob.arrayBuffer())
}
const fonts = async (): Promise<unknown> =>
  document.fonts && Promise.all(['400', '500', '600'].map((w) => document.fonts.load(`${w} 11px "Inter Variable"`)))
/** What draws is loaded when the first picture is made. */
const charts = (): Promise<typeof import('./echarts')> => import('./echarts')
const heatmaps = (): Promise<typeof import('./heatmap/chart')> => import('./heatmap/chart')
/** Draws off screen at `scale` device pixels per CSS pixel, so that larger means sharper, not coarser. */
async function offScreen(
  size: Size,
  draw: (element: HTMLElement) => { toCanvas: () => HTMLCanvasElement; dispose: () => void }
): Promise<HTMLCanvasElement> {
  const element = document.createElement('div')
  element.style.width = `${size.width}px`
  element.style.height = `${size.height}px`
  await fonts()
  const drawn = draw(element)
  try {
    return drawn.toCanvas()
  } finally {
    drawn.dispose()
  }
}
/** A chart of a plain option as a picture. */
export async function plotCanvas(option: Option, size: Size, scale: number): Promise<HTMLCanvasElement> {
  const { makeChart } = await charts()
  return offScreen(size, (element) => {
    const chart = makeChart(element, scale, size)
    chart.setOption(option)
    chart.getZr().flush()
    return { toCanvas: () => chart.renderToCanvas({ pixelRatio: scale }), dispose: () => chart.dispose() }
  })
}
/** A heatmap as a picture: its cells painted anew at that scale, each pixel computed, none stretched. */
export async function heatmapCanvas(
  model: HeatmapModel,
  size: Size,
  scale: number,
  view?: View
): Promise<HTMLCanvasElement> {
  const { HeatmapChart } = await heatmaps()
  return offScreen(size, (element) => {
    const heat = new HeatmapChart(element, size, scale)
    heat.set(model)
    if (view) heat.show(view)
    heat.chart.getZr().flush()
    return { toCanvas: () => heat.chart.renderToCanvas({ pixelRatio: scale }), dispose: () => heat.dispose() }
  })
}
export const plotPng = async (option: Option, size: Size, scale: number): Promise<Uint8Array> =>
  bytesOf(await plotCanvas(option, size, scale))
export const heatmapPng = async (model: HeatmapModel, size: Size, scale: number, view?: View): Promise<Uint8Array> =>
  bytesOf(await heatmapCanvas(model, size, scale, view))

const svgBytes = (text: string): Uint8Array =>
  new TextEncoder().encode(`<?xml version="1.0" encoding="UTF-8"?>\n${text}\n`)
/** A chart of a plain option as SVG: words stay words, lines stay lines. */
export async function plotSvg(option: Option, size: Size): Promise<Uint8Array> {
  const { makeSvgChart } = await charts()
  await fonts()
  const chart = makeSvgChart(size)
  try {
    chart.setOption(option)
    return svgBytes(chart.renderToSVGString())
  } finally {
    chart.dispose()
  }
}
/** A heatmap as SVG: axes and words as such, the cells as one image of four pixels per unit. */
export const heatmapSvg = async (model: HeatmapModel, size: Size, view?: View): Promise<Uint8Array> =>
  svgBytes(await heatmapSvgText(model, size, view))
/** The same as an element to be put into another SVG. */
export async function heatmapSvgText(model: HeatmapModel, size: Size, view?: View): Promise<string> {
  const { HeatmapChart } = await heatmaps()
  await fonts()
  const heat = new HeatmapChart(null, size, 4)
  try {
    heat.set(model)
    if (view) heat.show(view)
    return heat.chart.renderToSVGString()
  } finally {
    heat.dispose()
  }
}

/** What a picture of a whole run says above its charts. */
export interface Poster {
  title: string
  /** How it was made. */
  sub: string
  /** What was found, one line each. */
  lines: string[]
  dark: boolean
}
export interface PosterChart {
  size: Size
  draw: (scale: number) => Promise<HTMLCanvasElement>
}
const EDGE = 24
/** Room for a title alone. */
const HEAD = 60
const XML: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;' }
/** The poster's title over SVG charts side by side, as one SVG. */
export async function posterSvg(
  p: Omit<Poster, 'lines'>,
  charts: { size: Size; draw: () => Promise<string> }[]
): Promise<Uint8Array> {
  const t = themeOf(p.dark)
  const width = charts.reduce((n, c) => n + c.size.width, 0) + 2 * EDGE
  const height = HEAD + Math.max(...charts.map((c) => c.size.height)) + EDGE
  let x = EDGE
  let inner = ''
  for (const chart of charts) {
    inner += (await chart.draw()).replace('<svg', `<svg x="${x}" y="${HEAD}"`)
    x += chart.size.width
  }
  const say = (text: string, y: number, fill: string, style: string): string =>
    `<text x="${EDGE}" y="${y}" fill="${fill}" style="font:${style} ${FONT}">${text.replace(/[&<>]/g, (c) => XML[c]!)}</text>`
  return svgBytes(
    `<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}"><rect width="100%" height="100%" fill="${t.panel}"/>${say(p.title, 31, t.text, '600 16px')}${say(p.sub, 50, t.text3, '400 12px')}${inner}</svg>`
  )
}
/** Room for the head of a poster whose words take so many lines. */
const headOf = (lines: number): number => 40 + 18 * lines + 8
/** Rows of charts under a title, settings and diagnosis: one picture of a run. */
export async function posterPng(p: Poster, rows: PosterChart[][], scale: number): Promise<Uint8Array> {
  const t = themeOf(p.dark)
  const width = Math.max(...rows.map((row) => row.reduce((n, c) => n + c.size.width, 0))) + 2 * EDGE
  const tall = rows.map((row) => Math.max(...row.map((c) => c.size.height)))
  await fonts()
  const words = [
    ...wrap(p.sub, width - 2 * EDGE).map((text) => ({ text, ink: t.text3 })),
    ...p.lines.flatMap((l) => wrap(l, width - 2 * EDGE)).map((text) => ({ text, ink: t.text2 }))
  ]
  const head = headOf(words.length)
  const canvas = document.createElement('canvas')
  canvas.width = width * scale
  canvas.height = (head + tall.reduce((n, h) => n + h, 0) + EDGE) * scale
  const c = canvas.getContext('2d')!
  c.fillStyle = t.panel
  c.fillRect(0, 0, canvas.width, canvas.height)
  let y = head
  for (const [r, row] of rows.entries()) {
    let x = EDGE
    for (const chart of row) {
      c.drawImage(await chart.draw(scale), x * scale, y * scale, chart.size.width * scale, chart.size.height * scale)
      x += chart.size.width
    }
    y += tall[r]!
  }
  c.scale(scale, scale)
  const say = (text: string, at: number, fill: string, weight: number, px: number): void => {
    c.font = (textStyle(fill, weight, px) as { font: string }).font
    c.fillStyle = fill
    c.fillText(text, EDGE, at)
  }
  c.textBaseline = 'top'
  say(p.title, 16, t.text, 600, 16)
  words.forEach(({ text, ink }, i) => say(text, 40 + 18 * i, ink, 400, 13))
  return bytesOf(canvas)
}
/** Breaks a sentence into lines of this width; between any two signs where there are no spaces. */
function wrap(text: string, width: number): string[] {
  const out: string[] = []
  let line = ''
  for (const part of text.match(/[\u2e80-\uffef]|[^\s\u2e80-\uffef]+\s*|\s+/g) ?? []) {
    if (line && textWidth(line + part, 400, 13) > width) {
      out.push(line)
      line = ''
    }
    line += part
  }
  return line ? [...out, line] : out
}
