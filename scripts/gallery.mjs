/**
 * `node scripts/gallery.mjs [id …]`: trains gallery experiments that are new, changed or named, and records their
 * pictures.
 */
import { join } from 'node:path'
import { buildNode } from './lib/build.mjs'
import { inherit } from './lib/child.mjs'
import { ensure } from './setup/ensure.mjs'
import { entry } from './setup/entry.mjs'
import { ROOT } from './setup/paths.mjs'

await entry(async () => {
  await ensure({ parts: ['npm', 'trainer'], out: process.stderr, quiet: true })
  await buildNode('cli', { gallery: 'src/cli/gallery.ts' })
  return inherit(process.execPath, [
    join(ROOT, 'out/cli/gallery.cjs'),
    join(ROOT, 'resources/gallery.json'),
    ...process.argv.slice(2)
  ])
})
