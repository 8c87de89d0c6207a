/**
 * `npm run coverage [-- SUITE… --raise]`: how much of its rooms each suite covers. It fails when a suite is below its
 * floor in scripts/lib/coverage.json, or far above: `--raise` lifts the floors to what was measured.
 */
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { inherit } from './lib/child.mjs'
import { MEASURES, ROOMS, complaints, percent, raised } from './lib/coverage.mjs'
import { SUITES } from './lib/suites.mjs'
import { ensure } from './setup/ensure.mjs'
import { entry } from './setup/entry.mjs'
import { ROOT } from './setup/paths.mjs'

const FLOORS = join(ROOT, 'scripts/lib/coverage.json')

/** Runs a suite with coverage. @returns {Promise<{ code: number, measured: Record<string, number> }>} */
async function measure(suite) {
  const folder = join(ROOT, 'coverage', suite)
  const code = await inherit(
    process.execPath,
    [
      join(ROOT, 'node_modules/vitest/vitest.mjs'),
      'run',
      `--project=${suite}*`,
      '--coverage.enabled',
      '--coverage.provider=v8',
      ...ROOMS[suite].map((room) => `--coverage.include=src/${room}/**/*.{ts,vue}`),
      '--coverage.reporter=json-summary',
      '--coverage.reporter=html',
      `--coverage.reportsDirectory=${folder}`
    ],
    { cwd: ROOT }
  )
  if (code) return { code, measured: {} }
  const { total } = JSON.parse(await readFile(join(folder, 'coverage-summary.json'), 'utf8'))
  return { code, measured: Object.fromEntries(MEASURES.map((name) => [name, percent(total[name])])) }
}

await entry(async () => {
  const args = process.argv.slice(2)
  const unknown = args.filter((arg) => arg !== '--raise' && !(arg in ROOMS))
  if (unknown.length) {
    console.error(`There is no coverage of "${unknown.join('", "')}". There is: ${Object.keys(ROOMS).join(', ')}.`)
    return 2
  }
  const named = args.filter((arg) => arg in ROOMS)
  const suites = named.length ? named : Object.keys(ROOMS)
  await ensure({ parts: [...new Set(suites.flatMap((suite) => SUITES[suite]))] })
  const floors = JSON.parse(await readFile(FLOORS, 'utf8'))
  const failed = []
  for (const suite of suites) {
    const { code, measured } = await measure(suite)
    if (code) failed.push(`${suite}: its tests fail`)
    else if (args.includes('--raise')) floors[suite] = raised(measured, floors[suite])
    else failed.push(...complaints(measured, floors[suite]).map((text) => `${suite}: ${text}`))
    console.log(`${suite}: ${MEASURES.map((name) => `${name} ${measured[name] ?? '–'} %`).join(', ')}`)
  }
  if (args.includes('--raise')) await writeFile(FLOORS, `${JSON.stringify(floors, null, 2)}\n`)
  for (const text of failed) console.error(text)
  return failed.length ? 1 : 0
})
