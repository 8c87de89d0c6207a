import { execFileSync } from 'node:child_process'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { citationOf, compareVersions, release, releaseNotes } from '../../scripts/lib/release.mjs'
import { ROOT } from '../../scripts/setup/paths.mjs'
import { tempDir } from './fixtures'

const CHANGELOG = `# Changelog

## [Unreleased]

### Added

- A page.

## [0.2.0] - 2026-01-01

### Fixed

- A fault.
`
const CITATION = `cff-version: 1.2.0
title: It
version: 0.2.0
date-released: '2026-01-01'
`
/** A checkout with one commit on main, at version 0.2.0. */
async function checkout(files: Record<string, string> = {}) {
  const root = join(await tempDir(), 'checkout')
  await mkdir(root)
  const git = (...args: string[]): string => execFileSync('git', args, { cwd: root, encoding: 'utf8' }).trim()
  const all: Record<string, string> = {
    'package.json': JSON.stringify({ name: 'it', version: '0.2.0' }),
    'package-lock.json': JSON.stringify({ version: '0.2.0', packages: { '': { version: '0.2.0' }, 'a/b': {} } }),
    'CHANGELOG.md': CHANGELOG,
    'CITATION.cff': CITATION,
    ...files
  }
  for (const [name, text] of Object.entries(all)) await writeFile(join(root, name), text)
  git('init', '--quiet', '--initial-branch', 'main')
  git('config', 'user.name', 'Test')
  git('config', 'user.email', 'test@example.org')
  git('config', 'commit.gpgsign', 'false')
  git('config', 'tag.gpgsign', 'false')
  git('add', '.')
  git('commit', '--quiet', '--message', 'Start')
  const read = (name: string): Promise<string> => readFile(join(root, name), 'utf8')
  return { root, git, read }
}
const passes = { date: '2026-02-03', test: async () => 0, record: async () => 0 }

describe('a release', () => {
  it('is one commit and a tag, in which version, changelog and citation agree', async () => {
    const { root, git, read } = await checkout()
    let tested = 0
    const record = async (): Promise<number> => (await writeFile(join(root, 'fields.json'), '{}'), 0)
    expect(await release(root, '0.3.0', { ...passes, test: async () => (tested++, 0), record })).toBe('v0.3.0')
    expect(tested).toBe(1)
    expect(git('show', '--name-only', '--format=')).toContain('fields.json')
    expect(JSON.parse(await read('package.json'))).toEqual({ name: 'it', version: '0.3.0' })
    expect(JSON.parse(await read('package-lock.json'))).toEqual({
      version: '0.3.0',
      packages: { '': { version: '0.3.0' }, 'a/b': {} }
    })
    expect(await read('CHANGELOG.md')).toBe(
      CHANGELOG.replace('## [Unreleased]\n', '## [Unreleased]\n\n## [0.3.0] - 2026-02-03\n')
    )
    expect(await read('CITATION.cff')).toBe(CITATION.replace('0.2.0', '0.3.0').replace("'2026-01-01'", "'2026-02-03'"))
    expect(git('status', '--porcelain')).toBe('')
    expect(git('log', '--format=%s')).toBe('Release 0.3.0\nStart')
    expect(git('log', '-1', '--format=%b')).not.toBe('')
    expect(git('cat-file', '-t', 'v0.3.0')).toBe('tag')
    expect(git('rev-parse', 'v0.3.0^{commit}')).toBe(git('rev-parse', 'HEAD'))
  })

  it.each([
    ['0.3', /form X\.Y\.Z/],
    ['v0.3.0', /form X\.Y\.Z/],
    ['0.03.0', /form X\.Y\.Z/],
    ['0.2.0', /not higher than 0\.2\.0/],
    ['0.1.9', /not higher than 0\.2\.0/]
  ])('is not made for the version %s', async (version, why) => {
    const { root, git } = await checkout()
    await expect(release(root, version, passes)).rejects.toThrow(why)
    expect(git('log', '--format=%s')).toBe('Start')
  })

  it('needs main, a clean tree, notes and a free tag', async () => {
    const { root, git } = await checkout()
    await writeFile(join(root, 'new.txt'), '')
    await expect(release(root, '0.3.0', passes)).rejects.toThrow(/working tree/)
    git('add', '.')
    git('commit', '--quiet', '--message', 'More')
    git('checkout', '--quiet', '-b', 'side')
    await expect(release(root, '0.3.0', passes)).rejects.toThrow(/this is side/)
    git('checkout', '--quiet', 'main')
    git('tag', 'v0.3.0')
    await expect(release(root, '0.3.0', passes)).rejects.toThrow(/tag v0\.3\.0 exists/)
    const bare = await checkout({ 'CHANGELOG.md': CHANGELOG.replace('- A page.', '') })
    await expect(release(bare.root, '0.3.0', passes)).rejects.toThrow(/no notes/)
  })

  it('is not made when the tests fail, or when they tested something else', async () => {
    const { root, git, read } = await checkout()
    await expect(release(root, '0.3.0', { ...passes, test: async () => 1 })).rejects.toThrow(/tests failed/)
    const dirty = async (): Promise<number> => (await writeFile(join(root, 'package.json'), '{}'), 0)
    await expect(release(root, '0.3.0', { ...passes, test: dirty })).rejects.toThrow(/working tree/)
    git('checkout', '--quiet', '.')
    const commit = async (): Promise<number> => (git('commit', '--quiet', '--allow-empty', '--message', 'Meanwhile'), 0)
    await expect(release(root, '0.3.0', { ...passes, test: commit })).rejects.toThrow(/new commits/)
    git('reset', '--quiet', '--hard', 'HEAD~1')
    await expect(release(root, '0.3.0', { ...passes, record: async () => 1 })).rejects.toThrow(/taken down/)
    expect(await read('CHANGELOG.md')).toBe(CHANGELOG)
    expect(git('tag')).toBe('')
  })

  it('orders versions by number', () => {
    expect(compareVersions('0.10.0', '0.9.9')).toBeGreaterThan(0)
    expect(compareVersions('1.0.0', '1.0.0')).toBe(0)
    expect(compareVersions('1.2.3', '1.2.4')).toBeLessThan(0)
  })
})

describe('this checkout', () => {
  const read = (name: string): Promise<string> => readFile(join(ROOT, name), 'utf8')
  it('has one version in package.json, its lock file, CHANGELOG.md and CITATION.cff', async () => {
    const { version } = JSON.parse(await read('package.json')) as { version: string }
    const lock = JSON.parse(await read('package-lock.json')) as {
      version: string
      packages: Record<string, { version: string }>
    }
    expect([lock.version, lock.packages['']!.version]).toEqual([version, version])
    const [, newest, date] = (await read('CHANGELOG.md')).match(/^## \[(\d\S*)\] - (\S+)$/m)!
    expect(newest).toBe(version)
    const citation = await read('CITATION.cff')
    // Writing the same version and date again changes nothing: both lines are there, and they agree.
    expect(citation).toContain(`\nversion: ${version}\n`)
    expect(citation).toContain(`\ndate-released: '${date}'\n`)
    expect(citationOf(citation, version, date)).toBe(citation)
  })
  it('has a changelog that the next release can read', async () => {
    const changelog = await read('CHANGELOG.md')
    const noted = changelog.replace('## [Unreleased]\n', '## [Unreleased]\n\n- Something.\n')
    expect(releaseNotes(noted, '99.0.0', '2099-01-01')).toContain('## [99.0.0] - 2099-01-01\n')
  })
})
