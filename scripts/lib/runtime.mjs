/** Starts the app in its Electron runtime. */
import { readFileSync } from 'node:fs'
import { stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { ROOT, electronExecutable, isRoot, sandboxArgs } from '../setup/paths.mjs'
import { SetupError } from '../setup/report.mjs'
import { inherit } from './child.mjs'

/**
 * Runs the built app to its end.
 * @param {{ switches?: string[], args?: string[], env?: object, limitMs?: number }} options
 */
export async function runApp({ switches = [], args = [], ...options } = {}) {
  const executable = electronExecutable()
  await checkSandbox(executable)
  return inherit(executable, [...sandboxArgs(), ...switches, ROOT, ...args], options)
}

/**
 * Prints a note where Chromium's sandbox must be off.
 * @throws {SetupError} with advice, where the system forbids the sandbox to an ordinary user
 */
export async function checkSandbox(executable) {
  if (process.platform !== 'linux') return
  if (isRoot()) {
    console.log(
      'You are root, and Chromium has no sandbox for root. The window runs without one; an ordinary user has it.'
    )
    return
  }
  const setting = (path) => {
    try {
      return readFileSync(path, 'utf8').trim()
    } catch {
      return null
    }
  }
  const forbidden =
    setting('/proc/sys/kernel/unprivileged_userns_clone') === '0' ||
    setting('/proc/sys/user/max_user_namespaces') === '0' ||
    setting('/proc/sys/kernel/apparmor_restrict_unprivileged_userns') === '1'
  if (!forbidden) return
  const helper = join(dirname(executable), 'chrome-sandbox')
  const info = await stat(helper).catch(() => null)
  if (info?.uid === 0 && (info.mode & 0o4755) === 0o4755) return
  throw new SetupError(
    'sandbox',
    'this system forbids user namespaces to ordinary users, which Chromium needs for its sandbox',
    `allow its helper once, then start again:\nsudo chown root:root '${helper}' && sudo chmod 4755 '${helper}'`
  )
}
