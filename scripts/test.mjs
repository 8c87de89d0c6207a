/** `npm test [-- SUITE…]`: everything that shows the product works, or the suites named. The last line is `N passed, N failed`. */
import { SUITES, runLint, runProject, runTypes } from './lib/suites.mjs'
import { ensure } from './setup/ensure.mjs'
import { entry } from './setup/entry.mjs'

await entry(async () => {
  const named = process.argv.slice(2)
  const unknown = named.filter((name) => !(name in SUITES))
  if (unknown.length) {
    console.error(`There is no suite "${unknown.join('", "')}". There are: ${Object.keys(SUITES).join(', ')}.`)
    return 2
  }
  const wanted = Object.keys(SUITES).filter((name) => !named.length || named.includes(name))
  // The oldest Electron supported is the one that is tested.
  process.env.GRADIENT_CLINIC_ELECTRON ??= 'floor'
  try {
    await ensure({ parts: [...new Set(wanted.flatMap((name) => SUITES[name]))] })
  } catch (error) {
    console.log('\n0 passed, 1 failed')
    throw error
  }

  // Types and lint are one thread each: they go along with the unit tests, and speak when those are done.
  const checks = Promise.all([wanted.includes('types') && runTypes(), wanted.includes('lint') && runLint()])
  const results = []
  if (wanted.includes('unit')) results.push(await runProject('unit'))
  for (const result of (await checks).filter(Boolean)) {
    if (result.text.trim()) console.log(`\n${result.name}\n${result.text.trim()}`)
    results.push(result)
  }
  for (const name of wanted.filter((n) => !['types', 'lint', 'unit'].includes(n))) results.push(await runProject(name))
  return summary(results)
})

function summary(results) {
  const sum = (key) => results.reduce((total, result) => total + result[key], 0)
  const problems = results.flatMap((result) => result.problems)
  if (problems.length) console.log(`\nFailed:\n${problems.map((problem) => `  ${problem}`).join('\n')}`)
  console.log(`\n${'suite'.padEnd(12)}${'passed'.padStart(8)}${'failed'.padStart(8)}${'time'.padStart(10)}`)
  const order = Object.keys(SUITES)
  for (const { name, passed, failed, ms } of results.sort((a, b) => order.indexOf(a.name) - order.indexOf(b.name)))
    console.log(
      `${name.padEnd(12)}${String(passed).padStart(8)}${String(failed).padStart(8)}${`${(ms / 1000).toFixed(1)} s`.padStart(10)}`
    )
  console.log(`\n${sum('passed')} passed, ${sum('failed')} failed`)
  return sum('failed') > 0 || sum('passed') === 0 ? 1 : 0
}
