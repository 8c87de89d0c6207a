/** npm packages, by lock file. */
import { join } from 'node:path'
import { exists, readJson } from './files.mjs'
import { SetupError, seconds } from './report.mjs'
import { run } from './run.mjs'

/**
 * Whether node_modules holds what the lock file says, going by the list npm itself keeps there (optional ones may be
 * absent).
 */
export async function matchesLock(root) {
  const [lock, installed] = await Promise.all(
    [join(root, 'package-lock.json'), join(root, 'node_modules', '.package-lock.json')].map(readJson)
  )
  if (!lock || !installed) return false
  return Object.entries(lock.packages).every(([path, wanted]) => {
    if (path === '') return true
    const got = installed.packages[path]
    return got
      ? got.version === wanted.version && got.integrity === wanted.integrity
      : Boolean(wanted.optional || wanted.devOptional)
  })
}

/** Installs with `npm ci` unless node_modules already corresponds to the lock file. @returns whether it had to */
export async function ensureNpm(root, report) {
  if (await matchesLock(root)) return false
  const why = (await exists(join(root, 'node_modules')))
    ? 'node_modules differs from package-lock.json'
    : 'there is no node_modules'
  const started = Date.now()
  const progress = report.progress('npm packages', 'npm ci')
  const beat = setInterval(() => progress.update(seconds(started)), 1000)
  try {
    const npm = process.env.npm_execpath?.endsWith('.js') ? [process.execPath, process.env.npm_execpath] : ['npm']
    const options = { cwd: root, env: cleanEnv(), shell: process.platform === 'win32' && npm.length === 1 }
    await run(
      npm[0],
      [...npm.slice(1), 'ci', '--prefer-offline', '--ignore-scripts', '--no-audit', '--no-fund'],
      options
    )
  } catch (error) {
    throw new SetupError(
      'npm packages',
      error.message,
      'check the network or the registry that npm is set to (npm config get registry), then start again'
    )
  } finally {
    clearInterval(beat)
    progress.end()
  }
  report.step('npm packages', `installed by package-lock.json, because ${why} (${seconds(started)})`)
  return true
}

/** npm hands its own settings down to scripts; a nested npm must not take them for the user's. */
function cleanEnv() {
  return Object.fromEntries(
    Object.entries(process.env).filter(
      ([key]) => !/^npm_(package|lifecycle|command|config_(prefix|local_prefix|argv))/.test(key)
    )
  )
}
