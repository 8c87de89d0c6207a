import type { Plane } from '../shared/run/types'
import type { Batch, Engine } from './engine'

/** Points per side of the grid; how many points of each kind are shown; how many pictures a run keeps at most. */
const SIDE = 32
const POINTS = 256
const PICTURES = 60

const shortened = (v: Float32Array, digits: number): number[] => Array.from(v, (x) => Number(x.toPrecision(digits)))
/**
 * True when the evaluation at this step carries a picture: all of them in short runs, a spread of them in long ones,
 * the last one always.
 */
export const hasPicture = (step: number, steps: number, every: number): boolean =>
  step === steps || (step / every) % Math.ceil(steps / every / PICTURES) === 0

/** Half the side of the square that is looked at: a little more than the real points reach. */
export const reachOf = (real: Batch): number => 1.25 * real.x.reduce((most, v) => Math.max(most, Math.abs(v)), 0) || 1

/**
 * The critic over a square, with some real and generated points in it. @param points real ones, then as many generated
 * ones, 2 numbers each
 */
export function planeOf(engine: Engine, points: Batch, reach: number): Plane {
  const at = (k: number): number => reach * ((2 * k) / (SIDE - 1) - 1)
  const grid = new Float32Array(2 * SIDE * SIDE)
  for (let row = 0; row < SIDE; row++)
    for (let column = 0; column < SIDE; column++) grid.set([at(column), -at(row)], 2 * (row * SIDE + column))
  const half = points.x.length / 2
  const some = Math.min(2 * POINTS, half)
  return {
    reach,
    side: SIDE,
    values: shortened(engine.predict(grid, SIDE * SIDE), 4),
    real: shortened(points.x.subarray(0, some), 3),
    generated: shortened(points.x.subarray(half, half + some), 3)
  }
}
