import type { Spread } from '../../../run/types'
import type { RunView } from '../types'

/**
 * A first layer’s gradient is proportional to its input, and the curvature to its square: inputs of 20 leave room for
 * a four-hundredth of the step that suits inputs of 1 (LeCun 1998, section 5.1). Pixels of 0 … 255 measure about 80,
 * raw columns of a table hundreds; coordinates, z-scores and shares stay below 5.
 */
const INPUT = { most: 20, least: 0.01 }
/** The first error is as large as the target, and so is its gradient at every layer. */
const TARGET = { most: 100, least: 1e-3 }

/** Inputs or targets whose size no layer is made for. */
export interface ScaleFault {
  input?: Spread
  target?: Spread
}
export const LIMITS = { input: INPUT, target: TARGET }

const beyond = (size: number, { most, least }: { most: number; least: number }): boolean =>
  size > most || (size < least && size > 0)
/** Every layer that reads the data, in the shape they have or another one, brings them to scale itself. */
function isScaled({ layers }: RunView['schema']): boolean {
  const raw = new Set(['input'])
  const readers: string[] = []
  for (const l of layers)
    if (l.inputs.some((i) => raw.has(i))) {
      if (l.kind === 'reshape' || l.kind === 'flatten' || l.kind === 'dropout') raw.add(l.id)
      else readers.push(l.kind)
    }
  return readers.every((kind) => kind === 'batchNorm' || kind === 'layerNorm' || kind === 'embedding')
}

const memo = new WeakMap<object, { fault: ScaleFault | undefined }>()
/** What is wrong with the scale of the data; undefined where nothing is. */
export function scaleFault({ schema }: RunView): ScaleFault | undefined {
  const before = memo.get(schema)
  if (before) return before.fault
  const { data, info } = schema
  // Whole numbers may be ids of symbols: only to a layer that reads them as such, which is one of those left out.
  const input = data && beyond(data.input.largest, INPUT) && !isScaled(schema)
  const target = data && info.task === 'regression' && beyond(data.target.largest, TARGET)
  const fault =
    input || target ? { ...(input && { input: data.input }), ...(target && { target: data.target }) } : undefined
  memo.set(schema, { fault })
  return fault
}
