/** Asks sources in order. The report names the one taken and says why those before it were not. */
import * as fs from 'node:fs/promises'
import { join } from 'node:path'
import { expectHash, readJson } from './files.mjs'
import { SetupError, Unavailable, diskFull, isDiskFull } from './report.mjs'

/**
 * Takes the first source that has something. One that throws `Unavailable` is skipped. An override that fails is an
 * error, because the user asked for exactly that source. A full disk fails every source alike.
 * @param {{ name: string, take: () => Promise<any> }[]} sources
 * @param {{ report: object, cache: string }} ctx
 */
export async function firstSource(step, sources, advice, { report, cache }) {
  const passed = []
  for (const { name, take } of sources) {
    try {
      const value = await take()
      // A missing override explains nothing about the choice.
      const reasons = passed.filter((line) => !line.endsWith(': not set'))
      const why = reasons.length ? ` (${reasons.join('; ')})` : ''
      const replaces = report.damaged.delete(step) ? ', in place of a damaged copy' : ''
      return { value, source: name, told: `from ${name}${replaces}${why}` }
    } catch (error) {
      if (isDiskFull(error)) throw diskFull(step, cache)
      if (name.startsWith('override') && !(error instanceof Unavailable))
        throw new SetupError(
          step,
          `${name}: ${error.message}`,
          `correct ${name.replace('override ', '')}, or unset it to let set-up choose`
        )
      passed.push(`${name}: ${firstLine(error.message)}`)
    }
  }
  throw new SetupError(step, `no source had it\n${passed.join('\n')}`, advice)
}

/**
 * Whether a folder of the cache is complete and its native files have the pinned hashes (or, where none can be pinned,
 * those noted when it was made). A damaged one is removed.
 */
export async function verifiedFromCache(dir, pinned, report, step) {
  const manifest = await readJson(join(dir, 'manifest.json'))
  if (!manifest) return false
  try {
    for (const [name, hash] of Object.entries(pinned ?? manifest.files)) await expectHash(join(dir, name), hash, name)
    return true
  } catch (error) {
    report.warn(step, `the cached copy was thrown away: ${error.message}`)
    report.damaged.add(step)
    await fs.rm(dir, { recursive: true, force: true })
    return false
  }
}

const firstLine = (text) => {
  const lines = text.trim().split('\n')
  return lines.length > 1 ? `${lines[0]} ${lines.at(-1)}` : lines[0]
}
