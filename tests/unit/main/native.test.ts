import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, expect, it } from 'vitest'
import { findDamage } from '../../../src/main/native'

const folders: string[] = []
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true })
})

/** A checkout with a library whose hash set-up has noted, and where set-up finds the wish to look at every file. */
function checkout(content: string): { found: { folder: string; version: string }; mark: string } {
  const root = join(mkdtempSync(join(tmpdir(), 'clinic-native-')), 'node_modules')
  folders.push(dirname(root))
  const folder = join(root, '@tensorflow', 'tfjs-node')
  mkdirSync(join(folder, 'deps', 'lib'), { recursive: true })
  mkdirSync(join(root, '.gradient-clinic'))
  const hash = createHash('sha256').update('sound').digest('hex')
  writeFileSync(join(folder, 'deps', 'manifest.json'), JSON.stringify({ files: { 'lib/libtensorflow.so': hash } }))
  writeFileSync(join(folder, 'deps', 'lib', 'libtensorflow.so'), content)
  return { found: { folder, version: '4' }, mark: join(root, '.gradient-clinic', 'verify') }
}

it('names a damaged file, and lets the next set-up look at every file', async () => {
  const { found, mark } = checkout('other')
  expect((await findDamage(found))?.message.en).toContain(join(found.folder, 'deps', 'lib', 'libtensorflow.so'))
  expect(existsSync(mark)).toBe(true)
})

it('leaves no mark when the files are sound: the trainer was ended by something else', async () => {
  const { found, mark } = checkout('sound')
  expect(await findDamage(found)).toBeUndefined()
  expect(existsSync(mark)).toBe(false)
})
