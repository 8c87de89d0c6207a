/** Looks at the content of every native file that set-up has put in place; size and time alone can be forged. */
import * as fs from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { exists, readJson, sha256 } from './files.mjs'
import { readState, stateDir, tfjsNodeDir } from './paths.mjs'

/** Left by a program that could not load a native file: the next set-up looks at all of them. */
const WANTED = 'verify'
export const verifyWanted = (root) => exists(join(stateDir(root), WANTED))
export const verified = (root) => fs.rm(join(stateDir(root), WANTED), { force: true })

/**
 * @returns {Promise<{ part: 'trainer' | 'electron', which?: string, files: string[], checked: number }[]>} for each
 * part that is noted, the files whose content is not what set-up has put there
 */
export async function verifyNative(root) {
  const { trainer, electron } = readState(root)
  const parts = []
  if (trainer?.library) {
    const files = { ...(await listed(trainer.library, 'deps/')), ...(await listed(trainer.binding, '')) }
    parts.push({ part: 'trainer', ...(await wrong(tfjsNodeDir(root), files)) })
  }
  for (const [which, { executable }] of Object.entries(electron ?? {}))
    parts.push({
      part: 'electron',
      which,
      ...(await wrong(dirname(executable), await listed(dirname(executable), '')))
    })
  return parts
}

/** The hashes that were noted when a folder was made; a person's own folder has none. */
const listed = async (dir, prefix) =>
  Object.fromEntries(
    Object.entries((await readJson(join(dir, 'manifest.json')))?.files ?? {}).map(([name, hash]) => [
      prefix + name,
      hash
    ])
  )

async function wrong(dir, files) {
  const bad = []
  for (const [name, hash] of Object.entries(files))
    if ((await sha256(join(dir, name)).catch(() => null)) !== hash) bad.push(name)
  return { files: bad, checked: Object.keys(files).length }
}
