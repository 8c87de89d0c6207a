import { lstat } from 'node:fs/promises'
import { basename, extname } from 'node:path'
import { dialog, type BrowserWindow } from 'electron'
import type { Problem } from '@shared/base/problems'
import type { Text } from '@shared/base/text'
import { PROJECT_EXTENSION } from '../paths'
import { safeFileName } from '../report'
import { answered } from './patience'
import { SAVING } from './safeWrite'

/** What the question needs of the app. */
export interface Asking {
  window: () => BrowserWindow
  say: (text: Text) => string
}
const texts = {
  exists: (name: string): Text => ({ en: `${name} exists already. Replace it?`, zh: `${name} 已存在。要替换它吗？` }),
  detail: {
    en: 'The ending was added to the name that you typed, so the dialog did not ask about this file. It would be kept next to the new one, with .bak at the end of its name.',
    zh: '扩展名是在您输入的名称之后添加的，因此对话框没有询问此文件。原文件会以 .bak 结尾的名称保留在旁边。'
  },
  missing: (name: string): Text => ({
    en: `Parts of ${name} could not be read. The rest is open.`,
    zh: `${name} 的部分内容无法读取。其余部分已打开。`
  }),
  loss: (name: string): Text => ({
    en: `${name} holds parts that could not be read. Replace it by what is open?`,
    zh: `${name} 含有无法读取的部分。要用当前打开的内容替换它吗？`
  }),
  lossDetail: {
    en: 'The damaged file would be kept next to the new one, with .bak at the end of its name. Save As leaves it as it is.',
    zh: '损坏的文件会以 .bak 结尾的名称保留在旁边。“另存为”则不改动它。'
  },
  replaced: (name: string): Text => ({
    en: `Another program has changed ${name} while it was being saved.`,
    zh: `${name} 在保存期间被其他程序修改。`
  }),
  replacedDetail: (backup: string): Text => ({
    en: `The file now holds what you have saved. The other version is ${backup}.`,
    zh: `文件现在是您保存的内容。另一版本为 ${backup}。`
  }),
  close: { en: 'Close', zh: '关闭' },
  replace: { en: 'Replace', zh: '替换' },
  cancel: { en: 'Cancel', zh: '取消' }
}

/** A question whose safe answer is the first choice. @returns whether the person wants it */
export async function agrees(
  { window, say }: Asking,
  { message, detail, action }: { message: Text; detail: Text; action: Text }
): Promise<boolean> {
  const { response } = await dialog.showMessageBox(window(), {
    type: 'warning',
    message: say(message),
    detail: say(detail),
    buttons: [say(action), say(texts.cancel)],
    defaultId: 1,
    cancelId: 1,
    noLink: true
  })
  return response === 0
}
/** Says which parts of a file are missing. */
export async function tellMissing({ window, say }: Asking, path: string, missing: readonly Problem[]): Promise<void> {
  await dialog.showMessageBox(window(), {
    type: 'warning',
    message: say(texts.missing(basename(path))),
    detail: missing.map(({ message }) => say(message)).join('\n'),
    buttons: [say(texts.close)]
  })
}
/** Says that another program has written to a file while it was being saved, and where that version is. */
export async function tellReplaced({ window, say }: Asking, path: string, backup: string): Promise<void> {
  await dialog.showMessageBox(window(), {
    type: 'warning',
    message: say(texts.replaced(basename(path))),
    detail: say(texts.replacedDetail(backup)),
    buttons: [say(texts.close)]
  })
}
/** Whether a file of which parts could not be read may be replaced. */
export const agreesToLoss = (asking: Asking, path: string): Promise<boolean> =>
  agrees(asking, { message: texts.loss(basename(path)), detail: texts.lossDetail, action: texts.replace })

export const isProject = (path: string): boolean => extname(path).toLowerCase() === `.${PROJECT_EXTENSION}`

/**
 * Asks where a project is to be saved. The dialog has asked about the file that it names; where the ending makes it
 * another one, that one is asked about here.
 * @returns undefined when the person wants none
 */
export async function askPlace(asking: Asking, name: string, kind: string): Promise<string | undefined> {
  const { canceled, filePath } = await dialog.showSaveDialog(asking.window(), {
    defaultPath: `${safeFileName(name || 'project')}.${PROJECT_EXTENSION}`,
    filters: [{ name: kind, extensions: [PROJECT_EXTENSION] }]
  })
  if (canceled || !filePath) return undefined
  if (isProject(filePath)) return filePath
  const path = `${filePath}.${PROJECT_EXTENSION}`
  const there = await answered({ path, said: SAVING, doing: 'write' }, () =>
    lstat(path).then(
      () => true,
      () => false
    )
  )
  const message = texts.exists(basename(path))
  return !there || (await agrees(asking, { message, detail: texts.detail, action: texts.replace })) ? path : undefined
}
