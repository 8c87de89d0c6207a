import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { describe, expect, it } from 'vitest'
import { ROOT } from '../../scripts/setup/paths.mjs'

const documents = ['.', 'docs', 'docs/decisions', 'resources/data'].flatMap((dir) =>
  readdirSync(join(ROOT, dir))
    .filter((name) => name.endsWith('.md'))
    .map((name) => join(ROOT, dir, name))
)

describe.each(documents.map((file) => [relative(ROOT, file), file] as const))('%s', (_name, file) => {
  const text = readFileSync(file, 'utf8')
  it('links to files that exist', () => {
    const links = [...text.matchAll(/\]\(([^)\s#]+)[^)]*\)/g)]
      .map((m) => m[1]!)
      .filter((link) => !/^[a-z]+:/.test(link))
    expect(links.filter((link) => !existsSync(join(dirname(file), link)))).toEqual([])
  })
  it('names npm scripts that exist', () => {
    const { scripts } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as {
      scripts: Record<string, string>
    }
    const named = [...text.matchAll(/npm run (?:--silent )?([a-z-]*[a-z])/g)].map((m) => m[1]!)
    expect(named.filter((name) => !(name in scripts))).toEqual([])
  })
})
