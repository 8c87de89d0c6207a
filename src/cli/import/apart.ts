import { fork } from 'node:child_process'
import { statSync } from 'node:fs'
import { basename } from 'node:path'
import { machineMemory } from '../../trainer/memory'
import { bad } from '../args'
import { heldBy } from './held'

/** The command of the process that opens the model. */
const OPENER = 'import-worker'
/** What it says once the model is open: from there on it only writes. */
export const OPENED = 'opened'
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const

/** Milliseconds that a file of so many bytes may take to be read, TensorFlow's start and the first pass included. */
const millisecondsFor = (bytes: number): number => 120_000 + bytes / 2000
/** Bytes of memory that it may take: TensorFlow, and the file, its weights and their first pass several times over. */
const memoryFor = (bytes: number): number => Math.min(2e9 + 12 * bytes, 0.8 * machineMemory())
/** Milliseconds between two looks at its memory. */
const LOOK = 100

function sizeOf(path: string): number {
  try {
    return statSync(path).size
  } catch {
    // Said by who reads it.
    return 0
  }
}

/** What the opening of a model may take: milliseconds until it has to be open, and bytes of memory until then. */
export interface Bounds {
  time: number
  memory: number
}
function boundsOf(path: string): Bounds {
  const size = sizeOf(path)
  return { time: millisecondsFor(size), memory: memoryFor(size) }
}

/**
 * Opens a model in a process of its own: a file that others may have made can keep a reader busy for ever, or take all
 * memory. Where the system does not tell what a process holds (Windows), only its time is bounded.
 * @param script the command line's own. @param args of `clinic import`. @param file the model, for the message.
 * @returns the exit code. @throws InputError when it takes more, or the process dies
 */
export function importApart(
  script: string,
  args: readonly string[],
  file: string,
  { time, memory }: Bounds = boundsOf(file)
): Promise<number> {
  const child = fork(script, [OPENER, ...args], { stdio: 'inherit' })
  const name = basename(file)
  return new Promise<number>((resolve, reject) => {
    let given: [took: string, took: string] | undefined
    const giveUp = (en: string, zh: string): void => {
      given ??= [en, zh]
      child.kill('SIGKILL')
    }
    const late = setTimeout(() => {
      const seconds = Math.ceil(time / 1000)
      giveUp(`took longer than ${seconds} s to open`, `打开用时超过 ${seconds} 秒`)
    }, time)
    const look = setInterval(() => {
      void heldBy(child.pid!).then((held) => {
        const most = (memory / 1e9).toFixed(1)
        if (held !== undefined && held > memory && !isOpen)
          giveUp(`took more than ${most} GB of memory to open`, `打开时占用的内存超过 ${most} GB`)
      })
    }, LOOK)
    let isOpen = false
    const unbound = (): void => {
      isOpen = true
      clearTimeout(late)
      clearInterval(look)
    }
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
      unbound()
      for (const forget of ends) forget()
    }
    child.on('message', (said) => said === OPENED && unbound())
    child.once('error', (error) => {
      over()
      reject(error)
    })
    child.once('exit', (code, signal) => {
      over()
      if (given)
        reject(
          bad(
            name,
            `${given[0]}, and was given up: it is too large for this machine, damaged, or made to do harm. Nothing was written`,
            `${given[1]}，已放弃：文件对本机过大、已损坏，或意图不良。没有写入任何内容`
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
