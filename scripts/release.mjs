/**
 * `npm run release -- X.Y.Z`: checks, tests, version, changelog and tag. What to push is printed; nothing is pushed.
 */
import { join } from 'node:path'
import { inherit } from './lib/child.mjs'
import { ReleaseError, release } from './lib/release.mjs'
import { entry } from './setup/entry.mjs'
import { ROOT } from './setup/paths.mjs'

await entry(async () => {
  const [version, ...rest] = process.argv.slice(2)
  if (!version || rest.length) {
    console.error('Usage: npm run release -- X.Y.Z')
    return 2
  }
  try {
    const tag = await release(ROOT, version, {
      date: new Date().toISOString().slice(0, 10),
      test: () => inherit(process.execPath, [join(ROOT, 'scripts/test.mjs')], { cwd: ROOT }),
      record: () =>
        inherit(
          process.execPath,
          [join(ROOT, 'node_modules/vitest/vitest.mjs'), 'run', '--project=contract', 'versions'],
          { cwd: ROOT, env: { ...process.env, RECORD_FIELDS: '1' } }
        )
    })
    console.log(`\n${tag} is made. To publish it:\n\n    git push origin main ${tag}`)
  } catch (error) {
    if (!(error instanceof ReleaseError)) throw error
    console.error(error.message)
    return 1
  }
})
