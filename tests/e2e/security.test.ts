import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { describe, expect, it } from 'vitest'
import { rejection } from './bridge'
import { launchApp, sharedApp, until } from './harness'

const CSP =
  "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; font-src 'self'; connect-src 'self'; worker-src 'self'; object-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

describe('the window, looked at while it runs', () => {
  it('is sandboxed, isolated and under the content security policy', async () => {
    const { app, page } = await sharedApp()
    expect(page.url()).toBe('app://clinic/index.html')
    const preferences = await app.evaluate(({ BrowserWindow }) => {
      const contents = BrowserWindow.getAllWindows()[0]!.webContents as unknown as {
        getLastWebPreferences(): Record<string, unknown>
      }
      return contents.getLastWebPreferences()
    })
    expect(preferences).toMatchObject({
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
      nodeIntegrationInSubFrames: false,
      webSecurity: true
    })
    for (const off of [
      'allowRunningInsecureContent',
      'experimentalFeatures',
      'webviewTag',
      'enableBlinkFeatures',
      'navigateOnDragDrop'
    ])
      expect(preferences[off] || undefined).toBeUndefined()
    const header = await page.evaluate(async () => (await fetch(location.href)).headers.get('Content-Security-Policy'))
    expect(header).toBe(CSP)
    const globals = await page.evaluate(() =>
      ['require', 'process', 'module', 'Buffer', 'global', '__dirname', 'electron', 'ipcRenderer'].filter(
        (name) => name in window
      )
    )
    expect(globals).toEqual([])
  })
  it('has the declared calls and no way to make another', async () => {
    const { page } = await sharedApp()
    const { appContract } = await import('@shared/ipc/app')
    // `pathOf` tells the path of a file that a person has dropped, and of nothing else.
    expect(await page.evaluate(() => Object.keys(window.clinic).sort())).toEqual(
      [...Object.keys(appContract.calls).filter((call) => call !== 'fileDropped'), 'on', 'pathOf'].sort()
    )
    expect(await page.evaluate(() => Object.isFrozen(window.clinic))).toBe(true)
  })
  it('runs no inline script, no eval, and reaches no other host', async () => {
    const launched = await launchApp()
    const { page } = launched
    let asked = 0
    const server = createServer((_q, r) => {
      asked++
      r.end('x')
    }).listen(0, '127.0.0.1')
    await until(() => server.listening, 'the server listens')
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`
    const result = await page.evaluate(async (url) => {
      const inline = document.createElement('script')
      inline.textContent = 'window.ranInline = true'
      document.head.append(inline)
      const attribute = document.createElement('img')
      attribute.setAttribute('onerror', 'window.ranAttribute = true')
      attribute.src = 'data:image/png;base64,broken'
      document.body.append(attribute)
      await new Promise((done) => attribute.addEventListener('error', done))
      const evaluated = (() => {
        try {
          return new Function('return 1')() as number
        } catch {
          return 'refused'
        }
      })()
      const fetched = await fetch(url).then(
        () => 'loaded',
        () => 'refused'
      )
      const image = await new Promise((done) => {
        const i = new Image()
        i.onload = () => done('loaded')
        i.onerror = () => done('refused')
        i.src = url + 'x.png'
      })
      const frame = document.createElement('iframe')
      frame.src = url
      document.body.append(frame)
      const beyond = await fetch('app://clinic/..%2f..%2fpackage.json').then(
        (r) => r.status,
        () => 'refused'
      )
      const w = window as unknown as Record<string, unknown>
      return {
        inline: w['ranInline'] ?? 'refused',
        attribute: w['ranAttribute'] ?? 'refused',
        evaluated,
        fetched,
        image,
        beyond
      }
    }, url)
    expect(result).toEqual({
      inline: 'refused',
      attribute: 'refused',
      evaluated: 'refused',
      fetched: 'refused',
      image: 'refused',
      beyond: 404
    })
    expect(asked).toBe(0)
    server.close()
    launched.expectErrors(/Content Security Policy/, /404/, /violates/)
  })
  it('stays where it is and opens no other', async () => {
    const launched = await launchApp()
    const { app, page } = launched
    const opened = await page.evaluate(() => window.open('https://example.org/') === null)
    expect(opened).toBe(true)
    for (const go of [
      "location.href = 'https://example.org/'",
      "location.href = 'file:///etc/passwd'",
      "location.href = 'data:text/html,x'"
    ])
      await page.evaluate((go) => {
        const a = document.createElement('a')
        a.href = go.replace(/^.*?'|'$/g, '')
        a.textContent = 'x'
        document.body.append(a)
        a.click()
        a.remove()
      }, go)
    // The bridge still answers: the page is where it was.
    expect(await page.evaluate(() => window.clinic.recentFiles())).toEqual([])
    expect(page.url()).toBe('app://clinic/index.html')
    expect(await app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows().length)).toBe(1)
    // cspell:ignore navigat
    launched.expectErrors(/Not allowed|navigat/i)
  })
  it('gets no permission', async () => {
    const { page } = await sharedApp()
    const states = await page.evaluate(async () => {
      const out: Record<string, string> = {}
      for (const name of ['geolocation', 'notifications', 'camera', 'microphone', 'midi', 'clipboard-read'])
        out[name] = await navigator.permissions.query({ name: name as PermissionName }).then(
          (p) => p.state,
          (e: Error) => e.name
        )
      out['media'] = await navigator.mediaDevices.getUserMedia({ audio: true }).then(
        () => 'granted',
        () => 'denied'
      )
      return out
    })
    for (const [name, state] of Object.entries(states)) expect(state, name).not.toBe('granted')
  })
})

describe('messages to main', () => {
  it('from another window, or from a page that is not ours, are not answered', async () => {
    const { app, page } = await sharedApp()
    // Another window, with the same preload and thus the same means.
    const answers = await app.evaluate(async ({ app, BrowserWindow }) => {
      const preload = `${app.getAppPath()}/out/preload/index.js`
      const [ours] = BrowserWindow.getAllWindows()
      const out: string[] = []
      for (const url of ['app://clinic/index.html', 'data:text/html,foreign']) {
        const other = new BrowserWindow({
          show: false,
          webPreferences: { preload, sandbox: true, contextIsolation: true }
        })
        await other.loadURL(url)
        await other.webContents.executeJavaScript(
          "window.heard = 'silence'; void window.clinic.recentFiles().then(() => (window.heard = 'answered'), () => (window.heard = 'refused')); 0"
        )
        // Asked later and answered: what was asked before it is not going to be.
        for (let i = 0; i < 3; i++)
          await ours!.webContents.executeJavaScript('window.clinic.recentFiles().then(() => 0)')
        out.push((await other.webContents.executeJavaScript('window.heard')) as string)
        other.destroy()
      }
      return out
    })
    expect(answers).toEqual(['silence', 'silence'])
    expect(await page.evaluate(() => window.clinic.recentFiles())).toEqual([])
  })
  it('that are malformed are refused, naming the place, and harm nothing', async () => {
    const { page } = await sharedApp()
    const calls: [string, unknown[], string][] = [
      ['startRun', ['../../x', {}, {}], 'startRun.0'],
      ['startRun', ['x', 'not an object', {}], 'startRun.1'],
      ['startRun', ['x', {}, { a: 1 }], 'startRun.2'],
      ['startRun', ['x'], 'startRun'],
      ['startRun', ['x', { training: { steps: -1 } }, {}], 'training.steps'],
      ['pauseRun', [7], 'pauseRun.0'],
      ['ackFrames', ['x', -1], 'ackFrames.1'],
      ['exportFile', ['x.csv', 'text'], 'exportFile.1'],
      ['exportPdf', ['x.pdf', new Uint8Array(3)], 'exportPdf.1'],
      ['openProject', [{ toString: 1 }], 'openProject.0'],
      ['saveProject', [null, null], 'saveProject.0'],
      ['log', ['shout', 'x'], 'log.0'],
      ['info', [1], 'info']
    ]
    for (const [call, args, path] of calls) {
      const error = await rejection(page, call, ...args)
      expect(error, call).toMatchObject({ name: 'InputError' })
      expect(error!.problems[0]!.path.startsWith(path), `${call}: ${error!.problems[0]!.path}`).toBe(true)
      expect(error!.text.zh).toBeTruthy()
    }
    expect(await page.evaluate(() => window.clinic.recentFiles())).toEqual([])
    expect(await page.evaluate(() => window.clinic.listRuns())).toEqual([])
  })
  it('cannot read or write files that no person has chosen', async () => {
    const { page, userData } = await launchApp()
    const results = await page.evaluate(async (userData) => {
      const project = {
        format: 'gradient-clinic/project',
        version: 1,
        name: 'x',
        experiments: [],
        current: 0,
        runs: [],
        files: {}
      } as never
      return [
        await window.clinic.openProject('/etc/passwd'),
        await window.clinic.saveProject(project, `${userData}/stolen.gclinic`)
      ]
    }, userData)
    for (const r of results)
      expect(r).toMatchObject({
        ok: false,
        problems: [{ message: { en: expect.stringContaining('choose the file in the dialog') as string } }]
      })
  })
})
