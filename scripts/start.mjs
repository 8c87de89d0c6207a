/**
 * `npm start`: opens the window. Without a display it opens the window under Xvfb and leaves a report of the sample
 * experiments.
 */
import { mkdir, mkdtemp, readdir, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { buildApp } from './lib/build.mjs'
import { callersFolder } from './lib/child.mjs'
import { ensureDisplay } from './lib/display.mjs'
import { runApp } from './lib/runtime.mjs'
import { ensure } from './setup/ensure.mjs'
import { entry } from './setup/entry.mjs'
import { ROOT, hasDisplay } from './setup/paths.mjs'

const REPORT_LIMIT_MS = 15 * 60_000

await entry(async () => {
  const args = process.argv.slice(2)
  await ensure()
  await build()
  if (hasDisplay()) return runApp({ args: absoluteReport(args) })
  console.log(
    'There is no display (DISPLAY and WAYLAND_DISPLAY are not set): the window opens under Xvfb, trains the sample experiment'
  )
  console.log('and leaves a report.')
  return report(absoluteReport(args))
})

async function build() {
  const started = Date.now()
  if (await buildApp()) console.log(`The app was built (${((Date.now() - started) / 1000).toFixed(1)} s).`)
}

/** A report folder is relative to the folder in which the user called npm. */
function absoluteReport(args) {
  const at = args.indexOf('--report')
  return at >= 0 && args[at + 1] ? args.with(at + 1, resolve(callersFolder('start'), args[at + 1])) : args
}

async function report(args) {
  const at = args.indexOf('--report')
  const dir = at >= 0 ? args[at + 1] : join(ROOT, 'reports')
  if (at < 0) args = [...args, '--report', dir]
  await mkdir(dir, { recursive: true })
  const started = Date.now()
  const profile = await mkdtemp(join(tmpdir(), 'gradient-clinic-'))
  const undo = await ensureDisplay()
  try {
    const code = await runApp({
      switches: [`--user-data-dir=${profile}`, '--log-level=3'],
      args,
      limitMs: REPORT_LIMIT_MS
    })
    if (code !== 0) throw new Error(`the app ended with ${code} before its report was done`)
    const files = []
    for (const name of (await readdir(dir)).sort()) {
      const info = await stat(join(dir, name))
      // File times are coarser than the clock.
      if (info.isFile() && info.mtimeMs >= started - 1000) files.push(name)
    }
    for (const kind of ['.png', '.csv'])
      if (!files.some((name) => name.endsWith(kind))) throw new Error(`the app left no ${kind} in ${dir}`)
    console.log('The report of the sample experiment:')
    for (const name of files) console.log(`  ${join(dir, name)}`)
    return 0
  } finally {
    undo()
    await rm(profile, { recursive: true, force: true })
  }
}
