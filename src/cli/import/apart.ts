import { fork } from 'node:child_process'
import { statSync } from 'node:fs'
import { basename } from 'node:path'
import { bad } from '../args'

/** The command of the process that opens the model. */
const OPENER = 'import-worker'
/** What it says once the model is open: from there on it only writes. */
export const OPENED = 'opened'
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const

/** Milliseconds that a file of so many bytes may take to be read, TensorFlow's start and the first pass included. */
const millisecondsFor = (bytes: number): number => 120_000 + bytes / 2000

function sizeOf(path: string): number {
  try {
    return statSync(path).size
  } catch {
    // Said by who reads it.
    return 0
  }
}

/**
 * Opens a model in a process of its own: a file that others may have made can keep a reader busy for ever.
 * @param script the command line's own. @param args of `clinic import`. @param file the model, for the message.
 * @param limit milliseconds until it has to be open
 * @returns the exit code. @throws InputError when it takes longer, or the process dies
 */
export function importApart(
  script: string,
  args: readonly string[],
  file: string,
  limit = millisecondsFor(sizeOf(file))
): Promise<number> {
  const child = fork(script, [OPENER, ...args], { stdio: 'inherit' })
  const name = basename(file)
  return new Promise<number>((resolve, reject) => {
    let isLate = false
    const late = setTimeout(() => {
      isLate = true
      child.kill('SIGKILL')
    }, limit)
    // Whoever ends this process ends that one, which may be too busy to notice.
    const ends = SIGNALS.map((signal) => {
      const end = (): void => {
        child.kill('SIGKILL')
        process.removeListener(signal, end)
        process.kill(process.pid, signal)
      }
      process.on(signal, end)
      return () => process.removeListener(signal, end)
    })
    const over = (): void => {
      clearTimeout(late)
      for (const forget of ends) forget()
    }
    child.on('message', (said) => said === OPENED && clearTimeout(late))
    child.once('error', (error) => {
      over()
      reject(error)
    })
    child.once('exit', (code, signal) => {
      over()
      if (isLate)
        reject(
          bad(
            name,
            `took longer than ${Math.ceil(limit / 1000)} s to open, and was given up: it is damaged, or made to do harm. Nothing was written`,
            `打开用时超过 ${Math.ceil(limit / 1000)} 秒，已放弃：文件已损坏，或意图不良。没有写入任何内容`
          )
        )
      else if (code === null)
        reject(
          bad(
            name,
            `could not be opened: its process was ended by ${signal}, as where memory runs out. It is too large, damaged, or made to do harm`,
            `无法打开：其进程被 ${signal} 终止，例如内存不足。文件过大、已损坏，或意图不良`
          )
        )
      else resolve(code)
    })
  })
}
