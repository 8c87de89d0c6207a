import { app, dialog, session } from 'electron'
import type { Text } from '@shared/base/text'
import { log } from './log'
import { closeNetwork, closeWebRtc, goOffline } from './offline'
import { chooseUserData, handedOver, readArguments } from './paths'
import { ensureProfile, temporaryProblem } from './profile'
import { declareScheme, DEV_URL, serveScheme } from './scheme'
import { confineAll, denyPermissions } from './security'
import { Preferences } from './settings'
import { createWindow, loadPage } from './window'

const appFolder = app.isPackaged ? undefined : app.getAppPath()
const args = readArguments(process.argv, process.cwd(), appFolder)

process.on('uncaughtException', (error) => log('error', 'uncaught:', error.stack ?? error.message))
process.on('unhandledRejection', (error) =>
  log('error', 'unhandled:', error instanceof Error ? (error.stack ?? error.message) : String(error))
)

try {
  prepare()
} catch (error) {
  cannotStart(error)
}

/** What has to be done before Electron is ready. @throws what the person has to know, when it can't start */
function prepare(): void {
  const noTemporary = temporaryProblem()
  if (noTemporary) throw noTemporary
  chooseUserData(args)
  const profileProblem = ensureProfile()
  goOffline()
  declareScheme()
  confineAll()
  // A second launch hands over what it was asked to open, and ends. Its argv arrives in another order.
  if (!args.report && !app.requestSingleInstanceLock(handedOver(args))) return app.exit(0)
  void app
    .whenReady()
    .then(() => run(profileProblem))
    .catch(cannotStart)
}

/** It starts, or it says why. */
function cannotStart(error: unknown): void {
  const why = error instanceof Error ? error.message : String(error)
  log('error', 'it cannot start:', error instanceof Error ? error.stack : why)
  process.stderr.write(`Gradient Clinic cannot start: ${why}\n`)
  if (!args.report) dialog.showErrorBox('Gradient Clinic cannot start · 梯度诊所无法启动', why)
  app.exit(1)
}

async function run(profileProblem: Text | undefined): Promise<void> {
  const preferences = new Preferences(app.getPath('userData'))
  const served = serveScheme(session.defaultSession)
  denyPermissions(session.defaultSession)
  closeNetwork(session.defaultSession)
  const win = createWindow(preferences.window, (state) => (preferences.window = state))
  closeWebRtc(win.webContents)
  const loaded = loadPage(win)
  // A second launch in between is heard once there is somebody to hear it.
  const early: unknown[][] = []
  const keep = (...event: unknown[]): void => void early.push(event)
  app.on('second-instance', keep)
  // Read earlier, it would hold up the page's process, which needs main until then; nothing of a page is heard later,
  // since it comes after the script in main's queue.
  if (!DEV_URL) await Promise.race([served, loaded.catch(() => undefined)])
  const { begin } = await import('./session')
  begin({ args, appFolder, preferences, win, loaded, profileProblem })
  app.off('second-instance', keep)
  for (const event of early) app.emit('second-instance', ...event)
}
