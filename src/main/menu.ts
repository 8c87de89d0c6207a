import { basename } from 'node:path'
import { Menu, type MenuItemConstructorOptions } from 'electron'
import type { MenuCommand } from '@shared/ipc/app'
import type { Language } from '@shared/base/text'
import { DEV_URL } from './scheme'
import { texts } from './texts'

export interface MenuOptions {
  language: Language
  recent: string[]
  send: (command: MenuCommand) => void
}

/** The menu bar; what it stands for is done by the window. */
export function menuTemplate({ language, recent, send }: MenuOptions): MenuItemConstructorOptions[] {
  const say = (key: keyof typeof texts): string => texts[key][language]
  const item = (key: keyof typeof texts, command: MenuCommand, accelerator?: string): MenuItemConstructorOptions => ({
    id: key,
    label: say(key),
    ...(accelerator && { accelerator }),
    click: () => send(command)
  })
  const mac = process.platform === 'darwin'
  const line: MenuItemConstructorOptions = { type: 'separator' }
  const files = recent.map((path): MenuItemConstructorOptions => ({
    label: basename(path),
    toolTip: path,
    click: () => send({ openRecent: path })
  }))
  return [
    ...(mac ? [{ role: 'appMenu' } as MenuItemConstructorOptions] : []),
    {
      label: say('file'),
      submenu: [
        item('new', 'new', 'CmdOrCtrl+N'),
        item('newEmpty', 'newEmpty', 'CmdOrCtrl+Shift+N'),
        item('open', 'open', 'CmdOrCtrl+O'),
        { label: say('recent'), submenu: files.length ? files : [{ label: say('none'), enabled: false }] },
        item('recovered', 'recovered'),
        item('openCsv', 'openCsv', 'CmdOrCtrl+Shift+O'),
        item('openIdx', 'openIdx'),
        item('openRecording', 'openRecording'),
        item('openModel', 'openModel'),
        line,
        item('save', 'save', 'CmdOrCtrl+S'),
        item('saveAs', 'saveAs', 'CmdOrCtrl+Shift+S'),
        { label: say('export'), submenu: [item('reportHtml', 'reportHtml'), item('reportPdf', 'reportPdf')] },
        line,
        item('settings', 'settings', 'CmdOrCtrl+,'),
        ...(mac ? [] : [line, { label: say('quit'), role: 'quit' } as MenuItemConstructorOptions])
      ]
    },
    {
      label: say('edit'),
      submenu: [
        item('undo', 'undo', 'CmdOrCtrl+Z'),
        item('redo', 'redo', mac ? 'Shift+Cmd+Z' : 'Ctrl+Y'),
        line,
        { label: say('cut'), role: 'cut' },
        { label: say('copy'), role: 'copy' },
        { label: say('paste'), role: 'paste' },
        { label: say('selectAll'), role: 'selectAll' }
      ]
    },
    {
      label: say('view'),
      submenu: [
        { label: say('resetZoom'), role: 'resetZoom' },
        { label: say('zoomIn'), role: 'zoomIn' },
        { label: say('zoomOut'), role: 'zoomOut' },
        line,
        { label: say('fullScreen'), role: 'togglefullscreen' },
        ...(DEV_URL
          ? [
              line,
              { role: 'reload' } as MenuItemConstructorOptions,
              { role: 'toggleDevTools' } as MenuItemConstructorOptions
            ]
          : [])
      ]
    },
    {
      label: say('help'),
      role: 'help',
      submenu: [
        item('palette', 'palette', 'CmdOrCtrl+Shift+P'),
        item('shortcuts', 'shortcuts'),
        item('glossary', 'glossary'),
        item('tour', 'tour'),
        line,
        item('about', 'about')
      ]
    }
  ]
}
export const setMenu = (options: MenuOptions): void =>
  Menu.setApplicationMenu(Menu.buildFromTemplate(menuTemplate(options)))
