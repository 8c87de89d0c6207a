import type { Offset, Spread } from '../../../run/types'
import type { RunView } from '../types'

/**
 * A first layer’s gradient is proportional to its input, and the curvature to its square: inputs of 20 leave room for
 * a four-hundredth of the step that suits inputs of 1 (LeCun 1998, section 5.1). Pixels of 0 … 255 measure about 80,
 * raw columns of a table hundreds; coordinates, z-scores and shares stay below 5.
 */
const INPUT = { most: 20, least: 0.01 }
/** The first error is as large as the target, and so is its gradient at every layer. */
const TARGET = { most: 100, least: 1e-3 }

/**
 * A mean of this size that is more than ten standard deviations from 0: the layer has to learn it away, exactly,
 * before it sees how the values vary (LeCun 1998, section 4.3). About 1, as shares and densities are, it costs little.
 */
const OFFSET = 3

/** Inputs or targets that are too large, too small, or too far from 0 for any layer. */
export interface ScaleFault {
  input?: Spread
  target?: Spread
  /** Where the size alone is none. */
  inputOffset?: Offset
  targetOffset?: Offset
}
/** `offset`: |mean| ÷ standard deviation. */
export const LIMITS = { input: INPUT, target: TARGET, offset: 10 }

const offsetOf = ({ far }: Spread): Offset | undefined => (far && Math.abs(far.mean) > OFFSET ? far : undefined)

const beyond = (size: number, { most, least }: { most: number; least: number }): boolean =>
  size > most || (size < least && size > 0)
/** Whether every layer that reads the data, reshaped or not, scales them itself. */
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
  // Ids of symbols are whole numbers, too. A layer that reads such ids is left out by `isScaled`.
  const input = data && !isScaled(schema) ? data.input : undefined
  const target = data && info.task === 'regression' ? data.target : undefined
  const of = (spread: Spread | undefined, limits: typeof INPUT): { size?: Spread; offset?: Offset } => {
    if (!spread) return {}
    if (beyond(spread.largest, limits)) return { size: spread }
    const offset = offsetOf(spread)
    return offset ? { offset } : {}
  }
  const [i, t] = [of(input, INPUT), of(target, TARGET)]
  const found: ScaleFault = {
    ...(i.size && { input: i.size }),
    ...(i.offset && { inputOffset: i.offset }),
    ...(t.size && { target: t.size }),
    ...(t.offset && { targetOffset: t.offset })
  }
  const fault = Object.keys(found).length ? found : undefined
  memo.set(schema, { fault })
  return fault
}
