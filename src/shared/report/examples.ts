import { datasets } from '../catalog/datasets'
import { dataContext } from '../catalog/datasets/parts/files'
import type { Remark } from '../catalog/datasets/parts/remark'
import type { Attachments } from '../catalog/datasets/types'
import type { Text } from '../base/text'
import { attachedTo, sameSums, sumsOf } from '../experiment/attached'
import { meantTask } from '../experiment/meant'
import type { Experiment } from '../experiment/types'
import type { ReportRun } from './types'

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
    const context = dataContext(experiment.seed, files, meantTask(experiment), experiment.data.validation)
    const { x, y } = entry.load(params, context)
    const bytes = new Uint8Array(4 * (x.length + y.length))
    new Float32Array(bytes.buffer).set(x)
    new Float32Array(bytes.buffer).set(y, x.length)
    return { bytes, remarks: entry.remarks?.(params, context) ?? [] }
  } catch {
    return undefined
  }
}

const OTHER_FILES: Text = {
  en: 'Attached files have changed since this was trained: their sums are not known.',
  zh: '附带文件在训练之后已更改：其校验和未知。'
}
/**
 * What a report says of files that are not those which its runs were trained with.
 * @param files all that are at hand, by name
 * @returns undefined where they are, and where it is not known
 */
export function otherFiles(
  runs: readonly Pick<ReportRun, 'experiment' | 'sums'>[],
  files: Attachments
): Text | undefined {
  const isSame = runs.every((r) => !r.sums || sameSums(r.sums, sumsOf(attachedTo(r.experiment, files))))
  return isSame ? undefined : OTHER_FILES
}
