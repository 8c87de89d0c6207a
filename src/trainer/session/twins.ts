import { layers } from '../../shared/catalog/layers'
import type { RunLayer } from '../../shared/run/types'
import type { Training } from './training'

/**
 * Largest difference between two units' updates, as a share of the largest number: rounding differs, and training
 * amplifies it.
 */
const EQUAL = 1e-2

/** The last axis of a weight: how many columns, of how many units, and whether those of a unit stand side by side. */
interface Axis {
  columns: number
  units: number
  byUnit: boolean
}
/** The values of one unit in a weight. */
function* unit(values: Float32Array, { columns, units, byUnit }: Axis, u: number): Generator<number> {
  const [first, step] = byUnit ? [(u * columns) / units, 1] : [u, units]
  for (let row = 0; row < values.length; row += columns)
    for (let i = 0; i < columns / units; i++) yield values[row + first + i * step]!
}
/** Whether all units hold the same numbers. @param tolerance share of the largest number of the first unit */
function areEqual(values: Float32Array, axis: Axis, tolerance: number): boolean {
  const one = [...unit(values, axis, 0)]
  const room = tolerance * one.reduce((most, v) => Math.max(most, Math.abs(v)), 0)
  for (let u = 1; u < axis.units; u++) {
    let i = 0
    for (const v of unit(values, axis, u)) if (!(Math.abs(v - one[i++]!) <= room)) return false
  }
  return true
}

/**
 * Watches layers whose units start equal in every weight. As long as their updates are equal too, they are copies of
 * one unit. A network without such layers costs one look at its start.
 */
export class Twins {
  private watched: { layer: RunLayer; weights: { at: number; columns: number; start: Float32Array }[] }[]

  /** @param training before its first step */
  constructor(private readonly training: Training) {
    const { model, engine, schema } = training
    const values = engine.read()
    this.watched = schema.layers
      .map((layer) => ({
        layer,
        weights: model.weights
          .filter(
            (at) => model.variables[at]!.name.startsWith(`${layer.id}/`) && model.variables[at]!.spec?.role !== 'scale'
          )
          .map((at) => ({ at, columns: model.variables[at]!.shape.slice(-1)[0] ?? 1, start: values[at]! }))
      }))
      .filter(({ layer, weights }) => layer.main && this.isTwin(layer, weights, (w) => w.start, 0))
  }

  /** Layers whose units have been copies of each other up to now. */
  look(): readonly RunLayer[] {
    if (this.watched.length) {
      const values = this.training.engine.read()
      this.watched = this.watched.filter(({ layer, weights }) =>
        this.isTwin(layer, weights, ({ at, start }) => values[at]!.map((v, i) => v - start[i]!), EQUAL)
      )
    }
    return this.watched.map(({ layer }) => layer)
  }

  private isTwin(
    layer: RunLayer,
    weights: { at: number; columns: number; start: Float32Array }[],
    of: (w: { at: number; start: Float32Array }) => Float32Array,
    tolerance: number
  ): boolean {
    const units = layer.outputShape[layer.outputShape.length - 1] ?? 1
    const byUnit = layers.get(layer.kind).columnsByUnit ?? false
    // The matrix from state to state is square: its units are equal up to their order.
    const own = weights.filter((w) => !this.training.model.variables[w.at]!.name.endsWith('/recurrent'))
    return (
      units > 1 &&
      own.length > 0 &&
      own.every(({ columns, ...w }) => columns % units === 0 && areEqual(of(w), { columns, units, byUnit }, tolerance))
    )
  }
}
