import { sizeOf } from '../base/sizeOf'
import { InputError } from '../base/problems'
import type { Checkpoint } from './types'

/** Bytes of a checkpoint's values. */
export const bytesOf = (c: { values: { length: number } }): number => c.values.length * 4

/** Bounds of the checkpoints that a run keeps, so that memory stays bounded however long the run is. */
export const KEPT = {
  /** Bytes, in all, of the checkpoints that nobody asked for. */
  bytes: 32e6,
  /** Number of the checkpoints that nobody asked for. */
  most: 24,
  /** Number of the checkpoints that somebody asked for. */
  asked: 16,
  /** Bytes of the largest checkpoint that is kept, and of the largest that is kept without being asked for. */
  largest: 256e6,
  unasked: 16e6
}
/** Bytes, in all, of the checkpoints that go into a project file. */
const STORED = 128e6

/**
 * Adds a checkpoint to a list, and drops those that the trainer no longer keeps.
 * @param kept steps of all checkpoints that are kept
 * @returns a new list, rising steps
 */
export function withCheckpoint(
  list: readonly Checkpoint[],
  checkpoint: Checkpoint,
  kept: readonly number[]
): Checkpoint[] {
  return [...list.filter((c) => c.step !== checkpoint.step), checkpoint]
    .filter((c) => kept.includes(c.step))
    .sort((a, b) => a.step - b.step)
}

/** The values of each variable, by name (views). @throws InputError when they are not as many as the shapes say */
export function unpack(c: Checkpoint): Map<string, { shape: number[]; values: Float32Array }> {
  const out = new Map<string, { shape: number[]; values: Float32Array }>()
  let at = 0
  for (const { name, shape } of c.variables) {
    out.set(name, { shape, values: c.values.subarray(at, at + sizeOf(shape)) })
    at += sizeOf(shape)
  }
  if (at !== c.values.length || out.size !== c.variables.length)
    throw new InputError([
      {
        path: 'checkpoint',
        message: {
          en: `holds ${c.values.length} numbers instead of ${at}`,
          zh: `含 ${c.values.length} 个数，应为 ${at}`
        }
      }
    ])
  return out
}

/**
 * Chooses the checkpoints that a file has room for: the last of each run first, the newest runs first. @param room
 * bytes
 */
export function stored<C extends { values: { length: number } }>(
  runs: readonly { id: string; checkpoints?: readonly C[] | undefined }[],
  room = STORED
): { kept: Map<string, C[]>; dropped: number } {
  const kept = new Map<string, C[]>()
  let dropped = 0
  const waiting = [...runs].reverse().map((r) => ({ id: r.id, list: [...(r.checkpoints ?? [])].reverse() }))
  for (let i = 0; waiting.some((w) => i < w.list.length); i++)
    for (const { id, list } of waiting) {
      const c = list[i]
      if (!c) continue
      room -= bytesOf(c)
      if (room < 0) {
        room += bytesOf(c)
        dropped++
      } else kept.set(id, [c, ...(kept.get(id) ?? [])])
    }
  return { kept, dropped }
}

const HALF = 2 ** 24
/** Step and examples drawn as exact float32: [step, low 24 bits of drawn, high bits of drawn]. */
export const placeOf = (step: number, drawn: number): Float32Array =>
  Float32Array.of(step, drawn % HALF, Math.floor(drawn / HALF))
/**
 * Makes a checkpoint of the arrays of a snapshot: `weights/…`, `optimizer/…` and `place`.
 * @throws InputError when one of them is missing
 */
export function fromSnapshot(arrays: ReadonlyMap<string, { shape: number[]; data: Float32Array }>): Checkpoint {
  const place = arrays.get('place')?.data
  const own = [...arrays].filter(([name]) => /^(weights|optimizer)\//.test(name))
  if (place?.length !== 3 || !own.length || ![...place].every((n) => Number.isInteger(n) && n >= 0))
    throw new InputError([
      {
        path: 'snapshot',
        message: {
          en: 'holds no place, or no weights: it is not of this program',
          zh: '不含位置或权重：不是本程序的快照'
        }
      }
    ])
  const values = new Float32Array(own.reduce((n, [, a]) => n + a.data.length, 0))
  own.reduce((at, [, a]) => (values.set(a.data, at), at + a.data.length), 0)
  return {
    step: place[0]!,
    drawn: place[1]! + HALF * place[2]!,
    variables: own.map(([name, { shape }]) => ({ name: name.replace(/^\w+\//, ''), shape })),
    values
  }
}
