import type { Attachments } from '../shared/catalog/datasets'
import type { Ending } from '../shared/bridge/foreign'
import type { Imported } from '../shared/bridge/imported'
import { Training } from './session/training'

/** What a program's own ending makes of a row of our outputs. */
function ended(row: number[], ending: Ending | undefined): number[] {
  if (!ending) return row
  if (ending === 'sigmoid') return row.map((z) => 1 / (1 + Math.exp(-z)))
  const most = Math.max(...row)
  const log = most + Math.log(row.reduce((sum, z) => sum + Math.exp(z - most), 0))
  return row.map((z) => (ending === 'softmax' ? Math.exp(z - log) : z - log))
}

/**
 * Holds the first forward pass of a model that was taken over against what its own program made of the same inputs.
 * @param files the weights, by the name that the experiment gives them
 * @returns the largest difference, as a share of the largest output where that is above 1; undefined where the file
 *   has no outputs to compare with
 * @throws InputError for an experiment that can't be built
 */
export function firstPass({ experiment, ending, sample }: Imported, files: Attachments): number | undefined {
  if (!sample || !experiment.weights) return undefined
  const training = new Training(experiment, files)
  training.build()
  try {
    const { x, y } = sample
    const count = x.shape[0]!
    const out = [...training.engine.predict(x.values, count)]
    if (out.length !== y.values.length) return Infinity
    const width = out.length / count
    const ours = Array.from({ length: count }, (_, i) => ended(out.slice(i * width, (i + 1) * width), ending)).flat()
    const scale = y.values.reduce((most, v) => Math.max(most, Math.abs(v)), 1)
    return ours.reduce((most, v, i) => {
      const apart = Math.abs(v - y.values[i]!) / scale
      return apart <= most ? most : Number.isNaN(apart) ? Infinity : apart
    }, 0)
  } finally {
    training.dispose()
  }
}
