/** Builds. Each runs only when its sources have changed since the last one. */
import { createHash } from 'node:crypto'
import * as fs from 'node:fs/promises'
import { join, relative } from 'node:path'
import { exists, withLock } from '../setup/files.mjs'
import { ROOT, stateDir } from '../setup/paths.mjs'
import { NODE_TARGET, alias, external } from './vite-base.mjs'

const CONFIG = [
  'package.json',
  'package-lock.json',
  'electron.vite.config.ts',
  'scripts/lib/vite-base.mjs',
  'scripts/lib/chunks.mjs',
  'scripts/lib/rule-names.mjs',
  'scripts/lib/floor-css.mjs',
  'scripts/lib/build.mjs'
]

/** Builds main, preload, trainer and renderer into out/. @returns whether anything had to be built */
export const buildApp = (options) =>
  ifChanged(
    'app',
    ['src', 'resources'],
    [
      'out/main/index.js',
      'out/main/trainer.js',
      'out/main/home.js',
      'out/main/queue.js',
      'out/main/reader.js',
      'out/main/follower.js',
      'out/main/codecs.js',
      'out/main/tables.js',
      'out/preload/index.js',
      'out/renderer/index.html'
    ],
    options,
    async () => {
      const { build } = await import('electron-vite')
      await build({ root: ROOT, configFile: join(ROOT, 'electron.vite.config.ts'), logLevel: 'warn' })
    }
  )

/** Builds the command line into out/cli/clinic.cjs. */
export const buildClinic = (options) => buildNode('cli', { clinic: 'src/cli/index.ts' }, options)

/**
 * Bundles entries that run under plain Node: `{ name: source }` → out/<folder>/<name>.cjs.
 * @param {string} folder
 * @param {Record<string, string>} entries
 */
export async function buildNode(folder, entries, options) {
  const outputs = Object.keys(entries).map((name) => `out/${folder}/${name}.cjs`)
  const stamp = [folder, ...Object.keys(entries)].join('+')
  const sources = ['src/shared', 'src/trainer', 'src/cli', ...(folder === 'bench' ? ['bench', 'tests/corpus'] : [])]
  return ifChanged(stamp, sources, outputs, options, async () => {
    const { build } = await import('vite')
    await build({
      root: ROOT,
      configFile: false,
      logLevel: 'warn',
      resolve: { alias },
      ssr: { noExternal: true },
      build: {
        ssr: true,
        target: NODE_TARGET,
        outDir: join(ROOT, 'out', folder),
        emptyOutDir: false,
        sourcemap: true,
        rolldownOptions: {
          input: Object.fromEntries(Object.entries(entries).map(([name, path]) => [name, join(ROOT, path)])),
          external,
          output: { format: 'cjs', entryFileNames: '[name].cjs', chunkFileNames: 'chunks/[name]-[hash].cjs' }
        }
      }
    })
  })
}

/** Runs `make` unless the outputs exist and the hash of the sources is the recorded one. One build runs at a time. */
async function ifChanged(name, sources, outputs, { force = false } = {}, make) {
  const note = join(stateDir(), `built-${name}`)
  const fresh = async () => {
    const hash = await sourcesHash(sources)
    const same = !force && (await fs.readFile(note, 'utf8').catch(() => '')) === hash
    const there = await Promise.all(outputs.map((path) => exists(join(ROOT, path))))
    return { hash, ok: same && there.every(Boolean) }
  }
  if ((await fresh()).ok) return false
  return withLock(join(stateDir(), 'build.lock'), async () => {
    const { hash, ok } = await fresh()
    if (ok) return false
    await fs.rm(note, { force: true })
    await make()
    await fs.writeFile(note, hash)
    return true
  })
}

async function sourcesHash(folders) {
  const hash = createHash('sha256')
  for (const path of [
    ...CONFIG.map((file) => join(ROOT, file)),
    ...(await Promise.all(folders.map(filesBelow))).flat()
  ])
    hash
      .update(relative(ROOT, path))
      .update('\0')
      .update(await fs.readFile(path).catch(() => ''))
      .update('\0')
  return hash.digest('hex')
}

async function filesBelow(folder) {
  const entries = await fs.readdir(join(ROOT, folder), { withFileTypes: true, recursive: true }).catch(() => [])
  return entries
    .filter((e) => e.isFile())
    .map((e) => join(e.parentPath ?? e.path, e.name))
    .sort()
}

/** Forgets the recorded hash, so that the next build of the app runs. */
export const forgetApp = () => fs.rm(join(stateDir(), 'built-app'), { force: true })
