import { mainPath } from '../../../run/path'
import type { RunLayer } from '../../../run/types'
import type { RunView } from '../types'
import { learnsWell, parts } from './view'
import { once } from './once'

/** A layer on the main path whose output is the same for every input. */
export interface Constant {
  layer: RunLayer
  /** Units that the norm is taken over: 1 or 2. */
  units: number
  /** Whether it is part of the output layer. */
  isOutput: boolean
}
/** The layer norm over so many units, that of the output first. */
function normOver(view: RunView, units: number): Constant | undefined {
  if (view.schema.recording) return undefined
  const { ids } = parts(view)
  const found = mainPath(view.schema.layers).filter(
    (l) => l.kind === 'layerNorm' && l.outputShape[l.outputShape.length - 1] === units
  )
  const layer = found.find((l) => ids.has(l.id)) ?? found[0]
  return layer && { layer, units, isOutput: ids.has(layer.id) }
}
/**
 * A layer norm over a single unit, which gives 0, and then β, whatever the unit is. The layers before it have no effect
 * and get no gradient. Undefined where there is none.
 */
export const constantLayer = once((view: RunView): Constant | undefined => normOver(view, 1))
/**
 * A layer norm over two units: of x and y it leaves ±d ÷ √(d² + ε) with d = (x − y)/2. That is 1 and −1, in one order
 * or the other, and next to nothing comes back. Undefined where there is none, and once the network learns.
 */
export const pairNorm = once((view: RunView): Constant | undefined =>
  learnsWell(view) ? undefined : normOver(view, 2)
)
