/** Files: hashes, folders that appear whole or not at all, links, and a lock between processes. */
import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import * as fs from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { pipeline } from 'node:stream/promises'

/** SHA-256 of a file, hexadecimal. */
export async function sha256(path) {
  const hash = createHash('sha256')
  await pipeline(createReadStream(path, { highWaterMark: 1 << 20 }), hash)
  return hash.digest('hex')
}

/** @throws with both hashes, unless the file has the pinned one */
export async function expectHash(path, expected, what) {
  const found = await sha256(path)
  if (found !== expected)
    throw new Error(`${what} is not the pinned file: SHA-256 ${found}, expected ${expected}; it was not used`)
}

export const exists = (path) =>
  fs.access(path).then(
    () => true,
    () => false
  )

/**
 * Builds `target` in a sibling folder and renames it into place, so that nobody sees an unfinished one.
 * @param {(tmp: string) => Promise<void>} build
 */
export async function buildFolder(target, build) {
  await fs.mkdir(dirname(target), { recursive: true })
  const tmp = await fs.mkdtemp(`${target}.tmp-`)
  try {
    await fs.chmod(tmp, 0o755)
    await build(tmp)
    await fs.rm(target, { recursive: true, force: true })
    await fs.rename(tmp, target)
  } catch (error) {
    await fs.rm(tmp, { recursive: true, force: true })
    throw error
  }
}

/** Makes `link` point to `target`, replacing what was there in one rename. */
export async function linkTo(target, link) {
  if ((await fs.readlink(link).catch(() => null)) === target) return
  const stat = await fs.lstat(link).catch(() => null)
  if (stat && !stat.isSymbolicLink()) await fs.rm(link, { recursive: true })
  const tmp = `${link}.tmp-${process.pid}`
  await fs.rm(tmp, { force: true })
  await fs.symlink(target, tmp)
  await fs.rename(tmp, link)
}

/** Writes JSON through a temporary file and a rename. */
export async function writeJson(path, value) {
  await fs.mkdir(dirname(path), { recursive: true })
  const tmp = `${path}.tmp-${process.pid}`
  await fs.writeFile(tmp, `${JSON.stringify(value, null, 2)}\n`)
  await fs.rename(tmp, path)
}

export const readJson = (path) =>
  fs
    .readFile(path, 'utf8')
    .then(JSON.parse)
    .catch(() => null)

/** Size and time of files below `dir`: enough to see, cheaply, that nothing changed since their hashes were checked. */
export async function marks(dir, names) {
  const entries = await Promise.all(
    names.map(async (name) => {
      const stat = await fs.stat(join(dir, name))
      return [name, `${stat.size}:${Math.floor(stat.mtimeMs)}`]
    })
  )
  return Object.fromEntries(entries)
}

export async function sameMarks(dir, recorded) {
  if (!recorded) return false
  try {
    const now = await marks(dir, Object.keys(recorded))
    return Object.entries(recorded).every(([name, mark]) => now[name] === mark)
  } catch {
    return false
  }
}

/**
 * Runs `work` while no other process holds the lock; a lock whose owner is dead is taken over.
 * @param {() => void} [onWait] called once if somebody else holds it
 */
export async function withLock(path, work, onWait) {
  await fs.mkdir(dirname(path), { recursive: true })
  for (let waited = false; ;) {
    const got = await fs.writeFile(path, `${process.pid}\n`, { flag: 'wx' }).then(
      () => true,
      (error) => {
        if (error.code === 'EEXIST') return false
        throw error
      }
    )
    if (got) break
    if (await isStale(path)) {
      // Renamed first, so that only one of two processes removes a dead lock. A lock that was new by then is put back.
      const aside = `${path}.stale-${process.pid}`
      if (
        await fs.rename(path, aside).then(
          () => true,
          () => false
        )
      ) {
        if (await isStale(aside)) await fs.rm(aside, { force: true })
        else await fs.rename(aside, path)
      }
      continue
    }
    if (!waited) onWait?.()
    waited = true
    await new Promise((done) => setTimeout(done, 200))
  }
  try {
    return await work()
  } finally {
    await fs.rm(path, { force: true })
  }
}

/** Whether the owner is dead. A new lock is empty for a moment, until its owner has written its number. */
async function isStale(lock) {
  try {
    const owner = Number(await fs.readFile(lock, 'utf8'))
    return owner ? !isAlive(owner) : Date.now() - (await fs.stat(lock)).mtimeMs > 10_000
  } catch {
    return false
  }
}

function isAlive(pid) {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return error.code === 'EPERM'
  }
}
