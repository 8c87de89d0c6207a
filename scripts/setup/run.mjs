/** Child processes, with their output kept for the error message. */
import { spawn } from 'node:child_process'

/**
 * Runs a command to its end.
 * @param {{ cwd?: string, env?: object, onLine?: (line: string) => void, signal?: AbortSignal }} [options]
 * @returns {Promise<string>} its standard output
 * @throws if it cannot be started or fails; the message carries the end of what it wrote
 */
export function run(command, args, { onLine, ...options } = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'], ...options })
    let out = ''
    let all = ''
    const take = (chunk, isOut) => {
      if (isOut) out += chunk
      all += chunk
      if (onLine) for (const line of String(chunk).split('\n')) if (line.trim()) onLine(line.trim())
    }
    child.stdout.setEncoding('utf8').on('data', (chunk) => take(chunk, true))
    child.stderr.setEncoding('utf8').on('data', (chunk) => take(chunk, false))
    child.on('error', (error) => reject(new Error(`${command} could not be started: ${error.message}`)))
    child.on('close', (code, signal) => {
      if (code === 0) resolve(out)
      else {
        const error = new Error(
          `${command} ended with ${signal ?? `code ${code}`}${all.trim() ? `:\n${lastLines(all)}` : ''}`
        )
        error.output = all
        reject(error)
      }
    })
  })
}

/** Whether `command --version` can be run. */
export const runs = (command, args = ['--version']) =>
  run(command, args).then(
    () => true,
    () => false
  )

const lastLines = (text) => text.trim().split('\n').slice(-8).join('\n')
