import type { Attachments } from '../catalog/datasets/types'
import type { Experiment } from './types'

/** Those of the files that an experiment names: its data, and the weights it starts from. */
export function attachedTo({ data, weights }: Experiment, files: Attachments): Attachments {
  const used = new Set<unknown>([...Object.values(data.dataset), weights])
  return Object.fromEntries(Object.entries(files).filter(([name]) => used.has(name)))
}
const sameContent = (a: string | Uint8Array | undefined, b: string | Uint8Array | undefined): boolean =>
  typeof a !== 'object' || typeof b !== 'object' ? a === b : a.length === b.length && a.every((v, i) => v === b[i])

/** What is trained: an experiment, and the files it names. */
export interface Trained {
  experiment: Experiment
  files: Attachments
}
/** True when both would train to the same numbers: all is equal but the name. */
export function sameTraining(a: Trained, b: Trained): boolean {
  const text = ({ experiment }: Trained): string => JSON.stringify({ ...experiment, name: '' })
  const names = Object.keys(a.files)
  return (
    text(a) === text(b) &&
    names.length === Object.keys(b.files).length &&
    names.every((n) => sameContent(a.files[n], b.files[n]))
  )
}
