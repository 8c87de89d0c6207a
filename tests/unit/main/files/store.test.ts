import { execFileSync } from 'node:child_process'
import {
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import * as v from 'valibot'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { Store } from '../../../../src/main/files/store'

vi.mock('../../../../src/main/log', () => ({ log: () => undefined }))

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'clinic-store-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

const schema = v.strictObject({ theme: v.string() })
const fallback = { theme: 'system' }
const kept = (path: string): boolean => !!lstatSync(`${path}.bad`, { throwIfNoEntry: false })

it('keeps what it is told, and reads it again', async () => {
  const path = join(folder, 'settings.json')
  const store = new Store(path, schema, fallback)
  store.set({ theme: 'dark' })
  await store.flush()
  expect(new Store(path, schema, fallback).get()).toEqual({ theme: 'dark' })
})

it.each<[string, (path: string) => void]>([
  ['no JSON', (path) => writeFileSync(path, '{"theme"')],
  ['of another shape', (path) => writeFileSync(path, '{"theme": 3}')],
  ['too large', (path) => (writeFileSync(path, '{"theme":"dark"}'), truncateSync(path, 3e9))],
  ['a folder', (path) => mkdirSync(path)],
  ['a pipe that nobody writes into', (path) => execFileSync('mkfifo', [path])],
  ['a link to itself', (path) => symlinkSync('settings.json', path)],
  ['a link to nothing', (path) => symlinkSync('/nowhere/settings.json', path)]
])('puts aside what is %s, starts with what is usual, and can be written', async (_what, make) => {
  const path = join(folder, 'settings.json')
  make(path)
  const store = new Store(path, schema, fallback)
  expect(store.get()).toEqual(fallback)
  expect(kept(path)).toBe(true)
  store.set({ theme: 'light' })
  await store.flush()
  expect(JSON.parse(readFileSync(path, 'utf8'))).toEqual({ theme: 'light' })
})

it('puts aside a second file without touching the first', () => {
  const path = join(folder, 'settings.json')
  for (const content of ['one', 'two']) {
    writeFileSync(path, content)
    expect(new Store(path, schema, fallback).get()).toEqual(fallback)
  }
  expect(['.bad', '.2.bad'].map((end) => readFileSync(path + end, 'utf8'))).toEqual(['one', 'two'])
})
