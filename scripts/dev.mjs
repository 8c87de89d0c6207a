/**
 * `npm run dev`: opens the app. The window reloads on a change; a change of main, preload or trainer restarts the app.
 */
import { join } from 'node:path'
import { forgetApp } from './lib/build.mjs'
import { inherit } from './lib/child.mjs'
import { ensureDisplay } from './lib/display.mjs'
import { checkSandbox } from './lib/runtime.mjs'
import { ensure } from './setup/ensure.mjs'
import { entry } from './setup/entry.mjs'
import { ROOT, electronExecutable, isRoot } from './setup/paths.mjs'

await entry(async () => {
  await ensure()
  const executable = electronExecutable()
  await checkSandbox(executable)
  const undo = await ensureDisplay()
  // The files it leaves in out/ are of use in development only.
  await forgetApp()
  try {
    const args = ['dev', '--watch', ...(isRoot() ? ['--noSandbox'] : []), ...process.argv.slice(2)]
    return await inherit(process.execPath, [join(ROOT, 'node_modules/electron-vite/bin/electron-vite.js'), ...args], {
      cwd: ROOT,
      env: { ...process.env, ELECTRON_EXEC_PATH: executable }
    })
  } finally {
    undo()
  }
})
