import { fork, spawn, spawnSync, type ChildProcess } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { pathToFileURL } from 'node:url'
import { ALLOCATOR } from '../../src/shared/base/allocator'
import type { Ask } from './cases'

/** A process that times steps on request, one request at a time. */
export interface Worker {
  name: string
  /** Milliseconds per step. */
  ask(ask: Ask): Promise<number>
  end(): void
}
const ROOT = process.cwd()
/** Of a process that trains, as the product starts it. */
export const trainingEnvironment: NodeJS.ProcessEnv = { GLIBC_TUNABLES: ALLOCATOR, ...process.env }
/** Each bench is also its own worker, when started as one. */
const WORKER = __filename

function byLines(name: string, child: ChildProcess, cleanUp: () => void = () => undefined): Worker {
  const waiting: { resolve: (ms: number) => void; reject: (e: Error) => void }[] = []
  createInterface({ input: child.stdout! }).on('line', (line) => {
    if (line.startsWith('answer ')) waiting.shift()?.resolve(Number(line.slice(7)))
  })
  child.on('exit', (code) => waiting.forEach((w) => w.reject(new Error(`${name} ended with ${code}`))))
  return {
    name,
    ask: (ask) =>
      new Promise((resolve, reject) => {
        waiting.push({ resolve, reject })
        child.stdin!.write(JSON.stringify(ask) + '\n')
      }),
    end() {
      child.stdin!.end()
      child.kill()
      cleanUp()
    }
  }
}

/** The product's trainer in a plain Node child. */
export function nodeWorker(): Worker {
  const child = fork(WORKER, {
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    env: { ...trainingEnvironment, BENCH_WORKER: WORKER }
  })
  const waiting: { resolve: (ms: number) => void; reject: (e: Error) => void }[] = []
  child.on('message', (ms) => waiting.shift()?.resolve(ms as number))
  child.on('exit', (code) => waiting.forEach((w) => w.reject(new Error(`the worker ended with ${code}`))))
  return {
    name: `Node ${process.versions.node}`,
    ask: (ask) =>
      new Promise((resolve, reject) => {
        waiting.push({ resolve, reject })
        child.send(ask)
      }),
    end: () => void child.kill()
  }
}

/** This bench in a utility process of the oldest supported Electron, which is where the product trains. */
async function electron(
  args: readonly string[],
  stdin: 'pipe' | 'ignore',
  stdout: 'pipe' | 'inherit'
): Promise<{ child: ChildProcess; cleanUp: () => void }> {
  const load = (path: string): Promise<Record<string, (...args: unknown[]) => unknown>> =>
    import(/* @vite-ignore */ pathToFileURL(join(ROOT, path)).href) as never
  const { electronExecutable, sandboxArgs } = await load('scripts/setup/paths.mjs')
  const { ensureDisplay } = await load('scripts/lib/display.mjs')
  const release = (await ensureDisplay!()) as () => void
  const dir = mkdtempSync(join(tmpdir(), 'gradient-clinic-bench-'))
  writeFileSync(join(dir, 'package.json'), JSON.stringify({ name: 'bench', version: '0.0.0', main: 'main.cjs' }))
  writeFileSync(join(dir, 'main.cjs'), `require(${JSON.stringify(join(ROOT, 'bench/parts/electron.cjs'))})`)
  const child = spawn(
    electronExecutable!('floor') as string,
    [...(sandboxArgs!() as string[]), `--user-data-dir=${join(dir, 'data')}`, dir],
    {
      stdio: [stdin, stdout, 'inherit'],
      env: { ...trainingEnvironment, BENCH_WORKER: WORKER, BENCH_ARGS: JSON.stringify(args) }
    }
  )
  const cleanUp = (): void => {
    release()
    rmSync(dir, { recursive: true, force: true })
  }
  return { child, cleanUp }
}
/** The product's trainer in such a utility process. */
export async function electronWorker(): Promise<Worker> {
  const { child, cleanUp } = await electron([], 'pipe', 'pipe')
  return byLines('Electron utility process', child, cleanUp)
}
/** Runs this whole bench in such a process, with `isWorker` true. @returns its exit code */
export async function insideElectron(args: readonly string[]): Promise<number> {
  const { child, cleanUp } = await electron(args, 'ignore', 'inherit')
  const code = await new Promise<number>((resolve) => child.on('exit', (c) => resolve(c ?? 1)))
  cleanUp()
  return code
}

/** How the threads of PyTorch wait for the next piece of work; `usual`: as they do by themselves. */
export type Wait = 'usual' | 'active' | 'passive'

/** The Python of the peer, and how its threads are told to wait. */
export const torchEnvironment = (wait: Wait): { python: string; env: NodeJS.ProcessEnv } => ({
  python: process.env['BENCH_PYTHON'] ?? 'python3',
  env: { ...process.env, ...(wait !== 'usual' && { OMP_WAIT_POLICY: wait }) }
})

/**
 * PyTorch, if the Python named by `BENCH_PYTHON` (default: python3) has it. It stands still between requests: threads
 * that wait actively would take the cores from the others.
 */
export function torchWorker(wait: Wait): Worker | undefined {
  const { python, env } = torchEnvironment(wait)
  const there = spawnSync(python, ['-c', 'import torch; print(torch.__version__)'], { env, encoding: 'utf8' })
  if (there.status !== 0) return undefined
  const child = spawn(python, [join(ROOT, 'bench/parts/peer.py')], { stdio: ['pipe', 'pipe', 'inherit'], env })
  const worker = byLines(`PyTorch ${there.stdout.trim()}`, child)
  return {
    ...worker,
    async ask(ask) {
      child.kill('SIGCONT')
      try {
        return await worker.ask(ask)
      } finally {
        child.kill('SIGSTOP')
      }
    },
    end() {
      child.kill('SIGKILL')
    }
  }
}
