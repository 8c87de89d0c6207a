import '@shared/clinic/remedies'
import { rmSync } from 'node:fs'
import { cpus } from 'node:os'
import { resolve } from 'node:path'
import { app, BrowserWindow, dialog, nativeTheme } from 'electron'
import { appContract, type MenuCommand } from '@shared/ipc/app'
import { serve, type Server } from '@shared/ipc/rpc'
import type { Text } from '@shared/base/text'
import { CureHost } from './cure/host'
import { openQueue } from './cure/queue'
import { Keeper } from './files/journal'
import { tidyAround } from './files/names'
import { Writes } from './files/writes'
import { makeHandlers } from './handlers'
import { HomeHost } from './home/host'
import { ownFolder } from './folders'
import { endAll } from './fork'
import { closeLog, log } from './log'
import { setMenu } from './menu'
import { readArguments, takenOver, type Arguments } from './paths'
import { rendererPort } from './rendererPort'
import { Report } from './report'
import type { Preferences } from './settings'
import { texts } from './texts'
import { forkFollower, forkTrainer } from './trainer/child'
import { RunHost } from './trainer/host'

/** Milliseconds that the window has to tell of its project before the app ends. */
const PATIENCE = 5000
/** Milliseconds that the app's own files may take as it ends. A disk that has gone would keep it for ever. */
const ENDING = 60_000

export interface Opening {
  args: Arguments
  /** The app's folder, unless it is packaged. */
  appFolder: string | undefined
  preferences: Preferences
  /** The window, whose page is loading. */
  win: BrowserWindow
  loaded: Promise<void>
  /** Why the app's own files lie elsewhere than usual. */
  profileProblem: Text | undefined
}

/** All that stands behind the window. */
export function begin({ args, appFolder, preferences, win, loaded, profileProblem }: Opening): void {
  const folder = app.getPath('userData')
  const keeper = new Keeper(
    ownFolder(folder, 'backup', (what) => log('warn', what)),
    {
      onState: (problems) => void server?.emit('backupProblems', problems),
      onLost: () => void server?.emit('tell', null)
    }
  )
  let window: BrowserWindow | undefined = win
  let server: Server<typeof appContract> | undefined
  let dirty = false
  /** Files that the person named outside the window: on the command line, or to another launch. */
  const named = new Set(args.open ? [args.open] : [])
  /** The window may close without asking. */
  let mayClose = false
  const closeWindow = (saved: boolean): void => {
    mayClose = saved
    window?.close()
  }
  const writes = new Writes({
    // What is unsaved is asked about then.
    close: () => window?.close(),
    asksToClose: async () => (await confirm('stillWriting', 'stillWritingDetail', ['closeNow', 'wait'], 'wait')) === 0,
    closeNow: () => closeWindow(true)
  })
  /** Somebody asked the app to end. */
  let ending = false
  /** The page is whole, and takes what it is told. */
  let hears = false
  /** Files that the person named outside the window while no page could hear of them. */
  const unheard: string[] = []
  /** Called when the window has told of its project. */
  let heard: (() => void) | undefined

  /** A page that is being printed would keep the app from ending, and one that stands still would outlive it. */
  const endPrints = (): void => {
    for (const other of BrowserWindow.getAllWindows()) if (other !== window) other.destroy()
  }
  const end = (code: number): void => {
    mayClose = true
    endPrints()
    if (args.report && !process.env['GRADIENT_CLINIC_USER_DATA'])
      app.once('quit', () => {
        closeLog()
        rmSync(folder, { recursive: true, force: true, maxRetries: 3 })
      })
    const leave = (code: number): void => {
      host.close()
      endAll()
      app.exit(code)
    }
    setTimeout(() => {
      log('error', `the disk of ${folder} gives no answer: the app ends without it`)
      leave(1)
    }, ENDING)
    // Only then: that its process ends is not part of a run.
    void Promise.all([preferences.flush(), keeper.close()]).finally(() => leave(code))
  }
  const report = args.report ? new Report(resolve(args.report), end) : undefined
  const send = (command: MenuCommand): void => void server?.emit('menu', command)
  const menuChanged = (): void => setMenu({ language: preferences.language, recent: preferences.recent, send })
  const host = new RunHost({
    fork: () => forkTrainer(),
    // The bits of a training must not depend on how many go on.
    forkTrial: () => forkTrainer(1),
    forkFollower,
    emit: (message) => void server?.emit('runUpdate', message),
    ...(!args.report && { keeper }),
    nativeChanged: () => void server?.emit('infoChanged', null),
    slots: Math.max(1, cpus().length),
    cores: Math.max(1, cpus().length)
  })
  const cure = new CureHost({
    host,
    emit: (update) => void server?.emit('cureUpdate', update),
    version: app.getVersion(),
    language: () => preferences.language,
    openQueue,
    atOnce: 2
  })
  const home = new HomeHost({
    version: app.getVersion(),
    python: () => preferences.python,
    progress: (step) => void server?.emit('homeProgress', step)
  })
  const handlers = makeHandlers({
    window: () => window!,
    preferences,
    keeper,
    host,
    cure,
    home,
    ...(report && { report }),
    ...(args.open && { open: args.open }),
    named,
    menuChanged,
    titleChanged(name, unsaved) {
      dirty = unsaved
      window?.setTitle(name ? `${unsaved ? '● ' : ''}${name} – Gradient Clinic` : 'Gradient Clinic')
      window?.setDocumentEdited(unsaved)
      writes.told()
      heard?.()
    },
    writes,
    recordingBegan: openLater,
    pageWhole() {
      hears = true
      for (const path of unheard.splice(0)) send({ openRecent: path })
    },
    closeWindow
  })
  serveWindow()
  menuChanged()
  if (profileProblem) tellProfile(profileProblem)
  void tidyAround(preferences.recent)

  function tellProfile(problem: Text): void {
    log('warn', problem.en)
    process.stderr.write(`Gradient Clinic: ${problem.en}\n`)
    if (window && !report)
      void dialog.showMessageBox(window, { type: 'warning', message: problem[preferences.language], noLink: true })
  }
  function serveWindow(): void {
    const { webContents } = win
    server = serve(appContract, rendererPort(webContents), handlers, {
      onMalformed: (why) => log('warn', 'malformed message:', why)
    })
    let crashes: number[] = []
    webContents.on('did-navigate', () => host.pageChanged())
    webContents.on('did-start-loading', () => (hears = false))
    webContents.on('render-process-gone', (_event, details) => {
      hears = false
      log('error', 'the page has gone:', details.reason, details.exitCode)
      if (report) return void report.done(`the window has crashed (${details.reason})`)
      const now = performance.now()
      crashes = [...crashes.filter((t) => now - t < 60_000), now]
      // Runs go on; the page comes back and takes them up again. One that keeps crashing asks first.
      if (crashes.length < 2) return void setTimeout(() => win.isDestroyed() || win.reload(), 0)
      void confirm('windowCrashed', 'windowCrashedDetail', ['reload', 'quit']).then((answer) =>
        answer === 0 ? win.reload() : end(1)
      )
    })
    let asks = false
    win.on('unresponsive', () => {
      log('error', 'the page does not answer')
      if (asks || report) return
      asks = true
      void confirm('windowHangs', 'windowHangsDetail', ['reload', 'wait']).then((answer) => {
        asks = false
        // A page that computes without end takes no order to load: its process has to go, and comes back.
        if (answer === 0 && !win.isDestroyed()) webContents.forcefullyCrashRenderer()
      })
    })
    win.on('close', (event) => {
      if (mayClose || report) return
      if (writes.holdUp()) return event.preventDefault()
      if (!dirty) return
      event.preventDefault()
      // cspell:ignore dont
      void confirm('unsaved', 'unsavedDetail', ['save', 'dontSave', 'cancel']).then((answer) => {
        if (answer === 0) send('saveAndClose')
        else if (answer === 1) {
          keeper.discard()
          mayClose = true
          win.close()
        }
      })
    })
    win.on('closed', () => {
      home.leave()
      server?.close()
      window = undefined
      endPrints()
    })
    loaded.catch((error: Error) => {
      log('error', 'the page could not be loaded:', error.message)
      if (report) void report.done(error.message)
    })
  }
  async function confirm(
    message: keyof typeof texts,
    detail: keyof typeof texts,
    buttons: (keyof typeof texts)[],
    preset = buttons[0]!
  ): Promise<number> {
    const l = preferences.language
    const { response } = await dialog.showMessageBox(window!, {
      type: 'warning',
      message: texts[message][l],
      detail: texts[detail][l],
      buttons: buttons.map((b) => texts[b][l]),
      defaultId: buttons.indexOf(preset),
      cancelId: buttons.length - 1,
      noLink: true
    })
    return response
  }

  nativeTheme.on('updated', () => server?.emit('systemTheme', nativeTheme.shouldUseDarkColors ? 'dark' : 'light'))
  app.on('second-instance', (_event, argv, folder, data) => {
    // Electron 22 gives null for what was handed over when a name in argv is beyond Latin-1; the names are there.
    const path = takenOver(data) ?? readArguments(argv, folder, appFolder).open
    if (window?.isMinimized()) window.restore()
    window?.focus()
    if (path) openLater(path)
  })
  app.on('open-file', (event, path) => {
    event.preventDefault()
    openLater(path)
  })
  /** A file that the person named outside the window. */
  function openLater(path: string): void {
    named.add(path)
    if (hears) send({ openRecent: path })
    else unheard.push(path)
  }
  app.on('window-all-closed', () => app.quit())
  app.on('will-quit', (event) => {
    event.preventDefault()
    end(0)
  })
  /** The session is ending, or somebody asks us to go: no questions, but all that is there is backed up. */
  async function obey(): Promise<void> {
    if (ending) return
    ending = true
    const told = new Promise<void>((resolve) => (heard = resolve))
    const patience = new Promise((resolve) => setTimeout(resolve, PATIENCE))
    if (window && server?.emit('tell', null)) await Promise.race([told, patience])
    end(0)
  }
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.on(signal, () => void obey())
}
