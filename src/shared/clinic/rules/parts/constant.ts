import { mainPath } from '../../../run/path'
import type { RunLayer } from '../../../run/types'
import type { RunView } from '../types'
import { parts } from './view'
import { once } from './once'

/** A layer on the main path whose output is the same for every input. */
export interface Constant {
  layer: RunLayer
  /** Whether it is part of the output layer. */
  isOutput: boolean
}
/**
 * A layer norm over a single unit, which gives 0, and then β, whatever the unit is. The layers before it have no effect
 * and get no gradient. Undefined where there is none.
 */
export const constantLayer = once((view: RunView): Constant | undefined => {
  if (view.schema.recording) return undefined
  const { ids } = parts(view)
  const found = mainPath(view.schema.layers).filter(
    (l) => l.kind === 'layerNorm' && l.outputShape[l.outputShape.length - 1] === 1
  )
  const layer = found.find((l) => ids.has(l.id)) ?? found[0]
  return layer && { layer, isOutput: ids.has(layer.id) }
})
