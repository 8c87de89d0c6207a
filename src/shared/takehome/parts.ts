import type { PlanLayer } from '../experiment'
import type { Taken } from './types'

/** A layer by itself, or all copies of a block, each with its layers. */
type Part = { layer: PlanLayer } | { block: string; copies: PlanLayer[][] }

/** The layers of a network, those of an outermost block together. */
export function partsOf(layers: readonly PlanLayer[]): Part[] {
  const parts: Part[] = []
  for (const layer of layers) {
    const [block, inner] = layer.node.split('/')
    if (inner === undefined) {
      parts.push({ layer })
      continue
    }
    const copy = Number(/^\d+/.exec(layer.id.slice(block!.length + 1))![0]) - 1
    const last = parts[parts.length - 1]
    if (last && 'block' in last && last.block === block) (last.copies[copy] ??= []).push(layer)
    else parts.push({ block: block!, copies: [[layer]] })
  }
  return parts
}

/** How many of some layers read each value; the output is read once more. */
export function readersOf(lists: readonly (readonly string[])[], output: string): Map<string, number> {
  const readers = new Map<string, number>([[output, 1]])
  for (const inputs of lists) for (const i of inputs) readers.set(i, (readers.get(i) ?? 0) + 1)
  return readers
}

/** What a copy of a block reads from outside. */
export const enters = (copy: readonly PlanLayer[]): string => {
  const own = new Set(copy.map((l) => l.id))
  return copy.flatMap((l) => l.inputs).find((i) => !own.has(i))!
}
/** What a copy of a block gives. */
export const leaves = (copy: readonly PlanLayer[]): string => copy[copy.length - 1]!.id

/** What the optimizer goes on from; undefined where it starts anew, or keeps nothing of a weight. @param made it */
export const goesOnFrom = (
  { before }: Pick<Taken, 'before'>,
  made: { state: Record<string, string> }
): Taken['before'] => (Object.keys(made.state).length ? before : undefined)
