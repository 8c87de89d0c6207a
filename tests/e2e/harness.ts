import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { _electron, type ElectronApplication, type Page } from 'playwright'
import { afterAll, afterEach, expect } from 'vitest'
import { ROOT, electronExecutable, sandboxArgs } from '../../scripts/setup/paths.mjs'

/** The folder whose build is tested; a packaged or unfinished one may be named instead. */
const APP = process.env['GRADIENT_CLINIC_APP'] ?? ROOT
/** How many times slower than it is the page computes: what races there is seen to. 1 unless asked for. */
const SLOWER = Number(process.env['GRADIENT_CLINIC_SLOWER'] ?? 1)
/** Milliseconds that anything may take: many times what it takes where nothing else computes. */
const PATIENCE = 120_000
/** The same for what takes many seconds in any case, such as a search. */
export const LONG = 300_000

export interface LaunchOptions {
  /** A folder to keep between launches; a fresh temporary one otherwise. */
  userData?: string
  /** What comes after the app's folder on the command line. */
  args?: string[]
  env?: Record<string, string>
  app?: string
  /** A program in the place of Electron, which ends by becoming it. */
  executable?: string
  size?: { width: number; height: number }
  /** How far the window is to have come: `usable` when its shell is on screen. `whole` by default. */
  until?: 'usable' | 'whole'
}
export interface Launched {
  app: ElectronApplication
  page: Page
  userData: string
  /** Errors that the page has reported and no test has taken yet. */
  errors: string[]
  /** What main wrote to the terminal. */
  output: () => string
  /** Takes the errors that a test has provoked, all of which must match. */
  expectErrors(...patterns: RegExp[]): void
  /** Closes without saving. */
  close(): Promise<void>
  /** Ends main at once, as a power cut would. */
  sigkill(): Promise<void>
}
export type DialogName = 'showOpenDialog' | 'showSaveDialog' | 'showMessageBox'

const open = new Set<Launched>()
/** The app that tests of one file share, with the size its window opened in. */
let shared: { launched: Launched; size: { width: number; height: number } } | undefined
const folders: string[] = []

/** A temporary folder that goes when the test has ended. */
export function temporary(name = 'clinic-e2e-'): string {
  const dir = mkdtempSync(join(tmpdir(), name))
  folders.push(dir)
  return dir
}

/** Waits for a mark that the page sets. */
export const marked = async (page: Page, name: 'usable' | 'whole'): Promise<void> =>
  void (await page.waitForFunction((name) => performance.getEntriesByName(name).length > 0, name))

/** Makes the window's content so large. */
export async function resize(
  { app, page }: Pick<Launched, 'app' | 'page'>,
  size: { width: number; height: number }
): Promise<void> {
  await app.evaluate(
    ({ BrowserWindow }, size) => BrowserWindow.getAllWindows()[0]!.setContentSize(size.width, size.height),
    size
  )
  await page.waitForFunction((size) => innerWidth === size.width && innerHeight === size.height, size)
}

/**
 * Starts the real app in a real window. Every app still open is closed after the test, and every unexpected page error
 * fails it.
 */
export async function launchApp(options: LaunchOptions = {}): Promise<Launched> {
  const userData = options.userData ?? temporary()
  const env: Record<string, string> = {}
  for (const [k, v] of Object.entries(process.env)) if (v !== undefined) env[k] = v
  const app = await _electron.launch({
    executablePath: options.executable ?? electronExecutable(),
    args: [...sandboxArgs(), '--lang=en-US', options.app ?? APP, ...(options.args ?? [])],
    env: { ...env, LANGUAGE: 'en', GRADIENT_CLINIC_USER_DATA: userData, ...options.env },
    timeout: PATIENCE
  })
  app.context().setDefaultTimeout(PATIENCE)
  let said = ''
  const child = app.process()
  child.stdout?.on('data', (d) => (said += String(d)))
  child.stderr?.on('data', (d) => (said += String(d)))
  const errors: string[] = []
  const watch = (page: Page): void => {
    page.on('console', (m) => void (m.type() === 'error' && errors.push(m.text())))
    page.on('pageerror', (e) => void errors.push(e instanceof Error ? (e.stack ?? e.message) : JSON.stringify(e)))
    page.on('crash', () => void errors.push('the page has crashed'))
  }
  app.on('window', watch)
  const page = await app.firstWindow({ timeout: PATIENCE })
  if (SLOWER > 1)
    await (await page.context().newCDPSession(page)).send('Emulation.setCPUThrottlingRate', { rate: SLOWER })
  await page.waitForLoadState('domcontentloaded')
  await marked(page, options.until ?? 'whole')
  if (options.size) await resize({ app, page }, options.size)
  const gone = new Promise<void>((resolve) => child.once('exit', () => resolve()))
  const launched: Launched = {
    app,
    page,
    userData,
    errors,
    output: () => said,
    expectErrors(...patterns) {
      const taken = errors.splice(0)
      for (const e of taken)
        expect(
          patterns.some((p) => p.test(e)),
          `unexpected: ${e}`
        ).toBe(true)
    },
    async close() {
      open.delete(launched)
      if (child.exitCode !== null || child.signalCode !== null) return
      await answer(launched, 'showMessageBox', { response: 1 }).catch(() => {})
      await app.close()
      await gone
    },
    async sigkill() {
      open.delete(launched)
      child.kill('SIGKILL')
      await gone
    }
  }
  open.add(launched)
  return launched
}

/**
 * The app in the state of its first start, without starting it for every test of a file. Tests of starting, ending,
 * crashing, and of what is kept on the disk launch their own.
 */
export async function sharedApp({ size }: Pick<LaunchOptions, 'size'> = {}): Promise<Launched> {
  if (shared) await reset(shared.launched)
  else {
    const launched = await launchApp({ userData: mkdtempSync(join(tmpdir(), 'clinic-e2e-')) })
    const [width, height] = await launched.page.evaluate(() => [innerWidth, innerHeight])
    shared = { launched, size: { width: width!, height: height! } }
  }
  const { launched } = shared
  await resize(launched, size ?? shared.size)
  return launched
}

/**
 * Back to the first start: no runs, an untouched project, default settings, dialogs as they are, and a page that knows
 * of nothing.
 */
async function reset({ app, page, errors }: Launched): Promise<void> {
  await page.mouse.move(0, 0)
  await page.emulateMedia({ colorScheme: null })
  await app.evaluate(({ dialog }) => {
    const kept = globalThis as unknown as { asked?: unknown[]; dialogs?: Record<string, unknown> }
    Object.assign(dialog, kept.dialogs)
    kept.asked = []
  })
  await page.evaluate(async () => {
    // The page tells main of its project and layout a moment after a change, or on its way out: it does so now, and
    // then never again.
    const last = Number(setTimeout(() => undefined))
    for (let i = 0; i <= last; i++) clearTimeout(i)
    window.setTimeout = (() => undefined) as unknown as typeof setTimeout
    dispatchEvent(new Event('beforeunload'))
    const { clinic } = window
    for (const { id } of await clinic.listRuns()) await clinic.dropRun(id)
    await clinic.projectChanged(null, false, null)
    for (const { id } of await clinic.recovered()) await clinic.deleteRecovered(id)
    await clinic.setSlots((await clinic.info()).threads)
    // A layout with a member that is none is replaced by the default, which has no members.
    await clinic.setSettings({ theme: 'system', language: 'system', layout: { none: null as never } })
  })
  errors.splice(0)
  await page.reload()
  await marked(page, 'whole')
}

async function closeShared(): Promise<void> {
  const folder = shared?.launched.userData
  await shared?.launched.close()
  shared = undefined
  if (folder) await remove(folder)
}
/** Removes a folder. Processes of an app that was killed may write into it until they have ended too. */
const remove = (dir: string): Promise<true> =>
  until(() => {
    try {
      rmSync(dir, { recursive: true, force: true, maxRetries: 10, retryDelay: 200 })
      return true
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOTEMPTY') return false
      throw error
    }
  }, `${dir} is removed`)

afterEach(async ({ task }) => {
  const left = [...open]
  const failed = task.result?.state === 'fail'
  // What it looked like when it failed.
  if (failed)
    for (const [i, l] of left.entries())
      await l.page
        .screenshot({
          path: join(ROOT, 'reports', 'e2e', `${task.name.replace(/\W+/g, '-').slice(0, 60)}-${i + 1}.png`),
          timeout: 5000
        })
        .catch(() => {})
  const errors = left.flatMap((l) => l.errors.splice(0))
  for (const l of left) if (l !== shared?.launched) await l.close()
  // After a failure nobody knows what state the app is in.
  if (shared && (failed || errors.length || !open.has(shared.launched))) await closeShared()
  for (const dir of folders.splice(0)) await remove(dir)
  expect(errors, 'errors reported by the page').toEqual([])
})
afterAll(closeShared)

/**
 * Lets a dialog answer without being shown; every later one of its kind gives the same answer. Questions asked are
 * kept: `asked`.
 */
export async function answer(
  { app }: Launched,
  name: DialogName,
  value: { canceled?: boolean; filePaths?: string[]; filePath?: string; response?: number }
): Promise<void> {
  await app.evaluate(
    ({ dialog }, { name, value }) => {
      const kept = globalThis as unknown as { asked?: unknown[]; dialogs?: Record<string, unknown> }
      const all = (kept.asked ??= [])
      kept.dialogs ??= { ...dialog }
      ;(dialog as unknown as Record<string, unknown>)[name] = async (...args: unknown[]) => {
        all.push(args.find((a) => a && Object.getPrototypeOf(a) === Object.prototype))
        return { canceled: false, ...value }
      }
    },
    { name, value }
  )
}
/** The options of all dialogs that were answered so far. */
export const asked = ({ app }: Launched): Promise<{ message?: string; defaultPath?: string }[]> =>
  app.evaluate(
    () => ((globalThis as Record<string, unknown>)['asked'] ?? []) as { message?: string; defaultPath?: string }[]
  )

/** Whether a process is there, be it one that stands still. */
export function isThere(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}

/** Process ids of all trainers there are, the one in waiting included. */
export const trainers = ({ app }: Launched): Promise<number[]> =>
  app.evaluate(({ app }) =>
    app
      .getAppMetrics()
      .filter(
        (m) =>
          m.type === 'Utility' && [m.name, m.serviceName].some((name) => name?.startsWith('Gradient Clinic trainer'))
      )
      .map((m) => m.pid)
  )

/** Holds all trainers while something is done, during which no training ends. */
export async function withTrainersHeld<T>(launched: Launched, work: () => Promise<T>): Promise<T> {
  const held = await trainers(launched)
  for (const pid of held) process.kill(pid, 'SIGSTOP')
  try {
    return await work()
  } finally {
    const left = await trainers(launched)
    for (const pid of held) if (left.includes(pid)) process.kill(pid, 'SIGCONT')
  }
}

/** Chooses an item of the native menu, by its id. */
export const menu = ({ app }: Launched, id: string): Promise<void> =>
  app.evaluate(({ Menu }, id) => Menu.getApplicationMenu()!.getMenuItemById(id)!.click(), id)

/** Waits until `check` gives something; the last value is in the error. */
export async function until<T>(
  check: () => Promise<T | null | undefined | false> | T | null | undefined | false,
  what: string,
  timeout = PATIENCE
): Promise<T> {
  const end = Date.now() + timeout
  for (;;) {
    const value = await check()
    if (value) return value
    if (Date.now() > end) throw new Error(`waited ${timeout / 1000} s in vain until ${what}`)
    await new Promise((r) => setTimeout(r, 50))
  }
}

/** Size of the picture on the clipboard; null while there is none. Electron's clipboard has become the web's. */
export const copiedSize = (app: Launched['app']): Promise<{ width: number; height: number } | null> =>
  app.evaluate(async ({ clipboard, nativeImage }) => {
    const old = clipboard as unknown as { readImage?: () => Electron.NativeImage }
    const [item] = old.readImage ? [] : (await clipboard.read()).filter((i) => i.types.includes('image/png'))
    const image = old.readImage
      ? old.readImage()
      : item &&
        nativeImage.createFromBuffer(Buffer.from(await ((await item.getType('image/png')) as Blob).arrayBuffer()))
    return !image || image.isEmpty() ? null : image.getSize()
  })
