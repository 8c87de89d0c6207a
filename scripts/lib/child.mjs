/** Child processes on this terminal. */
import { AsyncLocalStorage } from 'node:async_hooks'
import { spawn } from 'node:child_process'
import { constants, setPriority } from 'node:os'

const priority = new AsyncLocalStorage()
/**
 * Does something whose child processes give way to others.
 * @template T
 * @param {() => Promise<T>} work
 * @returns {Promise<T>}
 */
export const inBackground = (work) => priority.run(constants.priority.PRIORITY_BELOW_NORMAL, work)

/** spawn, at the priority of the work it is part of. Its own children have the same. */
function start(command, args, options) {
  const child = spawn(command, args, options)
  const wanted = priority.getStore()
  if (wanted !== undefined && child.pid) setPriority(child.pid, wanted)
  return child
}

/**
 * Runs a command with our own input and output, passes signals on, and gives its exit code (128 + n for signal n, as shells do).
 * @param {import('node:child_process').SpawnOptions & { limitMs?: number, lines?: boolean }} [options]
 * `limitMs`: the command is ended after this time; `lines`: its output appears by whole lines, for commands that write at the same time
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

/** A pipe is not a terminal, but what it carries may be shown on one. */
const coloured = () => (process.stdout.isTTY ? { FORCE_COLOR: '1', ...process.env } : process.env)

/** Hands on a stream by whole lines. */
function byLine(from, to) {
  let rest = ''
  from.setEncoding('utf8').on('data', (chunk) => {
    const end = chunk.lastIndexOf('\n') + 1
    if (end) to.write(rest + chunk.slice(0, end))
    rest = end ? chunk.slice(end) : rest + chunk
  })
  from.on('end', () => rest && to.write(`${rest}\n`))
}

/** Runs a command with everything it writes collected instead of shown. @returns {Promise<{ code: number, text: string }>} */
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

/** Where the person stands: npm moves to the checkout before it runs a script, and says where it was called from. */
export const callersFolder = (script) =>
  (process.env.npm_lifecycle_event === script && process.env.INIT_CWD) || process.cwd()
