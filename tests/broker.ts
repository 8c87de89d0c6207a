import { execFile, spawn, spawnSync, type ChildProcess } from 'node:child_process'
import { chownSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'

/** The password of a broker, which is to stand nowhere. */
export const SECRET = 'a-word-that-nobody-may-read'

/** A message broker of a test's own. */
export interface Server {
  url: string
  start(): Promise<void>
  stop(): Promise<void>
}
/**
 * A port that stays free until it is listened at: of those that no system gives to whoever connects to somewhere, and
 * that are tried at random, so that tests that run at the same time do not meet.
 */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = 20_000 + Math.floor(Math.random() * 12_000)
    const isFree = await new Promise<boolean>((resolve) => {
      const server = createServer()
        .once('error', () => resolve(false))
        .listen(port, '127.0.0.1', () => server.close(() => resolve(true)))
    })
    if (isFree) return port
  }
}
/** A Redis whose password is `SECRET`. @param place folder that it keeps its jobs in, made here */
export async function redis(place: string): Promise<Server> {
  const port = await freePort()
  mkdirSync(place)
  let child: ChildProcess
  const log = (): string => readFileSync(join(place, 'log'), 'utf8')
  return {
    url: `redis://:${SECRET}@127.0.0.1:${port}`,
    async start() {
      writeFileSync(join(place, 'log'), '')
      const kept = ['--appendonly', 'yes', '--appendfsync', 'always', '--dir', place, '--logfile', join(place, 'log')]
      child = spawn('redis-server', ['--bind', '127.0.0.1', '--port', String(port), '--requirepass', SECRET, ...kept])
      while (!log().includes('Ready to accept connections')) await new Promise((resolve) => setTimeout(resolve, 20))
    },
    stop: () =>
      new Promise((resolve) => {
        child.on('exit', () => resolve())
        child.kill()
      })
  }
}

const exec = promisify(execFile)
const has = (command: string): boolean => spawnSync(command, ['--version']).status === 0
/** Debian keeps the programs of PostgreSQL's server off the PATH, by version. */
const POSTGRES = '/usr/lib/postgresql'
const postgresBin = existsSync(POSTGRES) ? join(POSTGRES, readdirSync(POSTGRES).sort().pop()!, 'bin') : ''
/** PostgreSQL refuses to run as root. */
const NOBODY = 65534
const isRoot = process.getuid?.() === 0

/** A PostgreSQL whose password is `SECRET`. @param place folder of its own in a test's folder, made here */
async function postgres(place: string): Promise<Server> {
  const port = await freePort()
  mkdirSync(place)
  writeFileSync(join(place, 'secret'), SECRET)
  if (isRoot) for (const path of [dirname(place), place, join(place, 'secret')]) chownSync(path, NOBODY, NOBODY)
  const as = isRoot ? { uid: NOBODY, gid: NOBODY } : {}
  const control = (...args: string[]): Promise<unknown> =>
    exec(join(postgresBin, 'pg_ctl'), ['-D', join(place, 'data'), '-w', ...args], { ...as, cwd: place })
  const secret = ['--auth=scram-sha-256', `--pwfile=${join(place, 'secret')}`]
  await exec(join(postgresBin, 'initdb'), ['-D', join(place, 'data'), '-U', 'clinic', ...secret], { ...as, cwd: place })
  return {
    url: `postgres://clinic:${SECRET}@127.0.0.1:${port}/postgres`,
    async start() {
      const options = `-p ${port} -k ${place} -c listen_addresses=127.0.0.1`
      await control('-o', options, '-l', join(place, 'log'), 'start')
    },
    stop: async () => void (await control('-m', 'immediate', 'stop'))
  }
}
/** Brokers for tests, and whether this machine has them. */
export const BROKERS = [
  { name: 'Redis', make: redis, isThere: has('redis-server') },
  { name: 'PostgreSQL', make: postgres, isThere: has(join(postgresBin, 'initdb')) }
] as const
