// cspell:ignore icudtl rwsr rwxr edabeedb mimetypes
import { execFile } from 'node:child_process'
import * as fs from 'node:fs/promises'
import { dirname, join, relative } from 'node:path'
import { promisify } from 'node:util'
import { describe, expect, it } from 'vitest'
import { needed } from '../../scripts/package/elf.mjs'
import { QUEUE } from '../../scripts/package/folder.mjs'
import { FUSES, readFuses, setFuses } from '../../scripts/package/fuses.mjs'
import { nfpmConfig, packWith } from '../../scripts/package/formats.mjs'
import { icns, ico } from '../../scripts/package/icons.mjs'
import { npmLicences } from '../../scripts/package/licences.mjs'
import { closure, wantedFile } from '../../scripts/package/modules.mjs'
import { ROOT, readState } from '../../scripts/setup/paths.mjs'
import { tempDir } from './fixtures'

const run = promisify(execFile)
const PARTS = join(ROOT, 'resources/package')

/** A program as `makeFolder` leaves it, whose native files are small ones. */
async function smallFolder(): Promise<string> {
  const folder = join(await tempDir(), 'gradient-clinic-1.2.3-linux-x64')
  await fs.mkdir(join(folder, 'resources/app.asar.unpacked'), { recursive: true })
  const binding = join(ROOT, 'node_modules/@tensorflow/tfjs-node/lib/napi-v8/tfjs_binding.node')
  for (const name of ['gradient-clinic', 'chrome-sandbox', 'resources/node', 'resources/app.asar.unpacked/a.node']) {
    await fs.copyFile(binding, join(folder, name))
    await fs.chmod(join(folder, name), 0o755)
  }
  await fs.writeFile(join(folder, 'clinic'), '#!/bin/sh\n', { mode: 0o755 })
  await fs.writeFile(join(folder, 'resources/app.asar'), 'app')
  await fs.writeFile(join(folder, 'README.txt'), 'of the archive alone')
  return folder
}

it('a copied Electron loses what its fuses give, and refuses to be Node', async () => {
  const [electron] = Object.values(readState().electron as Record<string, { executable: string }>)
  const copy = join(await tempDir(), 'electron')
  await fs.copyFile(electron!.executable, copy, fs.constants.COPYFILE_FICLONE)
  expect(await readFuses(copy)).toMatchObject({ RunAsNode: true, OnlyLoadAppFromAsar: false })
  await setFuses(copy)
  const fuses = await readFuses(copy)
  expect(FUSES).toMatchObject(fuses)
  expect(Object.keys(fuses).length).toBeGreaterThanOrEqual(5)
  for (const name of ['icudtl.dat', 'libffmpeg.so', 'v8_context_snapshot.bin', 'snapshot_blob.bin'])
    await fs.symlink(join(dirname(electron!.executable), name), join(dirname(copy), name))
  const env = { ...process.env, ELECTRON_RUN_AS_NODE: '1', DISPLAY: '', WAYLAND_DISPLAY: '' }
  const asNode = await run(copy, ['-p', '"as " + "Node"'], { env, timeout: 120_000 }).catch((error: object) => error)
  expect(asNode).not.toMatchObject({ stdout: expect.stringContaining('as Node') })
})

it('a .deb and an .rpm hold the program with its owners and modes, and what makes it known to the desktop', async () => {
  const folder = await smallFolder()
  const dist = join(folder, '..')
  await fs.writeFile(join(dist, 'nfpm.json'), JSON.stringify(await nfpmConfig(folder, '1.2.3')))
  await packWith(join(dist, 'nfpm.json'), dist, { deb: 'x.deb', rpm: 'x.rpm' })
  const { stdout: control } = await run('dpkg-deb', ['-f', join(dist, 'x.deb')])
  expect(control).toMatch(/^Package: gradient-clinic\nVersion: 1\.2\.3-1\n/)
  expect(control).toMatch(/^Architecture: amd64$/m)
  expect(control).toMatch(
    /^Depends: libc6 \(>= 2\.\d+\), libstdc\+\+6 \(>= \d+\), libgtk-3-0 \| libgtk-3-0t64, libnss3/m
  )
  expect(control).toMatch(/^Installed-Size: \d+$/m)
  const { stdout: listed } = await run('dpkg-deb', ['-c', join(dist, 'x.deb')])
  for (const line of [
    '-rwsr-xr-x root/root .* ./opt/gradient-clinic/chrome-sandbox',
    '-rwxr-xr-x root/root .* ./opt/gradient-clinic/gradient-clinic',
    '-rw-r--r-- root/root .* ./opt/gradient-clinic/resources/app.asar',
    '-rw-r--r-- root/root .* ./opt/gradient-clinic/resources/gradient-clinic.apparmor',
    '-rw-r--r-- root/root .* ./usr/share/applications/gradient-clinic.desktop',
    '-rw-r--r-- root/root .* ./usr/share/mime/packages/gradient-clinic.xml',
    '-rw-r--r-- root/root .* ./usr/share/icons/hicolor/256x256/apps/gradient-clinic.png',
    '-rw-r--r-- root/root .* ./usr/share/icons/hicolor/scalable/mimetypes/application-x-gradient-clinic.svg',
    'l.* ./usr/bin/clinic -> /opt/gradient-clinic/clinic',
    'l.* ./usr/bin/gradient-clinic -> /opt/gradient-clinic/gradient-clinic'
  ])
    expect(listed).toMatch(new RegExp(`^${line}$`, 'm'))
  expect(listed).not.toContain('README.txt')
  // The lead of a file in RPM's format (rpm-format: lead).
  const rpm = await fs.readFile(join(dist, 'x.rpm'))
  expect(rpm.subarray(0, 4).toString('hex')).toBe('edabeedb')
  for (const text of ['libc.so.6(GLIBC_2.', 'libstdc++.so.6()(64bit)', '/usr/share/applications/', 'apparmor_parser'])
    expect(rpm.subarray(0, 200_000).includes(text), text).toBe(true)
})

describe('what is put into a package', () => {
  it('is the trainer with all that it depends on, without other builds of it', () => {
    const folders = closure(['@tensorflow/tfjs-node'], ROOT)
    for (const name of ['@tensorflow/tfjs-core', '@mapbox/node-pre-gyp', 'seedrandom'])
      expect(folders).toContain(`node_modules/${name}`)
    expect(folders).not.toContain('node_modules/vue')
    expect(() => closure(['no-such-package'], ROOT)).toThrow(/no-such-package is not installed, and the app needs it/)
    const at = (path: string): boolean => wantedFile(`node_modules/@tensorflow/${path}`)
    expect(['tfjs-core/dist/tf-core.node.js', 'tfjs-node/dist/io/index.js', 'tfjs/LICENSE'].map(at)).not.toContain(
      false
    )
    expect(
      ['tfjs-core/dist/tf-core.js', 'tfjs-core/dist/ops/add.js', 'tfjs-node/dist/a_test.js'].map(at)
    ).not.toContain(true)
  })
  it('takes along what queues need, loaded from a folder of its own', async () => {
    const folders = closure(QUEUE, ROOT)
    for (const name of ['bullmq', 'ioredis', 'pg', 'msgpackr', 'pg-pool', 'redis-parser'])
      expect(folders).toContain(`node_modules/${name}`)
    const app = await tempDir()
    for (const folder of folders)
      await fs.cp(join(ROOT, folder), join(app, folder), {
        recursive: true,
        filter: async (from) => (await fs.stat(from)).isDirectory() || wantedFile(relative(ROOT, from))
      })
    const load = `const { createPostgresBackend, Queue } = require('bullmq'); require('ioredis'); require('pg')
      console.log(typeof createPostgresBackend, typeof Queue)`
    expect((await run(process.execPath, ['-e', load], { cwd: app })).stdout).toBe('function function\n')
    expect(wantedFile('node_modules/@msgpackr-extract/msgpackr-extract-linux-x64/node.napi.musl.node')).toBe(false)
  })
  it('comes with its licences', async () => {
    const text = await npmLicences(closure(['@tensorflow/tfjs-node', 'vue'], ROOT), ROOT)
    expect(text).toMatch(/^vue \d\S+\n\nMIT\n\nThe MIT License/m)
    expect(text).toMatch(/^seedrandom \d/m)
  })
  it('names the libraries that it needs of the system', async () => {
    expect(await needed(join(ROOT, 'node_modules/@tensorflow/tfjs-node/lib/napi-v8/tfjs_binding.node'))).toEqual(
      expect.arrayContaining(['libstdc++.so.6', 'libc.so.6'])
    )
  })
})

describe('what makes it known to a system', () => {
  const read = (name: string): Promise<string> => fs.readFile(join(PARTS, name), 'utf8')

  it('is a desktop entry that opens files of the type that is declared', async () => {
    const desktop = await read('gradient-clinic.desktop')
    const [head, ...lines] = desktop.trim().split('\n')
    expect(head).toBe('[Desktop Entry]')
    const keys = Object.fromEntries(lines.map((line) => line.split(/=(.*)/s).slice(0, 2))) as Record<string, string>
    expect(keys).toMatchObject({ Type: 'Application', Exec: 'gradient-clinic %f', Icon: 'gradient-clinic' })
    expect(keys['Name[zh_CN]']).toBeTruthy()
    const mime = await read('gradient-clinic.xml')
    const type = /<mime-type type="([^"]+)">/.exec(mime)![1]
    expect(keys['MimeType']).toBe(`${type};`)
    expect(mime).toContain('<glob pattern="*.gclinic"/>')
    for (const element of ['mime-info', 'mime-type', 'comment'])
      expect(mime.split(`<${element}`).length, element).toBe(mime.split(`</${element}>`).length)
  })
  it('is a profile of AppArmor for the executable that is installed', async () => {
    const profile = await read('gradient-clinic.apparmor')
    expect(profile).toMatch(
      /^profile gradient-clinic \/opt\/gradient-clinic\/gradient-clinic flags=\(unconfined\) \{$/m
    )
    expect(profile).toMatch(/^ {2}userns,$/m)
  })
  it.each(['postinstall.sh', 'postremove.sh', 'clinic.sh'])('%s is a script of sh', async (name) => {
    await run('sh', ['-n', join(PARTS, name)])
    expect(await read(name)).toMatch(/^#!\/bin\/sh\n/)
  })
  it('is an icon in the containers of Windows and macOS', async () => {
    const png = await fs.readFile(join(PARTS, 'icons/256.png'))
    expect(png.readUInt32BE(16)).toBe(256)
    const windows = ico(png)
    expect(windows.subarray(windows.readUInt32LE(18), windows.readUInt32LE(18) + 8)).toEqual(png.subarray(0, 8))
    const mac = icns(png)
    expect([mac.toString('latin1', 0, 4), mac.readUInt32BE(4)]).toEqual(['icns', mac.length])
  })
})
