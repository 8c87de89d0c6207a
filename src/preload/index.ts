import { contextBridge, ipcRenderer, webFrame, webUtils, type IpcRendererEvent } from 'electron'
import { wallClock } from '@shared/base/clock'
import { appContract, type AppApi } from '@shared/ipc/app'
import { CHANNEL } from '@shared/ipc/channel'
import { errorToData } from '@shared/ipc/errors'
import { createClient, type Port } from '@shared/ipc/rpc'

const port: Port = {
  post: (message) => ipcRenderer.send(CHANNEL, message),
  onMessage: (listener) =>
    void ipcRenderer.on(CHANNEL, (_event: IpcRendererEvent, message: unknown) => listener(message)),
  onClose: () => {}
}
const client = createClient(appContract, port, {
  // Each page is another client: a reloaded one must not take answers to its predecessor's calls.
  name: `page-${wallClock().toString(36)}-${Math.random().toString(36).slice(2)}`,
  onMalformed: (why) => console.error(`message refused: ${why}`)
})

/** Errors lose all but their message on the way into the page, plain objects don't. */
function rejection(error: unknown): {
  name: string
  message: string
  text: { en: string; zh: string }
  problems: unknown[]
} {
  const { message, problems } = errorToData(error)
  return { name: problems.length ? 'InputError' : 'Error', message: message.en, text: message, problems }
}
/** What the bridge tells by itself. */
const OWN = 'fileDropped'
const methods = Object.fromEntries(
  Object.keys(appContract.calls)
    .filter((name) => name !== OWN)
    .map((name) => {
      const call = client[name as keyof typeof appContract.calls] as (...args: unknown[]) => Promise<unknown>
      return [name, (...args: unknown[]) => call(...args).catch((error: unknown) => Promise.reject(rejection(error)))]
    })
)
/** Electron 22 writes the path on the file, later ones tell it here alone. */
function pathOf(file: File): string {
  const path = (webUtils as typeof webUtils | undefined)?.getPathForFile(file) ?? (file as { path?: string }).path ?? ''
  // A page has files of the disk from a person's hand alone: those that it makes have no path.
  if (path) void client[OWN](path)
  return path
}
const api = { ...methods, on: client.on, pathOf } as Omit<AppApi, typeof OWN> & { pathOf: typeof pathOf }
contextBridge.exposeInMainWorld('clinic', api)
// The page talks to nobody: it has no use for peer connections, which no content security policy of Chromium 108 stops.
void webFrame.executeJavaScript(
  "for (const name of ['RTCPeerConnection', 'webkitRTCPeerConnection', 'RTCDataChannel']) delete globalThis[name]"
)
