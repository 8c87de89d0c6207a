import { existsSync, mkdirSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import type { Text } from '../shared/base/text'
import { bad } from './args'

const NO_PERMISSION: Text = {
  en: 'you have no permission: change that, or name another place',
  zh: '没有权限：请更改权限，或另选位置'
}
const A_FOLDER: Text = {
  en: 'a folder has this name: remove it, or name another place',
  zh: '已有同名文件夹：请将其移走，或另选位置'
}
/** What is said of a file that was to be read. */
export const NOT_THERE: Text = { en: 'there is no such file', zh: '没有此文件' }
/** What the system says of a file or folder, in words, and what to do about it. */
const CAUSES: Readonly<Record<string, Text>> = {
  EACCES: NO_PERMISSION,
  EPERM: NO_PERMISSION,
  EROFS: { en: 'the disk is read-only: name another place', zh: '磁盘为只读：请另选位置' },
  ENOENT: { en: 'there is no such folder, and none can be made there', zh: '没有此文件夹，也无法在那里创建' },
  ENOTDIR: {
    en: 'a file has the name of the folder, or of one above it: name another place',
    zh: '该文件夹或其上级与某个文件同名：请另选位置'
  },
  EEXIST: {
    en: 'something else has this name: remove it, or name another place',
    zh: '已有同名项：请将其移走，或另选位置'
  },
  EISDIR: A_FOLDER,
  ENOTEMPTY: A_FOLDER,
  ENAMETOOLONG: { en: 'the name is too long: choose a shorter one', zh: '名称过长：请缩短' },
  ELOOP: { en: 'the link leads nowhere but to itself', zh: '该链接只指向自身' },
  EMFILE: { en: 'too many files are open', zh: '打开的文件过多' },
  EIO: { en: 'the disk reports an error', zh: '磁盘报告错误' }
}
const codeOf = (error: unknown): string => String((error as NodeJS.ErrnoException | null)?.code ?? '')

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
  const cause = CAUSES[codeOf(error)]
  return cause ? bad('--out', `cannot be written: ${place}: ${cause.en}`, `无法写入：${place}：${cause.zh}`) : error
}
/** Why a place could not be read or written, where nothing else has said so; undefined of any other error. */
export function diskProblem(error: unknown): { place: string; cause: Text } | undefined {
  const { path } = error as NodeJS.ErrnoException
  const code = codeOf(error)
  const cause = code === 'ENOENT' ? NOT_THERE : CAUSES[code]
  return path !== undefined && cause ? { place: path, cause } : undefined
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
    rmSync(temp, { force: true })
    throw unwritable(error, join(dir, name))
  }
}

const isFolder = (path: string): boolean => statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false
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
 * takes long. @param names of the files @throws what is wrong, in words
 */
export function openFolder(dir: string, names: readonly string[] = []): void {
  makeFolder(dir)
  for (const name of names)
    if (isFolder(join(dir, name))) throw unwritable(Object.assign(new Error(), { code: 'EISDIR' }), join(dir, name))
  const probe = join(dir, `.probe-${process.pid}.tmp`)
  try {
    writeFileSync(probe, 'x')
  } catch (error) {
    throw unwritable(error, dir)
  } finally {
    rmSync(probe, { force: true })
  }
}
