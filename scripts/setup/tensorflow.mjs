/** libtensorflow and the compiled tfjs-node binding (Linux x64; other platforms run the installer of tfjs-node). */
import { createHash } from 'node:crypto'
import * as fs from 'node:fs/promises'
import { delimiter, join, resolve } from 'node:path'
import { download, pipDownload } from './download.mjs'
import { buildFolder, exists, expectHash, linkTo, marks, readJson, sameMarks, sha256, writeJson } from './files.mjs'
import { PINNED_PLATFORM, PLATFORM, tfjsNodeDir } from './paths.mjs'
import { PACKAGES, TENSORFLOW } from './pins.mjs'
import { SetupError, Unavailable, diskFull, isDiskFull, seconds } from './report.mjs'
import { run, runs } from './run.mjs'
import { firstSource, verifiedFromCache } from './sources.mjs'
import { ensurePackages } from './system.mjs'
import { unzip } from './zip.mjs'

const OVERRIDE = 'GRADIENT_CLINIC_LIBTENSORFLOW'
const STEP = 'libtensorflow'
const BINDING = 'lib/napi-v8/tfjs_binding.node'
/** The product's own operations, compiled into the binding. */
const OWN = 'native'
const ownSources = async (ctx) =>
  (await fs.readdir(join(ctx.root, OWN))).sort().map((name) => join(ctx.root, OWN, name))
async function ownHash(ctx) {
  const hash = createHash('sha256')
  for (const path of await ownSources(ctx)) hash.update(await fs.readFile(path))
  return hash.digest('hex')
}

/** Checks cheaply that the files of an earlier set-up are still there and unchanged. */
export async function trainerInPlace(ctx, recorded) {
  if (!recorded || recorded.override !== (ctx.env[OVERRIDE] ?? null)) return false
  if (recorded.binding && recorded.own !== (await ownHash(ctx))) return false
  return sameMarks(tfjsNodeDir(ctx.root), recorded.marks)
}

/** Brings in both. @returns what the next set-up needs to know of them */
export async function ensureTrainer(ctx) {
  const override = ctx.env[OVERRIDE] ?? null
  if (!PINNED_PLATFORM) return { override, ...(await upstreamInstaller(ctx)) }
  const library = await ensureLibrary(ctx, override)
  const binding = await ensureBinding(ctx, library)
  await linkTo(join(binding, 'lib'), join(tfjsNodeDir(ctx.root), 'lib'))
  await linkTo(library.dir, join(tfjsNodeDir(ctx.root), 'deps'))
  const files = [BINDING, ...(await libraryFiles(library.dir)).map((name) => `deps/${name}`)]
  return {
    override,
    library: library.dir,
    binding,
    own: await ownHash(ctx),
    marks: await marks(tfjsNodeDir(ctx.root), files)
  }
}

/** @returns {{ dir: string, version: string }} a folder with lib/ and include/ */
export async function ensureLibrary(ctx, override, pins = TENSORFLOW) {
  const { report, cache } = ctx
  const started = Date.now()
  const at = (version) => join(cache, `libtensorflow-${version}-${PLATFORM}`)
  const { upstream, wheel } = pins
  const url = ctx.env.TFJS_NODE_CDN_STORAGE
    ? upstream.url.replace('https://storage.googleapis.com/', ctx.env.TFJS_NODE_CDN_STORAGE)
    : upstream.url
  const wheelHashes = Object.fromEntries(Object.values(wheel.libraries).map((l) => [l.as, l.sha256]))

  const fromArchive = async (archive) =>
    buildFolder(at(upstream.version), async (tmp) => {
      await run('tar', ['-xzf', archive, '-C', tmp, '--no-same-owner'])
      await writeManifest(tmp, `${upstream.version} from ${new URL(upstream.url).host}`)
    })
  const fromWheel = async (file) =>
    buildFolder(at(wheel.version), async (tmp) => {
      const progress = report.progress(STEP, 'unpacking')
      await unzip(
        file,
        tmp,
        (name) => placeWheelMember(name, wheel),
        (bytes) => progress.update(bytes)
      )
      progress.end()
      for (const [name, hash] of Object.entries(wheelHashes)) await expectHash(join(tmp, name), hash, name)
      await fs.symlink('libtensorflow_cc.so.2', join(tmp, 'lib/libtensorflow.so'))
      await fs.symlink('libtensorflow_framework.so.2', join(tmp, 'lib/libtensorflow_framework.so'))
      await writeManifest(tmp, `${wheel.version} from the wheel ${wheel.name} ${wheel.version}`)
    })

  const found = await firstSource(
    STEP,
    [
      {
        name: `override ${OVERRIDE}`,
        async take() {
          if (!override) throw new Unavailable('not set')
          return fromOverride(resolve(override), { fromArchive, fromWheel, at, pins })
        }
      },
      {
        name: 'cache',
        async take() {
          for (const [version, hashes] of [
            [upstream.version, null],
            [wheel.version, wheelHashes]
          ]) {
            if (await verifiedFromCache(at(version), hashes, report, STEP)) return { dir: at(version), version }
          }
          throw new Unavailable('empty')
        }
      },
      {
        name: `upstream ${new URL(url).host}`,
        async take() {
          const archive = join(await ctx.scratch(), 'libtensorflow.tar.gz')
          await download(url, archive, upstream.sha256, report.progress(STEP, 'downloading'), ctx.network)
          await fromArchive(archive)
          return { dir: at(upstream.version), version: upstream.version }
        }
      },
      {
        name: `wheel ${wheel.name} ${wheel.version} through pip`,
        async take() {
          await fromWheel(await pipDownload(ctx, STEP, wheel, await ctx.scratch()))
          return { dir: at(wheel.version), version: wheel.version }
        }
      }
    ],
    `allow one of those hosts or set pip to a mirror that you reach (pip config set global.index-url …), or fetch the wheel\n` +
      `${wheel.name} ${wheel.version} (cp311, manylinux x86_64) yourself and name it: ${OVERRIDE}=/path/to/the.whl`,
    ctx
  )
  report.step(STEP, `${found.value.version}, ${found.told} (${seconds(started)})`)
  return found.value
}

/** Keeps the libraries and headers of the C API, and the licence texts of the rest of the wheel. */
function placeWheelMember(name, wheel) {
  if (wheel.libraries[name]) return wheel.libraries[name].as
  if (/^tensorflow\/include\/(tensorflow\/|tsl\/|xla\/)?.*\/(c|platform)\/.*\.(h|inc)$/.test(name))
    return name.replace(/^tensorflow\//, '')
  if (/dist-info\/LICENSE$|THIRD_PARTY_NOTICES\.txt$/.test(name)) return `licences/${name.split('/').pop()}`
  return null
}

const libraryFiles = async (dir) =>
  (await fs.readdir(join(dir, 'lib'))).filter((name) => /^libtensorflow.*\.so/.test(name)).map((name) => `lib/${name}`)

async function writeManifest(dir, source) {
  const files = {}
  for (const name of await libraryFiles(dir))
    if (!(await fs.lstat(join(dir, name))).isSymbolicLink()) files[name] = await sha256(join(dir, name))
  if (!Object.keys(files).length) throw new Error('there is no lib/libtensorflow*.so in it')
  await writeJson(join(dir, 'manifest.json'), { source, files })
}

/** The user's own: a folder as it is, or one of the two pinned archives. */
async function fromOverride(path, { fromArchive, fromWheel, at, pins }) {
  if (!(await exists(path))) throw new Error(`${path} does not exist`)
  if ((await fs.stat(path)).isDirectory()) {
    if (
      !(await exists(join(path, 'include/tensorflow/c/c_api.h'))) ||
      !(await exists(join(path, 'lib/libtensorflow.so')))
    )
      throw new Error(`${path} must hold include/tensorflow/c/c_api.h and lib/libtensorflow.so`)
    return { dir: path, version: 'your own', own: true }
  }
  const [pin, use] = path.endsWith('.whl') ? [pins.wheel, fromWheel] : [pins.upstream, fromArchive]
  await expectHash(path, pin.sha256, path)
  await use(path)
  return { dir: at(pin.version), version: pin.version }
}

/**
 * Compiles tfjs-node's own sources and the product's op against the library, unless the cache has the result.
 * @returns the folder that holds lib/
 */
async function ensureBinding(ctx, library) {
  const step = 'tfjs-node binding'
  const started = Date.now()
  const sources = join(tfjsNodeDir(ctx.root), 'binding')
  const headers = join(ctx.root, 'node_modules/node-api-headers/include')
  const flags = ['-std=c++17', '-O2', '-fPIC', '-shared', '-DNAPI_VERSION=8', '-Wno-deprecated-declarations']
  // Sessions get the options that native/session.cc makes.
  flags.push('-DTF_NewSessionOptions=ClinicSessionOptions')
  const hash = createHash('sha256').update(flags.join(' ')).update(library.dir)
  for (const name of (await fs.readdir(sources)).sort()) hash.update(await fs.readFile(join(sources, name)))
  hash.update(await ownHash(ctx))
  if (library.own) hash.update(JSON.stringify(await marks(library.dir, await libraryFiles(library.dir))))
  else hash.update(JSON.stringify((await readJson(join(library.dir, 'manifest.json'))).files))
  const target = join(ctx.cache, `tfjs-binding-${hash.digest('hex').slice(0, 16)}-${PLATFORM}`)
  if (await verifiedFromCache(target, null, ctx.report, step)) {
    ctx.report.step(step, 'compiled before, from the cache')
    return target
  }
  const compiler = await ensureCompiler(ctx)
  const progress = ctx.report.progress(step, `compiling with ${compiler}`)
  const beat = setInterval(() => progress.update(seconds(started)), 1000)
  try {
    await buildFolder(target, async (tmp) => {
      await fs.mkdir(join(tmp, 'lib/napi-v8'), { recursive: true })
      // The binding finds its library by $ORIGIN/../../deps/lib, whatever path leads to it.
      await fs.symlink(library.dir, join(tmp, 'deps'))
      await run(compiler, [
        ...flags,
        '-I',
        headers,
        '-I',
        join(sources, '..'),
        '-I',
        join(library.dir, 'include'),
        join(sources, 'tfjs_backend.cc'),
        join(sources, 'tfjs_binding.cc'),
        ...(await ownSources(ctx)).filter((path) => path.endsWith('.cc')),
        '-L',
        join(library.dir, 'lib'),
        '-ltensorflow',
        '-ltensorflow_framework',
        '-Wl,-rpath,$ORIGIN/../../deps/lib',
        '-o',
        join(tmp, BINDING)
      ])
      await run(process.execPath, ['-e', 'require(process.argv[1])', join(tmp, BINDING)])
      await writeJson(join(tmp, 'manifest.json'), {
        source: 'compiled here',
        files: { [BINDING]: await sha256(join(tmp, BINDING)) }
      })
    })
  } catch (error) {
    if (isDiskFull(error)) throw diskFull(step, ctx.cache)
    throw new SetupError(
      step,
      error.message,
      'the lines above come from the compiler or from loading what it made; a newer g++ (10 or later) usually helps'
    )
  } finally {
    clearInterval(beat)
    progress.end()
  }
  ctx.report.step(step, `compiled with ${compiler} against libtensorflow ${library.version} (${seconds(started)})`)
  return target
}

async function ensureCompiler(ctx) {
  const find = async () => {
    for (const name of [ctx.env.CXX, 'g++', 'c++', 'clang++']) if (name && (await runs(name))) return name
    return null
  }
  const found = await find()
  if (found) return found
  await ensurePackages('C++ compiler', PACKAGES.compiler, ctx.report)
  const installed = await find()
  if (!installed)
    throw new SetupError(
      'C++ compiler',
      'neither g++ nor clang++ was found',
      'install a C++17 compiler, or name one: CXX=/path/to/g++'
    )
  return installed
}

/** macOS, Windows, other processors: runs the installer of tfjs-node. Not tested. */
async function upstreamInstaller(ctx) {
  const dir = tfjsNodeDir(ctx.root)
  const started = Date.now()
  const progress = ctx.report.progress(STEP, "tfjs-node's own installer")
  try {
    await run(process.execPath, ['scripts/install.js'], {
      cwd: dir,
      env: { ...process.env, PATH: [join(ctx.root, 'node_modules/.bin'), process.env.PATH].join(delimiter) },
      onLine: () => progress.update(seconds(started))
    })
    const files = await marks(dir, [BINDING])
    ctx.report.step(STEP, `installed by tfjs-node's own installer (${PLATFORM} is not tested) (${seconds(started)})`)
    return { marks: files }
  } catch (error) {
    throw new SetupError(
      STEP,
      error.message,
      `there is no fallback for ${PLATFORM}: its host must be reachable, see the installer's lines above`
    )
  } finally {
    progress.end()
  }
}
