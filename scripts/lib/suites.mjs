/** What `npm test` runs, and how results are counted. */
import { mkdir, readFile, rm } from 'node:fs/promises'
import { join, relative } from 'node:path'
import { ROOT, newestNode, stateDir } from '../setup/paths.mjs'
import { collect, inherit } from './child.mjs'
import { checkTypes } from './types.mjs'

/** @typedef {{ name: string, passed: number, failed: number, ms: number, problems: string[] }} Result */

const SUITE_LIMIT_MS = 45 * 60_000

/** Each suite with the parts of set-up it needs. */
export const SUITES = {
  types: ['npm'],
  lint: ['npm'],
  unit: ['npm'],
  contract: ['npm', 'trainer'],
  trainer: ['npm', 'trainer'],
  setup: ['npm', 'trainer', 'electron', 'fonts'],
  e2e: ['npm', 'trainer', 'electron', 'fonts'],
  newest: ['npm', 'trainer', 'node'],
  browser: ['npm', 'trainer', 'browser', 'fonts']
}
/** Suites that are another one's tests in part, under another Node. */
const PARTS = {
  newest: { project: 'trainer', node: newestNode, files: ['child', 'session', 'engines', 'cli'] }
}

/** One check that either holds or does not. @returns {Promise<Result & { text: string }>} */
async function single(name, check) {
  const started = Date.now()
  const { ok, text } = await check()
  return {
    name,
    passed: ok ? 1 : 0,
    failed: ok ? 0 : 1,
    ms: Date.now() - started,
    problems: ok ? [] : [`${name}: see above`],
    text
  }
}

export const runTypes = () => single('types', checkTypes)
export const runLint = () =>
  single('lint', async () => {
    const { code, text } = await collect(
      process.execPath,
      [join(ROOT, 'node_modules/eslint/bin/eslint.js'), '--max-warnings', '0', '.'],
      {
        cwd: ROOT
      }
    )
    return { ok: code === 0, text }
  })

/** One project of vitest.config.ts. @returns {Promise<Result>} */
export async function runProject(name) {
  const started = Date.now()
  const { project = name, node = () => process.execPath, files = [] } = PARTS[name] ?? {}
  const file = join(stateDir(), 'tests', `${name}.json`)
  await mkdir(join(stateDir(), 'tests'), { recursive: true })
  await rm(file, { force: true })
  const code = await inherit(
    node(),
    [
      join(ROOT, 'node_modules/vitest/vitest.mjs'),
      'run',
      '--project',
      project,
      ...files.map((test) => `tests/${project}/${test}.test.ts`),
      '--reporter=default',
      '--reporter=json',
      `--outputFile.json=${file}`
    ],
    { cwd: ROOT, limitMs: SUITE_LIMIT_MS }
  )
  const report = await readFile(file, 'utf8').then(JSON.parse, () => null)
  return { name, ms: Date.now() - started, ...count(name, report, code) }
}

/**
 * Counts a vitest JSON report. A skipped test, a file that could not be loaded, an error outside of tests and an empty project
 * are failures: none of them shows that anything works.
 * @returns {{ passed: number, failed: number, problems: string[] }}
 */
export function count(name, report, code) {
  if (!report) return { passed: 0, failed: 1, problems: [`${name}: the run ended with code ${code} and no report`] }
  let passed = 0
  const problems = []
  for (const file of report.testResults) {
    const where = relative(ROOT, file.name)
    for (const test of file.assertionResults) {
      if (test.status === 'passed') passed++
      else problems.push(`${where} › ${test.fullName}${test.status === 'failed' ? '' : ` (${test.status}: not run)`}`)
    }
    if (file.status === 'failed' && !file.assertionResults.some((test) => test.status === 'failed'))
      problems.push(`${where}: ${String(file.message || 'failed outside of its tests').split('\n')[0]}`)
  }
  if (!problems.length && passed === 0) problems.push(`${name}: no test was run`)
  if (!problems.length && code !== 0) problems.push(`${name}: every test passed, but the run ended with code ${code}`)
  return { passed, failed: problems.length, problems }
}
