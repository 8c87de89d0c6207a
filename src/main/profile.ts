import { accessSync, mkdirSync, mkdtempSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { app } from 'electron'
import type { Text } from '@shared/base/text'

const CAUSES: Record<string, Text> = {
  EACCES: { en: 'it may not be written to', zh: '没有写入权限' },
  EPERM: { en: 'it may not be written to', zh: '没有写入权限' },
  EROFS: { en: 'it lies on a read-only disk', zh: '所在磁盘为只读' },
  ENOSPC: { en: 'its disk is full', zh: '所在磁盘已满' },
  EEXIST: { en: 'a file has its name', zh: '已有同名文件' },
  ENOTDIR: { en: 'a file has its name, or that of a folder above it', zh: '它或上级文件夹与某个文件同名' }
}

/** Makes the folder and writes into it. @throws what the system says */
function tryFolder(folder: string): void {
  mkdirSync(folder, { recursive: true })
  const probe = join(folder, `.probe-${process.pid}`)
  writeFileSync(probe, 'x')
  rmSync(probe)
}

/**
 * Sees to a folder for the app's own files that can be written to, before Chromium finds out that there is none and
 * ends without a word. @returns what the person has to know when it is another folder than usual
 */
export function ensureProfile(): Text | undefined {
  const wanted = app.getPath('userData')
  try {
    tryFolder(wanted)
    return undefined
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? ''
    const why = CAUSES[code] ?? { en: (error as Error).message, zh: (error as Error).message }
    const instead = mkdtempSync(join(tmpdir(), 'gradient-clinic-'))
    app.setPath('userData', instead)
    return {
      en: `Settings and unsaved work cannot be kept in ${wanted}: ${why.en}. Until that is mended they are kept in ${instead}, which the system may clear.`,
      zh: `设置和未保存的工作无法保存在 ${wanted}：${why.zh}。在此之前将保存在 ${instead}，系统可能会清除该文件夹。`
    }
  }
}

/** A folder within the app's own; a file that has its name is put aside. @throws what the system says */
export function ownFolder(...names: string[]): string {
  const folder = join(...names)
  try {
    if (!statSync(folder).isDirectory()) renameSync(folder, `${folder}.bad`)
  } catch {
    // There is none yet.
  }
  mkdirSync(folder, { recursive: true })
  accessSync(folder)
  return folder
}
