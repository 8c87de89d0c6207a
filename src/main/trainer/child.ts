import { app } from 'electron'
import { connect, type Port } from '@shared/ipc/rpc'
import { trainerContract, type TrainerApi } from '@shared/ipc/trainer'
import { end, fork } from '../fork'
import { log } from '../log'
import { FOLLOWER, TRAINER } from '../paths'

/** One trainer process: Electron's utility process, or a plain child in tests. */
export interface Child {
  readonly pid: number | undefined
  /** It has exited, though its last messages may still come in. */
  readonly gone: boolean
  readonly api: TrainerApi
  /** Last lines of its standard error. */
  readonly tail: string
  /** The listener is called once, some moments after the process has gone, when its last messages have come in. */
  onExit(listener: (code: number, reason?: string) => void): void
  /** Ends the process, even if it hangs. */
  kill(): void
}

const TAIL = 4000
/** Milliseconds for the last messages to come in after the exit, which travels by another way. */
const SETTLE = 150
/** How many were started: the number tells one trainer from another where Electron names a process by its service. */
let started = 0

/**
 * Starts a trainer.
 * @param threads that it computes with; absent: one for each core
 */
export const forkTrainer = (threads?: number): Child =>
  start(TRAINER, 'Gradient Clinic trainer', threads === undefined ? {} : { GRADIENT_CLINIC_THREADS: String(threads) })
/** Starts what reads a recording while it grows: the trainer's contract, without a training. */
export const forkFollower = (): Child => start(FOLLOWER, 'Gradient Clinic recording')

/** Nothing is posted to the process once it has exited: that would crash main. */
function start(file: string, service: string, env?: Record<string, string>): Child {
  const name = `${service} ${++started}`
  const child = fork(file, name, env)
  let tail = ''
  let gone = false
  let reason: string | undefined
  const closers: (() => void)[] = []
  const listeners: ((code: number, reason?: string) => void)[] = []
  const keep = (chunk: unknown): void => {
    tail = (tail + String(chunk)).slice(-TAIL)
  }
  child.stderr?.on('data', keep)
  child.stdout?.on('data', keep)
  // The event names no process id.
  const onGone = (
    _event: unknown,
    details: { type: string; name?: string; serviceName?: string; reason: string }
  ): void => {
    if (details.type === 'Utility' && (details.name === name || details.serviceName === name)) reason ??= details.reason
  }
  app.on('child-process-gone', onGone)
  child.once('exit', (code) => {
    gone = true
    log('info', name, pid, 'ended with', code)
    for (const close of closers) close()
    setTimeout(() => {
      app.off('child-process-gone', onGone)
      for (const listener of listeners) listener(code, reason)
    }, SETTLE)
  })
  let pid: number | undefined
  child.once('spawn', () => (pid = child.pid))
  const port: Port = {
    post(message) {
      if (gone) throw new Error('the training process has ended')
      child.postMessage(message)
    },
    onMessage: (listener) => void child.on('message', listener),
    onClose: (listener) => void closers.push(listener)
  }
  const { api } = connect(trainerContract, port, {
    name: 'main',
    onMalformed: (why) => log('warn', `${name} said:`, why)
  })
  return {
    api,
    get pid() {
      return pid
    },
    get gone() {
      return gone
    },
    get tail() {
      return tail.trim().split('\n').slice(-20).join('\n')
    },
    onExit: (listener) => void listeners.push(listener),
    kill: () => end(child)
  }
}
