import { layers } from '../../../catalog/layers'
import { planNetwork } from '../../../experiment/plan'
import type { DataInfo } from '../../../catalog/datasets/types'
import type { Experiment } from '../../../experiment/types'
import { isBlock, type NetworkNode } from '../../../experiment/types'
import { sites, type Site } from './graph'

/** Whether a node carries a state through time, and its gradient can be truncated. */
export const isCell = (n: NetworkNode): boolean => !isBlock(n) && layers.find(n.kind)?.fields['truncate'] !== undefined
/** Every recurrent layer of an experiment. */
export const cellSites = (e: Experiment): Site[] => [...sites(e.network.nodes)].filter((s) => isCell(s.node))
/** Time steps of each recurrent layer instance. */
export const lengthsOf = (e: Experiment, info: DataInfo): number[] =>
  planNetwork(e.network, info.inputShape)
    .layers.filter((l) => l.kind.fields['truncate'])
    .map((l) => l.inputShapes[0]![0]!)
