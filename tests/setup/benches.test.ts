import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { describe, expect, it } from 'vitest'
import { ROOT } from '../../scripts/setup/paths.mjs'

const IMPORT = /^(?:import|export)\s+(?!type\b)(?:[^'"]*?\sfrom\s+)?['"]([^'"]+)['"]/gm
/** The file of this repository that an import names; undefined for a package. */
function resolve(name: string, from: string): string | undefined {
  const bare = name.startsWith('@shared/') ? join(ROOT, 'src/shared', name.slice(8)) : join(dirname(from), name)
  if (!name.startsWith('.') && !name.startsWith('@shared/')) return undefined
  return [`${bare}.ts`, join(bare, 'index.ts'), bare].find((file) => file.endsWith('.ts') && existsSync(file))
}
/** All files that a file loads, itself included. */
function loaded(file: string, seen = new Set<string>()): Set<string> {
  if (seen.has(file)) return seen
  seen.add(file)
  for (const [, name] of readFileSync(file, 'utf8').matchAll(IMPORT)) {
    const next = resolve(name!, file)
    if (next) loaded(next, seen)
  }
  return seen
}
const names = (file: string): string[] => [...loaded(join(ROOT, file))].map((path) => relative(ROOT, path))

// Benches are not run by any suite, so that one that can't start would stay unnoticed.
describe.each(readdirSync(join(ROOT, 'bench')).filter((name) => name.endsWith('.bench.ts')))('%s', (name) => {
  it('loads the remedies where it reads experiments', () => {
    const files = names(`bench/${name}`)
    expect(files.length).toBeGreaterThan(1)
    if (files.includes('src/shared/experiment/parse/index.ts'))
      expect(files).toContain('src/shared/clinic/remedies/index.ts')
  })
})
it('follows imports through index files', () =>
  expect(names('bench/window.bench.ts')).toContain('src/shared/experiment/parse/index.ts'))
