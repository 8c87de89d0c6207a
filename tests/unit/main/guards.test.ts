import * as fs from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { handedOver, readArguments, takenOver } from '../../../src/main/paths'
import { Report, safeFileName } from '../../../src/main/report'
import { objection } from '../../../src/main/rendererPort'
import { CSP, fileFor, isOurs } from '../../../src/main/scheme'
import { menuTemplate } from '../../../src/main/menu'
import { checkNative } from '../../../src/main/native'
import { placeOf } from '../../../src/main/window'

vi.mock('electron', () => ({
  app: {},
  ipcMain: {},
  protocol: {},
  Menu: {},
  BrowserWindow: {},
  nativeTheme: {},
  screen: {}
}))
vi.mock('../../../src/main/log', () => ({ log: vi.fn() }))

let dir: string
beforeAll(async () => {
  dir = await fs.mkdtemp(join(tmpdir(), 'clinic-guards-'))
  await fs.mkdir(join(dir, 'root', 'assets'), { recursive: true })
  await fs.writeFile(join(dir, 'root', 'index.html'), 'page')
  await fs.writeFile(join(dir, 'root', 'assets', 'a b.js'), 'code')
  await fs.writeFile(join(dir, 'root', 'secret.key'), 'key')
  await fs.writeFile(join(dir, 'secret.html'), 'secret')
})
afterAll(() => fs.rm(dir, { recursive: true, force: true }))

describe('app:// serves', () => {
  it.each([
    ['app://clinic/', 'page', 'text/html'],
    ['app://clinic/index.html?x=1#y', 'page', 'text/html'],
    ['app://clinic/assets/a%20b.js', 'code', 'text/javascript']
  ])('%s', async (url, body, type) => {
    const got = await fileFor(url, join(dir, 'root'))
    expect([got.status, got.body.toString()]).toEqual([200, body])
    expect(got.headers['Content-Type']).toContain(type)
    expect(got.headers['Content-Security-Policy']).toBe(CSP)
  })
  it.each([
    'app://clinic/../secret.html',
    'app://clinic/%2e%2e/secret.html',
    'app://clinic/..%2fsecret.html',
    'app://clinic/assets/..%2f..%2fsecret.html',
    'app://clinic/..%5csecret.html',
    'app://clinic//etc/passwd',
    'app://clinic/%00index.html',
    'app://clinic/index.html%00.js',
    'app://clinic/secret.key',
    'app://clinic/assets',
    'app://other/index.html',
    'file:///etc/passwd',
    'app://clinic/%zz',
    'nonsense'
  ])('nothing for %s', async (url) => {
    const got = await fileFor(url, join(dir, 'root'))
    expect(got.status).toBeGreaterThanOrEqual(400)
    expect(got.body.toString()).not.toMatch(/secret|key|root/)
  })
})

describe('a message', () => {
  const frame = { url: 'app://clinic/index.html' }
  const contents = { mainFrame: frame } as never
  it('is taken from the main frame of our page alone', () => {
    const from = (sender: unknown, senderFrame: unknown) => objection({ sender, senderFrame } as never, contents)
    expect(from(contents, frame)).toBeUndefined()
    expect(from({}, frame)).toMatch(/other contents/)
    expect(from(contents, null)).toMatch(/gone/)
    expect(from(contents, { ...frame })).toMatch(/frame within/)
    const foreign = { url: 'https://example.org/' }
    expect(
      objection({ sender: contents, senderFrame: foreign } as never, Object.assign(contents, { mainFrame: foreign }))
    ).toMatch(/example/)
  })
  it.each([
    ['app://clinic/index.html', true],
    ['app://clinic.evil/', false],
    ['https://clinic/', false],
    ['file:///x', false],
    ['about:blank', false],
    ['data:text/html,x', false],
    ['', false]
  ])('page %s', (url, ok) => expect(isOurs(url)).toBe(ok))
})

describe('the command line', () => {
  const read = (...argv: string[]) => readArguments(['electron', ...argv], '/home/u', '/opt/clinic')
  it('names a report folder and a project', () => {
    expect(read('--inspect=0', '--no-sandbox', '/opt/clinic', '--report', 'out', 'a b/é.gclinic')).toEqual({
      report: '/home/u/out',
      open: '/home/u/a b/é.gclinic'
    })
    expect(read('/opt/clinic', '--report=/tmp/r')).toEqual({ report: '/tmp/r' })
    // What it is, the window tells.
    expect(read('/opt/clinic', 'notes.txt', '--flag')).toEqual({ open: '/home/u/notes.txt' })
    expect(read('/opt/clinic', '', '--flag')).toEqual({})
    expect(readArguments(['clinic', 'x.GCLINIC'], '/home/u')).toEqual({ open: '/home/u/x.GCLINIC' })
  })
})

describe('what a second launch hands over', () => {
  it.each([
    '/a b/作业.gclinic',
    '/Łódź.gclinic',
    '/αβγ.gclinic',
    '/😀.gclinic',
    '/"q\'\n\\.gclinic',
    '/\ud800.gclinic'
  ])('%j, in plain ASCII', (path) => {
    const { open } = handedOver({ open: path })
    expect(open).toMatch(/^[\x20-\x7e]*$/)
    expect(takenOver({ open })).toBe(path)
  })
  it('may be nothing, or nonsense', () => {
    for (const data of [
      handedOver({}),
      null,
      undefined,
      'x',
      { open: '{' },
      { open: '7' },
      { open: `"${'x'.repeat(5000)}"` }
    ])
      expect(takenOver(data)).toBeUndefined()
  })
})

describe('a window', () => {
  const screens = [{ workArea: { x: 0, y: 0, width: 1920, height: 1080 } }]
  it('opens where it was, if that can still be seen', () => {
    const at = (x: number, y: number) => placeOf({ x, y, width: 1200, height: 800, maximized: false }, screens)
    expect(at(100, 50)).toEqual({ x: 100, y: 50, width: 1200, height: 800 })
    expect(at(5000, 50)).toEqual({ width: 1200, height: 800 })
    expect(at(100, -500)).toEqual({ width: 1200, height: 800 })
    expect(placeOf({ width: 1, height: 1, maximized: false }, screens)).toEqual({ width: 900, height: 600 })
    expect(placeOf(undefined, screens)).toEqual({ width: 1440, height: 900 })
  })
})

describe('file names', () => {
  it.each([
    ['run.csv', 'run.csv'],
    ['../../etc/passwd', 'passwd'],
    ['a\\b\\c.png', 'c.png'],
    ['x:y?.png', 'x_y_.png'],
    ['..', 'export'],
    ['', 'export'],
    ['.hidden', 'hidden'],
    ['损失.csv', '损失.csv'],
    [`${'a'.repeat(300)}.csv`, `${'a'.repeat(196)}.csv`],
    [`${'失'.repeat(100)}.csv`, `${'失'.repeat(65)}.csv`],
    ['😀'.repeat(100), '😀'.repeat(50)],
    [`a.${'b'.repeat(300)}`, `a.${'b'.repeat(198)}`]
  ])('%j → %j', (name, safe) => expect(safeFileName(name)).toBe(safe))
})

describe('the menu', () => {
  it.each(['en', 'zh'] as const)('in %s sends its commands', (language) => {
    const sent: unknown[] = []
    const template = menuTemplate({ language, recent: ['/x/a b/é.gclinic'], send: (c) => sent.push(c) })
    const click = (items: Electron.MenuItemConstructorOptions[]): void => {
      for (const item of items) {
        if (item.type !== 'separator' && item.role === undefined) expect(item.label).toBeTruthy()
        ;(item.click as (() => void) | undefined)?.()
        if (Array.isArray(item.submenu)) click(item.submenu)
      }
    }
    click(template)
    expect(sent).toEqual([
      'new',
      'newEmpty',
      'open',
      { openRecent: '/x/a b/é.gclinic' },
      'recovered',
      'openCsv',
      'openIdx',
      'openRecording',
      'openModel',
      'save',
      'saveAs',
      'reportHtml',
      'reportPdf',
      'settings',
      'undo',
      'redo',
      'palette',
      'shortcuts',
      'glossary',
      'tour',
      'about'
    ])
    expect(JSON.stringify(template)).toMatch(language === 'zh' ? /保存/ : /Save/)
  })
})

describe('a report', () => {
  it('prints what it wrote and ends with 0; without files, with an error, or too late with 1', async () => {
    const make = (limit?: number) => {
      const lines: string[] = []
      let code: number | undefined
      const r = new Report(
        join(dir, 'reports'),
        (c) => (code = c),
        async (line) => void lines.push(line),
        limit
      )
      return { r, lines, code: () => code }
    }
    const good = make()
    expect(await good.r.write('../run.csv', new Uint8Array([1]))).toEqual({
      ok: true,
      path: join(dir, 'reports', 'run.csv')
    })
    await good.r.done(null)
    await good.r.done('twice')
    expect([good.code(), good.lines]).toEqual([0, [join(dir, 'reports', 'run.csv')]])
    const empty = make()
    await empty.r.done(null)
    expect(empty.code()).toBe(1)
    const bad = make()
    await bad.r.done('the run failed')
    expect([bad.code(), bad.lines]).toEqual([1, ['No report: the run failed']])
    const late = make(5)
    await vi.waitFor(() => expect(late.code()).toBe(1))
  })
})

describe('the training library', () => {
  it('is found missing part by part', async () => {
    const folder = join(dir, 'tfjs-node')
    const found = { folder, version: '4.22.0' }
    const missing = (): string => {
      const { native } = checkNative('linux', found)
      return native.ok ? '' : native.problems[0]!.message.en
    }
    expect(missing()).toMatch(/tfjs_binding\.node is missing.*npm run setup/)
    await fs.mkdir(join(folder, 'lib', 'napi-v8'), { recursive: true })
    await fs.mkdir(join(folder, 'deps', 'lib'), { recursive: true })
    await fs.writeFile(join(folder, 'lib', 'napi-v8', 'tfjs_binding.node'), '')
    expect(missing()).toMatch(/libtensorflow\.so/)
    await fs.symlink('nowhere.so', join(folder, 'deps', 'lib', 'libtensorflow.so'))
    expect(missing()).toMatch(/libtensorflow\.so/)
    await fs.writeFile(join(folder, 'deps', 'lib', 'nowhere.so'), '')
    expect(missing()).toBe('')
    expect(checkNative('linux', undefined)).toMatchObject({ native: { ok: true } })
  })
})
