import { activations } from '../shared/catalog/activations'
import {
  BINS,
  binValues,
  histogramSources,
  slopeFigures,
  type HistogramEntry,
  type HistogramSet,
  type HistogramSource
} from '../shared/run/histogram'
import type { Model } from './model'
import type { NamedArray } from '../shared/takehome/types'

const FOLDER: Partial<Record<HistogramSource, string>> = {
  activation: 'activations',
  preActivation: 'pre_activations',
  activationGradient: 'activation_gradients',
  preActivationGradient: 'pre_activation_gradients'
}

/** Distributions of everything in a snapshot, layer by layer. @param step the one that the snapshot shows */
export function histogramsOf(model: Model, arrays: readonly NamedArray[], step: number): HistogramSet {
  const byName = new Map(arrays.map((a) => [a.name, a.data]))
  const entries: HistogramEntry[] = []
  const bins: Float32Array[] = []
  for (const layer of model.plan.layers) {
    const kernels = layer.weights
      .filter((w) => w.role === 'kernel' && w.trainable !== false)
      .map((w) => `${layer.id}/${w.name}`)
    for (const source of histogramSources) {
      const folder = source === 'kernel' ? 'weights' : 'weight_gradients'
      const names = FOLDER[source] ? [`${FOLDER[source]}/${layer.id}`] : kernels.map((k) => `${folder}/${k}`)
      const found = names.flatMap((n) => byName.get(n) ?? [])
      if (!found.length) continue
      const values = found.length === 1 ? found[0]! : joined(found)
      const { bins: counts, ...figures } = binValues(values)
      const entry: HistogramEntry = { layer: layer.index, source, ...figures }
      if (source === 'preActivation' && layer.activation) {
        const { id, ...params } = layer.activation
        const slope = slopeFigures(values, activations.get(id), params)
        if (slope) entry.slope = slope
      }
      entries.push(entry)
      bins.push(counts)
    }
  }
  const all = new Float32Array(bins.length * BINS)
  bins.forEach((b, i) => all.set(b, i * BINS))
  return { step, entries, bins: all }
}
function joined(parts: readonly Float32Array[]): Float32Array {
  const all = new Float32Array(parts.reduce((n, p) => n + p.length, 0))
  parts.reduce((at, p) => (all.set(p, at), at + p.length), 0)
  return all
}
