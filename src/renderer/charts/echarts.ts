import { CustomChart, LineChart } from 'echarts/charts'
import { DataZoomInsideComponent, GridComponent, MarkAreaComponent, MarkLineComponent } from 'echarts/components'
import { init, use, type EChartsType } from 'echarts/core'
import { CanvasRenderer, SVGRenderer } from 'echarts/renderers'

use([
  CanvasRenderer,
  SVGRenderer,
  LineChart,
  CustomChart,
  GridComponent,
  DataZoomInsideComponent,
  MarkLineComponent,
  MarkAreaComponent
])

export type { EChartsType }

/**
 * A chart on an element of known size; drawn at once, without animation or theme of its own.
 * @param scale device pixels per CSS pixel.
 */
export function makeChart(element: HTMLElement, scale: number, size?: { width: number; height: number }): EChartsType {
  return init(element, null, { renderer: 'canvas', devicePixelRatio: scale, ...size })
}
/** Lays a chart out anew without painting it, which `getZr().flush()` does; ECharts itself would do both in one go. */
export function relayout(chart: EChartsType, option: Record<string, unknown>): void {
  const zr = chart.getZr()
  const own = zr.flush
  zr.flush = () => undefined
  try {
    chart.setOption(option, { notMerge: true })
  } finally {
    zr.flush = own
  }
}
/** A chart that is never on screen, to be written as SVG. */
export const makeSvgChart = (size: { width: number; height: number }): EChartsType =>
  init(null, null, { renderer: 'svg', ssr: true, ...size })
