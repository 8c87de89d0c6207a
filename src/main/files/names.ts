import { createHash } from 'node:crypto'
import { readdir, stat, unlink } from 'node:fs/promises'
import { hostname } from 'node:os'
import { basename, dirname, join } from 'node:path'
import { wallClock } from '@shared/base/clock'

/** Bytes of a file's name that every usual file system takes. */
const LONGEST = 255
const DAY = 86_400_000
const short = (text: string): string => createHash('sha256').update(text).digest('hex').slice(0, 8)
const HOST = short(hostname())
/** Host, process and time of a save, and what the file was for. */
const OURS = /^\.gradient-clinic-[0-9a-f]{8}-([0-9a-f]{8})-(\d+)-[0-9a-z]+\.(?:tmp|bak)$/

let count = 0
/** A name of a save's own beside `path`; short whatever the file's name is. @param use what it is for */
export function besides(path: string, use: 'tmp' | 'bak'): string {
  const of = `${short(basename(path))}-${HOST}-${process.pid}-${wallClock().toString(36)}${(count++).toString(36)}`
  return join(dirname(path), `.gradient-clinic-${of}.${use}`)
}

/** Where the version of `path` before the last save is kept. @param n counts those that were put aside */
export function backupName(path: string, n = 0): string {
  const end = n ? `.${n}.bak` : '.bak'
  const name = basename(path)
  if (Buffer.byteLength(name + end) <= LONGEST) return path + end
  const tail = `~${short(name)}${end}`
  let head = name
  while (Buffer.byteLength(head + tail) > LONGEST) head = [...head].slice(0, -1).join('')
  return join(dirname(path), head + tail)
}

function runs(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}
/** Whether a save that has ended has left this file. Of another machine's, only its age tells. */
async function isLeft(folder: string, name: string, now: number): Promise<boolean> {
  const ours = OURS.exec(name)
  const pid = Number(ours?.[2] ?? 0)
  if (!ours || pid === process.pid) return false
  if (ours[1] === HOST && !runs(pid)) return true
  return now - (await stat(join(folder, name))).mtimeMs > DAY
}

/**
 * Tidies the folders of these files, one after the other: each one on a disk that does not answer holds up one of the
 * few threads that files are read and written by.
 */
export async function tidyAround(paths: readonly string[], tidied = tidy): Promise<void> {
  for (const folder of new Set(paths.map((path) => dirname(path)))) await tidied(folder)
}
/** Removes what killed saves have left in a folder: only files whose names are ours, and that no save still writes. */
export async function tidy(folder: string, now = wallClock()): Promise<void> {
  for (const name of await readdir(folder).catch(() => [] as string[]))
    try {
      if (await isLeft(folder, name, now)) await unlink(join(folder, name))
    } catch {
      // It has gone, or is not ours to remove.
    }
}
