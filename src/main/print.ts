import { BrowserWindow, session, type Session } from 'electron'
import type { Text } from '@shared/base/text'
import { TextError } from '@shared/ipc/errors'
import { closeNetwork } from './offline'
import { forceEnd } from './fork'
import { log } from './log'
import { ORIGIN, refused, serveScheme } from './scheme'
import { denyPermissions } from './security'

/** A report brings its styles and pictures along. It needs no script to be read. */
const CSP = "default-src 'none'; style-src 'unsafe-inline'; img-src data:"
const GONE: Text = {
  en: 'the process that lays out the document has ended: try again, after a restart of the app if need be, or export as HTML',
  zh: '排版文档的进程已结束：请重试（必要时先重新启动应用），或导出为 HTML'
}
const SLOW: Text = {
  en: 'laying out the document took too long, and was ended: try again, or export as HTML, which a browser can print',
  zh: '排版文档用时过长，已被终止：请重试，或导出为 HTML，再由浏览器打印'
}
/** Milliseconds that laying out may take, and bytes in a further one: many times what they take. */
const LEAST = 120_000
const SLOWEST = 100
/** Documents that are being printed, by their addresses. */
const documents = new Map<string, string>()
let count = 0
let own: Session | undefined

/** A session in memory, apart from the window's, in which there is nothing but these documents. */
function ownSession(): Session {
  if (own) return own
  own = session.fromPartition('print')
  denyPermissions(own)
  closeNetwork(own)
  serveScheme(own, (url) => {
    const html = documents.get(url)
    const headers = { 'Content-Type': 'text/html; charset=utf-8', 'Content-Security-Policy': CSP }
    return Promise.resolve(html === undefined ? refused(404) : { status: 200, headers, body: Buffer.from(html) })
  })
  return own
}

/**
 * Prints a document on A4, as its styles for print have it, in a window that is never shown: sandboxed, without scripts
 * and without a preload.
 * @param html one file with all that it needs
 * @returns the PDF. @throws TextError when the page or its process ends, takes too long, or can't print
 */
export async function printPdf(html: string): Promise<Uint8Array> {
  const url = `${ORIGIN}/print/${++count}`
  documents.set(url, html)
  const window = new BrowserWindow({
    show: false,
    webPreferences: {
      session: ownSession(),
      javascript: false,
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
      webSecurity: true,
      spellcheck: false
    }
  })
  const { webContents } = window
  let pid = 0
  let late: ReturnType<typeof setTimeout> | undefined
  const print = async (): Promise<Uint8Array> => {
    await window.loadURL(url)
    pid = webContents.getOSProcessId()
    return webContents.printToPDF({ pageSize: 'A4', printBackground: true, preferCSSPageSize: true })
  }
  try {
    // Electron leaves what it was asked of a page unanswered where that ends.
    return await new Promise<Uint8Array>((resolve, reject) => {
      webContents.once('render-process-gone', () => reject(new TextError(GONE)))
      webContents.once('destroyed', () => reject(new TextError(GONE)))
      late = setTimeout(() => reject(new TextError(SLOW)), LEAST + html.length / SLOWEST)
      print().then(resolve, reject)
    })
  } catch (error) {
    // One that stands still takes no order to end, and would outlive the app.
    if (!webContents.isDestroyed()) pid = webContents.getOSProcessId()
    if (pid) forceEnd(pid)
    if (error instanceof TextError) throw error
    // Electron's words, such as those of a page that ends while it is read out, help nobody.
    log('error', 'a document could not be printed:', String(error))
    throw new TextError(GONE)
  } finally {
    clearTimeout(late)
    documents.delete(url)
    if (!window.isDestroyed()) window.destroy()
  }
}
