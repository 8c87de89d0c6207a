import { app, dialog, session } from 'electron'
import { log } from './log'
import { closeNetwork, closeWebRtc, goOffline } from './offline'
import { chooseUserData, handedOver, readArguments } from './paths'
import { ensureProfile } from './profile'
import { declareScheme, serveScheme } from './scheme'
import { confineAll, denyPermissions } from './security'
import { Preferences } from './settings'
import { createWindow, loadPage } from './window'

const appFolder = app.isPackaged ? undefined : app.getAppPath()
const args = readArguments(process.argv, process.cwd(), appFolder)
chooseUserData(args)
const profileProblem = ensureProfile()
goOffline()
declareScheme()
confineAll()

process.on('uncaughtException', (error) => log('error', 'uncaught:', error.stack ?? error.message))
process.on('unhandledRejection', (error) =>
  log('error', 'unhandled:', error instanceof Error ? (error.stack ?? error.message) : String(error))
)

// A second launch hands over what it was asked to open, and ends. Its argv arrives in another order.
if (!args.report && !app.requestSingleInstanceLock(handedOver(args))) app.exit(0)
else void app.whenReady().then(run).catch(cannotStart)

/** It starts, or it says why. */
function cannotStart(error: unknown): void {
  const why = error instanceof Error ? error.message : String(error)
  log('error', 'it cannot start:', error instanceof Error ? error.stack : why)
  process.stderr.write(`Gradient Clinic cannot start: ${why}\n`)
  if (!args.report) dialog.showErrorBox('Gradient Clinic cannot start · 梯度诊所无法启动', why)
  app.exit(1)
}

async function run(): Promise<void> {
  const preferences = new Preferences(app.getPath('userData'))
  serveScheme(session.defaultSession)
  denyPermissions(session.defaultSession)
  closeNetwork(session.defaultSession)
  const win = createWindow(preferences.window, (state) => (preferences.window = state))
  closeWebRtc(win.webContents)
  const loaded = loadPage(win)
  // It is read while the page's process starts, before anything of the page is heard.
  const { begin } = await import('./session')
  begin({ args, appFolder, preferences, win, loaded, profileProblem })
}
