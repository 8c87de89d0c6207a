import { spawn } from 'node:child_process'
import * as fs from 'node:fs/promises'
import { join } from 'node:path'
import { strToU8, zipSync } from 'fflate'
import { expect, it } from 'vitest'
import { buildFolder, expectHash, linkTo, marks, sameMarks, withLock } from '../../scripts/setup/files.mjs'
import { ROOT } from '../../scripts/setup/paths.mjs'
import { unzip } from '../../scripts/setup/zip.mjs'
import { listing, sha256Of, tempDir } from './fixtures'

it('a folder appears whole or not at all, and a failed build keeps the one that was there', async () => {
  const dir = await tempDir()
  const target = join(dir, 'part')
  const failing = buildFolder(target, async (tmp) => {
    await fs.writeFile(join(tmp, 'half'), '')
    throw new Error('cut short')
  })
  await expect(failing).rejects.toThrow('cut short')
  expect(await listing(dir)).toEqual([])

  await buildFolder(target, (tmp) => fs.writeFile(join(tmp, 'whole'), ''))
  await expect(buildFolder(target, () => Promise.reject(new Error('again')))).rejects.toThrow('again')
  expect(await listing(dir)).toEqual(['part', 'part/whole'])
})

it('a file is used only if its hash is the pinned one', async () => {
  const path = join(await tempDir(), 'file')
  await fs.writeFile(path, 'content')
  await expectHash(path, sha256Of('content'), 'the file')
  await expect(expectHash(path, sha256Of('other'), 'the file')).rejects.toThrow(
    `the file is not the pinned file: SHA-256 ${sha256Of('content')}, expected ${sha256Of('other')}`
  )
})

it('a link replaces a link, a folder and nothing', async () => {
  const dir = await tempDir()
  const link = join(dir, 'link')
  await fs.mkdir(join(dir, 'a'))
  await linkTo(join(dir, 'a'), link)
  await linkTo(join(dir, 'b'), link)
  expect(await fs.readlink(link)).toBe(join(dir, 'b'))
  await fs.rm(link)
  await fs.mkdir(join(link, 'full'), { recursive: true })
  await linkTo(join(dir, 'a'), link)
  expect(await fs.readlink(link)).toBe(join(dir, 'a'))
})

it('a changed, touched or missing file is noticed', async () => {
  const dir = await tempDir()
  await fs.writeFile(join(dir, 'x'), '1')
  const noted = await marks(dir, ['x'])
  expect(await sameMarks(dir, noted)).toBe(true)
  await fs.utimes(join(dir, 'x'), new Date(0), new Date(0))
  expect(await sameMarks(dir, noted)).toBe(false)
  await fs.rm(join(dir, 'x'))
  expect(await sameMarks(dir, noted)).toBe(false)
  expect(await sameMarks(dir, undefined)).toBe(false)
})

it('one process at a time holds the lock', async () => {
  const dir = await tempDir()
  // Each reads a counter, lets the others run, and writes it back: without the lock increments get lost.
  const script = `
    import { withLock } from ${JSON.stringify(join(ROOT, 'scripts/setup/files.mjs'))}
    import { readFile, writeFile } from 'node:fs/promises'
    for (let i = 0; i < 5; i++) await withLock(${JSON.stringify(join(dir, 'lock'))}, async () => {
      const n = Number(await readFile(${JSON.stringify(join(dir, 'n'))}, 'utf8'))
      await new Promise((done) => setImmediate(done))
      await writeFile(${JSON.stringify(join(dir, 'n'))}, String(n + 1))
    })`
  await fs.writeFile(join(dir, 'n'), '0')
  const codes = await Promise.all(
    [1, 2, 3].map(
      () => new Promise((done) => spawn(process.execPath, ['--input-type=module', '-e', script]).on('close', done))
    )
  )
  expect(codes).toEqual([0, 0, 0])
  expect(await fs.readFile(join(dir, 'n'), 'utf8')).toBe('15')
})

it('a lock whose owner is dead is taken over', async () => {
  const lock = join(await tempDir(), 'lock')
  const dead = spawn(process.execPath, ['-e', ''])
  await new Promise((done) => dead.on('close', done))
  await fs.writeFile(lock, `${dead.pid}\n`)
  expect(await withLock(lock, async () => 'done')).toBe('done')
  await expect(fs.access(lock)).rejects.toThrow()
})

it('unzips packed and plain members with their modes, only those asked for, and never outside the folder', async () => {
  const dir = await tempDir()
  const long = 'gradient '.repeat(10_000)
  const zip = zipSync({
    'a/packed': strToU8(long),
    'a/plain': [strToU8('plain'), { level: 0 }],
    'a/run': [strToU8('#!'), { os: 3, attrs: 0o100755 << 16 }],
    empty: new Uint8Array(),
    unwanted: strToU8('x')
  })
  await fs.writeFile(join(dir, 'in.zip'), zip)
  await unzip(join(dir, 'in.zip'), join(dir, 'out'), (name) => (name === 'unwanted' ? null : name))
  expect(await listing(join(dir, 'out'))).toEqual(['a', 'a/packed', 'a/plain', 'a/run', 'empty'])
  expect(await fs.readFile(join(dir, 'out/a/packed'), 'utf8')).toBe(long)
  expect(await fs.readFile(join(dir, 'out/a/plain'), 'utf8')).toBe('plain')
  expect((await fs.stat(join(dir, 'out/a/run'))).mode & 0o777).toBe(0o755)

  await fs.writeFile(join(dir, 'evil.zip'), zipSync({ '../escaped': strToU8('x') }))
  await expect(unzip(join(dir, 'evil.zip'), join(dir, 'out'), (name) => name)).rejects.toThrow(/outside/)
  await fs.writeFile(join(dir, 'no.zip'), 'not an archive')
  await expect(unzip(join(dir, 'no.zip'), dir, (name) => name)).rejects.toThrow(/no zip archive/)
})
