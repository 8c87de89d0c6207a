import { execFileSync } from 'node:child_process'
import { existsSync, lstatSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { makeFolder, ownFolder, putAside } from '../../../src/main/folders'
import { ensureProfile, temporaryProblem } from '../../../src/main/profile'

const electron = vi.hoisted(() => ({ userData: '' }))
vi.mock('electron', () => ({
  app: {
    getPath: () => electron.userData,
    setPath: (_name: string, path: string) => (electron.userData = path),
    getName: () => 'Gradient Clinic'
  }
}))

let dir: string
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'clinic-profile-'))
  vi.stubEnv('TMPDIR', dir)
})
afterEach(() => {
  vi.unstubAllEnvs()
  rmSync(dir, { recursive: true, force: true })
})

describe('temporary files', () => {
  it('that can be written are no problem, and leave nothing', () => {
    expect(temporaryProblem()).toBeUndefined()
    expect(readdirSync(dir)).toEqual([])
  })
  it.each([
    ['there is no such folder', 'none', 'the folder does not exist'],
    ['it is a file', 'file', 'a file has the name of the folder']
  ])('that cannot are named with the place and what to do: %s', (_what, name, why) => {
    writeFileSync(join(dir, 'file'), 'x')
    vi.stubEnv('TMPDIR', join(dir, name))
    const said = temporaryProblem()?.message
    for (const part of [join(dir, name), why, 'Set TMPDIR to another folder', '请将 TMPDIR 设为其他文件夹'])
      expect(said).toContain(part)
  })
})

describe('a profile', () => {
  it('that cannot be written to is replaced for the session, in words', () => {
    electron.userData = join(dir, 'file')
    writeFileSync(electron.userData, 'x')
    const said = ensureProfile()!
    expect(said.en).toContain(`cannot be kept in ${join(dir, 'file')}`)
    expect(said.en).toContain(electron.userData)
    expect(existsSync(electron.userData)).toBe(true)
  })
  it('with something else in the place of the lock puts that aside', () => {
    electron.userData = dir
    writeFileSync(join(dir, 'SingletonLock'), 'x')
    expect(ensureProfile()).toBeUndefined()
    expect(readdirSync(dir)).toEqual(['SingletonLock.bad'])
  })
})

describe('folders', () => {
  it('are made with those above them; a place where nothing can be made is refused, not tried for ever', () => {
    makeFolder(join(dir, 'a', 'b', 'c'))
    expect(existsSync(join(dir, 'a', 'b', 'c'))).toBe(true)
    writeFileSync(join(dir, 'file'), '')
    expect(() => makeFolder(join(dir, 'file', 'x'))).toThrow(expect.objectContaining({ code: 'ENOTDIR' }) as Error)
    // Nothing can be made in /proc: the system says that there is no such folder, as it does where homes are mounted.
    if (process.platform === 'linux')
      expect(() => makeFolder('/proc/none/x')).toThrow(expect.objectContaining({ code: 'ENOENT' }) as Error)
  })
  it.each<[string, (path: string) => void]>([
    ['a file', (path) => writeFileSync(path, 'x')],
    ['a link to nothing', (path) => symlinkSync('/nowhere/x', path)],
    ['a link to itself', (path) => symlinkSync('own', path)],
    ['a pipe', (path) => execFileSync('mkfifo', [path])]
  ])('of the app take the place of %s, which is kept under a name that nothing has', (_what, make) => {
    mkdirSync(join(dir, 'own.bad'))
    make(join(dir, 'own'))
    const told: string[] = []
    const folder = ownFolder(dir, 'own', (what) => told.push(what))
    expect([readdirSync(folder), readdirSync(join(dir, 'own.bad'))]).toEqual([[], []])
    expect(lstatSync(join(dir, 'own.2.bad'))).toBeTruthy()
    expect(told[0]).toContain(join(dir, 'own.2.bad'))
  })
  it('that are there, or are links to one, stay', () => {
    mkdirSync(join(dir, 'real'))
    symlinkSync('real', join(dir, 'own'))
    expect(ownFolder(dir, 'own')).toBe(join(dir, 'own'))
    expect(readdirSync(dir).sort()).toEqual(['own', 'real'])
  })
  it('are numbered when put aside again', () => {
    for (let n = 0; n < 3; n++) {
      writeFileSync(join(dir, 'x'), String(n))
      putAside(join(dir, 'x'))
    }
    expect(readdirSync(dir).sort()).toEqual(['x.2.bad', 'x.3.bad', 'x.bad'])
  })
})
