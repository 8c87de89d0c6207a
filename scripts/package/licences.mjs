/** The licence texts of all that a package holds. */
import * as fs from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { exists, readJson } from '../setup/files.mjs'
import { newestNode, tfjsNodeDir } from '../setup/paths.mjs'
import { closure } from './modules.mjs'

const TEXT = /^(licence|license|copying|notice)/i

/** Names, versions, licences and their texts of npm packages, as one text. @param {string[]} folders below `root` */
export async function npmLicences(folders, root) {
  const parts = []
  for (const folder of folders) {
    const { name, version, license, licenses } = await readJson(join(root, folder, 'package.json'))
    const kind = typeof license === 'string' ? license : (license?.type ?? licenses?.[0]?.type)
    const files = (await fs.readdir(join(root, folder), { withFileTypes: true }))
      .filter((entry) => entry.isFile() && TEXT.test(entry.name))
      .map((entry) => entry.name)
    if (!kind && !files.length) throw new Error(`${name} states no licence`)
    const texts = await Promise.all(files.map((file) => fs.readFile(join(root, folder, file), 'utf8')))
    parts.push([`${name} ${version}`, kind ?? 'see below', ...texts.map((text) => text.trim())].join('\n\n'))
  }
  return parts.join(`\n\n${'='.repeat(80)}\n\n`) + '\n'
}

/** Writes them into `<folder>/licences`; those of Electron and Chromium lie beside Electron already. */
export async function writeLicences(folder, root) {
  const to = join(folder, 'licences')
  await fs.mkdir(to, { recursive: true })
  for (const name of ['LICENSE', 'NOTICE']) await fs.copyFile(join(root, name), join(folder, name))
  const { dependencies } = await readJson(join(root, 'package.json'))
  await fs.writeFile(join(to, 'npm.txt'), await npmLicences(closure(Object.keys(dependencies), root), root))
  const library = join(tfjsNodeDir(root), 'deps', 'licences')
  if (await exists(library)) await fs.cp(library, join(to, 'tensorflow'), { recursive: true })
  const node = join(dirname(newestNode()), 'LICENSE')
  if (await exists(node)) await fs.copyFile(node, join(to, 'node.txt'))
}
