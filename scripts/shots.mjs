/** `npm run shots`: takes the documentation's screenshots of the real window (tests/e2e/shots.ts). */
import { join } from 'node:path'
import { buildApp, buildClinic } from './lib/build.mjs'
import { ensureDisplay } from './lib/display.mjs'
import { alias } from './lib/vite-base.mjs'
import { ensure } from './setup/ensure.mjs'
import { entry } from './setup/entry.mjs'
import { ROOT } from './setup/paths.mjs'

await entry(async () => {
  await ensure({ electron: 'floor', quiet: true, parts: ['npm', 'trainer', 'electron', 'fonts', 'python'] })
  process.env.GRADIENT_CLINIC_ELECTRON ??= 'floor'
  await buildApp()
  // Workers of a queue are the command line.
  await buildClinic()
  const undo = await ensureDisplay()
  try {
    const { runnerImport } = await import('vite')
    const { module } = await runnerImport(join(ROOT, 'tests/e2e/shots.ts'), {
      root: ROOT,
      configFile: false,
      resolve: { alias }
    })
    await module.default?.(process.argv.slice(2))
  } finally {
    undo()
  }
})
