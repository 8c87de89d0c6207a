import { createHash } from 'node:crypto'
import * as fs from 'node:fs/promises'
import { type Server, createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { Writable } from 'node:stream'
import { strToU8, zipSync } from 'fflate'
import { onTestFinished } from 'vitest'
import { createReporter } from '../../scripts/setup/report.mjs'
import { run } from '../../scripts/setup/run.mjs'

export const sha256Of = (bytes: Uint8Array | string): string => createHash('sha256').update(bytes).digest('hex')

/** A folder that goes with the test. */
export async function tempDir(): Promise<string> {
  const dir = await fs.mkdtemp(join(tmpdir(), 'clinic-setup-'))
  onTestFinished(() => fs.rm(dir, { recursive: true, force: true }))
  return dir
}

/** What set-up hands to its parts, with an empty cache. */
export async function context(env: Record<string, string> = {}) {
  const dir = await tempDir()
  const lines: string[] = []
  const out = new Writable({
    write(chunk, _encoding, done) {
      lines.push(String(chunk))
      done()
    }
  })
  const cache = join(dir, 'cache')
  await fs.mkdir(cache)
  let count = 0
  return {
    dir,
    cache,
    root: join(dir, 'checkout'),
    lines,
    env: { ...process.env, ...env } as Record<string, string>,
    report: createReporter(out as unknown as NodeJS.WriteStream),
    retryUpstream: false,
    // Long enough for a host of this process, which a busy machine may keep waiting.
    network: { connectMs: 10_000, stallMs: 10_000, dead: new Map<string, string>() },
    scratch: async () => {
      const path = join(dir, `scratch-${count++}`)
      await fs.mkdir(path)
      return path
    }
  }
}
export type Context = Awaited<ReturnType<typeof context>>

/** A host of files; `requests` counts what was asked. A path that maps to null is never answered. */
export async function host(files: Record<string, Uint8Array | null>) {
  const state = { requests: [] as string[], url: '', server: null as unknown as Server }
  state.server = createServer((request, response) => {
    const path = request.url ?? ''
    state.requests.push(path)
    const body = files[path]
    if (body === null) return
    if (body === undefined) response.writeHead(404).end()
    else response.writeHead(200, { 'content-length': body.length }).end(body)
  })
  await new Promise<void>((done) => state.server.listen(0, '127.0.0.1', done))
  state.url = `http://127.0.0.1:${(state.server.address() as AddressInfo).port}/`
  onTestFinished(() => {
    state.server.closeAllConnections()
    state.server.close()
  })
  return state
}

/** An address where nobody listens. */
export async function nobody(): Promise<string> {
  const server = createServer()
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  const { port } = server.address() as AddressInfo
  await new Promise((done) => server.close(done))
  return `http://127.0.0.1:${port}/`
}

/** A pip index that is one folder. */
export const pipFolder = (dir: string): Record<string, string> => ({
  PIP_NO_INDEX: '1',
  PIP_FIND_LINKS: dir,
  PIP_EXTRA_INDEX_URL: '',
  PIP_CONFIG_FILE: '/dev/null'
})

/** Writes a wheel that pip takes, and gives what a pin needs. */
export async function wheel(dir: string, name: string, files: Record<string, string | Uint8Array>) {
  const info = `${name}-1.0.dist-info`
  const all = {
    ...files,
    [`${info}/METADATA`]: `Metadata-Version: 2.1\nName: ${name}\nVersion: 1.0\n`,
    [`${info}/WHEEL`]: 'Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n',
    [`${info}/RECORD`]: ''
  }
  const bytes = zipSync(
    Object.fromEntries(
      Object.entries(all).map(([path, text]) => [path, typeof text === 'string' ? strToU8(text) : text])
    )
  )
  await fs.mkdir(dir, { recursive: true })
  await fs.writeFile(join(dir, `${name}-1.0-py3-none-any.whl`), bytes)
  return { name, version: '1.0', sha256: sha256Of(bytes), bytes: bytes.length, pip: [] as string[] }
}

/** Packs files into a tar.gz and gives its bytes. */
export async function tarGz(files: Record<string, string>, mode = 0o755): Promise<Buffer> {
  const dir = await tempDir()
  for (const [path, text] of Object.entries(files)) {
    await fs.mkdir(dirname(join(dir, 'in', path)), { recursive: true })
    await fs.writeFile(join(dir, 'in', path), text, { mode })
  }
  await run('tar', ['-czf', join(dir, 'out.tar.gz'), '-C', join(dir, 'in'), '.'])
  return fs.readFile(join(dir, 'out.tar.gz'))
}

/** Everything below a folder, sorted. */
export async function listing(dir: string): Promise<string[]> {
  return (await fs.readdir(dir, { recursive: true }).catch(() => [])).sort()
}
