import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { LONGEST, longestFirst } from '../../scripts/lib/sequence.mjs'
import { ROOT } from '../../scripts/setup/paths.mjs'

const file = (name: string, path: string): { moduleId: string; project: { name: string } } => ({
  moduleId: join(ROOT, path),
  project: { name }
})

it('starts the longest files of each project first, and keeps the order of all others', () => {
  const files = [
    file('setup', 'tests/setup/house.test.ts'),
    file('setup', 'tests/setup/gates.test.ts'),
    file('setup', 'tests/setup/docs.test.ts'),
    file('setup', 'tests/setup/extend.test.ts'),
    file('trainer', 'tests/trainer/critic.test.ts'),
    file('trainer', 'tests/trainer/cli.test.ts'),
    file('trainer', 'tests/trainer/gold.test.ts')
  ]
  const [house, gates, docs, extend, critic, cli, gold] = files
  expect(longestFirst(files)).toEqual([extend, gates, house, docs, gold, critic, cli])
})
it('names files that there are', () => {
  for (const path of LONGEST) expect(existsSync(join(ROOT, path)), path).toBe(true)
})
