import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { parseArguments } from '../../scripts/lib/arguments.mjs'
import { PAST_IMPORTS, changedFiles, reach } from '../../scripts/lib/changed.mjs'
import { LANES, SUITES } from '../../scripts/lib/suites.mjs'
import { ROOT } from '../../scripts/setup/paths.mjs'

const known = Object.keys(SUITES)
const suitesOf = (...args: string[]) => Object.fromEntries(parseArguments(args, known).suites)

describe('npm test', () => {
  it('runs every suite in one lane', () => {
    expect(Object.values(LANES).flat().sort()).toEqual([...known].sort())
  })
  it('takes suites and files of suites, in its own order', () => {
    expect(Object.keys(suitesOf())).toEqual(known)
    expect(suitesOf('e2e', 'types')).toEqual({ types: [], e2e: [] })
    expect(suitesOf('e2e/runs', 'e2e/files')).toEqual({ e2e: ['runs', 'files'] })
    expect(suitesOf('e2e/runs', 'e2e', 'e2e/files')).toEqual({ e2e: [] })
  })
  it('takes how often to run, and what changes are counted from', () => {
    expect(parseArguments(['e2e', '--repeat', '20'], known)).toMatchObject({ repeat: 20, changed: null })
    expect(parseArguments(['--repeat=3', '--changed'], known)).toMatchObject({ repeat: 3, changed: 'HEAD' })
    expect(parseArguments(['--changed', 'main', 'unit'], known).changed).toBe('main')
    expect(parseArguments(['--changed', 'unit'], known).changed).toBe('HEAD')
    expect(parseArguments(['--changed=unit'], known).changed).toBe('unit')
  })
  it.each([['--repeat', '0'], ['--repeat', 'often'], ['--repeat'], ['nothing'], ['--nothing'], ['e2e', '--bail']])(
    'refuses %j %j',
    (...args) => {
      expect(() => parseArguments(args, known)).toThrow(/--repeat takes|There is no suite/)
    }
  )
})

describe('a change reaches', () => {
  it('nothing when there is none', () => {
    expect(known.map((suite) => reach(suite, []))).toEqual(known.map(() => 'none'))
  })
  it('every test when it is one of the tools or of the dependencies', () => {
    for (const file of ['package-lock.json', 'vitest.config.mts', 'scripts/lib/build.mjs', 'tests/clinic.ts'])
      expect(known.map((suite) => reach(suite, [file]))).toEqual(known.map(() => 'all'))
  })
  it('windows when it is in the product, and what imports it', () => {
    const file = 'src/shared/run/frameTable.ts'
    expect([reach('e2e', [file]), reach('browser', [file]), reach('types', [file])]).toEqual(['all', 'all', 'all'])
    expect(reach('unit', [file])).toContain(file)
    // The test builds the trainer from sources that it does not import.
    expect(reach('trainer', [file])).toContain('tests/trainer/child.test.ts')
  })
  it('only itself when it is a test of a window', () => {
    const file = 'tests/e2e/runs.test.ts'
    expect([reach('e2e', [file]), reach('browser', [file])]).toEqual([[file], 'none'])
    expect(reach('e2e', [file, 'tests/e2e/harness.ts'])).toBe('all')
  })
  it('no test of a window when it is prose', () => {
    expect([reach('e2e', ['docs/theory.md']), reach('unit', ['README.md']), reach('setup', ['README.md'])]).toEqual([
      'none',
      'none',
      'all'
    ])
  })
  it('tests that exist', () => {
    expect(PAST_IMPORTS.map(([test]) => test).filter((test) => !existsSync(join(ROOT, test)))).toEqual([])
  })
  it('what git says: changed, deleted and untracked files', async () => {
    await expect(changedFiles('no-such-commit')).rejects.toThrow(/no-such-commit/)
    expect(Array.isArray(await changedFiles('HEAD'))).toBe(true)
  })
})
