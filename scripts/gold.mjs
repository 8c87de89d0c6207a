/** `npm run gold`: trains the reference experiments and compares with the table of expected numbers. */
import { join } from 'node:path'
import { buildNode } from './lib/build.mjs'
import { inherit } from './lib/child.mjs'
import { ensure } from './setup/ensure.mjs'
import { entry } from './setup/entry.mjs'
import { ROOT } from './setup/paths.mjs'

await entry(async () => {
  await ensure({ parts: ['npm', 'trainer'], out: process.stderr, quiet: true })
  await buildNode('cli', { gold: 'src/cli/gold.ts' })
  return inherit(process.execPath, [join(ROOT, 'out/cli/gold.cjs'), ...process.argv.slice(2)])
})
