import { strFromU8 } from 'fflate'
import type { InputError } from '../base/problems'
import type { ZipLimits } from '../base/zip'
import { refuse } from './refuse'

const MB = 2 ** 20

/** What is refused however it may have come about. All of it is looked at before the work that it would make. */
export const LIMITS: ZipLimits &
  Record<'json' | 'values' | 'depth' | 'experiments' | 'runs' | 'problemsOf' | 'missing', number> = {
  file: 1024 * MB,
  entries: 50_000,
  entry: 1024 * MB,
  total: 2048 * MB,
  /** Bytes of a JSON document, its numbers and other values, and how deep they are nested. */
  json: 256 * MB,
  values: 16_000_000,
  depth: 64,
  experiments: 1000,
  runs: 5000,
  /** Values of a document up to which all of its problems are looked for, not only the first. */
  problemsOf: 200_000,
  /** Parts whose loss is told one by one. */
  missing: 20
}

/** Lists at the top of a document whose lengths are limited, by key. */
const LISTS: ReadonlyMap<string, number> = new Map([
  ['experiments', LIMITS.experiments],
  ['runs', LIMITS.runs],
  ['files', LIMITS.runs]
])

/** The error of a document that is too large. */
export const tooLarge = (path: string): InputError =>
  refuse(path, `is larger than ${LIMITS.json / MB} MB`, `大于 ${LIMITS.json / MB} MB`)

/**
 * Goes over a JSON document without building anything of it.
 * @param path of the document, for problems
 * @returns how many values it holds at most. @throws InputError when it is larger or deeper than `LIMITS` allow
 */
export function surveyJson(bytes: Uint8Array, path: string): number {
  if (bytes.length > LIMITS.json) throw tooLarge(path)
  let [depth, values] = [0, 1]
  // Of the value at the top that is gone over: its key, the values before it, and how many it may have.
  let [key, before, most] = ['', 0, Infinity]
  for (let i = 0; i < bytes.length; i++) {
    switch (bytes[i]) {
      case 0x22: {
        const start = ++i
        // A byte of UTF-8 beyond ASCII is neither quote nor backslash.
        for (; i < bytes.length && bytes[i] !== 0x22; i++) if (bytes[i] === 0x5c) i++
        // The last text before a nested value is its key.
        if (depth === 1) key = strFromU8(bytes.subarray(start, Math.min(i, start + 100)))
        break
      }
      case 0x2c:
        values++
        if (depth === 2 && ++before >= most) throw tooLong(key, most)
        break
      case 0x5b:
      case 0x7b:
        values++
        if (++depth === 2) [before, most] = [0, LISTS.get(key) ?? Infinity]
        if (depth > LIMITS.depth)
          throw refuse(key || path, `is nested more than ${LIMITS.depth} deep`, `嵌套超过 ${LIMITS.depth} 层`)
        break
      case 0x5d:
      case 0x7d:
        depth--
    }
    if (values > LIMITS.values)
      throw refuse(
        path,
        `holds more than ${LIMITS.values / 1e6} million values, which no project does: it is damaged, or made to do harm`,
        `包含超过 ${LIMITS.values / 1e4} 万个值，正常项目不会如此：文件已损坏，或意图不良`
      )
  }
  return values
}
const tooLong = (path: string, most: number): InputError =>
  refuse(path, `has more than ${most} entries`, `超过 ${most} 项`)

/** For keys that are written in another way. @throws InputError when a list at the top is longer than it may be */
export function checkLengths(doc: Readonly<Record<string, unknown>>): void {
  for (const [key, most] of LISTS) {
    const list = doc[key]
    if (Array.isArray(list) && list.length > most) throw tooLong(key, most)
  }
}
