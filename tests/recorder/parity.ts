import { spawnSync } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { TargetId } from '@shared/takehome/targets'
import type { Taken } from '@shared/takehome/types'
import { writers } from '@shared/takehome/write'
import { ROOT } from '../../scripts/setup/paths.mjs'
import { python } from './python'

/** What the check of a project said. */
export interface Check {
  ok: boolean
  text: string
}

/** Writes a project into a folder that is not there yet. @returns the folder */
export async function writeProject(folder: string, target: TargetId, taken: Taken): Promise<string> {
  mkdirSync(folder, { recursive: true })
  const files = await writers[target](taken)
  for (const [name, content] of Object.entries(files)) writeFileSync(join(folder, name), content)
  return folder
}
/**
 * Runs the checks of projects in real PyTorch and Keras.
 * @returns them by the names of the folders
 * @throws Error with what Python said, where it said nothing of any
 */
export function runChecks(folders: readonly string[]): Map<string, Check> {
  const { executable, env } = python()
  const { stdout, stderr } = spawnSync(executable, [join(ROOT, 'scripts/lib/parity.py'), ...folders], {
    encoding: 'utf8',
    env
  })
  if (!stdout) throw new Error(stderr)
  const lines = stdout.trim().split('\n')
  return new Map(lines.map((l) => JSON.parse(l) as Check & { id: string }).map(({ id, ...c }) => [id, c]))
}

/** How far a model that went round is from its source: the largest differences. */
export interface Trip {
  id: string
  weights: number
  outputs: number
}
/**
 * Holds models that went round against their sources, in real PyTorch and Keras.
 * @param folders that `src/cli/roundTrips.ts` wrote
 * @throws Error with what Python said, where it did not speak of all
 */
export function runTrips(folders: readonly string[]): Trip[] {
  const { executable, env } = python()
  const { stdout, stderr } = spawnSync(executable, [join(ROOT, 'scripts/lib/roundTrips.py'), ...folders], {
    encoding: 'utf8',
    env
  })
  const lines = stdout.trim().split('\n').filter(Boolean)
  if (lines.length < folders.length) throw new Error(stderr)
  return lines.map((l) => JSON.parse(l) as Trip)
}
