/** The program as a folder: Electron with its fuses set, the app in an asar, the command line with its Node. */
// cspell:ignore gradientclinic
import { readFileSync, realpathSync, statSync } from 'node:fs'
import * as fs from 'node:fs/promises'
import { dirname, join, relative, sep } from 'node:path'
import { packager } from '@electron/packager'
import { zipSync } from 'fflate'
import { exists, readJson, writeJson } from '../setup/files.mjs'
import { PINNED_PLATFORM, PLATFORM, ROOT, electronExecutable, newestNode, tfjsNodeDir } from '../setup/paths.mjs'
import { setFuses } from './fuses.mjs'
import { icns, ico } from './icons.mjs'
import { writeLicences } from './licences.mjs'
import { closure, wantedFile } from './modules.mjs'

export const NAME = 'gradient-clinic'
const PRODUCT = 'Gradient Clinic'
export const PARTS_FOLDER = join(ROOT, 'resources/package')

/**
 * The packages of trainer and queue lie beside the asar: libraries are loaded from there alone, and plain Node reads no
 * asar.
 */
const TRAINER = '@tensorflow/tfjs-node'
const MAIN = 'electron-log'
/** What the command line speaks to queues with; `bullmq` loads the other two when asked for. */
export const QUEUE = ['bullmq', 'ioredis', 'pg']

/** @returns {Promise<string>} the folder made in `dist` */
export async function makeFolder(dist, version) {
  const executable = electronExecutable()
  const runtime = process.platform === 'darwin' ? join(executable, '../../../..') : dirname(executable)
  const unpacked = closure([TRAINER, ...QUEUE], ROOT)
  const scratch = join(dist, 'scratch')
  const app = join(scratch, 'app')
  await fs.mkdir(app, { recursive: true })
  const { name, productName, description, license, main } = await readJson(join(ROOT, 'package.json'))
  await writeJson(join(app, 'package.json'), { name, productName, version, description, license, main })
  const electronVersion = (await fs.readFile(join(runtime, 'version'), 'utf8')).trim().replace(/^v/, '')
  // The packager takes its Electron from an archive alone; this one is empty, and filled from set-up's folder.
  const archive = `electron-v${electronVersion}-${process.platform}-${process.arch}.zip`
  await fs.writeFile(join(scratch, archive), zipSync({}))
  const icon = join(scratch, 'icon')
  await fs.writeFile(`${icon}.ico`, ico(readFileSync(join(PARTS_FOLDER, 'icons/256.png'))))
  await fs.writeFile(`${icon}.icns`, icns(readFileSync(join(PARTS_FOLDER, 'icons/512.png'))))
  const [made] = await packager({
    dir: app,
    out: dist,
    tmpdir: join(scratch, 'tmp'),
    quiet: true,
    name: PRODUCT,
    ...(process.platform === 'linux' && { executableName: NAME }),
    appVersion: version,
    appCopyright: 'Copyright 2026 The Gradient Clinic authors',
    platform: process.platform,
    arch: process.arch,
    electronVersion,
    electronZipDir: scratch,
    prune: false,
    asar: { unpackDir: `{out/cli,${unpacked.join(',')}}` },
    icon,
    appBundleId: 'org.gradientclinic.app',
    extendInfo: {
      CFBundleDocumentTypes: [
        { CFBundleTypeName: `${PRODUCT} project`, CFBundleTypeExtensions: ['gclinic'], CFBundleTypeRole: 'Editor' }
      ]
    },
    afterExtract: [hook((dir) => copyRuntime(runtime, dir))],
    afterCopy: [hook((to) => fillApp(to, [...unpacked, ...closure([MAIN], ROOT)]))]
  })
  const folder = join(dist, `${NAME}-${version}-${PLATFORM}`)
  await fs.rename(made, folder)
  await fs.chmod(folder, 0o755)
  await fs.rm(scratch, { recursive: true })
  await setFuses(packedExecutable(folder))
  await addCommandLine(folder)
  await addRecorder(folder)
  await writeLicences(folder, ROOT)
  await fs.copyFile(join(PARTS_FOLDER, 'README.txt'), join(folder, 'README.txt'))
  return folder
}

/** The packager's hooks end by a callback. */
const hook = (work) => (dir, _version, _platform, _arch, done) => void work(dir).then(() => done(), done)

const resources = (folder) =>
  process.platform === 'darwin' ? join(folder, `${PRODUCT}.app/Contents/Resources`) : join(folder, 'resources')

/** The recorder's Python package, which pip installs from there. */
async function addRecorder(folder) {
  for (const part of ['gradient_clinic', 'pyproject.toml', 'README.md'])
    await fs.cp(join(ROOT, 'recorder', part), join(resources(folder), 'recorder', part), {
      recursive: true,
      // Without what Python has compiled.
      filter: (path) => !path.endsWith('__')
    })
}

/** The executable that Electron became. */
const packedExecutable = (folder) =>
  ({
    darwin: join(folder, `${PRODUCT}.app`),
    win32: join(folder, `${PRODUCT}.exe`)
  })[process.platform] ?? join(folder, NAME)

async function copyRuntime(from, to) {
  await fs.cp(from, to, { recursive: true, verbatimSymlinks: true })
  for (const name of ['manifest.json', 'resources/app', 'resources/default_app.asar'])
    await fs.rm(join(to, name), { recursive: true, force: true })
}

const BUILDS = ['out/main', 'out/preload', 'out/renderer', 'out/cli']

/** Copies the builds and the packages that they load. */
async function fillApp(app, modules) {
  const copy = (path, wanted) =>
    fs.cp(join(ROOT, path), join(app, path), {
      recursive: true,
      dereference: true,
      filter: (from) => wanted(relative(ROOT, from).split(sep).join('/'), from)
    })
  for (const path of BUILDS) await copy(path, (file) => !file.endsWith('.map'))
  const binding = readFileSync(join(tfjsNodeDir(), 'lib/napi-v8/tfjs_binding.node'))
  for (const folder of modules)
    await copy(folder, (path, from) => {
      // Packages within a package are on the list themselves.
      if (path.slice(folder.length).includes('/node_modules')) return false
      const [, library] = /\/tfjs-node\/deps\/(?:lib\/)?(.+)$/.exec(path) ?? []
      // Links to the same library would be copied whole: it goes in under the name that the binding asks for.
      if (library) return ['lib', 'manifest.json'].includes(library) || binding.includes(`${library}\0`)
      if (/\/tfjs-node\/(src|python|scripts|binding)$/.test(path)) return false
      return wantedFile(path) || statSync(from).isDirectory()
    })
  await noteHashes(join(app, 'node_modules', TRAINER))
}

/** The notes by which the window names a damaged library: for what was copied. */
async function noteHashes(trainer) {
  const binding = join(dirname(realpathSync(join(tfjsNodeDir(), 'lib'))), 'manifest.json')
  if (await exists(binding)) await fs.copyFile(binding, join(trainer, 'manifest.json'))
  const deps = await readJson(join(trainer, 'deps/manifest.json'))
  if (!deps?.files) return
  for (const file of Object.keys(deps.files)) if (!(await exists(join(trainer, 'deps', file)))) delete deps.files[file]
  await writeJson(join(trainer, 'deps/manifest.json'), deps)
}

async function addCommandLine(folder) {
  const windows = process.platform === 'win32'
  const node = PINNED_PLATFORM ? newestNode() : process.execPath
  const to = join(resources(folder), windows ? 'node.exe' : 'node')
  await fs.copyFile(node, to)
  await fs.chmod(to, 0o755)
  const command = join(folder, windows ? 'clinic.cmd' : 'clinic')
  if (windows)
    await fs.writeFile(
      command,
      '@"%~dp0resources\\node.exe" "%~dp0resources\\app.asar.unpacked\\out\\cli\\clinic.cjs" %*\r\n'
    )
  else {
    const script = await fs.readFile(join(PARTS_FOLDER, 'clinic.sh'), 'utf8')
    const at = process.platform === 'darwin' ? `${PRODUCT}.app/Contents/Resources` : 'resources'
    await fs.writeFile(command, script.replaceAll('$here/resources', `$here/${at}`), { mode: 0o755 })
  }
}
