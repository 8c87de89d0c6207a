import { ipcMain, type IpcMainEvent, type WebContents } from 'electron'
import type { Port } from '@shared/ipc/rpc'
import { CHANNEL } from '@shared/ipc/channel'
import { log } from './log'
import { isOurs } from './scheme'

/**
 * Why a message from this sender is refused, or undefined. Later Electrons give no frame once it is gone: refused too.
 */
export function objection(
  event: Pick<IpcMainEvent, 'sender' | 'senderFrame'>,
  contents: WebContents
): string | undefined {
  if (event.sender !== contents) return 'it comes from other contents'
  const frame = event.senderFrame
  if (!frame) return 'its frame is gone'
  if (frame !== contents.mainFrame) return 'it comes from a frame within the page'
  return isOurs(frame.url) ? undefined : `its page is ${frame.url.slice(0, 200)}`
}

/** The channel to one window's page. It outlives reloads of the page, and ends with the window. */
export function rendererPort(contents: WebContents): Port {
  const listeners: ((message: unknown) => void)[] = []
  const receive = (event: IpcMainEvent, message: unknown): void => {
    if (contents.isDestroyed()) return
    const why = objection(event, contents)
    if (why) return log('warn', 'message refused:', why)
    for (const listener of listeners) listener(message)
  }
  ipcMain.on(CHANNEL, receive)
  const closers: (() => void)[] = []
  contents.once('destroyed', () => {
    ipcMain.off(CHANNEL, receive)
    for (const close of closers) close()
  })
  return {
    post(message) {
      if (!contents.isDestroyed() && !contents.isCrashed()) contents.send(CHANNEL, message)
    },
    onMessage: (listener) => void listeners.push(listener),
    onClose: (listener) => void closers.push(listener)
  }
}
