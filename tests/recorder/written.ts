import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { ROOT } from '../../scripts/setup/paths.mjs'
import { python } from './python'

/**
 * Runs a script of `tests/models` in the Python of the tests, with the recorder at hand.
 * @param root the folder that it writes into
 * @param told the file there in which it tells what it has written
 * @throws Error with what Python said
 */
export function written<T>(script: string, root: string, told = 'models.json'): T {
  const { executable, env } = python(join(ROOT, 'recorder'))
  const { status, stderr } = spawnSync(executable, [join(ROOT, 'tests/models', script), root], {
    encoding: 'utf8',
    env
  })
  if (status !== 0) throw new Error(stderr)
  return JSON.parse(readFileSync(join(root, told), 'utf8')) as T
}
