import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { ROOT } from '../../scripts/setup/paths.mjs'
import { rejection } from './bridge'
import { sharedApp } from './harness'
import { Shell } from './pages/shell'
import { Workbench } from './pages/workbench'

/** What the one window was made with. */
async function preferences(): Promise<Record<string, unknown>> {
  const { app } = await sharedApp()
  return app.evaluate(({ BrowserWindow }) => {
    const contents = BrowserWindow.getAllWindows()[0]!.webContents as unknown as {
      getLastWebPreferences(): Record<string, unknown>
    }
    return contents.getLastWebPreferences()
  })
}
const build = (): string =>
  readdirSync(join(ROOT, 'out/main'), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.js'))
    .map((name) => readFileSync(join(ROOT, 'out/main', name), 'utf8'))
    .join('\n')

// Each is a line of the table of `npm run security`: Electron's own list, and ours for a program that works offline.
describe('security', () => {
  it.each([
    ['1 only content of the program is loaded, by a scheme of its own', 'app://clinic/index.html'],
    [
      '2 pages have no Node, also in frames and workers',
      'nodeIntegration nodeIntegrationInSubFrames nodeIntegrationInWorker'
    ],
    ['3 context isolation is on', 'contextIsolation'],
    ['4 pages are sandboxed', 'sandbox'],
    ['6 webSecurity is on', 'webSecurity'],
    ['8 no insecure content is let in', 'allowRunningInsecureContent'],
    ['9 no experimental features', 'experimentalFeatures'],
    ['10 no Blink features', 'enableBlinkFeatures'],
    ['11 no webview', 'webviewTag'],
    ['12 dropped files are no navigation', 'navigateOnDragDrop']
  ])('%s', async (_item, what) => {
    const { page } = await sharedApp()
    if (what.includes('://')) return expect(page.url()).toBe(what)
    const found = await preferences()
    const on = ['contextIsolation', 'sandbox', 'webSecurity'].includes(what)
    for (const name of what.split(' ')) expect(Boolean(found[name]), name).toBe(on)
  })
  it('5 every permission is denied', async () => {
    const { page } = await sharedApp()
    const states = await page.evaluate(() =>
      Promise.all(
        ['geolocation', 'notifications', 'camera', 'microphone', 'midi', 'clipboard-read'].map((name) =>
          navigator.permissions.query({ name: name as PermissionName }).then(
            ({ state }) => state,
            () => 'denied'
          )
        )
      )
    )
    expect(states.every((s) => s !== 'granted')).toBe(true)
  })
  it('7 the content security policy is the strict one', async () => {
    const { page } = await sharedApp()
    const header = await page.evaluate(async () => (await fetch(location.href)).headers.get('Content-Security-Policy'))
    expect(header).toMatch(/^default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; /)
    expect(header).not.toMatch(/unsafe-eval|https?:|\*/)
  })
  it('13 navigation is refused', async () => {
    const { app, page } = await sharedApp()
    const at = page.url()
    const refused = await app.evaluate(({ BrowserWindow }) => {
      const { webContents } = BrowserWindow.getAllWindows()[0]!
      let prevented = false
      webContents.emit('will-navigate', { preventDefault: () => (prevented = true) }, 'https://example.org/')
      return prevented
    })
    expect(refused).toBe(true)
    expect(page.url()).toBe(at)
  })
  it('14 new windows are refused', async () => {
    const { app, page } = await sharedApp()
    expect(await page.evaluate(() => window.open('https://example.org/') === null)).toBe(true)
    expect(await app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows().length)).toBe(1)
  })
  it('15 nothing is opened outside: the build has no openExternal', () => {
    expect(build()).not.toMatch(/openExternal|openPath/)
  })
  it('16 an Electron that is out of support is said to be, with what that means', async () => {
    const { app, page } = await sharedApp()
    const electron = await app.evaluate(() => process.versions.electron)
    const bench = await Workbench.of(page)
    await new Shell(page).command('about')
    await bench.question.waitFor()
    const said = (await bench.question.textContent())!
    await bench.answer('ok')
    expect(said).toContain(electron)
    // The last Electron of the floor's line; `npm test -- newest` runs this on a current one.
    expect(/Electron [\d.]+ is out of support.*open those of people you trust/s.test(said)).toBe(
      electron.startsWith('22.')
    )
  })
  it('17 senders are checked: another window gets no answer', async () => {
    const { app } = await sharedApp()
    const heard = await app.evaluate(async ({ app, BrowserWindow }) => {
      const [ours] = BrowserWindow.getAllWindows()
      const preload = `${app.getAppPath()}/out/preload/index.js`
      const other = new BrowserWindow({ show: false, webPreferences: { preload, sandbox: true } })
      await other.loadURL('app://clinic/index.html')
      await other.webContents.executeJavaScript(
        "window.heard = 'silence'; void window.clinic.info().then(() => (window.heard = 'answered'), () => (window.heard = 'refused')); 0"
      )
      for (let i = 0; i < 3; i++) await ours!.webContents.executeJavaScript('window.clinic.info().then(() => 0)')
      const result = (await other.webContents.executeJavaScript('window.heard')) as string
      other.destroy()
      return result
    })
    expect(heard).toBe('silence')
  })
  it('18 no file:, and no way out of the folder of the scheme', async () => {
    const launched = await sharedApp()
    const found = await launched.page.evaluate(() =>
      Promise.all(
        ['app://clinic/..%2f..%2fpackage.json', 'app://other/index.html', 'file:///etc/passwd'].map((url) =>
          fetch(url).then(
            (r) => r.status,
            () => 0
          )
        )
      )
    )
    expect(found.every((status) => status === 0 || status === 404)).toBe(true)
    launched.expectErrors(/404|Content Security Policy|Not allowed|Failed to load|violates/)
  })
  it('20 the page has the declared calls alone, and payloads are checked', async () => {
    const { page } = await sharedApp()
    const { appContract } = await import('@shared/ipc/app')
    expect(await page.evaluate(() => Object.keys(window.clinic).sort())).toEqual(
      [...Object.keys(appContract.calls).filter((call) => call !== 'fileDropped'), 'on', 'pathOf'].sort()
    )
    expect(await rejection(page, 'openProject', { toString: 1 })).toMatchObject({ name: 'InputError' })
    expect(await page.evaluate(() => ['require', 'process', 'Buffer'].filter((name) => name in window))).toEqual([])
  })
  it('no name is resolved, no dictionary fetched, no peer connection made', async () => {
    const { app, page } = await sharedApp()
    const found = await app.evaluate(({ app, session }) => ({
      rules: app.commandLine.getSwitchValue('host-resolver-rules'),
      off: ['disable-background-networking', 'disable-component-update', 'no-pings'].every((s) =>
        app.commandLine.hasSwitch(s)
      ),
      spelling: session.defaultSession.isSpellCheckerEnabled(),
      languages: session.defaultSession.getSpellCheckerLanguages()
    }))
    expect(found).toEqual({ rules: 'MAP * ~NOTFOUND', off: true, spelling: false, languages: [] })
    expect(await page.evaluate(() => 'RTCPeerConnection' in window)).toBe(false)
  })
})

describe('messages that make no sense', () => {
  const nonsense = [
    { experiments: 7, current: 0 },
    { experiments: [{ network: { nodes: 'x' } }], current: 0, files: null },
    { experiments: [null], current: 0 },
    { name: 7, experiments: [{}], current: -1, runs: [{}], files: {} },
    {}
  ]
  it('about the project on the screen are refused in words, and the page that is reloaded is as it was', async () => {
    const { page } = await sharedApp()
    for (const project of nonsense) {
      const error = await rejection(page, 'projectChanged', project, true, null)
      expect(error).toMatchObject({ name: 'InputError' })
      expect(error!.message).not.toMatch(/TypeError|Cannot read|is not a function|is not iterable/)
    }
    await page.reload()
    await page.getByTestId('train').waitFor()
    expect(await page.evaluate(() => window.clinic.recentFiles())).toEqual([])
  })
  it('about projects to be saved and runs to be started are problems, not TypeErrors', async () => {
    const { page } = await sharedApp()
    for (const project of nonsense)
      expect(await rejection(page, 'saveProject', project, null)).toMatchObject({ name: 'InputError' })
    for (const experiment of [{ network: null }, { training: [] }, { data: { dataset: 7 } }])
      expect(await rejection(page, 'startRun', 'x', experiment, {})).toMatchObject({ name: 'InputError' })
  })
})
