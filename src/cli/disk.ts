import {
  closeSync,
  existsSync,
  lstatSync,
  mkdirSync,
  openSync,
  readSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync
} from 'node:fs'
import { dirname, extname, join, resolve } from 'node:path'
import { codeOf, systemText, systemWords } from '../shared/base/system'
import type { Text } from '../shared/base/text'
import { bad } from './args'

/** Whether a write failed for want of room. */
export const isDiskFull = (error: unknown): boolean => ['ENOSPC', 'EDQUOT'].includes(codeOf(error))

/** What is said of it. @param what was to be written */
export const diskFull = (place: string, what = 'the run'): Error =>
  Object.assign(new Error(`${what} could not be written: the disk of ${place} is full: make room, and start again`), {
    code: 'ENOSPC'
  })

/**
 * What the system says of a place that could not be written, in words. @param place the file or folder
 * @returns what is thrown in its stead: an error that is no such word of the system is returned as it is
 */
export function unwritable(error: unknown, place: string): unknown {
  if (isDiskFull(error)) return 'syscall' in (error as object) ? diskFull(place, 'a file') : error
  if (!systemWords(error, 'write')) return error
  const why = systemText(error, 'write')
  return bad('--out', `cannot be written: ${place}: ${why.en}`, `无法写入：${place}：${why.zh}`)
}
/** Why a file could not be read, where nothing else has said so; undefined of any other error. */
export function diskProblem(error: unknown): { place: string; cause: Text } | undefined {
  const { path } = error as NodeJS.ErrnoException
  const words = systemWords(error, 'read') ?? systemWords(error, 'write')
  return path !== undefined && words ? { place: path, cause: words.cause } : undefined
}

/** What an error says, in a line. */
export function sayError(error: unknown): string {
  const disk = diskProblem(error)
  if (disk) return `${disk.place}: ${disk.cause.en}`
  return (error instanceof Error ? error.message : String(error)).split('\n')[0]!
}

/** Writes a file whole or not at all. @throws what is wrong, in words */
export function writeWhole(dir: string, name: string, content: string | Uint8Array): void {
  const temp = join(dir, `.${name}.${process.pid}.tmp`)
  try {
    writeFileSync(temp, content)
    renameSync(temp, join(dir, name))
  } catch (error) {
    try {
      rmSync(temp, { force: true })
    } catch {
      // What kept it from being written keeps it from being removed: the first error says it.
    }
    throw unwritable(error, join(dir, name))
  }
}

/**
 * Whether anything has this name, be it a link that leads nowhere: what is there is somebody's.
 * @throws what is wrong, in words
 */
export function isTaken(path: string): boolean {
  try {
    return lstatSync(path, { throwIfNoEntry: false }) !== undefined
  } catch (error) {
    // Below a file there is nothing.
    if (codeOf(error) === 'ENOTDIR') return false
    throw unwritable(error, path)
  }
}

const isFolder = (path: string): boolean => statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false
/** How what the commands write begins, by the end of its name. */
const STARTS: Record<string, RegExp> = {
  json: /^\{\s*(?:\}\s*$|"format": "gradient-clinic\/|"state": "starting")/,
  csv: /^(?:step,(?:loss|kind|layer_index)|candidate,group|point)\b/,
  html: /^<!doctype html>[^]*?<title>[^<]* · Gradient Clinic<\/title>/
}
/** Bytes of a file that tell whose it is. */
const START_BYTES = 2048

/** Whether a file holds nothing, or is one of this kind that a command wrote. @throws what the system says */
function isOwn(path: string, kind: string): boolean {
  if (!lstatSync(path).isFile()) return false
  const bytes = Buffer.alloc(START_BYTES)
  const file = openSync(path, 'r')
  try {
    const start = bytes.toString('utf8', 0, readSync(file, bytes))
    return !start || (STARTS[kind]?.test(start) ?? false)
  } finally {
    closeSync(file)
  }
}
/**
 * Sees to it that a command replaces only what a command has written: a file of such a name may be a person's data.
 * @param kind of what is to be written
 * @throws what is wrong, in words
 */
export function spare(path: string, kind = extname(path).slice(1)): void {
  if (isFolder(path)) throw unwritable(Object.assign(new Error(), { code: 'EISDIR' }), path)
  if (isTaken(path) && !isOwn(path, kind))
    throw bad(
      '--out',
      `${path} is there already, and no earlier ${kind.toUpperCase()} file of this command: choose another place`,
      `${path} 已存在，且不是此命令先前写出的 ${kind.toUpperCase()} 文件：请选择其他位置`
    )
}

/**
 * Makes a folder, with those above it. Node's own way of doing so never ends where the system can't have one
 * (`/proc`). @throws what is wrong, in words
 */
export function makeFolder(dir: string): void {
  const missing: string[] = []
  for (let at = resolve(dir); !existsSync(at); at = dirname(at)) missing.unshift(at)
  try {
    for (const folder of missing)
      try {
        mkdirSync(folder)
      } catch (error) {
        // Another search may have made it meanwhile.
        if (!isFolder(folder)) throw error
      }
    if (!isFolder(dir)) throw Object.assign(new Error('a file'), { code: 'ENOTDIR' })
  } catch (error) {
    throw unwritable(error, dir)
  }
}
/**
 * Makes a folder for what a command will have found, and sees to it that it can be written there in the end: training
 * takes long. @param names of the files, of which those that are there must be a command's own
 * @throws what is wrong, in words
 */
export function openFolder(dir: string, names: readonly string[] = []): void {
  makeFolder(dir)
  for (const name of names) spare(join(dir, name))
  const probe = join(dir, `.probe-${process.pid}.tmp`)
  try {
    writeFileSync(probe, 'x')
  } catch (error) {
    throw unwritable(error, dir)
  } finally {
    rmSync(probe, { force: true })
  }
}
