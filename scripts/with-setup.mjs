/** `node scripts/with-setup.mjs TOOL …`: installs missing npm packages, then runs a tool of node_modules. */
import { join } from 'node:path'
import { inherit } from './lib/child.mjs'
import { ensure } from './setup/ensure.mjs'
import { entry } from './setup/entry.mjs'
import { ROOT } from './setup/paths.mjs'

await entry(async () => {
  const [tool, ...args] = process.argv.slice(2)
  await ensure({ parts: ['npm'], quiet: true })
  return inherit(join(ROOT, 'node_modules/.bin', tool), args, { cwd: ROOT, shell: process.platform === 'win32' })
})
