import { spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { PeerSetting } from './cases'
import { torchEnvironment, trainingEnvironment, type Wait } from './workers'

const ROOT = process.cwd()
/** How often the memory of a process is looked at. Linux keeps its highest value itself. */
const LOOK_MS = 20

/** What a process took from its start to its end: milliseconds, and MB at most (0 where there is no /proc). */
export interface Cost {
  ms: number
  mb: number
}
/** Runs a command to its end. @throws Error unless it ends well */
function cost(command: string, args: readonly string[], env: NodeJS.ProcessEnv = process.env): Promise<Cost> {
  const start = performance.now()
  const child = spawn(command, args, { stdio: ['ignore', 'ignore', 'inherit'], env })
  let mb = 0
  const look = setInterval(() => {
    try {
      mb = Number(/VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${child.pid}/status`, 'utf8'))?.[1] ?? 0) / 1024 || mb
    } catch {
      // It has just ended, or there is no /proc.
    }
  }, LOOK_MS)
  return new Promise((resolve, reject) => {
    child.on('error', reject)
    child.on('exit', (code) => {
      clearInterval(look)
      if (code) reject(new Error(`${[command, ...args].join(' ').slice(0, 200)} ended with ${code}`))
      else resolve({ ms: performance.now() - start, mb })
    })
  })
}

/** Builds the command line. @returns what runs it as a person does who has it on the PATH */
export async function clinic(): Promise<(...args: string[]) => Promise<Cost>> {
  const { buildClinic } = (await import(
    /* @vite-ignore */ pathToFileURL(join(ROOT, 'scripts/lib/build.mjs')).href
  )) as Record<string, () => Promise<unknown>>
  await buildClinic!()
  return (...args) =>
    cost(process.execPath, [join(ROOT, 'out/cli/clinic.cjs'), ...args, '--quiet'], trainingEnvironment)
}

/** A whole training of the peer. */
export interface PeerRun {
  case?: object
  csv?: string
  steps: number
  /** Which steps are recorded; 0: none. */
  every: number
  out: string
  peer: PeerSetting
  /** Trainings in one process. */
  repeat?: number
}
export const peerRun = (ask: PeerRun, wait: Wait = 'usual'): Promise<Cost> => {
  const { python, env } = torchEnvironment(wait)
  return cost(python, [join(ROOT, 'bench/parts/peer_run.py'), JSON.stringify(ask)], env)
}
