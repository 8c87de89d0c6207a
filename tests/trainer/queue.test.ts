import { execFile, spawn, spawnSync, type ChildProcess } from 'node:child_process'
import { chownSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { buildClinic } from '../../scripts/lib/build.mjs'
import { ROOT } from '../../scripts/setup/paths.mjs'

const CLINIC = join(ROOT, 'out/cli/clinic.cjs')
const SECRET = 'a-word-that-nobody-may-read'
const dir = mkdtempSync(join(tmpdir(), 'clinic-queue-'))
const FILE = join(dir, 'net.json')
const exec = promisify(execFile)
const has = (command: string): boolean => spawnSync(command, ['--version']).status === 0
/** PostgreSQL refuses to run as root. */
const NOBODY = 65534
const isRoot = process.getuid?.() === 0

const experiment = {
  name: 'deep',
  seed: 7,
  data: { dataset: { id: 'csv', file: 'table.csv', target: 'c' } },
  network: {
    nodes: [
      {
        id: 'hidden',
        kind: 'repeat',
        times: 5,
        body: [{ id: 'dense', kind: 'dense', params: { units: 12, activation: 'sigmoid' } }]
      },
      { id: 'out', kind: 'dense', params: { units: 1, activation: 'linear' } }
    ]
  },
  training: { steps: 600, batchSize: 32, loss: 'sigmoidCrossEntropy', optimizer: { id: 'sgd', learningRate: 0.1 } }
}
const COMMON = ['--seeds', '3', '--consider', 'batchNorm,clipByGlobalNorm', '--quiet']

interface Server {
  url: string
  start(): Promise<void>
  stop(): Promise<void>
}
const freePort = (): Promise<number> =>
  new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo
      server.close(() => resolve(port))
    })
  })
async function redis(): Promise<Server> {
  const port = await freePort()
  const place = join(dir, 'redis')
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
async function postgres(): Promise<Server> {
  const port = await freePort()
  const place = join(dir, 'postgres')
  mkdirSync(place)
  writeFileSync(join(place, 'secret'), SECRET)
  if (isRoot) for (const path of [dir, place, join(place, 'secret')]) chownSync(path, NOBODY, NOBODY)
  const as = isRoot ? { uid: NOBODY, gid: NOBODY } : {}
  const control = (...args: string[]): Promise<unknown> =>
    exec('pg_ctl', ['-D', join(place, 'data'), '-w', ...args], { ...as, cwd: place })
  const secret = ['--auth=scram-sha-256', `--pwfile=${join(place, 'secret')}`]
  await exec('initdb', ['-D', join(place, 'data'), '-U', 'clinic', ...secret], { ...as, cwd: place })
  return {
    url: `postgres://clinic:${SECRET}@127.0.0.1:${port}/postgres`,
    async start() {
      const options = `-p ${port} -k ${place} -c listen_addresses=127.0.0.1`
      await control('-o', options, '-l', join(place, 'log'), 'start')
    },
    stop: async () => void (await control('-m', 'immediate', 'stop'))
  }
}

/** All of a prescription but times. */
function told(out: string): unknown {
  const text = readFileSync(join(out, 'prescription.json'), 'utf8')
  return JSON.parse(text, (key, value: unknown) => (key === 'stepMs' || key === 'stepCost' ? 0 : value))
}
const whole = join(dir, 'whole')
let spoken = ''
function begin(...args: string[]): { child: ChildProcess; ended: Promise<number | null> } {
  const child = spawn(process.execPath, [CLINIC, ...args], { cwd: dir })
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (text: Buffer) => (spoken += String(text)))
  return { child, ended: new Promise((resolve) => child.on('exit', resolve)) }
}

beforeAll(async () => {
  await buildClinic()
  const rows = Array.from({ length: 120 }, (_, i) => {
    const [a, b] = [Math.sin(i), Math.cos(1.7 * i)]
    return `${a.toFixed(4)},${b.toFixed(4)},${a * b > 0 ? 'yes' : 'no'}`
  })
  writeFileSync(FILE, JSON.stringify(experiment))
  writeFileSync(join(dir, 'table.csv'), ['a,b,c', ...rows].join('\n'))
  await exec(process.execPath, [CLINIC, 'prescribe', FILE, '--out', whole, ...COMMON])
})
afterAll(() => rmSync(dir, { recursive: true, force: true }))

describe.each([
  ['Redis', redis, has('redis-server')],
  ['PostgreSQL', postgres, has('initdb')]
] as const)('a search by a queue over %s', (name, make, isThere) => {
  it.skipIf(!isThere)('comes to the same when a worker is killed, one is slow, and the broker restarts', async () => {
    const server = await make()
    await server.start()
    const out = join(dir, name)
    const workers = [1, 2, 3].map(() => begin('worker', '--queue', server.url, '--jobs', '1'))
    try {
      const made = (): number => readdirSync(join(out, 'runs')).filter((run) => !run.startsWith('.')).length
      const search = begin('prescribe', FILE, '--out', out, '--queue', server.url, ...COMMON)
      const until = async (count: number): Promise<void> => {
        for (;;) {
          try {
            if (made() >= count || search.child.exitCode !== null) return
          } catch {
            // The folder is not there yet.
          }
          await new Promise((resolve) => setTimeout(resolve, 20))
        }
      }
      await until(1)
      workers[0]!.child.kill('SIGKILL')
      workers[1]!.child.kill('SIGSTOP')
      await until(2)
      await server.stop()
      await server.start()
      workers[1]!.child.kill('SIGCONT')
      expect(await search.ended).toBe(0)
    } finally {
      workers.forEach(({ child }) => child.kill('SIGCONT'))
      workers.forEach(({ child }) => child.kill())
      await Promise.all(workers.map((w) => w.ended))
      await server.stop()
    }
    expect(told(out)).toEqual(told(whole))
    expect(readdirSync(join(out, 'runs')).sort()).toEqual(readdirSync(join(whole, 'runs')).sort())
    expect(spoken).not.toContain(SECRET)
    expect(readFileSync(join(out, 'search.json'), 'utf8')).not.toContain(SECRET)
  })
})
it.each([
  [['prescribe', FILE, '--out', 'y', '--queue', `mysql://u:${SECRET}@h/`], /--queue: must be redis:/],
  [['worker'], /--queue: name the queue/],
  [['worker', '--queue', 'nonsense'], /--queue: must be redis:/]
])('%j is refused in words', async (args, why) => {
  const { code, stderr } = (await exec(process.execPath, [CLINIC, ...args]).catch(
    (error: unknown) => error as { code: number; stderr: string }
  )) as { code: number; stderr: string }
  expect([code, stderr]).toEqual([2, expect.stringMatching(why)])
  expect(stderr).not.toContain(SECRET)
})
