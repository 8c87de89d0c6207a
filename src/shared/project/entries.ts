import type * as v from 'valibot'
import { sizeOf } from '../base/sizeOf'
import { refuse } from './refuse'
import { wordsInto } from './words'
import type { run } from './manifest'
import { BINS, type HistogramSet } from '../run/histogram'
import type { Checkpoint, FrameBatch, RunRecord } from '../run/types'

/** The entries of a project's zip, each unpacked when it is read. */
export interface Entries {
  /** Bytes that an entry unpacks to, known beforehand. @throws ZipError when there is no such entry */
  size(name: string): number
  /** @throws ZipError */
  read(name: string): Uint8Array
}
/** The words of an entry, whose size is looked at before it is unpacked. @throws InputError, ZipError */
function wordsOf(entries: Entries, file: string, words: number, path: string): Uint8Array {
  const size = entries.size(file)
  if (size !== words * 4)
    throw refuse(path, `has ${size} bytes instead of ${words * 4}`, `有 ${size} 字节，应为 ${words * 4}`)
  return entries.read(file)
}

/** The frames of a run without any. */
export const NO_FRAMES = (): FrameBatch => ({
  steps: new Int32Array(0),
  values: new Float32Array(0),
  scalars: new Float32Array(0)
})
/** Frames as their entry has them. @param path for problems. @throws InputError, ZipError */
export function framesOf(
  meta: v.InferOutput<typeof run>['frames'],
  schema: RunRecord['schema'],
  path: string,
  entries: Entries
): FrameBatch {
  const n = meta.count
  if (n === 0) return NO_FRAMES()
  const values = meta.values ?? 0
  const scalars = meta.scalars ?? 0
  if (!schema || values !== schema.columns.length || scalars !== schema.scalars.length)
    throw refuse(
      path,
      `has ${values} values and ${scalars} scalars per frame, its schema ${schema?.columns.length ?? 0} and ${schema?.scalars.length ?? 0}`,
      '每帧的数值个数与其描述不符'
    )
  const bytes = wordsOf(entries, meta.file ?? '', n * (1 + values + scalars), `${path}.file`)
  const steps = new Int32Array(n)
  const out = { steps, values: new Float32Array(n * values), scalars: new Float32Array(n * scalars) }
  wordsInto(bytes, [steps, out.values, out.scalars])
  for (let i = 1; i < n; i++)
    if (steps[i]! <= steps[i - 1]!) throw refuse(`${path}.file`, 'its steps do not rise', '步数未递增')
  return out
}

type Kept = NonNullable<v.InferOutput<typeof run>['checkpoints']>
/** @throws InputError unless the steps rise */
export function checkRising(checkpoints: Kept | undefined, path: string): void {
  checkpoints?.forEach((c, i) => {
    if (i && c.step <= checkpoints[i - 1]!.step)
      throw refuse(`${path}.${i}.step`, 'the steps do not rise', '步数未递增')
  })
}
/** One checkpoint with its values. @param path for problems. @throws InputError, ZipError */
export function checkpointOf({ file, ...c }: Kept[number], path: string, entries: Entries): Checkpoint {
  const words = c.variables.reduce((n, w) => n + sizeOf(w.shape), 0)
  const bytes = wordsOf(entries, file, words, `${path}.file`)
  const values = new Float32Array(words)
  wordsInto(bytes, [values])
  return { ...c, values } as Checkpoint
}
/** Histograms with their counts. @param path for problems. @throws InputError, ZipError */
export function histogramsOf(
  meta: v.InferOutput<typeof run>['histograms'],
  schema: RunRecord['schema'],
  path: string,
  entries: Entries
): HistogramSet[] {
  if (!meta) return []
  const words = meta.sets.reduce((n, s) => n + s.entries.length, 0) * BINS
  const all = new Float32Array(words)
  wordsInto(wordsOf(entries, meta.file, words, `${path}.file`), [all])
  let at = 0
  return meta.sets.map((set, i) => {
    if (i && set.step <= meta.sets[i - 1]!.step)
      throw refuse(`${path}.sets.${i}.step`, 'the steps do not rise', '步数未递增')
    if (set.entries.some((e) => e.layer >= (schema?.layers.length ?? 0)))
      throw refuse(`${path}.sets.${i}`, 'is of a layer that there is not', '所指的层不存在')
    const bins = all.slice(at, (at += set.entries.length * BINS))
    return { ...set, bins } as HistogramSet
  })
}
