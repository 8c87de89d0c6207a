/** Locations: the checkout, the cache, and the parts that set-up put in place. No dependencies and no side effects. */
import { existsSync, readFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { delimiter, dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'

export const ROOT = resolve(dirname(fileURLToPath(import.meta.url)), '../..')

/** `linux-x64`, `darwin-arm64`, … */
export const PLATFORM = `${process.platform}-${process.arch}`

/** The only platform on which both native parts are pinned and have fallbacks. */
export const PINNED_PLATFORM = PLATFORM === 'linux-x64'

/** The folder all checkouts share. `GRADIENT_CLINIC_CACHE` names another one. */
export function cacheDir(env = process.env) {
  if (env.GRADIENT_CLINIC_CACHE) return resolve(env.GRADIENT_CLINIC_CACHE)
  return join(env.XDG_CACHE_HOME ? resolve(env.XDG_CACHE_HOME) : join(homedir(), '.cache'), 'gradient-clinic')
}

/** The folder of set-up's notes on one checkout. It is removed with node_modules. */
export const stateDir = (root = ROOT) => join(root, 'node_modules', '.gradient-clinic')

export const tfjsNodeDir = (root = ROOT) => join(root, 'node_modules', '@tensorflow', 'tfjs-node')

/** Which Electron is wanted: `current` (package.json's) or `floor` (the oldest one supported). */
export function wantedElectron(env = process.env, fallback = 'current') {
  const wanted = env.GRADIENT_CLINIC_ELECTRON || fallback
  if (wanted !== 'current' && wanted !== 'floor')
    throw new Error(`GRADIENT_CLINIC_ELECTRON is "${wanted}"; it must be "current" or "floor".`)
  return wanted
}

/** Set-up's notes on this checkout, or {} when there are none. */
export function readState(root = ROOT) {
  try {
    return JSON.parse(readFileSync(join(stateDir(root), 'setup.json'), 'utf8'))
  } catch {
    return {}
  }
}

/**
 * The Electron executable that set-up put in place; start an app with `[executable, appFolder, ...args]`.
 * @throws when set-up has not been run
 */
export function electronExecutable(which = wantedElectron(), root = ROOT) {
  const path = readState(root).electron?.[which]?.executable
  if (!path || !existsSync(path)) throw new Error(`Electron (${which}) is not in place; run "npm run setup" first.`)
  return path
}

/**
 * A current browser of the Chromium family for the tests of the page: `GRADIENT_CLINIC_CHROMIUM`, else what PATH has.
 * @throws when there is none
 */
export function chromiumExecutable(env = process.env) {
  const names = ['chromium', 'google-chrome-stable', 'google-chrome', 'chromium-browser']
  const folders = (env.PATH ?? '').split(delimiter)
  const path =
    env.GRADIENT_CLINIC_CHROMIUM ??
    names.flatMap((name) => folders.map((dir) => join(dir, name))).find((file) => existsSync(file))
  if (!path || !existsSync(path))
    throw new Error(
      `${path ? `there is no ${path}` : 'no Chromium was found'}; install Chromium or Chrome, or name one: GRADIENT_CLINIC_CHROMIUM=/path/to/chromium`
    )
  return path
}

/**
 * The newest Node supported: `GRADIENT_CLINIC_NODE_NEWEST`, else the one of set-up, else the running Node if it is new
 * enough.
 * @throws when there is none
 */
export function newestNode(env = process.env, root = ROOT) {
  const path =
    env.GRADIENT_CLINIC_NODE_NEWEST ??
    readState(root).node?.executable ??
    (Number(process.versions.node.split('.')[0]) >= 24 ? process.execPath : undefined)
  if (!path || !existsSync(path))
    throw new Error('there is no Node 24 or later; name one: GRADIENT_CLINIC_NODE_NEWEST=/path/to/node')
  return path
}

/**
 * The Python of tests, and the folder to put on its path: `GRADIENT_CLINIC_PYTHON` as it is, else what
 * set-up has brought in.
 * @throws when there is none
 */
export function testPython(env = process.env, root = ROOT) {
  if (env.GRADIENT_CLINIC_PYTHON) return { executable: env.GRADIENT_CLINIC_PYTHON, packages: [] }
  const python = readState(root).python
  if (!python || !existsSync(python.packages))
    throw new Error(
      'PyTorch and Keras are not in place; run "npm test -- recorder", or name a Python that has torch, safetensors, keras and pytest: GRADIENT_CLINIC_PYTHON=/path/to/python'
    )
  return { executable: python.executable, packages: [python.packages] }
}

/** Chromium has no sandbox for root. Only root runs without it. */
export const isRoot = () => process.getuid?.() === 0
export const sandboxArgs = () => (process.platform === 'linux' && isRoot() ? ['--no-sandbox'] : [])

/** Whether the machine can show windows. */
export const hasDisplay = (env = process.env) =>
  process.platform !== 'linux' || Boolean(env.DISPLAY || env.WAYLAND_DISPLAY)
