/** Which tests a change can break. */
import { ROOT } from '../setup/paths.mjs'
import { collect } from './child.mjs'

/**
 * Files that differ from a commit, deleted and untracked ones included.
 * @param {string} ref
 * @returns {Promise<string[]>} paths from the root
 * @throws {Error} when git does not know the commit
 */
export async function changedFiles(ref, root = ROOT) {
  const lists = await Promise.all(
    [
      ['diff', '--name-only', '-z', ref, '--'],
      ['ls-files', '--others', '--exclude-standard', '-z']
    ].map((args) => collect('git', args, { cwd: root }))
  )
  const failed = lists.find(({ code }) => code !== 0)
  if (failed) throw new Error(`Changes since "${ref}" cannot be found: ${failed.text.trim().split('\n')[0]}`)
  return lists.flatMap(({ text }) => text.split('\0').filter(Boolean))
}

/** Files that any test may depend on without importing them. */
const EVERYWHERE =
  /^(package(-lock)?\.json|vitest\.config\.|tsconfig|types\/|native\/|resources\/|scripts\/(setup|lib)\/|tests\/[^/]+$)/
/** Short suites that any change can break. */
const ALWAYS = ['types', 'lint', 'setup']
/** Files that the suites of a build depend on, besides EVERYWHERE. */
const BUILDS = {
  e2e: /^(src\/|electron\.vite\.config|tests\/e2e\/)/,
  browser: /^(src\/|electron\.vite\.config|tests\/(browser|e2e\/pages)\/)/
}
/**
 * Tests that read or build files which they do not import, each with those files.
 * @type {[string, RegExp][]}
 */
export const PAST_IMPORTS = [
  ['tests/unit/renderer/charts/plots.test.ts', /^src\/renderer\/styles\//],
  ['tests/unit/main/files/files.test.ts', /^src\/(main|shared)\//],
  ['tests/unit/shared/project/codec.test.ts', /^tests\/unit\/shared\/project\/fixtures\//],
  ['tests/trainer/child.test.ts', /^src\/(trainer|shared)\//]
]

/**
 * The part of a suite that a change can break.
 * @param {string} suite
 * @param {string[]} changed paths from the root
 * @returns {'all' | 'none' | string[]} files, for vitest to find the tests that import them
 */
export function reach(suite, changed) {
  if (!changed.length) return 'none'
  if (ALWAYS.includes(suite) || changed.some((file) => EVERYWHERE.test(file))) return 'all'
  if (suite in BUILDS) {
    const reached = changed.filter((file) => BUILDS[suite].test(file))
    if (!reached.length) return 'none'
    return reached.every((file) => file.endsWith('.test.ts')) ? reached : 'all'
  }
  const code = changed.filter((file) => /^(src|scripts|tests|bench)\//.test(file))
  const more = PAST_IMPORTS.filter(([, on]) => changed.some((file) => on.test(file))).map(([test]) => test)
  return code.length || more.length ? [...new Set([...code, ...more])] : 'none'
}
