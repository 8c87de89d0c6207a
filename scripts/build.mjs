/**
 * `npm run build`: builds the app and the command line into out/ when their sources have changed; `-- --force` builds
 * always.
 */
import { buildApp, buildClinic } from './lib/build.mjs'
import { ensure } from './setup/ensure.mjs'
import { entry } from './setup/entry.mjs'

await entry(async () => {
  await ensure({ parts: ['npm'], quiet: true })
  const force = process.argv.includes('--force')
  for (const [name, build] of [
    ['app', buildApp],
    ['command line', buildClinic]
  ]) {
    console.log(`${name}: ${(await build({ force })) ? 'built' : 'up to date'}`)
  }
})
