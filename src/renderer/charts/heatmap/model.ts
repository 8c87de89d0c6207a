import type { FrameSource } from '@shared/run/frameTable'
import type { Scale } from '@shared/catalog/statistics/types'
import { BOTTOM, textWidth, TOP, type AxisNames, type Band, type Caption, type Margins, type Mark } from '../plot'
import type { Range } from '../range'

/** Everything that a heatmap shows. `source` grows in place; all else is replaced when it changes. */
export interface HeatmapModel {
  source: FrameSource | undefined
  /** Place of each row's value in a frame, bottom row first. The same array as long as the rows are the same. */
  columns: Int32Array
  /** Words at the rows, bottom row first: numbers or names. */
  rowNames: string[]
  scale: Scale
  range: Range
  dark: boolean
  /** Planned steps. */
  steps: number
  /** First step of a continued run. */
  first?: number | undefined
  /** Every n-th step is recorded. */
  interval: number
  marks: Mark[]
  pinned?: number | undefined
  /** The selected row. */
  row?: number | undefined
  /** The healthy values, marked beside the colour bar. */
  healthy?: Band | undefined
  /** Words over the steps that have not run. */
  notRun?: string | undefined
  axes?: AxisNames
  /** Labels of a linear colour bar whose values stand for others, such as exponents for factors. */
  tickText?: (value: number) => string
  caption?: Caption
}
/** Room to the right of the cells, for the colour bar and its labels. */
export const RIGHT = 74

/** Room for the words at the rows, CSS pixels. */
export const leftOf = (names: string[], axes: AxisNames = {}): number =>
  Math.ceil(Math.min(140, 14 + Math.max(20, ...[...names, axes.x ?? '', axes.y ?? ''].map((n) => textWidth(n)))))
/** Margins of the cells within the chart. @param left room for the words at the rows */
export const heatmapMargins = (left: number, captioned: boolean): Margins => ({
  left,
  right: RIGHT,
  top: TOP + (captioned ? 24 : 0),
  bottom: BOTTOM
})
