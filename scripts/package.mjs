/**
 * `npm run package`: a .deb, an .rpm and a folder as .tar.zst into dist/ (on macOS and Windows: a folder and a .zip);
 * `-- --check` installs each into a bare system, uses it there and removes it.
 */
import * as fs from 'node:fs/promises'
import { join } from 'node:path'
import { buildApp, buildClinic } from './lib/build.mjs'
import { checkPackages } from './package/check.mjs'
import { PARTS, ensure } from './setup/ensure.mjs'
import { entry } from './setup/entry.mjs'
import { exists, readJson } from './setup/files.mjs'
import { PINNED_PLATFORM, ROOT } from './setup/paths.mjs'

const HELP = `npm run package                    packages of this platform into dist/
npm run package -- --check         packages (where there are none yet), each installed into a bare system, used and removed;
                                   needs root, debootstrap and a Debian mirror
npm run package -- --check deb     only this one: deb, rpm or tar
npm run package -- --help          this text

GRADIENT_CLINIC_ELECTRON           current or floor: the Electron in the packages (default: current)`

const DIST = join(ROOT, 'dist')

await entry(async () => {
  const args = process.argv.slice(2)
  if (args.includes('--help')) return console.log(HELP)
  await ensure({ parts: [...PARTS, 'node', 'packer'], quiet: true })
  const { version } = await readJson(join(ROOT, 'package.json'))
  if (!args.includes('--check')) return make(version)
  const kinds = args.filter((arg) => !arg.startsWith('-'))
  if (!(await exists(join(DIST, 'packages.json')))) await make(version)
  return checkPackages(await readJson(join(DIST, 'packages.json')), DIST, kinds)
})

async function make(version) {
  // Their packages are there only after set-up.
  const { makeFolder } = await import('./package/folder.mjs')
  const { makeArchive, makePackages } = await import('./package/formats.mjs')
  await buildApp()
  await buildClinic()
  await fs.rm(DIST, { recursive: true, force: true })
  await fs.mkdir(DIST, { recursive: true })
  const folder = await makeFolder(DIST, version)
  const packages = { ...(PINNED_PLATFORM && (await makePackages(folder, DIST, version))) }
  packages[PINNED_PLATFORM ? 'tar' : 'zip'] = await makeArchive(folder, DIST)
  await fs.writeFile(join(DIST, 'packages.json'), JSON.stringify(packages, null, 2))
  for (const name of Object.values(packages)) {
    const { size } = await fs.stat(join(DIST, name))
    console.log(`dist/${name}  ${(size / 1e6).toFixed(0)} MB`)
  }
}
