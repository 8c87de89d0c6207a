import { crc32 } from '../base/crc32'
import type { Attachment, Attachments } from '../catalog/datasets/types'
import type { Experiment } from './types'

/** Those of the files that an experiment names: its data, and the weights it starts from. */
export function attachedTo({ data, weights }: Experiment, files: Attachments): Attachments {
  const used = new Set<unknown>([...Object.values(data.dataset), weights])
  return Object.fromEntries(Object.entries(files).filter(([name]) => used.has(name)))
}
/** Names of files, by name, and a sum of the content of each. */
export type Sums = [name: string, sum: string][]

const sumOf = (content: Attachment): string => {
  const bytes = typeof content === 'string' ? new TextEncoder().encode(content) : content
  return `${bytes.length}-${crc32(bytes).toString(16)}`
}
const known = new WeakMap<Attachments, Sums>()
/**
 * What tells apart files of one name whose contents differ: to be kept with whatever was made of them. Made at once,
 * and no proof against a forger.
 */
export function sumsOf(files: Attachments): Sums {
  let sums = known.get(files)
  if (!sums) {
    sums = Object.keys(files)
      .sort()
      .map((name) => [name, sumOf(files[name]!)])
    known.set(files, sums)
  }
  return sums
}
/** Whether two trainings had the same files. @param a absent: none, or from before sums were kept */
export function sameSums(a: Sums | undefined, b: Sums): boolean {
  return JSON.stringify(a ?? []) === JSON.stringify(b)
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
