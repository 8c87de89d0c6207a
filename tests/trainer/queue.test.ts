import { execFile, spawn, type ChildProcess } from 'node:child_process'
import { mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs'
import { createServer, type AddressInfo, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { buildClinic } from '../../scripts/lib/build.mjs'
import { connect, type Packed } from '../../src/cli/queue/broker'
import { addressOf, pack, unpack } from '../../src/cli/queue/parcels'
import { ROOT } from '../../scripts/setup/paths.mjs'
import { BROKERS, redis, SECRET } from '../broker'
import { told, writeDeepNet } from './elsewhere'

const CLINIC = join(ROOT, 'out/cli/clinic.cjs')
const dir = mkdtempSync(join(tmpdir(), 'clinic-queue-'))
const FILE = join(dir, 'net.json')
const exec = promisify(execFile)
const COMMON = ['--seeds', '3', '--consider', 'batchNorm,clipByGlobalNorm', '--quiet']

const whole = join(dir, 'whole')
let spoken = ''
function begin(...args: string[]): { child: ChildProcess; ended: Promise<number | null> } {
  const child = spawn(process.execPath, [CLINIC, ...args], { cwd: dir })
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (text: Buffer) => (spoken += String(text)))
  return { child, ended: new Promise((resolve) => child.on('exit', resolve)) }
}

beforeAll(async () => {
  await buildClinic()
  writeDeepNet(FILE, 600)
  await exec(process.execPath, [CLINIC, 'prescribe', FILE, '--out', whole, ...COMMON])
  await exec(process.execPath, [CLINIC, 'prescribe', FILE, '--out', join(dir, 'asked'), '--emit', 'k8s', ...COMMON])
})
afterAll(() => rmSync(dir, { recursive: true, force: true }))

describe.each(BROKERS)('a search by a queue over $name', ({ name, make, isThere }) => {
  it.skipIf(!isThere)('comes to the same when a worker is killed, one is slow, and the broker restarts', async () => {
    const server = await make(join(dir, name.toLowerCase()))
    await server.start()
    const out = join(dir, `by ${name}`)
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
      expect(await search.ended, spoken).toBe(0)
    } finally {
      workers.forEach(({ child }) => child.kill('SIGCONT'))
      workers.forEach(({ child }) => child.kill())
      await Promise.all(workers.map((w) => w.ended))
      await server.stop()
    }
    expect(told(out)).toEqual(told(whole))
    expect(readdirSync(join(out, 'runs')).sort()).toEqual(readdirSync(join(whole, 'runs')).sort())
    expect(spoken).not.toContain(SECRET)
    for (const file of readdirSync(out, { withFileTypes: true, recursive: true }))
      if (file.isFile()) expect(readFileSync(join(file.parentPath, file.name), 'latin1')).not.toContain(SECRET)
  })
})
it.skipIf(!BROKERS[0].isThere)(
  'a worker makes nothing of another version, and nothing outside its folder',
  async () => {
    const server = await redis(join(dir, 'refusing'))
    await server.start()
    const { child, ended } = begin('worker', '--queue', server.url, '--jobs', '1')
    const broker = await connect(server.url, () => {})
    /** What becomes of a job whose search has such files. */
    const refused = async (files: Packed, search = addressOf(files)): Promise<string> => {
      await broker.searches.add('search', files, { jobId: search })
      const order = await broker.orders.add('train', { search, order: '{}' }, { jobId: `x-${'0'.repeat(16)}` })
      while (!(await order.isFailed())) await new Promise((resolve) => setTimeout(resolve, 20))
      const why = (await broker.orders.getJob(order.id!))!.failedReason
      await order.remove()
      return why
    }
    try {
      const asked = readFileSync(join(dir, 'asked/search.json'), 'utf8')
      const data = pack(readFileSync(join(dir, 'table.csv')))
      const older = asked.replace(/"engine": "[^"]*"/, '"engine": "0.1"')
      expect(older).not.toBe(asked)
      expect(await refused({ 'search.json': pack(older), 'data/0': data })).toMatch(/made by engine 0\.1, and this is/)
      expect(await refused({ 'search.json': pack(asked), 'data/0': pack('other') })).toMatch(/is not the file of this/)
      for (const name of ['../escaped', '/tmp/escaped', 'a/../../escaped', '..'])
        expect(await refused({ [name]: data })).toMatch(/has a name that none has/)
      expect(await refused({ 'search.json': pack(asked) }, 'f'.repeat(32))).toMatch(/not the one that its name says/)
      expect(await refused({ 'search.json': pack(asked) }, '../..')).toMatch(/a search that is none/)
      expect(await refused({ 'search.json': pack(asked), 'data/0': data })).toMatch(/jobs?\.json|0000\.json/)
    } finally {
      child.kill()
      await Promise.all([ended, broker.close()])
      await server.stop()
    }
    expect(spoken).not.toContain(SECRET)
  }
)
describe.each(BROKERS)('$name', ({ name, make, isThere }) => {
  it.skipIf(!isThere)('says in words that it refuses a name or password, and has no such database', async () => {
    const server = await make(join(dir, `${name} refusing words`.replaceAll(' ', '-')))
    await server.start()
    const refused = async (url: string): Promise<string> => {
      const problem = await connect(url, () => {}).then(
        (broker) => broker.close().then(() => 'it connects'),
        (error: unknown) => (error as Error).message
      )
      expect(problem).not.toContain(SECRET)
      return problem
    }
    const { protocol, host, username } = new URL(server.url)
    try {
      expect(await refused(server.url)).toBe('it connects')
      expect(await refused(server.url.replace(SECRET, 'another'))).toMatch(/refuses this name and password$/)
      expect(await refused(`${protocol}//${host}/${username && 'postgres'}`)).toMatch(/refuses this name and password$/)
      expect(await refused(`${protocol}//nobody:x@${host}/${username && 'postgres'}`)).toMatch(/refuses this name and/)
      const other = username ? 'another' : '99'
      expect(await refused(`${protocol}//${username}:${SECRET}@${host}/${other}`)).toMatch(/has no such database$/)
    } finally {
      await server.stop()
    }
  })
})
it.each(['redis', 'rediss', 'postgres'])('what listens and is silent is no broker (%s)', async (scheme) => {
  const silent = createServer((socket) => socket.on('error', () => {}))
  await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', () => resolve()))
  const { port } = silent.address() as AddressInfo
  const sockets: Socket[] = []
  silent.on('connection', (socket) => sockets.push(socket))
  try {
    await expect(connect(`${scheme}://127.0.0.1:${port}`, () => {}, 300)).rejects.toThrow(/does not answer: ETIMEDOUT/)
  } finally {
    sockets.forEach((socket) => socket.destroy())
    await new Promise((resolve) => silent.close(resolve))
  }
})
it('a parcel that unpacks to more than it may is refused', () => {
  expect(() => unpack(pack(Buffer.alloc(257e6)))).toThrow(/larger than/)
})
it.each([
  [['prescribe', FILE, '--out', 'y', '--queue', `mysql://u:${SECRET}@h/`], /--queue: must be redis:/],
  [
    ['prescribe', FILE, '--out', 'y', '--queue', `redis://:${SECRET}@127.0.0.1:1`],
    /127\.0\.0\.1:1 does not answer: ECONNREFUSED/
  ],
  [['worker', '--queue', `postgres://u:${SECRET}@127.0.0.1:1/x`], /127\.0\.0\.1:1\/x does not answer: ECONNREFUSED/],
  [['worker'], /--queue: name the queue/],
  [['worker', '--queue', 'nonsense'], /--queue: must be redis:/]
])('%j is refused in words', async (args, why) => {
  const { code, stderr } = (await exec(process.execPath, [CLINIC, ...args], { cwd: dir }).catch(
    (error: unknown) => error as { code: number; stderr: string }
  )) as { code: number; stderr: string }
  expect([code, stderr]).toEqual([2, expect.stringMatching(why)])
  expect(stderr).not.toContain(SECRET)
})
