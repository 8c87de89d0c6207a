import { rounded } from '../shared/base/rounded'
import type { DataInfo } from '../shared/catalog/datasets/types'
import type { Plane } from '../shared/run/types'
import type { Batch, Engine } from './engine'
import { classesOf, type BinaryThreshold } from './metrics'

/** Points per side of the grid; how many points of each kind are shown; how many pictures a run keeps at most. */
const SIDE = 32
/** A border between classes needs a finer grid than a smooth output. */
const CLASS_SIDE = 48
const POINTS = 256
const PICTURES = 60

const shortened = (v: Float32Array, digits: number): number[] => Array.from(v, (x) => rounded(x, digits))
/**
 * True when the evaluation at this step carries a picture: all of them in short runs, a spread of them in long ones,
 * the last one always.
 */
export const hasPicture = (step: number, steps: number, every: number): boolean =>
  step === steps || (step / every) % Math.ceil(steps / every / PICTURES) === 0

/** Half the side of the square that is looked at: a little more than the real points reach. */
export const reachOf = (real: Batch): number => 1.25 * real.x.reduce((most, v) => Math.max(most, Math.abs(v)), 0) || 1

/** Points of the square, row by row from the upper left, 2 numbers each. */
function gridOf(reach: number, side: number): Float32Array {
  const at = (k: number): number => reach * ((2 * k) / (side - 1) - 1)
  const grid = new Float32Array(2 * side * side)
  for (let row = 0; row < side; row++)
    for (let column = 0; column < side; column++) grid.set([at(column), -at(row)], 2 * (row * side + column))
  return grid
}

/**
 * The critic over a square, with some real and generated points in it. @param points real ones, then as many generated
 * ones, 2 numbers each
 */
export function planeOf(engine: Engine, points: Batch, reach: number): Plane {
  const half = points.x.length / 2
  const some = Math.min(2 * POINTS, half)
  return {
    reach,
    side: SIDE,
    values: shortened(engine.predict(gridOf(reach, SIDE), SIDE * SIDE), 4),
    real: shortened(points.x.subarray(0, some), 3),
    generated: shortened(points.x.subarray(half, half + some), 3)
  }
}

/** Whether the classes that a network sees in the plane can be drawn. */
export const hasClasses = ({ task, inputShape, targetShape }: DataInfo): boolean =>
  (task === 'binary' || task === 'multiclass') && inputShape.join() === '2' && targetShape.length === 1

/**
 * The class that a network sees at each point of a square, and some examples with theirs.
 * @param examples 2 numbers each @param threshold of a single output
 */
export function boundaryOf(engine: Engine, examples: Batch, reach: number, threshold: BinaryThreshold): Plane {
  const width = examples.y.length / examples.count
  const some = Math.min(POINTS, examples.count)
  return {
    reach,
    side: CLASS_SIDE,
    values: classesOf(engine.predict(gridOf(reach, CLASS_SIDE), CLASS_SIDE * CLASS_SIDE), width, threshold),
    classes: Math.max(2, width),
    labels: classesOf(examples.y.subarray(0, some * width), width, 0.5),
    real: shortened(examples.x.subarray(0, 2 * some), 3),
    generated: []
  }
}
