/** The folder of the program as .deb, .rpm, .tar.zst (or .zip). */
// cspell:ignore mimetypes
import { spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import * as fs from 'node:fs/promises'
import { basename, join, relative } from 'node:path'
import { writeJson } from '../setup/files.mjs'
import { ROOT, newestNode, readState } from '../setup/paths.mjs'
import { PACKAGES } from '../setup/pins.mjs'
import { run } from '../setup/run.mjs'
import { NAME, PARTS_FOLDER } from './folder.mjs'
import { glibcFloor, needed } from './elf.mjs'

const HOME = `/opt/${NAME}`
/** The release number of what is made from one version: there is one. */
const RELEASE = '1'

/** Debian's names of GCC's releases by the newest symbols of its C++ library. */
const gccOf = (glibcxx) => ({ 30: 12, 31: 13, 32: 13, 33: 14, 34: 15 })[glibcxx] ?? 11

/**
 * What nFPM is told: files with their owners and modes, what must be installed, what is run after.
 * @param {string} folder as `makeFolder` made it
 */
export async function nfpmConfig(folder, version) {
  const part = (name) => join(PARTS_FOLDER, name)
  const file = (src, dst, mode) => ({ src, dst, file_info: { mode } })
  const contents = []
  for (const path of await filesBelow(folder)) {
    if (path === 'README.txt') continue
    const { mode } = await fs.stat(join(folder, path))
    const own = path === 'chrome-sandbox' ? 0o4755 : mode & 0o111 ? 0o755 : 0o644
    contents.push(file(join(folder, path), `${HOME}/${path}`, own))
  }
  // RPM removes the folders that a package names.
  for (const path of ['', ...(await foldersBelow(folder))]) contents.push({ dst: join(HOME, path), type: 'dir' })
  contents.push({ dst: `/usr/share/doc/${NAME}`, type: 'dir' })
  const icons = (await fs.readdir(part('icons'))).map((name) => [basename(name, '.png'), part(`icons/${name}`)])
  contents.push(
    file(part('gradient-clinic.apparmor'), `${HOME}/resources/gradient-clinic.apparmor`, 0o644),
    file(part('gradient-clinic.desktop'), `/usr/share/applications/${NAME}.desktop`, 0o644),
    file(part('gradient-clinic.xml'), `/usr/share/mime/packages/${NAME}.xml`, 0o644),
    file(join(ROOT, 'NOTICE'), `/usr/share/doc/${NAME}/copyright`, 0o644),
    ...icons.map(([px, src]) => file(src, `/usr/share/icons/hicolor/${px}x${px}/apps/${NAME}.png`, 0o644)),
    ...['apps/gradient-clinic', 'mimetypes/application-x-gradient-clinic'].map((name) =>
      file(part('icon.svg'), `/usr/share/icons/hicolor/scalable/${name}.svg`, 0o644)
    ),
    { src: `${HOME}/${NAME}`, dst: `/usr/bin/${NAME}`, type: 'symlink' },
    { src: `${HOME}/clinic`, dst: '/usr/bin/clinic', type: 'symlink' }
  )
  const native = contents.filter(({ src, type }) => src && !type && isNative(src)).map(({ src }) => src)
  const { description, license } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'))
  const { glibc, glibcxx } = await glibcFloor(native)
  return {
    name: NAME,
    arch: 'amd64',
    platform: 'linux',
    version,
    release: RELEASE,
    section: 'science',
    maintainer: 'The Gradient Clinic authors <noreply@gradient-clinic.invalid>',
    description,
    license,
    contents,
    scripts: { postinstall: part('postinstall.sh'), postremove: part('postremove.sh') },
    overrides: {
      deb: {
        depends: [
          `libc6 (>= 2.${glibc})`,
          `libstdc++6 (>= ${gccOf(glibcxx)})`,
          ...PACKAGES.chromium.map((names) => names.split('|').join(' | '))
        ],
        recommends: ['xdg-utils']
      },
      rpm: {
        depends: [
          `libc.so.6(GLIBC_2.${glibc})(64bit)`,
          `libstdc++.so.6(GLIBCXX_3.4.${glibcxx})(64bit)`,
          ...(await sonames(native))
        ]
      }
    },
    deb: { compression: 'zstd' },
    rpm: { compression: 'zstd' }
  }
}

/** Libraries of the system by their sonames, which every distribution with RPM provides. */
async function sonames(native) {
  const own = new Set(native.map((path) => basename(path)))
  const names = new Set((await Promise.all(native.map(needed))).flat())
  return [...names].filter((name) => !own.has(name) && !name.startsWith('ld-')).map((name) => `${name}()(64bit)`)
}

const isNative = (path) =>
  /\.so(\.\d+)*$|\.node$/.test(path) || ['node', NAME, 'chrome-sandbox'].includes(basename(path))

const filesBelow = (folder) => below(folder, (entry) => entry.isFile())
const foldersBelow = (folder) => below(folder, (entry) => entry.isDirectory())

async function below(folder, wanted) {
  const entries = await fs.readdir(folder, { withFileTypes: true, recursive: true })
  return entries
    .filter(wanted)
    .map((entry) => relative(folder, join(entry.parentPath ?? entry.path, entry.name)))
    .sort()
}

/** @returns {Promise<{ deb: string, rpm: string }>} file names in `dist` */
export async function makePackages(folder, dist, version) {
  const config = join(dist, 'nfpm.json')
  await writeJson(config, await nfpmConfig(folder, version))
  const names = { deb: `${NAME}_${version}_amd64.deb`, rpm: `${NAME}-${version}-${RELEASE}.x86_64.rpm` }
  await packWith(config, dist, names)
  await fs.rm(config)
  return names
}

/** Runs nFPM once for each name. The time in the packages is that of the last commit: the same bytes each time. */
export async function packWith(config, dist, names) {
  const nfpm = readState().packer.executable
  const time = await run('git', ['log', '-1', '--format=%ct'], { cwd: ROOT }).catch(() => '')
  const env = { ...process.env, ...(time.trim() && { SOURCE_DATE_EPOCH: time.trim() }) }
  for (const [packager, name] of Object.entries(names))
    await run(nfpm, ['package', '--config', config, '--packager', packager, '--target', join(dist, name)], { env })
}

/** Compresses standard input; the newest Node has what the running one may lack. */
const ZSTD = `
const z = require('node:zlib')
const params = { [z.constants.ZSTD_c_compressionLevel]: 7, [z.constants.ZSTD_c_enableLongDistanceMatching]: 1 }
require('node:stream').pipeline(process.stdin, z.createZstdCompress({ params }), process.stdout, (e) => e && process.exit(1))`

/** @returns {Promise<string>} the file name in `dist`, beside the folder */
export async function makeArchive(folder, dist) {
  const name = basename(folder)
  if (process.platform !== 'linux') {
    // The tar of macOS and Windows writes zips too.
    await run('tar', ['-a', '-cf', `${name}.zip`, name], { cwd: dist })
    return `${name}.zip`
  }
  const out = await fs.open(join(dist, `${name}.tar.zst`), 'w')
  const tar = spawn('tar', ['--owner=0', '--group=0', '--numeric-owner', '--sort=name', '-cf', '-', name], {
    cwd: dist,
    stdio: ['ignore', 'pipe', 'inherit']
  })
  const zstd = spawn(newestNode(), ['-e', ZSTD], { stdio: ['pipe', out.fd, 'inherit'] })
  tar.stdout.pipe(zstd.stdin)
  const ended = (child) => new Promise((resolve, reject) => child.on('close', resolve).on('error', reject))
  const codes = await Promise.all([ended(tar), ended(zstd)])
  await out.close()
  if (codes.some(Boolean)) throw new Error(`tar ended with ${codes[0]}, zstd with ${codes[1]}`)
  return `${name}.tar.zst`
}
