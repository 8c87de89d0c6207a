import { CustomChart, LineChart } from 'echarts/charts'
import { DataZoomInsideComponent, GridComponent, MarkAreaComponent, MarkLineComponent } from 'echarts/components'
import { init, use, type EChartsType } from 'echarts/core'
import { CanvasRenderer } from 'echarts/renderers'

use([CanvasRenderer, LineChart, CustomChart, GridComponent, DataZoomInsideComponent, MarkLineComponent, MarkAreaComponent])

export type { EChartsType }

/**
 * A chart on an element of known size; drawn at once, without animation or theme of its own.
 * @param scale device pixels per CSS pixel.
 */
export function makeChart(element: HTMLElement, scale: number, size?: { width: number; height: number }): EChartsType {
  return init(element, null, { renderer: 'canvas', devicePixelRatio: scale, ...size })
}
