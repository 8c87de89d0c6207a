import type { Scale } from '@shared/catalog/statistics/types'
import type { AxisNames, Band, Caption } from '../plot'
import type { Range } from '../range'

/** One line of the profile: a value per row, bottom row first; undefined where nothing was recorded. */
export interface ProfileLine {
  label: string
  values: (number | undefined)[]
  tone: 'pinned' | 'live' | 'theory'
  /** Colour of a run among others. */
  color?: string
}
/** Everything that a profile shows. */
export interface ProfileModel {
  lines: ProfileLine[]
  rows: number
  /** Words at the rows, bottom row first. */
  rowNames: string[]
  scale: Scale
  range: Range
  dark: boolean
  /** The healthy values, shaded across all rows. */
  healthy?: Band | undefined
  /** The selected row. */
  row?: number | undefined
  /** Rows in view, which the heatmap beside it decides. */
  bottom: number
  top: number
  axes?: AxisNames
  caption?: Caption
}
