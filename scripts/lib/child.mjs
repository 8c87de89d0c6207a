/** Child processes that share this terminal. */
import { AsyncLocalStorage } from 'node:async_hooks'
import { spawn } from 'node:child_process'
import { constants, setPriority } from 'node:os'

const priority = new AsyncLocalStorage()
/**
 * Runs work whose child processes have a low priority.
 * @template T
 * @param {() => Promise<T>} work
 * @returns {Promise<T>}
 */
export const inBackground = (work) => priority.run(constants.priority.PRIORITY_BELOW_NORMAL, work)

/** `spawn` at the priority of the surrounding work; children inherit it. */
function start(command, args, options) {
  const child = spawn(command, args, options)
  const wanted = priority.getStore()
  if (wanted !== undefined && child.pid) setPriority(child.pid, wanted)
  return child
}

/**
 * Runs a command with our own input and output, passes signals on, and gives its exit code (128 + n for signal n, as
 * shells do).
 * @param {import('node:child_process').SpawnOptions & { limitMs?: number, lines?: boolean }} [options]
 * `limitMs`: the command is ended after this time; `lines`: its output appears by whole lines, for commands that write
 * at the same time
 * @returns {Promise<number>}
 */
export function inherit(command, args, { limitMs, lines = false, ...options } = {}) {
  return new Promise((resolve, reject) => {
    const child = start(command, args, {
      ...(lines ? { stdio: ['inherit', 'pipe', 'pipe'], env: coloured() } : { stdio: 'inherit' }),
      ...options
    })
    if (lines) {
      byLine(child.stdout, process.stdout)
      byLine(child.stderr, process.stderr)
    }
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

/** Keeps colours on: the output of the pipe may be shown on a terminal. */
const coloured = () => (process.stdout.isTTY ? { FORCE_COLOR: '1', ...process.env } : process.env)

/** Forwards a stream in whole lines. */
function byLine(from, to) {
  let rest = ''
  from.setEncoding('utf8').on('data', (chunk) => {
    const end = chunk.lastIndexOf('\n') + 1
    if (end) to.write(rest + chunk.slice(0, end))
    rest = end ? chunk.slice(end) : rest + chunk
  })
  from.on('end', () => rest && to.write(`${rest}\n`))
}

/** Runs a command and collects its output. @returns {Promise<{ code: number, text: string }>} */
export async function collect(command, args, options) {
  let text = ''
  const code = await new Promise((resolve, reject) => {
    const child = start(command, args, { stdio: ['ignore', 'pipe', 'pipe'], ...options })
    for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (chunk) => (text += chunk))
    child.on('error', reject)
    child.on('close', (code) => resolve(code ?? 1))
  })
  return { code, text }
}

/** The folder in which the user called npm; npm runs scripts in the checkout. */
export const callersFolder = (script) =>
  (process.env.npm_lifecycle_event === script && process.env.INIT_CWD) || process.cwd()
