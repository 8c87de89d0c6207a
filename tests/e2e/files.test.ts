import { spawn } from 'node:child_process'
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Page } from 'playwright'
import { describe, expect, it } from 'vitest'
import type { Project } from '@shared/project/types'
import { decodeProject, encodeProject } from '@shared/project'
import { parseExperiment } from '@shared/experiment'
import { ROOT, electronExecutable, isRoot, sandboxArgs } from '../../scripts/setup/paths.mjs'
import { project, smallExperiment } from './bridge'
import { readJournal } from '../../src/main/files/journal/read'
import { Workbench } from './pages/workbench'
import { answer, asked, launchApp, menu, temporary, until } from './harness'

const named = (name: string): Project => project(name, parseExperiment(smallExperiment(10)))
const save = (page: Page, p: Project, path: string | null) =>
  page.evaluate(([p, path]) => window.clinic.saveProject(p as Project, path as string | null), [p, path] as const)
const open = (page: Page, path: string | null) => page.evaluate((path) => window.clinic.openProject(path), path)
const change = (page: Page, p: Project | null, dirty: boolean) =>
  page.evaluate(([p, dirty]) => window.clinic.projectChanged(p as Project | null, dirty as boolean), [
    p,
    dirty
  ] as const)

describe('a project', () => {
  it('is saved where the person says, opened again, and is among the recent files', async () => {
    const launched = await launchApp()
    const { page } = launched
    const file = join(temporary(), '作业 é.gclinic')
    await answer(launched, 'showSaveDialog', { filePath: file.replace('.gclinic', '') })
    expect(await save(page, named('one'), null)).toEqual({ ok: true, path: file })
    expect((await asked(launched))[0]!.defaultPath).toBe('one.gclinic')
    expect(await save(page, named('two'), file)).toEqual({ ok: true, path: file })
    expect(decodeProject(readFileSync(`${file}.bak`)).name).toBe('one')
    expect(await page.evaluate(() => window.clinic.recentFiles())).toEqual([file])
    await launched.close()

    const again = await launchApp({ userData: launched.userData })
    expect(await again.page.evaluate(() => window.clinic.recentFiles())).toEqual([file])
    expect(await open(again.page, file)).toMatchObject({ ok: true, path: file, value: named('two') })
    await answer(again, 'showOpenDialog', { canceled: true, filePaths: [] })
    expect(await open(again.page, null)).toEqual({ ok: false, canceled: true })
  })
  it('that makes no sense is refused with the reason, and nothing else changes', async () => {
    const launched = await launchApp()
    const { page } = launched
    const dir = temporary()
    const file = join(dir, 'x.gclinic')
    const good = encodeProject(named('good'))
    const cases: [string, Uint8Array, RegExp][] = [
      ['truncated', good.slice(0, good.length / 2), /cut off|damaged/],
      ['text', new TextEncoder().encode('hello'), /not a Gradient Clinic project/],
      ['empty', new Uint8Array(0), /empty/],
      ['a bad experiment', new TextEncoder().encode('{"training": {"steps": "many"}}'), /finite number/]
    ]
    for (const [what, bytes, why] of cases) {
      writeFileSync(file, bytes)
      await answer(launched, 'showOpenDialog', { filePaths: [file] })
      const result = await open(page, null)
      expect(result, what).toMatchObject({ ok: false, path: file })
      expect(result.ok || result.canceled ? '' : result.problems[0]!.message.en, what).toMatch(why)
    }
    expect(await page.evaluate(() => window.clinic.recentFiles())).toEqual([])
    expect(readdirSync(dir)).toEqual(['x.gclinic'])
  })
  it('that cannot be saved says why, and the old file stays', async () => {
    const launched = await launchApp()
    const { page } = launched
    const dir = temporary()
    const file = join(dir, 'x.gclinic')
    await answer(launched, 'showSaveDialog', { filePath: file })
    await save(page, named('old'), null)
    await answer(launched, 'showSaveDialog', { filePath: join(dir, 'no such folder', 'y.gclinic') })
    expect(await save(page, named('new'), null)).toMatchObject({
      ok: false,
      problems: [{ message: { en: expect.stringContaining('the folder does not exist') as string } }]
    })
    // Root may write anywhere, so a read-only folder is one that no one can write to.
    if (isRoot()) {
      await answer(launched, 'showSaveDialog', { filePath: '/proc/y.gclinic' })
      expect(await save(page, named('new'), null)).toMatchObject({
        ok: false,
        problems: [{ message: { en: expect.stringContaining('could not be saved') as string } }]
      })
    } else {
      chmodSync(dir, 0o500)
      expect(await save(page, named('new'), file)).toMatchObject({
        ok: false,
        problems: [{ message: { en: expect.stringContaining('no permission') as string } }]
      })
      chmodSync(dir, 0o700)
    }
    expect(decodeProject(readFileSync(file)).name).toBe('old')
  })
  it('that is large is written by a process of its own; when that dies, the old file stays and the reason is told', async () => {
    const launched = await launchApp()
    const { page } = launched
    const file = join(temporary(), 'x.gclinic')
    const large = (name: string, cells: number): Project => ({
      ...named(name),
      files: { 'table.csv': `a\n${'0.123456\n'.repeat(cells)}` }
    })
    await answer(launched, 'showSaveDialog', { filePath: file })
    expect(await save(page, large('old', 1e6), null)).toEqual({ ok: true, path: file })
    expect(await open(page, file)).toMatchObject({ ok: true, value: { name: 'old' } })
    // Electron tells of the process before that one has begun to write.
    await launched.app.evaluate(({ app }) => {
      const end = setInterval(() => {
        const writer = app.getAppMetrics().find((m) => [m.name, m.serviceName].includes('Gradient Clinic files'))
        if (!writer) return
        clearInterval(end)
        process.kill(writer.pid, 'SIGKILL')
      }, 10)
    })
    expect(await save(page, large('new', 2e6), file)).toMatchObject({
      ok: false,
      problems: [
        { message: { en: expect.stringContaining('x.gclinic could not be saved: its process has crashed') as string } }
      ]
    })
    expect(decodeProject(readFileSync(file)).name).toBe('old')
    expect(await save(page, large('new', 2e6), file)).toEqual({ ok: true, path: file })
    expect(decodeProject(readFileSync(`${file}.bak`)).name).toBe('old')
    expect(readdirSync(join(file, '..')).sort()).toEqual(['x.gclinic', 'x.gclinic.bak'])
  })
  it('that another program has changed is overwritten only when the person says so', async () => {
    const launched = await launchApp()
    const { page } = launched
    const file = join(temporary(), 'x.gclinic')
    await answer(launched, 'showSaveDialog', { filePath: file })
    await save(page, named('mine'), null)
    writeFileSync(file, encodeProject(named('theirs')))
    await answer(launched, 'showMessageBox', { response: 1 })
    expect(await save(page, named('mine 2'), file)).toEqual({ ok: false, canceled: true })
    expect(decodeProject(readFileSync(file)).name).toBe('theirs')
    expect((await asked(launched)).at(-1)!.message).toContain('changed by another program')
    await answer(launched, 'showMessageBox', { response: 0 })
    expect(await save(page, named('mine 2'), file)).toEqual({ ok: true, path: file })
    expect(decodeProject(readFileSync(`${file}.bak`)).name).toBe('theirs')
  })
})

describe('unsaved work', () => {
  const backups = (userData: string): string[] =>
    readdirSync(join(userData, 'backup')).filter((f) => existsSync(join(userData, 'backup', f, 'project.json')))
  const backedUp = async (userData: string): Promise<Project> =>
    (await readJournal(join(userData, 'backup', backups(userData).at(-1)!))).project
  it('survives a kill of the app', async () => {
    const first = await launchApp()
    await change(first.page, named('draft'), true)
    await until(() => backups(first.userData).length === 1, 'it is backed up')
    await first.sigkill()
    const second = await launchApp({ userData: first.userData })
    await second.page.getByTestId('question-restore').click()
    const title = (): Promise<string> =>
      second.app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]!.getTitle())
    await until(async () => (await title()) === '● draft – Gradient Clinic', 'the window has taken it up')
    await second.sigkill()
    expect((await backedUp(first.userData)).experiments).toEqual(named('draft').experiments)
  })
  it('survives a polite end too, without a question', async () => {
    const first = await launchApp()
    const bench = await Workbench.of(first.page)
    await bench.rename('draft')
    const gone = new Promise((r) => first.app.process().once('exit', r))
    first.app.process().kill('SIGTERM')
    await gone
    expect((await backedUp(first.userData)).experiments[0]!.name).toBe('draft')
  })
  it('is asked about when the window closes', async () => {
    const launched = await launchApp()
    const { app, page, userData } = launched
    await change(page, named('draft'), true)
    expect(await app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]!.getTitle())).toBe(
      '● draft – Gradient Clinic'
    )
    await answer(launched, 'showMessageBox', { response: 2 })
    await app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]!.close())
    await until(async () => (await asked(launched)).length === 1, 'it has asked')
    expect((await asked(launched))[0]!.message).toBe('Save the changes to this project?')
    expect(await page.evaluate(() => window.clinic.recentFiles())).toEqual([])
    // "Don't save" means it.
    const gone = new Promise((r) => app.process().once('exit', r))
    await answer(launched, 'showMessageBox', { response: 1 })
    await app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]!.close()).catch(() => {})
    await gone
    expect(backups(userData)).toEqual([])
  })
})

describe('a second launch', () => {
  it('hands its file to the first and ends', async () => {
    const launched = await launchApp()
    const { page, userData } = launched
    const dir = join(temporary(), 'a b')
    mkdirSync(dir)
    const file = join(dir, 'é.gclinic')
    writeFileSync(file, encodeProject(named('second')))
    await page.evaluate(() =>
      window.clinic.on('menu', (c) => void ((window as unknown as { command: unknown }).command = c))
    )
    const second = spawn(
      electronExecutable(),
      [...sandboxArgs(), process.env['GRADIENT_CLINIC_APP'] ?? ROOT, 'é.gclinic'],
      { cwd: dir, env: { ...process.env, GRADIENT_CLINIC_USER_DATA: userData }, stdio: 'ignore' }
    )
    const code = await new Promise((r) => second.once('exit', r))
    expect(code).toBe(0)
    const command = await until(
      () => page.evaluate(() => (window as unknown as { command?: unknown }).command),
      'the first has heard'
    )
    expect(command).toEqual({ openRecent: file })
    expect(await open(page, file)).toMatchObject({ ok: true, value: named('second') })
  })
  it('during a load of the page is heard when that can hear', async () => {
    const file = join(temporary(), 'later.gclinic')
    writeFileSync(file, encodeProject(project('later', parseExperiment(smallExperiment(10, { name: 'later' })))))
    const { app, page } = await launchApp()
    await app.evaluate(({ app, BrowserWindow }, file) => {
      const { webContents } = BrowserWindow.getAllWindows()[0]!
      webContents.once('did-start-loading', () =>
        app.emit('second-instance', {}, [], '/', { open: JSON.stringify(file) })
      )
      webContents.reload()
    }, file)
    await page.getByTestId('project-menu').filter({ hasText: 'later' }).waitFor()
  })
  it.each([
    ['a model', 'residual.keras', readFileSync(join(ROOT, 'tests/fixtures/keras/residual.keras')), 'residual.keras'],
    ['an experiment', 'small.json', JSON.stringify(smallExperiment(10, { name: 'by its name' })), 'by its name'],
    ['a table', 'table.csv', 'a,b\n1,2\n', 'table.csv could not be opened']
  ])('may name %s, at the start and later', async (_, name, content, seen) => {
    const file = join(temporary(), name)
    writeFileSync(file, content)
    const start = await launchApp({ args: [file] })
    await start.page.getByText(seen).first().waitFor()
    await start.close()
    const { app, page } = await launchApp()
    await app.evaluate(
      ({ app }, file) => app.emit('second-instance', {}, [], '/', { open: JSON.stringify(file) }),
      file
    )
    await page.getByText(seen).first().waitFor()
    expect(await page.evaluate(() => window.clinic.recentFiles())).toEqual([])
  })
  it('with a file at the start tells the window to open it', async () => {
    const file = join(temporary(), 'a b é.gclinic')
    writeFileSync(file, encodeProject(named('first')))
    const { page } = await launchApp({ args: [file] })
    expect((await page.evaluate(() => window.clinic.info())).open).toBe(file)
    expect(await open(page, file)).toMatchObject({ ok: true, value: named('first') })
  })
})

describe('what the app remembers', () => {
  it('settings, and the place of its window', async () => {
    const first = await launchApp()
    expect(await first.page.evaluate(() => window.clinic.getSettings())).toMatchObject({
      theme: 'system',
      language: 'system'
    })
    await first.page.evaluate(() =>
      window.clinic.setSettings({ theme: 'dark', language: 'zh', layout: { palette: 240 } })
    )
    expect(
      await first.app.evaluate(({ Menu, nativeTheme }) => [
        Menu.getApplicationMenu()!
          .items.map((i) => i.label)
          .join(' '),
        nativeTheme.shouldUseDarkColors
      ])
    ).toEqual(['文件 编辑 视图 帮助', true])
    await first.app.evaluate(({ BrowserWindow }) =>
      BrowserWindow.getAllWindows()[0]!.setBounds({ x: 40, y: 30, width: 1111, height: 777 })
    )
    await until(
      () => first.app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]!.getBounds().width === 1111),
      'it has that size'
    )
    await first.close()
    const second = await launchApp({ userData: first.userData })
    expect(await second.page.evaluate(() => window.clinic.getSettings())).toMatchObject({
      theme: 'dark',
      language: 'zh',
      layout: expect.objectContaining({ palette: 240 }) as object
    })
    expect(
      await second.app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]!.getBounds())
    ).toMatchObject({ width: 1111, height: 777 })
  })
  it('and starts anew from a settings file that makes no sense', async () => {
    const userData = temporary()
    writeFileSync(join(userData, 'settings.json'), '{"theme": ')
    writeFileSync(join(userData, 'state.json'), '[]')
    const { page } = await launchApp({ userData })
    expect(await page.evaluate(() => window.clinic.getSettings())).toMatchObject({ theme: 'system' })
    await until(() => existsSync(join(userData, 'settings.json.bad')), 'the bad file is put aside')
  })
  it('and takes from a newer program’s files what it knows, and keeps the rest for it', async () => {
    const userData = temporary()
    const paths = Array.from({ length: 12 }, (_, i) => `/projects/${i}.gclinic`)
    writeFileSync(join(userData, 'settings.json'), JSON.stringify({ theme: 'dark', language: 'fr', sounds: 'off' }))
    writeFileSync(join(userData, 'state.json'), JSON.stringify({ recent: [7, ...paths], pinned: paths.slice(3, 5) }))
    const launched = await launchApp({ userData })
    const { page } = launched
    expect(await page.evaluate(() => window.clinic.recentFiles())).toEqual(paths.slice(0, 10))
    expect(await page.evaluate(() => window.clinic.setSettings({ language: 'zh' }))).toMatchObject({ theme: 'dark' })
    await launched.close()
    const left = (name: string): unknown => JSON.parse(readFileSync(join(userData, name), 'utf8'))
    expect(left('settings.json')).toMatchObject({ theme: 'dark', language: 'zh', sounds: 'off' })
    expect(left('state.json')).toMatchObject({ recent: paths.slice(0, 10), pinned: paths.slice(3, 5) })
  })
})

describe('tables and exports', () => {
  it('go through dialogs, safely', async () => {
    const launched = await launchApp()
    const { page } = launched
    const dir = temporary()
    writeFileSync(join(dir, '成绩.csv'), 'a,b\n1,2\n')
    await answer(launched, 'showOpenDialog', { filePaths: [join(dir, '成绩.csv')] })
    const opened = await page.evaluate(async () => {
      const result = await window.clinic.openCsv()
      const content = result.ok ? result.value.content : ''
      return {
        ...result,
        value: undefined,
        text: typeof content === 'string' ? content : new TextDecoder().decode(content)
      }
    })
    expect(opened).toMatchObject({ ok: true, path: join(dir, '成绩.csv'), text: 'a,b\n1,2\n' })
    await answer(launched, 'showSaveDialog', { filePath: join(dir, 'run.csv') })
    expect(await page.evaluate(() => window.clinic.exportFile('../run:1.csv', new Uint8Array([104, 105])))).toEqual({
      ok: true,
      path: join(dir, 'run.csv')
    })
    expect(readFileSync(join(dir, 'run.csv'), 'utf8')).toBe('hi')
    expect((await asked(launched)).at(-1)!.defaultPath).toBe('run_1.csv')
    await answer(launched, 'showSaveDialog', { filePath: join(dir, 'none', 'run.csv') })
    expect(await page.evaluate(() => window.clinic.exportFile('run.csv', new Uint8Array([1])))).toMatchObject({
      ok: false,
      problems: [{}]
    })
  })
})

describe('the menu', () => {
  it('tells the window what was chosen', async () => {
    const launched = await launchApp()
    const { page } = launched
    await page.evaluate(() => {
      const w = window as unknown as { commands: unknown[] }
      w.commands = []
      window.clinic.on('menu', (c) => void w.commands.push(c))
    })
    await answer(launched, 'showSaveDialog', { canceled: true })
    await answer(launched, 'showOpenDialog', { canceled: true, filePaths: [] })
    for (const id of ['undo', 'redo', 'about']) await menu(launched, id)
    await until(
      () => page.evaluate(() => (window as unknown as { commands: unknown[] }).commands.length === 3),
      'three commands have come'
    )
    expect(await page.evaluate(() => (window as unknown as { commands: unknown[] }).commands)).toEqual([
      'undo',
      'redo',
      'about'
    ])
  })
})
