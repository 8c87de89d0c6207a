import { FrameTable } from '../../../src/shared/run/frameTable'
import { hiddenLayers } from '../../../src/shared/run/layers'
import type { FrameBatch, RunLayer, RunSchema } from '../../../src/shared/run/types'

/** A peer's symptom and the first step at which its rule holds. */
export interface Symptom {
  kind: string
  step: number
}
export type Peer = 'SageMaker Debugger' | 'AUTOTRAINER' | 'DeepDiagnosis'

/** Reads the recorded frames of one run as the peers' rules want them. */
class Frames {
  readonly main: RunLayer[]
  readonly hidden: RunLayer[]
  private readonly table: FrameTable

  constructor(schema: RunSchema, frames: FrameBatch) {
    this.table = new FrameTable(schema, frames)
    this.main = schema.layers.filter((l) => l.main)
    this.hidden = hiddenLayers(schema.layers)
  }
  get count(): number {
    return this.table.length
  }
  step(i: number): number {
    return this.table.step(i)!
  }
  value(i: number, l: RunLayer, statistic: string): number | undefined {
    const column = this.table.column(l.index, statistic)
    return column < 0 ? undefined : this.table.value(i, column)
  }
  scalar(i: number, name: string): number | undefined {
    const column = this.table.scalarColumn(name)
    return column < 0 ? undefined : this.table.scalar(i, column)
  }
  /** Whether a condition on a statistic holds of any of these layers. */
  any(i: number, layers: RunLayer[], statistic: string, holds: (v: number) => boolean): boolean {
    return layers.some((l) => {
      const v = this.value(i, l, statistic)
      return v !== undefined && holds(v)
    })
  }
  /** Mean square of the weights: their variance, their mean being near 0. */
  variance(i: number, l: RunLayer): number {
    return (this.value(i, l, 'weightNorm') ?? NaN) ** 2 / l.paramCount
  }
}
type Test = (f: Frames, i: number) => boolean
const bad = (v: number): boolean => !Number.isFinite(v)
const broken: Test = (f, i) =>
  bad(f.scalar(i, 'loss') ?? 0) || f.any(i, f.main, 'weightGradientNorm', bad) || f.any(i, f.main, 'weightNorm', bad)

/** Defaults of the built-in rules (Amazon SageMaker Debugger documentation). */
const sageMaker: Record<string, Test> = {
  lossNaN: broken,
  vanishing: (f, i) => f.any(i, f.main, 'weightGradientMeanAbs', (v) => v < 1e-7),
  unstable: (f, i) => f.any(i, f.main, 'updateRatio', (v) => v > 10),
  notUpdating: (f, i) => f.any(i, f.main, 'updateRatio', (v) => v < 1e-8),
  dead: (f, i) => f.any(i, f.hidden, 'deadShare', (v) => v > 0.5),
  saturated: (f, i) => f.any(i, f.hidden, 'saturatedShare', (v) => v > 0.5),
  poorInitialization: (f, i) => {
    if (i > 0) return false
    const all = f.main.map((l) => f.variance(i, l)).filter((v) => v > 0)
    return Math.max(...all) / Math.min(...all) > 10
  },
  lossNotDecreasing: (f, i) => i >= 10 && !(f.scalar(i, 'loss')! < 0.999 * f.scalar(i - 10, 'loss')!)
}
/** Accuracy of the training batches under which the rules of AUTOTRAINER count. */
const POOR = 0.6
const poor: Test = (f, i) => {
  const names = ['accuracy', 'r2'].map((n) => f.scalar(i, n)).filter((v) => v !== undefined)
  return !names.length || names.every((v) => !(v > POOR))
}
const ends = (f: Frames, i: number): [number, number] => {
  const norm = (l: RunLayer | undefined): number => (l && f.value(i, l, 'weightGradientNorm')) ?? NaN
  return [norm(f.main[0]), norm(f.main[f.main.length - 1])]
}
/** Zhang et al. 2021. */
const autoTrainer: Record<string, Test> = {
  lossNaN: broken,
  vanishing: (f, i) => {
    const [first, last] = ends(f, i)
    return poor(f, i) && first / last < 1e-3 && first < 1e-4
  },
  exploding: (f, i) => {
    const [first, last] = ends(f, i)
    return poor(f, i) && first / last > 70
  },
  dead: (f, i) => poor(f, i) && f.any(i, f.hidden, 'gradientZeroShare', (v) => v >= 0.7)
}
/** Wardat et al. 2022. */
const deepDiagnosis: Record<string, Test> = {
  lossNaN: broken,
  vanishing: (f, i) => f.any(i, f.main, 'weightGradientMeanAbs', (v) => v < 1e-7),
  dead: (f, i) => f.any(i, f.hidden, 'deadShare', (v) => v >= 0.7),
  saturated: (f, i) => f.any(i, f.hidden, 'saturatedShare', (v) => v > 0.5),
  weightVariance: (f, i) => f.main.some((l) => f.variance(i, l) < 1e-5 || f.variance(i, l) > 10),
  notUpdating: (f, i) => f.any(i, f.main, 'updateRatio', (v) => v < 1e-5),
  unstable: (f, i) => f.any(i, f.main, 'updateRatio', (v) => v > 0.1)
}
const RULES: Record<Peer, Record<string, Test>> = {
  'SageMaker Debugger': sageMaker,
  AUTOTRAINER: autoTrainer,
  DeepDiagnosis: deepDiagnosis
}
export const PEERS = Object.keys(RULES) as Peer[]

/** What each peer's published rules say of a run, from its recorded frames: every symptom with its first step. */
export function peersOn(schema: RunSchema, recorded: FrameBatch): Record<Peer, Symptom[]> {
  const frames = new Frames(schema, recorded)
  const symptoms = (rules: Record<string, Test>): Symptom[] =>
    Object.entries(rules).flatMap(([kind, test]) => {
      for (let i = 0; i < frames.count; i++) if (test(frames, i)) return [{ kind, step: frames.step(i) }]
      return []
    })
  return Object.fromEntries(PEERS.map((p) => [p, symptoms(RULES[p])])) as Record<Peer, Symptom[]>
}
