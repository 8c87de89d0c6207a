import { app, type Session, type WebContents } from 'electron'
import { log } from './log'

/** No permission of any kind and no downloads: the app needs none. */
export function denyPermissions(session: Session): void {
  session.setPermissionRequestHandler((_contents, permission, callback) => {
    log('warn', 'permission refused:', permission)
    callback(false)
  })
  session.setPermissionCheckHandler(() => false)
  session.setDevicePermissionHandler(() => false)
  session.on('will-download', (event) => event.preventDefault())
}

/** Pages stay where they are: no navigation, no new windows, no embedded pages. */
function confine(contents: WebContents): void {
  contents.on('will-navigate', (event, url) => {
    // A page may reload itself; everything else goes nowhere.
    if (url === contents.getURL()) return
    log('warn', 'navigation refused:', url.slice(0, 200))
    event.preventDefault()
  })
  contents.on('will-redirect', (event) => event.preventDefault())
  contents.on('will-attach-webview', (event) => event.preventDefault())
  contents.setWindowOpenHandler(({ url }) => {
    log('warn', 'new window refused:', url.slice(0, 200))
    return { action: 'deny' }
  })
}

/** Whatever contents ever come into being. */
export function confineAll(): void {
  app.on('web-contents-created', (_event, contents) => confine(contents))
}
