import { mainPath } from './path'
import type { RunLayer } from './types'

/** Ids of the output layer: from the one layer that nobody reads back to the first one with a kernel. */
export function outputPart(layers: readonly RunLayer[]): Set<string> {
  const read = new Set(layers.flatMap((l) => l.inputs))
  const ids = new Set<string>()
  let at = [...layers].reverse().find((l) => !read.has(l.id))
  while (at && at.inputs.length === 1) {
    ids.add(at.id)
    const from: string = at.inputs[0]!
    at = at.main ? undefined : layers.find((l) => l.id === from)
  }
  return ids
}
/**
 * The hidden layers, in forward order: those with a kernel on the main path before the output layer. A layer in a
 * shortcut is not one of them. Every gain per layer is a mean over these.
 */
export function hiddenLayers(layers: readonly RunLayer[]): RunLayer[] {
  const output = outputPart(layers)
  return mainPath(layers).filter((l) => l.main && !output.has(l.id))
}
/** Ids of the layers that see nothing of the data but what comes through one of them. @param layers in forward order */
export function allBehind(layers: readonly RunLayer[], { id }: RunLayer): Set<string> {
  const behind = new Set<string>()
  for (const l of layers) if (l.inputs.length && l.inputs.every((i) => i === id || behind.has(i))) behind.add(l.id)
  return behind
}
