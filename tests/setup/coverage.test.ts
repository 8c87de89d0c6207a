import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { MEASURES, ROOMS, complaints, percent, raised } from '../../scripts/lib/coverage.mjs'
import { ROOT } from '../../scripts/setup/paths.mjs'

const all = (is: number): Record<string, number> => Object.fromEntries(MEASURES.map((name) => [name, is]))

it('coverage below its floor is refused, and so is a floor that lags behind', () => {
  expect(complaints(all(80), all(80))).toEqual([])
  expect(complaints(all(81), all(80))).toEqual([])
  expect(complaints({ ...all(80), branches: 79.9 }, all(80))).toEqual([
    'branches: 79.9 %, below the floor of 80 %: add the tests that are missing'
  ])
  expect(complaints({ ...all(80), functions: 81.1 }, all(80))).toEqual([expect.stringMatching(/^functions: .*raise/)])
  expect(complaints(all(80), undefined)).toHaveLength(MEASURES.length)
})

it('a floor is never above what was measured, and never falls', () => {
  expect(percent({ covered: 2, total: 3 })).toBe(66.6)
  expect(percent({ covered: 0, total: 0 })).toBe(100)
  expect(raised(all(70), { ...all(60), branches: 75 })).toEqual({ ...all(70), branches: 75 })
})

it('every suite with coverage has a floor for every measure', () => {
  const floors = JSON.parse(readFileSync(join(ROOT, 'scripts/lib/coverage.json'), 'utf8'))
  for (const suite of Object.keys(ROOMS)) expect(Object.keys(floors[suite]), suite).toEqual(MEASURES)
})
