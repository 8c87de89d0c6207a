import { basename, dirname, join, relative, resolve } from 'node:path'
import * as v from 'valibot'
import type { Attachments } from '../shared/catalog/datasets'
import type { Experiment } from '../shared/experiment'
import { sumsOf } from '../shared/experiment/attached'
import { InputError } from '../shared/base/problems'
import { carriedFiles } from './elsewhere/attached'
import { readAttached, readGiven } from './input'

/** What run.json says of the files that a run read. */
export interface RunFiles {
  /** The file that was trained, as seen from the run's folder. The files it names lie beside it, or in it. */
  source: string
  /** Length and CRC-32 of the content of each, by name. */
  sums: Record<string, string>
}
const runFiles = v.object({ source: v.string(), sums: v.record(v.string(), v.string()) })

/**
 * What a run tells of its files: nothing where it had none.
 * @param run its folder
 * @param source the file that is trained
 */
export const describeFiles = (run: string, source: string, files: Attachments): RunFiles | undefined =>
  Object.keys(files).length
    ? { source: relative(resolve(run), resolve(source)) || '.', sums: Object.fromEntries(sumsOf(files)) }
    : undefined

/** What was found: the files, or where they were looked for in vain. */
export type Search = { files: Attachments } | { looked: string[]; changed: string[]; error: InputError | undefined }

/** Attached to the file that was trained, where that is a project and still there. */
function attachedIn(source: string): Attachments {
  try {
    return readGiven(source).files
  } catch {
    return {}
  }
}

/**
 * The files that a run's experiment names. A run does not hold them: they are looked for in its folder, where it says
 * that they were, and in the folders above it. A run of a search lies in `runs`, and the search may carry them along.
 * @param told what run.json says of them; of a search, or of an earlier version, nothing
 * @param above how many folders above the run's own are looked into
 */
export function findFiles(experiment: Experiment, run: string, told: unknown, above = 1): Search {
  const read = v.safeParse(runFiles, told)
  const known = read.success ? read.output : undefined
  const source = known && resolve(run, known.source)
  const upwards = Array.from({ length: above }, (_, i) => resolve(run, ...Array<string>(i + 1).fill('..')))
  const parent = dirname(resolve(run))
  const search = basename(parent) === 'runs' ? [dirname(parent)] : []
  const places = [resolve(run), ...(source === undefined ? [] : [dirname(source)]), ...upwards, ...search]
  const looked = [...new Set(places)]
  const changed: string[] = []
  let error: InputError | undefined
  for (const folder of looked) {
    try {
      const attached = source !== undefined && folder === dirname(source) ? attachedIn(source) : carriedFiles(folder)
      const files = readAttached(experiment, join(folder, '-'), attached)
      if (sumsOf(files).every(([name, sum]) => (known?.sums[name] ?? sum) === sum)) return { files }
      changed.push(folder)
    } catch (thrown) {
      if (!(thrown instanceof InputError)) throw thrown
      error ??= thrown
    }
  }
  return { looked, changed, error }
}
