import type { CustomSeriesRenderItemAPI, CustomSeriesRenderItemParams } from 'echarts'
import { makeChart, makeSvgChart, type EChartsType } from '../echarts'
import { layerTicks } from '../format'
import type { View } from '../painter'
import { axisLook, boxOf, gridOption, stepDomain, textWidth, type Box, type Margins, type Size } from '../plot'
import { themeOf } from '../theme'
import { CellImage } from './cells'
import { colourBar } from './colourBar'
import { heatmapMargins, leftOf, type HeatmapModel } from './model'
import { overlay } from './overlay'

/**
 * A picture of values over layers and steps. The cells are our own pixels, an image in a custom series; ECharts does
 * axes, zoom and marks. As frames are appended, only the pixel columns that change are computed.
 */
export class HeatmapChart {
  readonly chart: EChartsType
  private readonly cells: CellImage
  private model: HeatmapModel | undefined
  private size: Size
  private now: View = { from: 0, to: 1, bottom: 0, top: 1 }
  private left: number | undefined
  /** End of the step axis and place of the newest step, when `settle` last drew them. */
  private settled = { to: NaN, x: NaN }
  /** Number of frames in the picture; the source may have more. */
  private shown = 0
  /** The image as ECharts holds it. */
  private cellsShape: { dirty(): void } | undefined

  /**
   * @param element where to draw; null for a chart that is only written as SVG
   * @param size CSS pixels
   * @param pixelRatio device pixels per CSS pixel
   */
  constructor(element: HTMLElement | null, size: Size, pixelRatio: number) {
    this.size = size
    this.cells = new CellImage(pixelRatio)
    this.chart = element ? makeChart(element, pixelRatio, size) : makeSvgChart(size)
  }
  dispose(): void {
    this.chart.dispose()
  }
  resize(size: Size): void {
    this.size = size
    const view = this.now
    // ECharts draws once with the margins of before, from which no view can be read.
    this.chart.resize(size)
    this.now = view
    if (this.model) this.set(this.model)
  }
  get margins(): Margins {
    // Measured once for a model, as margins are read at every animation frame.
    const left = (this.left ??= leftOf(this.model?.rowNames ?? [], this.model?.axes))
    return heatmapMargins(left, !!this.model?.caption)
  }
  /** The plot's rectangle within the chart. */
  get box(): Box {
    return boxOf(this.size, this.margins)
  }
  /** The steps and rows in view. */
  get view(): Readonly<View> {
    return this.now
  }
  get zoomed(): boolean {
    const m = this.model
    if (!m) return false
    const [a, b] = stepDomain(m.steps, m.source?.lastStep, m.first)
    return (
      this.now.from > a + 1e-6 ||
      this.now.to < b - 1e-6 ||
      this.now.bottom > 1e-6 ||
      this.now.top < m.columns.length - 1e-6
    )
  }
  resetZoom(): void {
    for (const dataZoomIndex of [0, 1])
      this.chart.dispatchAction({ type: 'dataZoom', dataZoomIndex, start: 0, end: 100 })
  }
  /** Brings this part into view. */
  show(view: View): void {
    this.chart.dispatchAction({
      type: 'dataZoom',
      batch: [
        { dataZoomIndex: 0, startValue: view.from, endValue: view.to },
        { dataZoomIndex: 1, startValue: view.bottom, endValue: view.top }
      ]
    })
    if (this.model) this.set(this.model)
  }
  /** Zooms the steps about the middle of the view. @param factor below 1 to show fewer steps */
  zoomBy(factor: number): void {
    const m = this.model
    if (!m) return
    const [a, b] = stepDomain(m.steps, m.source?.lastStep, m.first)
    const mid = (this.now.from + this.now.to) / 2
    const half = Math.max(1, ((this.now.to - this.now.from) * factor) / 2)
    this.chart.dispatchAction({
      type: 'dataZoom',
      dataZoomIndex: 0,
      startValue: Math.max(a, mid - half),
      endValue: Math.min(b, mid + half)
    })
  }
  /** Step under a chart coordinate; undefined outside the plot. */
  stepAt(x: number): number | undefined {
    const b = this.box
    if (x < b.x || x >= b.x + b.width) return undefined
    return this.now.from + ((x - b.x) / b.width) * (this.now.to - this.now.from)
  }
  /** Row under a chart coordinate; undefined outside the plot. */
  rowAt(y: number): number | undefined {
    const b = this.box
    if (!this.model || y < b.y || y >= b.y + b.height) return undefined
    const r = Math.floor(this.now.top - ((y - b.y) / b.height) * (this.now.top - this.now.bottom))
    return Math.max(0, Math.min(this.model.columns.length - 1, r))
  }
  /** Horizontal middle of a step's cell. */
  xOf(step: number): number {
    const b = this.box
    return b.x + ((step + 0.5 - this.now.from) / (this.now.to - this.now.from)) * b.width
  }
  /** Vertical middle of a row's cell. */
  yOf(row: number): number {
    const b = this.box
    return b.y + ((this.now.top - row - 0.5) / (this.now.top - this.now.bottom)) * b.height
  }

  /** Shows a model and lays everything out anew. */
  set(model: HeatmapModel): void {
    const rows = Math.max(1, model.columns.length)
    // A view of other rows does not apply to these.
    const anew = this.now.top <= 1 || (this.model && this.model.columns.length !== model.columns.length)
    const [bottom, top] = anew ? [0, rows] : [this.now.bottom, Math.min(rows, this.now.top)]
    if (model.source !== this.model?.source) this.shown = model.source?.length ?? 0
    this.model = model
    this.left = undefined
    this.settled = { to: NaN, x: NaN }
    const t = themeOf(model.dark)
    const [from, to] = stepDomain(model.steps, model.source?.lastStep, model.first)
    const m = this.margins
    const box = this.box
    this.chart.setOption({
      animation: false,
      backgroundColor: model.caption ? t.panel : 'transparent',
      grid: gridOption(this.size, m),
      xAxis: {
        type: 'value',
        min: from,
        max: to,
        ...axisLook(t, false),
        minInterval: 1,
        axisLabel: {
          ...(axisLook(t, false) as { axisLabel: object }).axisLabel,
          alignMinLabel: 'left',
          alignMaxLabel: 'right',
          formatter: (v: number) => (Number.isInteger(v) ? String(v) : '')
        }
      },
      yAxis: {
        type: 'value',
        min: 0,
        max: rows,
        ...axisLook(t, false),
        axisLabel: {
          ...(axisLook(t, false) as { axisLabel: object }).axisLabel,
          customValues: layerTicks(rows, bottom, top, box.height).map((k) => k - 0.5),
          formatter: (v: number) => clip(model.rowNames[Math.round(v - 0.5)] ?? '', m.left - 12)
        }
      },
      dataZoom: [
        { type: 'inside', xAxisIndex: 0, filterMode: 'none', minValueSpan: Math.min(to - from, 8) },
        {
          type: 'inside',
          yAxisIndex: 0,
          filterMode: 'none',
          zoomOnMouseWheel: 'shift',
          minValueSpan: Math.min(rows, 3)
        }
      ],
      series: [
        {
          id: 'cells',
          type: 'custom',
          silent: true,
          // A canvas layer of its own is all that is drawn again as frames are appended.
          zlevel: 1,
          renderItem: (p: CustomSeriesRenderItemParams, a: CustomSeriesRenderItemAPI) => this.renderCells(p, a),
          data: [[0, 0]],
          encode: { x: -1, y: -1 },
          clip: false
        },
        {
          id: 'over',
          type: 'custom',
          silent: true,
          renderItem: (p: CustomSeriesRenderItemParams, a: CustomSeriesRenderItemAPI) => this.renderOver(p, a),
          data: [[0, 0]],
          encode: { x: -1, y: -1 },
          clip: false,
          zlevel: 2
        }
      ]
    })
  }
  /**
   * Paints the cells of new frames, which takes less than a millisecond; `settle` brings all else up to date.
   * @param share how many of the frames that are not in the picture to add, from 0 (exclusive) to 1
   * @returns whether the picture changed, and how many frames it still lacks
   */
  grow(share = 1): { painted: boolean; behind: number } {
    const length = this.model?.source?.length ?? 0
    this.shown += Math.ceil((length - this.shown) * share)
    const painted = this.paint()
    if (painted) {
      this.cellsShape ??= this.chart
        .getZr()
        .storage.getDisplayList(true)
        .find((e) => (e as { style?: { image?: unknown } }).style?.image === this.cells.canvas)
      this.cellsShape?.dirty()
    }
    return { painted, behind: length - this.shown }
  }
  /**
   * Draws what follows the newest step without being a cell: the end of the axis, and the words where nothing has run.
   */
  settle(): void {
    const m = this.model
    if (!m) return
    const [, to] = stepDomain(m.steps, m.source?.lastStep, m.first)
    const x = this.xOf(m.source?.lastStep ?? 0)
    if (to === this.settled.to && Math.abs(x - this.settled.x) < 3) return
    this.settled = { to, x }
    this.chart.setOption({ xAxis: { max: to } }, { silent: true })
  }
  private paint(): boolean {
    return this.cells.paint(this.model, this.now, this.box, this.shown)
  }

  private renderCells(_: CustomSeriesRenderItemParams, api: CustomSeriesRenderItemAPI): object {
    const b = this.box
    const [x0, y0] = api.coord([0, 0]) as [number, number]
    const [x1, y1] = api.coord([1, 1]) as [number, number]
    const tidy = (n: number): number => Math.round(n * 1e6) / 1e6
    this.now = {
      from: tidy((b.x - x0) / (x1 - x0)),
      to: tidy((b.x + b.width - x0) / (x1 - x0)),
      bottom: tidy((y0 - b.y - b.height) / (y0 - y1)),
      top: tidy((y0 - b.y) / (y0 - y1))
    }
    this.paint()
    // ECharts may make another shape of what is returned.
    this.cellsShape = undefined
    return { type: 'image', style: { image: this.cells.canvas, x: b.x, y: b.y, width: b.width, height: b.height } }
  }

  private renderOver(_: CustomSeriesRenderItemParams, __: CustomSeriesRenderItemAPI): object {
    const m = this.model!
    const { box } = this
    const places = { box, xOf: (step: number) => this.xOf(step), yOf: (row: number) => this.yOf(row) }
    return { type: 'group', children: [...overlay(m, places), ...colourBar(m, box)] }
  }
}

/** Shortens words from the left to a width in CSS pixels. */
function clip(text: string, width: number): string {
  if (textWidth(text) <= width) return text
  let n = text.length
  while (n > 1 && textWidth('…' + text.slice(-n)) > width) n--
  return '…' + text.slice(-n)
}
