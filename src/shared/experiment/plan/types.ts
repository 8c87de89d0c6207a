import type { Params, Spec } from '../../base/params'
import type { Problem } from '../../base/problems'
import type { LayerKind, Shape, WeightSpec } from '../../catalog/layers/types'

/** One layer instance with everything known before training. */
export interface PlanLayer {
  index: number
  /** Expanded id: `dense1`, or `hidden.3.dense` for the third copy of a block. */
  id: string
  /** Node path: `dense1`, `hidden/dense`. */
  node: string
  /** 0-based copy in its (innermost) block. */
  copy?: number
  name: string
  kind: LayerKind
  params: Params
  /** Ids of plan layers, or `input`. */
  inputs: string[]
  inputShapes: Shape[]
  outputShape: Shape
  weights: WeightSpec[]
  paramCount: number
  /** Has a kernel. */
  main: boolean
  activation?: Spec
}
export interface Plan {
  /** In an order in which each layer comes after its inputs. */
  layers: PlanLayer[]
  /** Id of the layer whose output the loss reads. */
  output?: string
  inputShape: Shape
  outputShape?: Shape
  paramCount: number
  problems: Problem[]
}
