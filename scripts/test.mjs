/**
 * `npm test [-- SUITE[/FILE]… --repeat N --changed [REF]]`: runs every suite, or the suites or files named, as often as
 * asked for, or what a change since a commit (HEAD) can break. The last line is `N passed, N failed`.
 */
import { availableParallelism, totalmem } from 'node:os'
import { parseArguments } from './lib/arguments.mjs'
import { changedFiles, reach } from './lib/changed.mjs'
import { inBackground } from './lib/child.mjs'
import { LANES, SUITES, runLint, runProject, runTypes } from './lib/suites.mjs'
import { ensure } from './setup/ensure.mjs'
import { entry } from './setup/entry.mjs'

/** Bytes that two lanes and a desktop need at most. */
const MEMORY_FOR_TWO = 7e9
/** On two cores the window's tests take twice as long beside another lane, and one in a hundred met a limit. */
const CORES_FOR_TWO = 4

await entry(async () => {
  let wanted
  try {
    wanted = parseArguments(process.argv.slice(2), Object.keys(SUITES))
  } catch (error) {
    console.error(error.message)
    return 2
  }
  const { suites, repeat } = wanted
  const related = new Map()
  if (wanted.changed !== null) {
    const changed = await changedFiles(wanted.changed)
    for (const name of [...suites.keys()]) {
      const reached = reach(name, changed)
      if (reached === 'none') suites.delete(name)
      else if (reached !== 'all') related.set(name, reached)
    }
    console.log(`${changed.length} files changed: ${[...suites.keys()].join(', ') || 'nothing to run'}`)
    if (!suites.size) return 0
  }
  // The tests run on the oldest supported Electron.
  process.env.GRADIENT_CLINIC_ELECTRON ??= 'floor'
  try {
    await ensure({ parts: [...new Set([...suites.keys()].flatMap((name) => SUITES[name]))] })
  } catch (error) {
    console.log('\n0 passed, 1 failed')
    throw error
  }

  const run = async (name, shared) => {
    if (name === 'types') return tell(await runTypes())
    if (name === 'lint') return tell(await runLint())
    return runProject(name, { files: suites.get(name), related: related.get(name), shared })
  }
  const results = []
  for (let i = 0; i < repeat; i++) {
    if (repeat > 1) console.log(`\nRun ${i + 1} of ${repeat}`)
    const [windows, background] = [LANES.windows, LANES.background].map((lane) =>
      lane.filter((name) => suites.has(name))
    )
    const roomy = totalmem() >= MEMORY_FOR_TWO && availableParallelism() >= CORES_FOR_TWO
    const shared = windows.length > 0 && background.length > 0 && roomy
    const runAll = async (names) => {
      for (const name of names) results.push(await run(name, shared))
    }
    if (shared) await Promise.all([runAll(windows), inBackground(() => runAll(background))])
    else await runAll([...background, ...windows])
  }
  return summary(results)
})

/** Prints the findings of a check in one piece. */
function tell(result) {
  if (result.text.trim()) console.log(`\n${result.name}\n${result.text.trim()}`)
  return result
}

/** Prints what failed and a line for each suite, over all its runs. @returns {number} the exit code */
function summary(results) {
  const sum = (list, key) => list.reduce((total, result) => total + result[key], 0)
  const problems = new Map()
  for (const problem of results.flatMap((result) => result.problems))
    problems.set(problem, (problems.get(problem) ?? 0) + 1)
  const often = (times) => (times > 1 ? ` (${times} times)` : '')
  if (problems.size)
    console.log(`\nFailed:\n${[...problems].map(([text, times]) => `  ${text}${often(times)}`).join('\n')}`)
  console.log(`\n${'suite'.padEnd(12)}${'passed'.padStart(8)}${'failed'.padStart(8)}${'time'.padStart(10)}`)
  for (const name of Object.keys(SUITES)) {
    const own = results.filter((result) => result.name === name)
    if (!own.length) continue
    const cells = [sum(own, 'passed'), sum(own, 'failed')].map((n) => String(n).padStart(8)).join('')
    console.log(`${name.padEnd(12)}${cells}${`${(sum(own, 'ms') / 1000).toFixed(1)} s`.padStart(10)}`)
  }
  console.log(`\n${sum(results, 'passed')} passed, ${sum(results, 'failed')} failed`)
  return sum(results, 'failed') > 0 || sum(results, 'passed') === 0 ? 1 : 0
}
