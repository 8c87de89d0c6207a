import { nameText } from '../experiment/names'
import type { Text } from '../base/text'
import type { RunLayer } from './types'

/**
 * Numbers of the layers with a kernel, from 1 in forward order, by index; those without one map to the last one before
 * them (0: none).
 */
const known = new WeakMap<readonly RunLayer[], Map<number, number>>()
function numbersOf(layers: readonly RunLayer[]): Map<number, number> {
  let map = known.get(layers)
  if (!map) {
    let n = 0
    known.set(layers, (map = new Map(layers.map((l) => [l.index, l.main ? ++n : n]))))
  }
  return map
}
/** The number of a layer with a kernel, from 1 in forward order; of another one that of the last before it, or 0. */
export const layerNumber = (layers: readonly RunLayer[], { index }: RunLayer): number =>
  numbersOf(layers).get(index) ?? 0
/** Whether a name ends with this number, as `Dense 3` does. */
export const saysNumber = (name: string, n: number): boolean => new RegExp(`(^|\\D)${n}$`).test(name)

/**
 * A layer of a run as the canvas and the heatmap call it: `Dense 1`, `Dense (layer 19)` for a copy in a block,
 * `Batch norm (after layer 3)` for one without a kernel. A recorded module is called what its code calls it.
 */
export function layerLabel(layers: readonly RunLayer[], layer: RunLayer): Text {
  if (layer.recorded) return { en: layer.name, zh: layer.name }
  const name = nameText(layer.name, layer.kind)
  const n = layerNumber(layers, layer)
  if (!n || (layer.main && saysNumber(layer.name, n))) return name
  return layer.main
    ? { en: `${name.en} (layer ${n})`, zh: `${name.zh}（第 ${n} 层）` }
    : { en: `${name.en} (after layer ${n})`, zh: `${name.zh}（第 ${n} 层之后）` }
}

/** What tells the runs of one experiment apart, in either language: ` · run 3`. */
const NUMBERED = / · (?:run (\d+)|第 (\d+) 次)$/
/**
 * The name of the next run of an experiment: its own for the first, `… · run 2`, `… · run 3` for those after it.
 * Numbers are never given twice, and a number that is there already is counted on, not doubled.
 * @param taken names of all runs there are
 */
export function nextRunName(name: string, taken: readonly string[], language: 'en' | 'zh'): string {
  const base = name.replace(NUMBERED, '')
  const numbers = taken
    .filter((n) => n.replace(NUMBERED, '') === base)
    .map((n) => Number(NUMBERED.exec(n)?.[1] ?? NUMBERED.exec(n)?.[2] ?? 1))
  if (!numbers.length) return base
  const n = Math.max(...numbers) + 1
  return language === 'zh' ? `${base} · 第 ${n} 次` : `${base} · run ${n}`
}
/**
 * The name of a run that continues another one from a step. Of a run that was itself continued, the first name is used.
 */
export const continuedName = (name: string, step: number): string =>
  `${name.replace(/ @ \d+( · (run \d+|第 \d+ 次))?$/, '')} @ ${step}`

/** A name that is not taken: `name`, `name 2`, `name 3` … A name that has such a number gets the next one. */
export function freeName(wanted: string, taken: ReadonlySet<string>): string {
  if (!taken.has(wanted)) return wanted
  const stem = wanted.replace(/ \d+$/, '')
  const base = taken.has(stem) ? stem : wanted
  for (let n = 2; ; n++) if (!taken.has(`${base} ${n}`)) return `${base} ${n}`
}
