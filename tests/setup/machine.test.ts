import * as fs from 'node:fs/promises'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { ensure } from '../../scripts/setup/ensure.mjs'
import { matchesLock } from '../../scripts/setup/npm.mjs'
import { cacheDir, stateDir, wantedElectron } from '../../scripts/setup/paths.mjs'
import { ensurePackages, missingPackages } from '../../scripts/setup/system.mjs'
import { context, listing, tempDir } from './fixtures'

const installed =
  (...names: string[]) =>
  async () =>
    new Set(names)

it('a package counts as there under any of its names', async () => {
  expect(
    await missingPackages(['libasound2|libasound2t64', 'xvfb', 'libnss3'], installed('libasound2t64', 'libnss3'))
  ).toEqual(['xvfb'])
  // No dpkg on this system: nothing can be said.
  expect(await missingPackages(['xvfb'], async () => null)).toBe(null)
})

it('an ordinary user is given the exact command', async () => {
  const ctx = await context()
  const ask = { root: false, query: installed('libnss3') }
  await expect(
    ensurePackages('system packages', ['libnss3', 'xvfb', 'libgtk-3-0|libgtk-3-0t64'], ctx.report, ask)
  ).rejects.toMatchObject({
    step: 'system packages',
    advice: expect.stringContaining('sudo apt-get install -y --no-install-recommends xvfb libgtk-3-0')
  })
  await ensurePackages('fonts', ['fonts-noto-cjk'], ctx.report, { ...ask, optional: true })
  expect(ctx.lines.join('')).toMatch(/fonts: note: .*sudo apt-get install -y --no-install-recommends fonts-noto-cjk/)
})

it('node_modules is stale when a package is absent, of another version or of other content; optional ones may be absent', async () => {
  const root = await tempDir()
  const vue = { version: '3.5.0', integrity: 'sha512-a' }
  const packages = {
    '': {},
    'node_modules/vue': vue,
    'node_modules/native-mac': { version: '1.0.0', integrity: 'sha512-b', optional: true }
  }
  await fs.writeFile(join(root, 'package-lock.json'), JSON.stringify({ packages }))
  expect(await matchesLock(root)).toBe(false)
  await fs.mkdir(join(root, 'node_modules'))
  for (const [there, fits] of [
    [{ 'node_modules/vue': vue }, true],
    [{}, false],
    [{ 'node_modules/vue': { ...vue, version: '3.5.1' } }, false],
    [{ 'node_modules/vue': { ...vue, integrity: 'sha512-c' } }, false]
  ] as const) {
    await fs.writeFile(join(root, 'node_modules/.package-lock.json'), JSON.stringify({ packages: there }))
    expect(await matchesLock(root)).toBe(fits)
  }
})

it('the second time it does nothing, and changes nothing', async () => {
  const { report: _report, lines, ...ctx } = await context()
  const write = (chunk: string): boolean => Boolean(lines.push(chunk))
  const look = async () => [await listing(cacheDir()), await fs.readFile(join(stateDir(), 'setup.json'), 'utf8')]
  const before = await look()
  // Nothing that could bring anything in is within reach: no npm, no pip, no compiler, no host.
  const env = {
    ...ctx.env,
    ELECTRON_MIRROR: 'http://127.0.0.1:1/',
    TFJS_NODE_CDN_STORAGE: 'http://127.0.0.1:1/',
    GRADIENT_CLINIC_PIP: 'false',
    CXX: 'false'
  }
  await ensure({ electron: 'floor', env, out: { write } as never })
  expect(lines.join('')).toMatch(/^setup · ready: nothing to do \([\d.]+ s\)\n$/)
  lines.length = 0
  await ensure({ electron: 'floor', env, quiet: true, out: { write } as never })
  expect(lines).toEqual([])
  expect(await look()).toEqual(before)
})

it('the cache lies where it is named to, else where the system keeps caches', () => {
  expect(cacheDir({ GRADIENT_CLINIC_CACHE: '/a/b', XDG_CACHE_HOME: '/x' })).toBe('/a/b')
  expect(cacheDir({ XDG_CACHE_HOME: '/x' })).toBe('/x/gradient-clinic')
  expect(cacheDir({})).toMatch(/\.cache\/gradient-clinic$/)
  expect(wantedElectron({}, 'floor')).toBe('floor')
  expect(wantedElectron({ GRADIENT_CLINIC_ELECTRON: 'current' }, 'floor')).toBe('current')
  expect(() => wantedElectron({ GRADIENT_CLINIC_ELECTRON: 'newest' })).toThrow(/must be "current" or "floor"/)
})
