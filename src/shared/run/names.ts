import { nameText } from '../experiment/names'
import type { Text } from '../text'
import type { RunLayer } from './types'

/** Numbers of the layers with a kernel, from 1 in forward order, by index; those without one map to the last one before them (0: none). */
const known = new WeakMap<readonly RunLayer[], Map<number, number>>()
function numbersOf(layers: readonly RunLayer[]): Map<number, number> {
  let map = known.get(layers)
  if (!map) {
    let n = 0
    known.set(layers, (map = new Map(layers.map((l) => [l.index, l.main ? ++n : n]))))
  }
  return map
}
/** Whether a name says this number itself: `Dense 3`. */
export const saysNumber = (name: string, n: number): boolean => new RegExp(`(^|\\D)${n}$`).test(name)

/**
 * A layer of a run as the canvas and the heatmap call it: `Dense 1`, `Dense (layer 19)` for a copy in a block,
 * `Batch norm (after layer 3)` for one without a kernel.
 */
export function layerLabel(layers: readonly RunLayer[], layer: RunLayer): Text {
  const name = nameText(layer.name, layer.kind)
  const n = numbersOf(layers).get(layer.index) ?? 0
  if (!n || (layer.main && saysNumber(layer.name, n))) return name
  return layer.main
    ? { en: `${name.en} (layer ${n})`, zh: `${name.zh}（第 ${n} 层）` }
    : { en: `${name.en} (after layer ${n})`, zh: `${name.zh}（第 ${n} 层之后）` }
}
