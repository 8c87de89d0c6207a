import type { DataInfo } from '../catalog/datasets/types'
import { effectiveExperiment } from '../experiment/effective'
import type { Job } from './search'

/**
 * What of a job determines its run, for the hash that is its address: the experiment with its remedies applied, its
 * layers, and the steps that are made of it. Names of layers count, the name of the experiment does not.
 * @param info of the experiment's data
 */
export function contentOf({ experiment, until }: Job, info: DataInfo): readonly unknown[] {
  const { name: _, network, ...rest } = effectiveExperiment(experiment, info).experiment
  return [rest, network.nodes, until ?? null]
}
