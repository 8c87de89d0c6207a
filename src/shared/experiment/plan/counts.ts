import type { DataInfo } from '../../catalog/datasets/types'
import type { Experiment } from '../types'

/** Number of examples that are held out for validation. */
export const heldCount = ({ data }: Experiment, { count }: DataInfo): number => Math.round(count * data.validation)

/** Number of examples that are trained on: those that are not held out, or as many of them as were asked for. */
export function trainCount(experiment: Experiment, info: DataInfo): number {
  return Math.min(experiment.data.examples ?? Infinity, info.count - heldCount(experiment, info))
}
