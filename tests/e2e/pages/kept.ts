import { existsSync, readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import type { ElectronApplication } from 'playwright'
import type { Project } from '@shared/project/types'
import { readJournal } from '../../../src/main/files/journal/read'

/**
 * A project that is on disk besides the person's own files: the newest, or the one whose experiment has this name.
 * @param userData the app's own folder
 */
export async function backedUp(userData: string, name?: string): Promise<Project | undefined> {
  const root = join(userData, 'backup')
  const folders = (existsSync(root) ? readdirSync(root) : []).filter((n) => n.startsWith('open-'))
  const all: { time: number; project: Project }[] = []
  for (const folder of folders.map((n) => join(root, n)))
    await readJournal(folder).then(
      ({ project }) => void all.push({ time: statSync(folder).mtimeMs, project }),
      () => undefined
    )
  all.sort((a, b) => b.time - a.time)
  return (name === undefined ? all : all.filter((a) => a.project.experiments[0]?.name === name))[0]?.project
}
/** What a script gives in the page as it is now, also after that was loaded anew by itself. */
export const inPage = <T>(app: ElectronApplication, code: string): Promise<T> =>
  app.evaluate(
    ({ BrowserWindow }, code) => BrowserWindow.getAllWindows()[0]!.webContents.executeJavaScript(code) as Promise<T>,
    code
  )
/** Crashes the process of the page, and waits until the page is back. */
export const crashPage = (app: ElectronApplication): Promise<void> =>
  app.evaluate(
    ({ BrowserWindow }) =>
      new Promise<void>((resolve) => {
        const { webContents } = BrowserWindow.getAllWindows()[0]!
        webContents.once('did-finish-load', () => resolve())
        webContents.forcefullyCrashRenderer()
      })
  )
