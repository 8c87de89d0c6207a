import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { _electron, type ElectronApplication, type Page } from 'playwright'
import { afterEach, expect } from 'vitest'
import { ROOT, electronExecutable, sandboxArgs } from '../../scripts/setup/paths.mjs'

/** The folder whose build is tested; a packaged or unfinished one may be named instead. */
const APP = process.env['GRADIENT_CLINIC_APP'] ?? ROOT

export interface LaunchOptions {
  /** A folder to keep between launches; a fresh temporary one otherwise. */
  userData?: string
  /** What comes after the app's folder on the command line. */
  args?: string[]
  env?: Record<string, string>
  app?: string
  size?: { width: number; height: number }
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
const folders: string[] = []

/** A temporary folder that goes when the test has ended. */
export function temporary(name = 'clinic-e2e-'): string {
  const dir = mkdtempSync(join(tmpdir(), name))
  folders.push(dir)
  return dir
}

/** Starts the real app in a real window. Every app still open is closed after the test, and every unexpected page error fails it. */
export async function launchApp(options: LaunchOptions = {}): Promise<Launched> {
  const userData = options.userData ?? temporary()
  const env: Record<string, string> = {}
  for (const [k, v] of Object.entries(process.env)) if (v !== undefined) env[k] = v
  const app = await _electron.launch({
    executablePath: electronExecutable(),
    args: [...sandboxArgs(), '--lang=en-US', options.app ?? APP, ...(options.args ?? [])],
    env: { ...env, LANGUAGE: 'en', GRADIENT_CLINIC_USER_DATA: userData, ...options.env }
  })
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
  const page = await app.firstWindow()
  await page.waitForLoadState('domcontentloaded')
  if (options.size) {
    await app.evaluate(
      ({ BrowserWindow }, size) => BrowserWindow.getAllWindows()[0]!.setContentSize(size.width, size.height),
      options.size
    )
    await page.waitForFunction((size) => innerWidth === size.width && innerHeight === size.height, options.size)
  }
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

afterEach(async ({ task }) => {
  const left = [...open]
  // What it looked like when it failed.
  if (task.result?.state === 'fail')
    for (const [i, l] of left.entries())
      await l.page
        .screenshot({
          path: join(ROOT, 'reports', 'e2e', `${task.name.replace(/\W+/g, '-').slice(0, 60)}-${i + 1}.png`),
          timeout: 5000
        })
        .catch(() => {})
  const errors = left.flatMap((l) => l.errors)
  for (const l of left) await l.close()
  for (const dir of folders.splice(0)) rmSync(dir, { recursive: true, force: true, maxRetries: 10, retryDelay: 200 })
  expect(errors, 'errors reported by the page').toEqual([])
})

/** Lets a dialog answer without being shown; every later one of its kind gives the same answer. Questions asked are kept: `asked`. */
export async function answer(
  { app }: Launched,
  name: DialogName,
  value: { canceled?: boolean; filePaths?: string[]; filePath?: string; response?: number }
): Promise<void> {
  await app.evaluate(
    ({ dialog }, { name, value }) => {
      const all = ((globalThis as Record<string, unknown>)['asked'] ??= []) as unknown[]
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

/** Process ids of all trainers there are, the one in waiting included. */
export const trainers = ({ app }: Launched): Promise<number[]> =>
  app.evaluate(({ app }) =>
    app
      .getAppMetrics()
      .filter((m) => m.type === 'Utility' && [m.name, m.serviceName].includes('Gradient Clinic trainer'))
      .map((m) => m.pid)
  )

/** Chooses an item of the native menu, by its id. */
export const menu = ({ app }: Launched, id: string): Promise<void> =>
  app.evaluate(({ Menu }, id) => Menu.getApplicationMenu()!.getMenuItemById(id)!.click(), id)

/** Waits until `check` gives something; the last value is in the error. */
export async function until<T>(
  check: () => Promise<T | null | undefined | false> | T | null | undefined | false,
  what: string,
  timeout = 60_000
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
