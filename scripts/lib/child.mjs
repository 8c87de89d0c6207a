/** Child processes on this terminal. */
import { spawn } from 'node:child_process'

/**
 * Runs a command with our own input and output, passes signals on, and gives its exit code (128 + n for signal n, as shells do).
 * @param {import('node:child_process').SpawnOptions & { limitMs?: number }} [options] after `limitMs` it is ended
 * @returns {Promise<number>}
 */
export function inherit(command, args, { limitMs, ...options } = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { stdio: 'inherit', ...options })
    const forward = (signal) => child.kill(signal)
    const signals = ['SIGINT', 'SIGTERM', 'SIGHUP']
    for (const signal of signals) process.on(signal, forward)
    const limit = limitMs && setTimeout(() => child.kill('SIGKILL'), limitMs)
    const done = () => {
      clearTimeout(limit)
      for (const signal of signals) process.off(signal, forward)
    }
    child.on('error', (error) => {
      done()
      reject(new Error(`${command} could not be started: ${error.message}`))
    })
    child.on('close', (code, signal) => {
      done()
      resolve(code ?? 128 + ({ SIGHUP: 1, SIGINT: 2, SIGABRT: 6, SIGKILL: 9, SIGSEGV: 11, SIGTERM: 15 }[signal] ?? 0))
    })
  })
}

/** The same, with everything it writes collected instead of shown. @returns {Promise<{ code: number, text: string }>} */
export async function collect(command, args, options) {
  let text = ''
  const code = await new Promise((resolve, reject) => {
    const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'], ...options })
    for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (chunk) => (text += chunk))
    child.on('error', reject)
    child.on('close', (code) => resolve(code ?? 1))
  })
  return { code, text }
}

/** Where the person stands: npm moves to the checkout before it runs a script, and says where it was called from. */
export const callersFolder = (script) =>
  (process.env.npm_lifecycle_event === script && process.env.INIT_CWD) || process.cwd()
