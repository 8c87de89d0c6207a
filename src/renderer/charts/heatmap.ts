import type { CustomSeriesRenderItemAPI, CustomSeriesRenderItemParams } from 'echarts'
import type { Scale } from '@shared/catalog/statistics/types'
import { makeChart, makeSvgChart, type EChartsType } from './echarts'
import { decade, layerTicks, short } from './format'
import { CellBuffer, gridOf, type View } from './painter'
import {
  axisLook,
  axisNameElements,
  boxOf,
  gridOption,
  hatch,
  stepDomain,
  textStyle,
  textWidth,
  BOTTOM,
  TOP,
  type AxisNames,
  type Band,
  type Box,
  type Caption,
  type Margins,
  type Mark,
  type Size
} from './plot'
import type { Range } from './range'
import {
  colourAlong,
  css,
  INFINITE,
  lookUpTable,
  NAN_A,
  NAN_B,
  specialPixels,
  ZERO,
  ZERO_DOT,
  zeroIsSpecial,
  along
} from './scales'
import type { FrameSource } from './source'
import { themeOf } from './theme'

/** Everything a heatmap shows. `source` grows in place; all else is replaced when it changes. */
export interface HeatmapModel {
  source: FrameSource | undefined
  /** Row (0 = bottom) → place in a frame. The same array as long as the rows are the same. */
  columns: Int32Array
  /** Words at the rows, bottom row first: numbers or names. */
  rowNames: string[]
  scale: Scale
  range: Range
  dark: boolean
  /** Planned steps. */
  steps: number
  /** Where a continued run begins. */
  first?: number | undefined
  /** Every n-th step is recorded. */
  interval: number
  marks: Mark[]
  pinned?: number | undefined
  /** Row that is selected. */
  row?: number | undefined
  /** Marked beside the colour bar. */
  healthy?: Band | undefined
  /** Words for the part that has not run, or nothing. */
  notRun?: string | undefined
  axes?: AxisNames
  /** Words at the colour bar of a linear scale, where values stand for others (powers of ten for factors). */
  tickText?: (value: number) => string
  caption?: Caption
}
const RIGHT = 74
const BAR = 12

/** Room for the words at the rows. */
export const leftOf = (names: string[], axes: AxisNames = {}): number =>
  Math.ceil(Math.min(140, 14 + Math.max(20, ...[...names, axes.x ?? '', axes.y ?? ''].map((n) => textWidth(n)))))

/** Values at which a colour bar is labelled, as shares of its length, top label last. */
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

/**
 * Layer × step picture: our own pixels as one image of a custom series, with axes, zoom and marks by ECharts.
 * Only pixel columns that changed are computed again as frames are appended.
 */
export class HeatmapChart {
  readonly chart: EChartsType
  private readonly canvas = document.createElement('canvas')
  private readonly cells = new CellBuffer()
  private image: ImageData | undefined
  private pixels = new Uint32Array(0)
  private table: Uint32Array | undefined
  private tableKey = ''
  private paintKey = ''
  private model: HeatmapModel | undefined
  private size: Size
  private now: View = { from: 0, to: 1, bottom: 0, top: 1 }
  private left: number | undefined
  /** What `settle` has shown last: end of the axis, and where the newest step was. */
  private settled = { to: NaN, x: NaN }
  /** Frames that the picture shows; of the source's, which may be some ahead. */
  private shown = 0
  private cellsShape: { dirty(): void } | undefined

  constructor(
    /** Null for one that is only written, as SVG: its cells are an image within. */
    element: HTMLElement | null,
    size: Size,
    private readonly pixelRatio: number
  ) {
    this.size = size
    this.chart = element ? makeChart(element, pixelRatio, size) : makeSvgChart(size)
  }
  dispose(): void {
    this.chart.dispose()
  }
  resize(size: Size): void {
    this.size = size
    this.chart.resize(size)
    if (this.model) this.set(this.model)
  }
  get margins(): Margins {
    // Words are measured once: this is asked for at every frame.
    const left = (this.left ??= leftOf(this.model?.rowNames ?? [], this.model?.axes))
    return { left, right: RIGHT, top: TOP + (this.model?.caption ? 24 : 0), bottom: BOTTOM }
  }
  /** The plot's rectangle within the chart. */
  get box(): Box {
    return boxOf(this.size, this.margins)
  }
  /** What is in view; changes with zooming. */
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
  /** Zooms about the middle (keyboard and buttons). */
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
  yOf(row: number): number {
    const b = this.box
    return b.y + ((this.now.top - row - 0.5) / (this.now.top - this.now.bottom)) * b.height
  }

  /** Shows a model; everything is laid out anew. */
  set(model: HeatmapModel): void {
    const rows = Math.max(1, model.columns.length)
    // What was in view of other rows says nothing of these.
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
          // A layer of its own: as frames are appended, it alone is drawn again.
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
   * The source grew: paints new cells. Cheap enough for every animation frame; `settle` brings all else up to date.
   * @param share of the frames that are not shown yet, above 0.
   * @returns whether the picture changed, and how many frames it still lacks.
   */
  grow(share = 1): { painted: boolean; behind: number } {
    const length = this.model?.source?.length ?? 0
    this.shown += Math.ceil((length - this.shown) * share)
    const painted = this.paint()
    if (painted) {
      this.cellsShape ??= this.chart
        .getZr()
        .storage.getDisplayList(true)
        .find((e) => (e as { style?: { image?: unknown } }).style?.image === this.canvas)
      this.cellsShape?.dirty()
    }
    return { painted, behind: length - this.shown }
  }
  /** What follows the newest step without being a cell: the end of the axis, words where nothing has run yet. */
  settle(): void {
    const m = this.model
    if (!m) return
    const [, to] = stepDomain(m.steps, m.source?.lastStep, m.first)
    const x = this.xOf(m.source?.lastStep ?? 0)
    if (to === this.settled.to && Math.abs(x - this.settled.x) < 3) return
    this.settled = { to, x }
    this.chart.setOption({ xAxis: { max: to } }, { silent: true })
  }
  /** Milliseconds of work for a repaint of everything, for the bench. */
  repaint(): void {
    this.paintKey = ''
    this.paint()
  }

  /** Paints what changed into the canvas. @returns whether anything did */
  private paint(): boolean {
    const m = this.model
    const b = this.box
    const width = Math.max(1, Math.round(b.width * this.pixelRatio))
    const height = Math.max(1, Math.round(b.height * this.pixelRatio))
    const context = this.canvas.getContext('2d')!
    if (!this.image || this.canvas.width !== width || this.canvas.height !== height) {
      this.canvas.width = width
      this.canvas.height = height
      this.image = context.createImageData(width, height)
      this.pixels = new Uint32Array(this.image.data.buffer)
      this.paintKey = ''
    }
    if (!m) return false
    const tableKey = `${m.scale} ${m.range} ${m.dark}`
    if (tableKey !== this.tableKey || !this.table) {
      this.table = lookUpTable(m.scale, m.range, m.dark)
      this.tableKey = tableKey
    }
    const grid = m.source
      ? gridOf(m.source.values, m.source.width, m.columns, m.source.steps.subarray(0, this.shown), m.source.gaps)
      : gridOf(new Float32Array(0), 0, m.columns, new Int32Array(0))
    const v = this.now
    // Vertical zoom and colours need new pixels, not new cells.
    const paintKey = `${tableKey} ${v.bottom} ${v.top} ${v.from} ${v.to} ${m.columns.length}`
    let [first, last] = this.cells.update(grid, v, width, m.interval, m.scale === 'ratio', this.paintKey === '')
    if (paintKey !== this.paintKey) [first, last] = [0, width]
    this.paintKey = paintKey
    if (last <= first) return false
    this.cells.paint(
      this.pixels,
      height,
      first,
      last,
      this.table,
      specialPixels(m.dark),
      this.pixelRatio,
      zeroIsSpecial(m.scale)
    )
    context.putImageData(this.image, 0, 0, first, 0, last - first, height)
    return true
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
    // ECharts may make another shape of it.
    this.cellsShape = undefined
    return { type: 'image', style: { image: this.canvas, x: b.x, y: b.y, width: b.width, height: b.height } }
  }

  /** Marks, pin, selected row, colour bar. */
  private renderOver(_: CustomSeriesRenderItemParams, __: CustomSeriesRenderItemAPI): object {
    const m = this.model!
    const t = themeOf(m.dark)
    const b = this.box
    const children: object[] = []
    const line = (x1: number, y1: number, x2: number, y2: number, style: object): void =>
      void children.push({ type: 'line', shape: { x1, y1, x2, y2 }, style, silent: true })
    const text = (s: string, x: number, y: number, style: object): void =>
      void children.push({ type: 'text', style: { text: s, x, y, ...style }, silent: true })
    const inside = (x: number): boolean => x >= b.x - 0.5 && x <= b.x + b.width + 0.5

    if (m.caption) {
      text(m.caption.title, b.x, 10, { ...textStyle(t.text, 600, 12), verticalAlign: 'top' })
      if (m.caption.sub)
        text(m.caption.sub, b.x + textWidth(m.caption.title, 600, 12) + 10, 11, {
          ...textStyle(t.text3),
          verticalAlign: 'top'
        })
    }
    if (m.axes) children.push(...axisNameElements(m.axes, b, t))
    const last = m.source?.lastStep
    if (m.notRun) {
      const from = last === undefined ? b.x : Math.max(b.x, this.xOf(last + m.interval - 0.5))
      const w = textWidth(m.notRun) + 12
      if (b.x + b.width - from > w + 16) {
        const x = last === undefined ? b.x + (b.width - w) / 2 : from + 8
        children.push({
          type: 'rect',
          shape: { x, y: b.y + b.height / 2 - 9, width: w, height: 18, r: 4 },
          style: { fill: t.panel },
          silent: true
        })
        text(m.notRun, x + 6, b.y + b.height / 2, { ...textStyle(t.text3), verticalAlign: 'middle' })
      }
    }
    let free = b.x
    for (const mark of m.marks) {
      const x = Math.round(this.xOf(mark.step - 0.5))
      if (!inside(x)) continue
      const fill = mark.tone === 'bad' ? t.bad : mark.tone === 'accent' ? t.accent : t.text
      line(x, b.y - 4, x, b.y + b.height + 4, { stroke: t.panel, lineWidth: 4 })
      line(x, b.y - 18, x, b.y + b.height + 4, { stroke: fill, lineWidth: 1.5 })
      const w = textWidth(mark.label, 500) + 12
      const left = x + 6 + w > b.x + b.width + RIGHT - 4 ? x - 6 - w : x + 6
      if (left < free) continue
      children.push({
        type: 'rect',
        shape: { x: left, y: b.y - 20, width: w, height: 16, r: 4 },
        style: { fill },
        silent: true
      })
      text(mark.label, left + 6, b.y - 12, { ...textStyle(t.panel, 500), verticalAlign: 'middle' })
      free = left + w + 4
    }
    // Two strokes, so that a line shows on dark and on bright cells alike.
    const both = (x1: number, y1: number, x2: number, y2: number): void => {
      line(x1, y1, x2, y2, { stroke: '#000000', opacity: 0.55, lineWidth: 1, lineDash: [3, 3], lineDashOffset: 3 })
      line(x1, y1, x2, y2, { stroke: '#FFFFFF', lineWidth: 1, lineDash: [3, 3] })
    }
    const row = m.row !== undefined && m.row >= 0 ? this.yOf(m.row) : undefined
    const rowSeen = row !== undefined && row >= b.y && row <= b.y + b.height
    if (rowSeen) both(b.x, Math.round(row) + 0.5, b.x + b.width, Math.round(row) + 0.5)
    if (m.pinned !== undefined) {
      const x = this.xOf(m.pinned)
      if (inside(x)) {
        both(Math.round(x) + 0.5, b.y, Math.round(x) + 0.5, b.y + b.height)
        if (rowSeen) {
          const box = { x: x - 3.5, y: row - 5.5, width: 8, height: 11, r: 1 }
          children.push({
            type: 'rect',
            shape: box,
            style: { fill: 'none', stroke: '#000000', lineWidth: 3, opacity: 0.5 },
            silent: true
          })
          children.push({
            type: 'rect',
            shape: box,
            style: { fill: 'none', stroke: '#FFFFFF', lineWidth: 1.5 },
            silent: true
          })
        }
      }
    }
    children.push(...this.bar(b))
    return { type: 'group', children }
  }

  private bar(b: Box): object[] {
    const m = this.model!
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
    const rgb = css
    const fills: [unknown, string][] = [
      [hatch(rgb(NAN_A), rgb(NAN_B), 3, 5), 'NaN'],
      [rgb(INFINITE), '±Inf'],
      [dots(rgb(ZERO), rgb(ZERO_DOT)), '0']
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
}

/** Share of the colour bar at which a value lies, clamped (for a marker on it). */
export const barAt = (value: number, scale: Scale, range: Range): number =>
  Math.max(0, Math.min(1, along(value, scale, range)))

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
function clip(text: string, width: number): string {
  if (textWidth(text) <= width) return text
  let n = text.length
  while (n > 1 && textWidth('…' + text.slice(-n)) > width) n--
  return '…' + text.slice(-n)
}
