import { datasets } from '../catalog/datasets'
import { dataContext } from '../catalog/datasets/parts/files'
import type { Remark } from '../catalog/datasets/parts/remark'
import type { Attachments } from '../catalog/datasets/types'
import { meantTask } from '../experiment/meant'
import type { Experiment } from '../experiment/types'

/**
 * All examples of an experiment's data, inputs before targets, as little-endian float32: of these a report tells the
 * SHA-256, whether they come from a file or are made. With them what was left out or guessed.
 * @returns undefined where the data can't be loaded, as when a file is not at hand
 */
export function examplesOf(
  experiment: Experiment,
  files: Attachments
): { bytes: Uint8Array; remarks: readonly Remark[] } | undefined {
  const { id, ...params } = experiment.data.dataset
  try {
    const entry = datasets.get(id)
    const context = dataContext(experiment.seed, files, meantTask(experiment))
    const { x, y } = entry.load(params, context)
    const bytes = new Uint8Array(4 * (x.length + y.length))
    new Float32Array(bytes.buffer).set(x)
    new Float32Array(bytes.buffer).set(y, x.length)
    return { bytes, remarks: entry.remarks?.(params, context) ?? [] }
  } catch {
    return undefined
  }
}
