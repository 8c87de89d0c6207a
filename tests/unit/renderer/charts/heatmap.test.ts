import { afterEach, expect, it, vi } from 'vitest'
import { HeatmapChart } from '@/charts/heatmap/chart'

afterEach(() => vi.unstubAllGlobals())

it('a heatmap that becomes smaller keeps the labels of all its layers', () => {
  const context = {
    createImageData: (width: number, height: number) => ({ data: new Uint8ClampedArray(4 * width * height) }),
    putImageData: () => undefined,
    fillRect: () => undefined,
    measureText: (text: string) => ({ width: 6 * text.length })
  }
  vi.stubGlobal('document', { createElement: () => ({ width: 0, height: 0, getContext: () => context }) })
  const layers = 20
  const chart = new HeatmapChart(null, { width: 580, height: 240 }, 1)
  chart.set({
    source: undefined,
    columns: Int32Array.from({ length: layers }, (_, i) => i),
    rowNames: Array.from({ length: layers }, (_, i) => String(i + 1)),
    scale: 'log',
    range: [-14, 0],
    dark: false,
    steps: 400,
    interval: 1,
    marks: []
  })
  const labels = (): number[] => {
    const { yAxis } = chart.chart.getOption() as { yAxis: { axisLabel: { customValues: number[] } }[] }
    return yAxis[0]!.axisLabel.customValues.map((v) => v + 0.5)
  }
  // What is drawn tells which part is in view.
  chart.chart.renderToSVGString()
  expect(labels()).toEqual([1, 5, 10, 15, 20])
  chart.resize({ width: 240, height: 130 })
  expect(labels()).toEqual([1, 10, 20])
  chart.dispose()
})
