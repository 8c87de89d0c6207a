import { hiddenLayers, outputPart } from '../../../run/layers'
import { layerLabel } from '../../../run/names'
import type { RunLayer } from '../../../run/types'
import { rounded } from '../../../base/rounded'
import type { Text } from '../../../base/text'
import type { RunView } from '../types'
import { once } from './once'

/** Statistics that rules read. */
export const S = {
  gradient: 'activationGradientRms',
  update: 'updateRatio',
  weightNonFinite: 'weightNonFinite',
  activationNonFinite: 'activationNonFinite',
  dead: 'deadShare',
  saturated: 'saturatedShare',
  mean: 'activationMean',
  std: 'activationStd',
  weights: 'weightNorm',
  slope: 'preActivationGradientRms',
  weightGradient: 'weightGradientNorm'
} as const
/** Medians are taken over this many of the newest frames: one batch misleads. */
export const WINDOW = 9

/** Median of the finite values; NaN when there is none. */
export function median(values: number[]): number {
  const v = values.filter(Number.isFinite).sort((a, b) => a - b)
  const m = v.length >> 1
  return !v.length ? NaN : v.length % 2 ? v[m]! : (v[m - 1]! + v[m]!) / 2
}
/** Examples in a step. */
export const examples = (view: RunView): number => view.experiment?.training.batchSize || view.schema.trainCount
/** So many recorded steps, or more where a step sees few examples: at least `seen` in all. */
export const framesFor = (view: RunView, frames: number, seen: number): number =>
  Math.max(frames, Math.ceil(seen / Math.max(1, examples(view))))
/** The newest frames, oldest first. */
export function newest(view: RunView, count = WINDOW): number[] {
  const from = Math.max(0, view.length - count)
  return Array.from({ length: view.length - from }, (_, i) => from + i)
}
/** The first frames, in order. */
export const oldest = (view: RunView, count: number): number[] =>
  Array.from({ length: Math.min(count, view.length) }, (_, i) => i)
/** The values of one statistic of one layer in these frames. */
export const valuesAt = (view: RunView, frames: number[], layer: number, statistic: string): number[] =>
  frames.map((i) => view.value(i, layer, statistic)).filter((v): v is number => v !== undefined)
/** The loss in these frames; NaN where there is none. */
export const lossesAt = (view: RunView, frames: number[]): number[] => frames.map((i) => view.scalar(i, 'loss') ?? NaN)
/** Index of the newest frame; −1 when there is none. */
export const last = (view: RunView): number => view.length - 1

/** What the batches' noise adds to a guess. */
const GUESSED = 0.05

interface Parts {
  /** Ids of the output layer: from the end back to the first layer with a kernel. */
  ids: Set<string>
  /** Layers with a kernel before it, one behind the other: of parallel ones those on the main path. */
  hidden: RunLayer[]
  /**
   * Where the gradient of each is read. For a residual branch that is the sum behind it: the scale of the branch does
   * not shrink the gradient there.
   */
  places: RunLayer[]
}
const known = new WeakMap<object, Parts>()
/** What rules tell apart in the network of a run. Computed once for each schema. */
export function parts(view: RunView): Parts {
  const before = known.get(view.schema)
  if (before) return before
  const { layers } = view.schema
  const ids = outputPart(layers)
  const readers = new Map<string, RunLayer[]>()
  for (const l of layers) for (const i of l.inputs) readers.set(i, [...(readers.get(i) ?? []), l])
  const hidden = hiddenLayers(layers)
  const places = hidden.map((l) => {
    let end = l
    for (let next = readers.get(end.id) ?? []; next.length === 1 && !next[0]!.main; next = readers.get(end.id) ?? []) {
      end = next[0]!
      if (end.kind === 'add') return end
    }
    return l
  })
  const found = { ids, hidden, places }
  known.set(view.schema, found)
  return found
}
/** Whether the network has a layer of this kind. */
export const hasKind = (view: RunView, kind: string): boolean => view.schema.layers.some((l) => l.kind === kind)
/** Accuracy and r² on the newest batches; NaN where there is none. */
const newestScores = once((view: RunView): { accuracy: number; r2: number } => {
  const frames = newest(view)
  const score = (name: string): number => median(frames.map((i) => view.scalar(i, name) ?? NaN))
  return { accuracy: score('accuracy'), r2: score('r2') }
})
/**
 * True when the network does its task well all the same: on the newest batches it is further from chance to perfect
 * than this share of the way.
 */
export function learnsWell(view: RunView, share = 0.5): boolean {
  const { accuracy, r2 } = newestScores(view)
  const chance = 1 / Math.max(2, view.schema.info.classes?.length ?? 2)
  // The validation part has its say where a batch holds too few examples for a figure of its own.
  const held = view.evaluations[view.evaluations.length - 1]?.metrics ?? {}
  const good = (accuracy = NaN, r2 = NaN): boolean => accuracy > chance + share * (1 - chance) || r2 > share
  return good(accuracy, r2) || good(held['accuracy'], held['r2'])
}
/**
 * True when the newest batches are answered no better than by always saying the same: the mean, or the class that is
 * most frequent.
 */
export function guesses(view: RunView): boolean {
  const frames = newest(view)
  const score = (name: string): number => median(frames.map((i) => view.scalar(i, name) ?? NaN))
  const { data, info } = view.schema
  const best = view.schema.baselines?.[0]
  if (best?.id === 'constant') return !(median(lossesAt(view, frames)) < (1 - GUESSED) * best.trainingLoss)
  const trials = view.trials ?? view.evaluations
  const balanced = trials[trials.length - 1]?.metrics['balancedAccuracy']
  const even = best?.metrics['balancedAccuracy']
  // Classes that count alike: the most frequent one is no measure.
  if (balanced !== undefined && even !== undefined) return !(balanced > even + GUESSED)
  const majority = data?.classes ? Math.max(...data.classes) : 1 / Math.max(2, info.classes?.length ?? 2)
  return score('accuracy') < majority + GUESSED || score('r2') < GUESSED
}
/** Three significant digits: 0.235, 3.1e-13. */
export function show(x: number): string {
  if (!Number.isFinite(x)) return Number.isNaN(x) ? 'NaN' : x > 0 ? '∞' : '−∞'
  const a = Math.abs(x)
  return a !== 0 && (a < 1e-3 || a >= 1e5) ? x.toExponential(1).replace('e+', 'e') : String(rounded(x, 3))
}
/** Two significant digits, rounded up, so that a need is never understated. */
export function atLeast(n: number): number {
  const unit = 10 ** Math.max(0, Math.floor(Math.log10(n)) - 1)
  return Math.ceil(n / unit) * unit
}
/** A layer, by id, as the canvas calls it. */
export function called(view: RunView, id: string): Text {
  const layer = view.schema.layers.find((l) => l.id === id)
  return layer ? layerLabel(view.schema.layers, layer) : { en: id, zh: id }
}
/** The first of these layers, and how many more there are. */
export function few(view: RunView, ids: string[], most = 3): Text {
  const names = ids.slice(0, most).map((id) => called(view, id))
  const rest = ids.length - names.length
  return {
    en: names.map((t) => t.en).join(', ') + (rest ? ` and ${rest} more` : ''),
    zh: names.map((t) => t.zh).join('、') + (rest ? ` 及另外 ${rest} 层` : '')
  }
}
