/** Type checks: one program for each environment (DOM, Node, neither), because the global names differ. */
import { join } from 'node:path'
import { ROOT, stateDir } from '../setup/paths.mjs'
import { collect } from './child.mjs'

const PROGRAMS = ['shared', 'node', 'web', 'tests']

/** @returns {Promise<{ ok: boolean, text: string }>} */
export async function checkTypes() {
  const tool = join(ROOT, 'node_modules/vue-tsc/bin/vue-tsc.js')
  let text = ''
  for (const name of PROGRAMS) {
    const result = await collect(
      process.execPath,
      [
        tool,
        '--pretty',
        'false',
        '--incremental',
        '--tsBuildInfoFile',
        join(stateDir(), `types-${name}.json`),
        '-p',
        `tsconfig.${name}.json`
      ],
      { cwd: ROOT }
    )
    if (result.code !== 0) text += `${name}:\n${result.text}`
  }
  return { ok: text === '', text }
}
