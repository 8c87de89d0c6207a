/** Brings in what is missing, part by part. When nothing is, it costs a few cheap checks. */
import { createHash } from 'node:crypto'
import { readFileSync, readdirSync, rmSync } from 'node:fs'
import * as fs from 'node:fs/promises'
import { join } from 'node:path'
import { electronInPlace, ensureElectron } from './electron.mjs'
import { withLock, writeJson } from './files.mjs'
import { ensureNode, nodeInPlace } from './node.mjs'
import { ensureNpm, matchesLock } from './npm.mjs'
import {
  PINNED_PLATFORM,
  ROOT,
  cacheDir,
  chromiumExecutable,
  hasDisplay,
  readState,
  stateDir,
  wantedElectron
} from './paths.mjs'
import { PACKAGES } from './pins.mjs'
import { ensurePython, pythonInPlace } from './python.mjs'
import { SetupError, createReporter, diskFull, isDiskFull, seconds } from './report.mjs'
import { ensurePacker, packerInPlace } from './packer.mjs'
import { ensurePackages, missingPackages } from './system.mjs'
import { ensureTrainer, trainerInPlace } from './tensorflow.mjs'
import { verified, verifyNative, verifyWanted } from './verify.mjs'

/** What a window needs. @type {Part[]} */
export const PARTS = ['npm', 'trainer', 'electron', 'fonts']

/**
 * @typedef {'npm' | 'trainer' | 'electron' | 'fonts' | 'node' | 'browser' | 'python' | 'packer' | 'jobs'} Part
 * `trainer`: libtensorflow and binding; `electron`: the runtime and what a window needs of the system; `fonts`: for
 * pictures of the Chinese interface; `node`, `browser`: the newest supported, for tests (and `node` for packages);
 * `python`: PyTorch and Keras, for tests only; `packer`: what makes packages; `jobs`: brokers of queues and GNU
 * parallel, for tests only
 */

/**
 * @param {{ parts?: Part[], electron?: 'current' | 'floor', out?: NodeJS.WritableStream, retryUpstream?: boolean,
 * verify?: boolean, quiet?: boolean, root?: string, env?: object }} [options] `quiet` says nothing when there is
 * nothing to do
 * @throws {SetupError}
 */
export async function ensure(options = {}) {
  const { parts = PARTS, out = process.stdout, quiet = false, root = ROOT, env = process.env } = options
  const started = Date.now()
  const report = createReporter(out)
  const which = wantedElectron(env, options.electron)
  const ctx = {
    root,
    env,
    report,
    cache: cacheDir(env),
    retryUpstream: Boolean(options.retryUpstream),
    network: { dead: new Map() },
    scratch: null
  }
  const wants = (part) => parts.includes(part)
  const packages =
    wants('electron') && PINNED_PLATFORM ? [...PACKAGES.chromium, ...(hasDisplay(env) ? [] : PACKAGES.xvfb)] : []

  const pins = createHash('sha256')
    .update(readFileSync(new URL('./pins.mjs', import.meta.url)))
    .digest('hex')

  const missing = async () => {
    const state = readState(root)
    // Parts that were brought in under other pins are checked again.
    const still = (noted) => (noted?.pins === pins ? noted : undefined)
    const [npm, system, fonts, jobs, trainer, electron, node, python, packer] = await Promise.all([
      matchesLock(root).then((ok) => !ok),
      packages.length ? missingPackages(packages).then((names) => Boolean(names?.length)) : false,
      wants('fonts') && !state.fontsNoted
        ? missingPackages(PACKAGES.fonts).then((names) => Boolean(names?.length))
        : false,
      wants('jobs') && !state.jobsNoted
        ? missingPackages(PACKAGES.jobs).then((names) => Boolean(names?.length))
        : false,
      wants('trainer') && trainerInPlace(ctx, still(state.trainer)).then((ok) => !ok),
      wants('electron') &&
        (ctx.retryUpstream || electronInPlace(ctx, still(state.electron?.[which]), which).then((ok) => !ok)),
      wants('node') && nodeInPlace(ctx, still(state.node)).then((ok) => !ok),
      wants('python') && pythonInPlace(ctx, state.python).then((ok) => !ok),
      wants('packer') && packerInPlace(ctx, still(state.packer)).then((ok) => !ok)
    ])
    const browser = wants('browser') && !hasBrowser(env)
    return {
      npm,
      system,
      fonts,
      jobs,
      trainer,
      electron,
      node,
      python,
      packer,
      browser,
      any: npm || system || fonts || jobs || trainer || electron || node || python || packer || browser
    }
  }

  if (options.verify || (await verifyWanted(root))) await verifyAll(root, report)
  if (!(await missing()).any) {
    if (!quiet) report.step('ready', `nothing to do (${seconds(started)})`)
    return
  }
  try {
    await fs.mkdir(ctx.cache, { recursive: true })
    await fs.access(ctx.cache, fs.constants.W_OK)
  } catch (error) {
    throw new SetupError('cache', error.message, 'name a folder you may write to: GRADIENT_CLINIC_CACHE=/some/folder')
  }
  await withLock(
    join(ctx.cache, 'setup.lock'),
    () =>
      withScratch(ctx, async () => {
        const todo = await missing()
        if (todo.npm && (await ensureNpm(root, report))) Object.assign(todo, await missing())
        if (todo.system) await ensurePackages('system packages', packages, report)
        if (todo.fonts) {
          await ensurePackages('fonts', PACKAGES.fonts, report, { optional: true })
          await remember(root, { fontsNoted: true })
        }
        if (todo.jobs) {
          await ensurePackages('jobs', PACKAGES.jobs, report, { optional: true })
          await remember(root, { jobsNoted: true })
        }
        if (todo.node) await remember(root, { node: { pins, ...(await ensureNode(ctx)) } })
        if (todo.python) await remember(root, { python: await ensurePython(ctx) })
        if (todo.packer) await remember(root, { packer: { pins, ...(await ensurePacker(ctx)) } })
        if (todo.browser) await ensurePackages('browser', PACKAGES.browser, report)
        if (todo.trainer) await remember(root, { trainer: { pins, ...(await ensureTrainer(ctx)) } })
        if (todo.electron) {
          const electron = { pins, ...(await ensureElectron(ctx, which)) }
          await remember(root, { electron: { ...readState(root).electron, [which]: electron } })
        }
      }),
    () => report.step('waiting', 'another set-up is at work')
  ).catch((error) => {
    throw isDiskFull(error) ? diskFull(error.step ?? 'set-up', ctx.cache) : error
  })
  report.step('ready', `everything is in place (${seconds(started)})`)
}

/** Looks at every native file. Parts with a wrong one are forgotten, and so brought in anew. */
async function verifyAll(root, report) {
  const started = Date.now()
  const parts = await verifyNative(root)
  const { trainer, electron = {}, ...rest } = readState(root)
  const bad = (name, which) => parts.some((p) => p.part === name && p.which === which && p.files.length)
  for (const { part, which, files } of parts)
    for (const name of files)
      report.warn('verify', `${name} (${which ?? part}) is not the file that was put there; it will be replaced`)
  const sound = Object.fromEntries(Object.entries(electron).filter(([which]) => !bad('electron', which)))
  const state = { ...rest, electron: sound, ...(!bad('trainer') && trainer && { trainer }) }
  await writeJson(join(stateDir(root), 'setup.json'), state)
  await verified(root)
  const checked = parts.reduce((n, p) => n + p.checked, 0)
  const wrong = parts.reduce((n, p) => n + p.files.length, 0)
  report.step('verify', `${checked} native files looked at, ${wrong || 'none'} damaged (${seconds(started)})`)
}

function hasBrowser(env) {
  try {
    return Boolean(chromiumExecutable(env))
  } catch {
    return false
  }
}
const remember = (root, facts) => writeJson(join(stateDir(root), 'setup.json'), { ...readState(root), ...facts })

/**
 * Provides scratch folders in the cache, on the same file system so that a move is a rename, and always removes them.
 */
async function withScratch(ctx, work) {
  const base = join(ctx.cache, 'scratch')
  // A killed set-up left it. We hold the lock, so nobody uses it.
  const leftovers = () => readdirSync(ctx.cache).filter((name) => name === 'scratch' || name.includes('.tmp-'))
  const clear = () => leftovers().forEach((name) => rmSync(join(ctx.cache, name), { recursive: true, force: true }))
  clear()
  const interrupted = (signal) => {
    clear()
    rmSync(join(ctx.cache, 'setup.lock'), { force: true })
    process.exit(signal === 'SIGINT' ? 130 : 143)
  }
  process.once('SIGINT', interrupted).once('SIGTERM', interrupted)
  ctx.scratch = async () => {
    await fs.mkdir(base, { recursive: true })
    return fs.mkdtemp(join(base, 's-'))
  }
  try {
    await work()
  } finally {
    process.off('SIGINT', interrupted).off('SIGTERM', interrupted)
    clear()
  }
}
