/**
 * `npm run lint [-- GATE…]`: every gate, or those named. `-- --staged` looks only at files about to be committed, and
 * `-- --fix` lets ESLint and Prettier mend what they can.
 */
import { join } from 'node:path'
import { collect, inherit } from './lib/child.mjs'
import { GATE_NAMES, runGates } from './lib/lint.mjs'
import { ensure } from './setup/ensure.mjs'
import { entry } from './setup/entry.mjs'
import { ROOT } from './setup/paths.mjs'

/** Gates that look at one file at a time. */
const SINGLE = GATE_NAMES.filter((name) => name !== 'knip')

/** Files that the next commit adds or changes. @returns {Promise<string[]>} */
async function staged() {
  const { text } = await collect('git', ['diff', '--cached', '--name-only', '--diff-filter=ACMR', '-z'], { cwd: ROOT })
  return text.split('\0').filter(Boolean)
}

await entry(async () => {
  const args = process.argv.slice(2)
  const named = args.filter((arg) => !arg.startsWith('--'))
  const unknown = args.filter((arg) => !['--staged', '--fix', ...GATE_NAMES].includes(arg))
  if (unknown.length) {
    console.error(`There is no gate "${unknown.join('", "')}". There are: ${GATE_NAMES.join(', ')}.`)
    return 2
  }
  await ensure({ parts: ['npm'], quiet: true })
  if (args.includes('--fix'))
    for (const [path, ...rest] of [
      ['eslint/bin/eslint.js', '--fix', '.'],
      ['prettier/bin/prettier.cjs', '--write', '--log-level=warn', '.']
    ])
      await inherit(process.execPath, [join(ROOT, 'node_modules', path), ...rest], { cwd: ROOT })
  const files = args.includes('--staged') ? await staged() : undefined
  if (files && !files.length) return 0
  const names = named.length ? named : files ? SINGLE : GATE_NAMES
  const outcomes = await runGates({ names, files })
  for (const { text } of outcomes.filter((outcome) => !outcome.ok)) console.log(`${text}\n`)
  const times = outcomes.map(({ name, ok, ms }) => `${name} ${ok ? 'holds' : 'FAILS'} (${(ms / 1000).toFixed(1)} s)`)
  console.log(`lint: ${times.join(', ')}`)
  return outcomes.every((outcome) => outcome.ok) ? 0 : 1
})
