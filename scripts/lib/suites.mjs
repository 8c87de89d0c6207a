/** What `npm test` runs, and how results are counted. */
import { mkdir, readFile, rm } from 'node:fs/promises'
import { join, relative } from 'node:path'
import { ROOT, newestNode, stateDir } from '../setup/paths.mjs'
import { inherit } from './child.mjs'
import { runGates } from './lint.mjs'
import { checkTypes } from './types.mjs'

/** @typedef {{ name: string, passed: number, failed: number, ms: number, problems: string[] }} Result */

/** The windows of end-to-end tests take half an hour of two cores, and several times that where others share these. */
const SUITE_LIMIT_MS = 180 * 60_000

/** Each suite with the parts of set-up it needs. */
export const SUITES = {
  types: ['npm'],
  lint: ['npm'],
  unit: ['npm'],
  contract: ['npm', 'trainer'],
  trainer: ['npm', 'trainer', 'jobs'],
  setup: ['npm', 'trainer', 'electron', 'fonts', 'packer'],
  e2e: ['npm', 'trainer', 'electron', 'fonts', 'python'],
  newest: ['npm', 'trainer', 'node'],
  recorder: ['npm', 'trainer', 'python'],
  browser: ['npm', 'trainer', 'browser', 'fonts']
}
/**
 * Suites that run at the same time as others. `windows` mostly wait for windows. `background` computes at a
 * lower priority, so that no core idles during those waits.
 */
export const LANES = {
  windows: ['e2e', 'browser', 'setup'],
  background: ['types', 'lint', 'unit', 'contract', 'trainer', 'newest', 'recorder']
}
/** Suites that run some tests of another suite under another Node. */
const PARTS = {
  newest: { project: 'trainer', node: newestNode, files: ['child', 'session', 'engines', 'cli'] }
}

/** A suite of one check. @returns {Promise<Result & { text: string }>} */
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
/** Every gate of lint. @returns {Promise<Result & { text: string }>} */
export async function runLint() {
  const started = Date.now()
  const outcomes = await runGates()
  const failed = outcomes.filter((gate) => !gate.ok)
  return {
    name: 'lint',
    passed: outcomes.length - failed.length,
    failed: failed.length,
    ms: Date.now() - started,
    problems: failed.map((gate) => `lint: ${gate.name}: see above`),
    text: failed.map((gate) => gate.text).join('\n\n')
  }
}

/**
 * One project of vitest.config.mts.
 * @param {string} name
 * @param {{ files?: string[], related?: string[], shared?: boolean }} [how] `files`: only these, by the beginning of
 * their path in the suite's folder; `related`: only tests that import one of these; `shared`: another suite writes to
 * the same terminal
 * @returns {Promise<Result>}
 */
export async function runProject(name, { files = [], related, shared = false } = {}) {
  const started = Date.now()
  const part = PARTS[name]
  const project = part?.project ?? name
  const only = [...(part?.files ?? []).map((file) => `${file}.test.ts`), ...files]
  const file = join(stateDir(), 'tests', `${name}.json`)
  await mkdir(join(stateDir(), 'tests'), { recursive: true })
  await rm(file, { force: true })
  const code = await inherit(
    part ? part.node() : process.execPath,
    [
      join(ROOT, 'node_modules/vitest/vitest.mjs'),
      ...(related ? ['related', '--run', ...related] : ['run', ...only.map((path) => `tests/${project}/${path}`)]),
      '--project',
      `${project}*`,
      '--reporter=default',
      '--reporter=json',
      `--outputFile.json=${file}`
    ],
    { cwd: ROOT, limitMs: SUITE_LIMIT_MS, lines: shared }
  )
  const report = await readFile(file, 'utf8').then(JSON.parse, () => null)
  if (related && code === 0 && !report?.testResults.length)
    return { name, passed: 0, failed: 0, ms: Date.now() - started, problems: [] }
  return { name, ms: Date.now() - started, ...count(name, report, code) }
}

/**
 * Counts a vitest JSON report. A skipped test, a file that could not be loaded, an error outside of tests and an empty
 * project are failures: none of them shows that anything works.
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
