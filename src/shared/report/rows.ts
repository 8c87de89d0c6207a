import { chainOf, meanFactor, type Chain } from '../run/chain'
import { hiddenLayers } from '../run/layers'
import type { RunLayer } from '../run/types'
import { theoryProfile } from '../theory/profile'
import type { ReportRun } from './types'

const STATISTIC = 'activationGradientRms'

/** The layers of a run whose gradient was recorded, in forward order, with their places in a frame. */
export interface Rows {
  layers: RunLayer[]
  columns: number[]
}
/** The rows of a run's heatmap. */
export function rowsOf({ schema, frames }: ReportRun): Rows {
  const layers = schema.layers.filter((l) => l.main && frames.column(l.index, STATISTIC) >= 0)
  return { layers, columns: layers.map((l) => frames.column(l.index, STATISTIC)) }
}
/** RMS of ∂loss/∂h of each row at a recorded step, the last unless given. */
export function gradientsOf(run: ReportRun, { columns }: Rows, frame = run.frames.length - 1): (number | undefined)[] {
  return columns.map((c) => run.frames.value(frame, c))
}
/** What theory expects of each row, scaled to meet the topmost measured one. */
export const theoryOf = ({ layers }: Rows, measured: (number | undefined)[]): (number | undefined)[] =>
  theoryProfile(
    layers.map((l) => l.theoryProfile),
    measured
  )
/** The chain of factors at the last recorded step. */
export function lastChain(run: ReportRun, { layers }: Rows): Chain {
  const last = run.frames.length - 1
  return chainOf(layers, (layer, statistic) => run.frames.value(last, run.frames.column(layer.index, statistic)))
}
/** The geometric mean of the factors of the hidden layers, at the last recorded step. */
export function perLayer(run: ReportRun): number | undefined {
  const last = run.frames.length - 1
  const gradients = hiddenLayers(run.schema.layers)
    .map((l) => run.frames.column(l.index, STATISTIC))
    .filter((c) => c >= 0)
    .map((c) => run.frames.value(last, c))
  return meanFactor(gradients)
}
/** The columns that a table of at most so many has: evenly spaced, both ends among them. */
export function spaced(count: number, most: number): number[] {
  if (count <= most) return Array.from({ length: count }, (_, i) => i)
  return Array.from({ length: most }, (_, i) => Math.round((i * (count - 1)) / (most - 1)))
}
/** Values of a table of gradients beyond which it leaves steps out. */
const VALUES = 200_000
/** Frames of a run that its table and its heatmap have: all, or each n-th. */
export function framesShown({ frames }: ReportRun, width: number): number[] {
  return spaced(frames.length, Math.max(2, Math.floor(VALUES / Math.max(1, width))))
}
