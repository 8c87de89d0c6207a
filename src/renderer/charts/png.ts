import { makeChart } from './echarts'
import { HeatmapChart, type HeatmapModel } from './heatmap'
import type { View } from './painter'
import type { Option, Size } from './plot'

async function bytesOf(canvas: HTMLCanvasElement): Promise<Uint8Array> {
  const blob = await new Promise<Blob | null>((done) => canvas.toBlob(done, 'image/png'))
  if (!blob) throw new Error(`a picture of ${canvas.width} × ${canvas.height} pixels is too large to be written`)
  return new Uint8Array(await blob.arrayBuffer())
}
/** Draws off screen at `scale` device pixels per CSS pixel, so that larger means sharper, not coarser. */
async function offScreen(
  size: Size,
  draw: (element: HTMLElement) => { toCanvas: () => HTMLCanvasElement; dispose: () => void }
): Promise<Uint8Array> {
  const element = document.createElement('div')
  element.style.width = `${size.width}px`
  element.style.height = `${size.height}px`
  await document.fonts?.load('11px "Inter Variable"')
  const drawn = draw(element)
  try {
    return await bytesOf(drawn.toCanvas())
  } finally {
    drawn.dispose()
  }
}
/** A chart of a plain option as PNG. */
export const plotPng = (option: Option, size: Size, scale: number): Promise<Uint8Array> =>
  offScreen(size, (element) => {
    const chart = makeChart(element, scale, size)
    chart.setOption(option)
    chart.getZr().flush()
    return { toCanvas: () => chart.renderToCanvas({ pixelRatio: scale }), dispose: () => chart.dispose() }
  })
/** A heatmap as PNG: its cells painted anew at that scale, each pixel computed, none stretched. */
export const heatmapPng = (model: HeatmapModel, size: Size, scale: number, view?: View): Promise<Uint8Array> =>
  offScreen(size, (element) => {
    const heat = new HeatmapChart(element, size, scale)
    heat.set(model)
    if (view) heat.show(view)
    heat.chart.getZr().flush()
    return { toCanvas: () => heat.chart.renderToCanvas({ pixelRatio: scale }), dispose: () => heat.dispose() }
  })
