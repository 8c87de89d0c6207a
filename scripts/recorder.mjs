/**
 * `npm run recorder [-- FOLDER]`: builds the wheel of the recorder, which pip installs without a network and without
 * build tools. A wheel of Python alone is a zip with three files beside the code (PEP 427).
 */
import { createHash } from 'node:crypto'
import { mkdir, readFile, readdir, writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { ensure } from './setup/ensure.mjs'
import { entry } from './setup/entry.mjs'
import { ROOT } from './setup/paths.mjs'

const PACKAGE = 'gradient_clinic'

/** The value of a line `name = "…"` of pyproject.toml. */
function field(toml, name) {
  const value = new RegExp(`^${name} = "([^"]+)"$`, 'm').exec(toml)?.[1]
  if (!value) throw new Error(`recorder/pyproject.toml has no ${name}`)
  return value
}

await entry(async () => {
  await ensure({ parts: ['npm'], quiet: true })
  const { strToU8, zipSync } = await import('fflate')
  const source = join(ROOT, 'recorder')
  const toml = await readFile(join(source, 'pyproject.toml'), 'utf8')
  const version = field(toml, 'version')
  const info = `${PACKAGE}-${version}.dist-info`
  const metadata = [
    'Metadata-Version: 2.1',
    `Name: ${field(toml, 'name')}`,
    `Version: ${version}`,
    `Summary: ${field(toml, 'description')}`,
    'License: Apache-2.0',
    `Requires-Python: ${field(toml, 'requires-python')}`,
    'Requires-Dist: numpy',
    ''
  ]
  const files = {
    [`${info}/METADATA`]: strToU8(metadata.join('\n')),
    [`${info}/WHEEL`]: strToU8(
      'Wheel-Version: 1.0\nGenerator: gradient-clinic\nRoot-Is-Purelib: true\nTag: py3-none-any\n'
    )
  }
  for (const name of (await readdir(join(source, PACKAGE))).filter((n) => n.endsWith('.py')).sort())
    files[`${PACKAGE}/${name}`] = new Uint8Array(await readFile(join(source, PACKAGE, name)))
  const hash = (bytes) => createHash('sha256').update(bytes).digest('base64url')
  const record = Object.entries(files).map(([name, bytes]) => `${name},sha256=${hash(bytes)},${bytes.length}`)
  files[`${info}/RECORD`] = strToU8([...record, `${info}/RECORD,,`, ''].join('\n'))
  const folder = resolve(process.argv[2] ?? join(ROOT, 'dist'))
  const path = join(folder, `${PACKAGE}-${version}-py3-none-any.whl`)
  await mkdir(folder, { recursive: true })
  // The same sources give the same bytes.
  await writeFile(path, zipSync(files, { mtime: new Date(1980, 0, 1) }))
  console.log(`${path}\npip install --no-index --no-deps ${path}`)
})
