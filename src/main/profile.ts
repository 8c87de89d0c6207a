import { lstatSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { homedir, tmpdir } from 'node:os'
import { join } from 'node:path'
import { app } from 'electron'
import { systemText } from '@shared/base/system'
import type { Text } from '@shared/base/text'
import { makeFolder, putAside } from './folders'

/** Makes the folder and writes into it. @throws what the system says */
function tryFolder(folder: string): void {
  makeFolder(folder)
  const probe = join(folder, `.probe-${process.pid}`)
  writeFileSync(probe, 'x')
  rmSync(probe)
}

/** Where the app's own files belong; Electron has no answer where that folder can neither be found nor made. */
function wantedFolder(): string {
  try {
    return app.getPath('userData')
  } catch {
    return join(process.env['XDG_CONFIG_HOME'] || join(homedir(), '.config'), app.getName())
  }
}
/** A folder of temporary files. @throws what the system says, when none can be written to */
function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'gradient-clinic-'))
  try {
    tryFolder(folder)
    return folder
  } catch (error) {
    rmSync(folder, { recursive: true, force: true })
    throw error
  }
}

/** Why nothing can be written where temporary files belong; Chromium then ends without a word. */
export function temporaryProblem(): Error | undefined {
  try {
    rmSync(temporaryFolder(), { recursive: true })
    return undefined
  } catch (error) {
    const { en, zh } = systemText(error, 'write')
    return new Error(
      `temporary files cannot be written in ${tmpdir()}: ${en}. Set TMPDIR to another folder, such as /tmp. · 临时文件无法写入 ${tmpdir()}：${zh}。请将 TMPDIR 设为其他文件夹，例如 /tmp。`
    )
  }
}

/**
 * Sees to a folder for the app's own files that can be written to, before Chromium finds out that there is none and
 * ends without a word. @returns what the person has to know when it is another folder than usual
 * @throws what the system says, when there is no place at all
 */
export function ensureProfile(): Text | undefined {
  const wanted = wantedFolder()
  try {
    tryFolder(wanted)
    // Chromium's lock is a link. Whatever else has its name, it would take for another session, and end.
    const lock = join(wanted, 'SingletonLock')
    if (lstatSync(lock, { throwIfNoEntry: false })?.isSymbolicLink() === false) putAside(lock)
    return undefined
  } catch (error) {
    const why = systemText(error, 'write')
    const instead = temporaryFolder()
    app.setPath('userData', instead)
    return {
      en: `Settings and unsaved work cannot be kept in ${wanted}: ${why.en}. Until that is mended they are kept in ${instead}, which the system may clear.`,
      zh: `设置和未保存的工作无法保存在 ${wanted}：${why.zh}。在此之前将保存在 ${instead}，系统可能会清除该文件夹。`
    }
  }
}
