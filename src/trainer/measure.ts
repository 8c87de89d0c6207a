import type { PlanLayer } from '../shared/experiment'
import { bitsOf, MISSING } from '../shared/run/frameTable'
import { nextTowardsLoss } from '../shared/run/path'
import type { Column } from '../shared/run/types'
import { statistics } from '../shared/catalog/statistics'
import type { Source, Statistic, StatisticContext } from '../shared/catalog/statistics/types'
import { contextOf, fitting } from '../shared/catalog/statistics/parts/fit'
import { measureLayer, measureTimes, type Wanted } from '../shared/catalog/statistics/parts/fused'
import type { TF, Tensor } from '../shared/base/tf'

/** Tensors of one layer at one step. */
export type Sources = Partial<Record<Source, Tensor>>

interface MeasuredColumn extends Column {
  entry: Statistic
  /** Place in a frame. */
  at: number
}
interface DerivedColumn extends MeasuredColumn {
  /** Place in a frame of each statistic of this layer, and of the next one towards the loss. */
  own: ReadonlyMap<string, number>
  next: ReadonlyMap<string, number>
}

/** A cache of intermediate results by tensor, for one step. */
export function makeShare(): StatisticContext['share'] {
  const known = new Map<string, Tensor>()
  return <T extends Tensor>(key: string, of: Tensor, make: () => T): T => {
    const name = `${of.id}/${key}`
    let t = known.get(name) as T | undefined
    if (!t) known.set(name, (t = make()))
    return t
  }
}

/** All statistics of all layers of a network: which there are, and how a frame of them is made. */
export class Measurement {
  readonly columns: Column[] = []
  private readonly measured: MeasuredColumn[] = []
  private readonly derived: DerivedColumn[] = []
  private readonly activation = new Map<number, NonNullable<StatisticContext['activation']>>()

  /** @param available the sources that each layer has, by its index */
  constructor(layers: readonly PlanLayer[], available: (layer: PlanLayer) => ReadonlySet<Source>) {
    const places = new Map<number, Map<string, number>>()
    const placesOf = (index: number): Map<string, number> => {
      if (!places.has(index)) places.set(index, new Map())
      return places.get(index)!
    }
    const has = new Map<number, Set<string>>()
    for (const layer of layers) {
      const activation = contextOf(layer.activation)
      if (activation) this.activation.set(layer.index, activation)
      has.set(layer.index, new Set(fitting(available(layer), activation).map((s) => s.id)))
    }
    // A layer's values by time come after its others.
    const entries = [...statistics.all.filter((s) => !s.perTime), ...statistics.all.filter((s) => s.perTime)]
    for (const layer of layers)
      for (const entry of entries) {
        if (!has.get(layer.index)!.has(entry.id)) continue
        const next = entry.derive && nextTowardsLoss(layers, layer, (l) => has.get(l.index)!.has(entry.id))
        if (entry.derive && !next) continue
        if (entry.perTime) {
          // What has a state per time reads [T × features].
          for (let time = 1; time <= layer.inputShapes[0]![0]!; time++) {
            this.measured.push({ layer: layer.index, statistic: entry.id, time, entry, at: this.columns.length })
            this.columns.push({ layer: layer.index, statistic: entry.id, time })
          }
          continue
        }
        const column = { layer: layer.index, statistic: entry.id, entry, at: this.columns.length }
        placesOf(layer.index).set(entry.id, column.at)
        this.columns.push({ layer: layer.index, statistic: entry.id })
        if (next) this.derived.push({ ...column, own: placesOf(layer.index), next: placesOf(next.index) })
        else this.measured.push(column)
      }
  }

  /** Number of values that `compute` gives. */
  get count(): number {
    return this.measured.length
  }
  /** The statistics that tensors are needed for: vectors that together are `count` long. */
  compute(tf: TF, sources: readonly Sources[], share: StatisticContext['share']): Tensor[] {
    const byLayer = new Map<number, { wanted: Wanted[]; byTime: Set<Statistic> }>()
    for (const { layer, entry } of this.measured) {
      const activation = this.activation.get(layer)
      if (!byLayer.has(layer)) byLayer.set(layer, { wanted: [], byTime: new Set() })
      const list = byLayer.get(layer)!
      if (entry.perTime) list.byTime.add(entry)
      else list.wanted.push({ entry, ...(activation && { activation }) })
    }
    return [...byLayer].flatMap(([layer, { wanted, byTime }]) => [
      ...(wanted.length ? [measureLayer(tf, wanted, sources[layer]!, share)] : []),
      ...[...byTime].map((entry) => measureTimes(tf, entry, sources[layer]![entry.needs[0]!]!, share))
    ])
  }
  /**
   * Puts computed values in their columns and derives the rest, which may be missing. @param from where the computed
   * values start in `flat`
   */
  frame(flat: Float32Array, from: number): Float32Array {
    const out = new Float32Array(this.columns.length)
    for (let i = 0; i < this.measured.length; i++) out[this.measured[i]!.at] = flat[from + i]!
    const read =
      (places: ReadonlyMap<string, number>) =>
      (statistic: string): number | undefined => {
        const at = places.get(statistic)
        return at === undefined ? undefined : out[at]
      }
    for (const d of this.derived) {
      const value = d.entry.derive!(read(d.own), read(d.next))
      if (value === undefined) bitsOf(out)[d.at] = MISSING
      else out[d.at] = value
    }
    return out
  }
}
