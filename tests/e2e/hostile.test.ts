import { spawn } from 'node:child_process'
import { chmodSync, lstatSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { strToU8, unzipSync, zipSync } from 'fflate'
import type { Page } from 'playwright'
import { describe, expect, it } from 'vitest'
import type { Project } from '@shared/project/types'
import { decodeProject, encodeProject } from '@shared/project'
import { parseExperiment } from '@shared/experiment'
import { ROOT, electronExecutable, sandboxArgs } from '../../scripts/setup/paths.mjs'
import { crowding } from '../computing'
import { project, smallExperiment } from './bridge'
import { answer, asked, launchApp, temporary, until, type Launched } from './harness'

const named = (name: string): Project => project(name, parseExperiment(smallExperiment(10)))
const save = (page: Page, p: Project, path: string | null) =>
  page.evaluate(([p, path]) => window.clinic.saveProject(p as Project, path as string | null), [p, path] as const)
const open = (page: Page, path: string | null) => page.evaluate((path) => window.clinic.openProject(path), path)
const nameIn = (file: string): string => decodeProject(readFileSync(file)).name

describe('a name that was confirmed', () => {
  it('is not changed into one that nobody was asked about', async () => {
    const launched = await launchApp()
    const { page } = launched
    const dir = temporary()
    const other = join(dir, 'other.gclinic')
    writeFileSync(other, encodeProject(named('theirs')))
    await answer(launched, 'showSaveDialog', { filePath: join(dir, 'other') })
    await answer(launched, 'showMessageBox', { response: 1 })
    expect(await save(page, named('mine'), null)).toEqual({ ok: false, canceled: true })
    expect((await asked(launched)).at(-1)!.message).toBe('other.gclinic exists already. Replace it?')
    expect(nameIn(other)).toBe('theirs')
    await answer(launched, 'showMessageBox', { response: 0 })
    expect(await save(page, named('mine'), null)).toEqual({ ok: true, path: other })
    for (const name of ['2', '3']) await save(page, named(name), other)
    expect([other, `${other}.bak`, `${other}.1.bak`].map(nameIn)).toEqual(['3', '2', 'theirs'])
    await answer(launched, 'showMessageBox', { response: 1 })
  })
  it('of a link to nothing, or a file marked as read-only, is refused in words: projects and exports', async () => {
    const launched = await launchApp()
    const { page } = launched
    const dir = temporary()
    const [link, locked] = [join(dir, 'link.gclinic'), join(dir, 'locked.gclinic')]
    symlinkSync(join(dir, 'away', 'x.gclinic'), link)
    writeFileSync(locked, 'kept')
    chmodSync(locked, 0o444)
    for (const [path, why] of [
      [link, /link to a file that is not there/],
      [locked, /marked as read-only/]
    ] as const) {
      await answer(launched, 'showSaveDialog', { filePath: path })
      for (const result of [
        await save(page, named('x'), null),
        await page.evaluate(() => window.clinic.exportFile('run.csv', new Uint8Array([1])))
      ])
        expect(result).toMatchObject({
          ok: false,
          problems: [{ message: { en: expect.stringMatching(why) as string } }]
        })
    }
    expect(lstatSync(link).isSymbolicLink()).toBe(true)
    expect(readFileSync(locked, 'utf8')).toBe('kept')
  })
  it('may be any name: a second launch opens it', async () => {
    const launched = await launchApp()
    const { page, userData } = launched
    await page.evaluate(() => {
      const w = window as unknown as { opened: unknown[] }
      w.opened = []
      window.clinic.on('menu', (c) => void w.opened.push(typeof c === 'object' && 'openRecent' in c ? c.openRecent : c))
    })
    const dir = join(temporary(), '文件 夹')
    mkdirSync(dir)
    const names = ['作业', 'Łódź', 'αβγ', '😀', `a "b" 'c'`, 'two\nlines', '字'.repeat(80)].map((n) => `${n}.gclinic`)
    for (const [i, name] of names.entries()) {
      writeFileSync(join(dir, name), encodeProject(named(name.slice(0, 40))))
      const second = spawn(electronExecutable(), [...sandboxArgs(), process.env['GRADIENT_CLINIC_APP'] ?? ROOT, name], {
        cwd: dir,
        env: { ...process.env, GRADIENT_CLINIC_USER_DATA: userData },
        stdio: 'ignore'
      })
      expect(await new Promise((r) => second.once('exit', r))).toBe(0)
      const opened = await until(
        () => page.evaluate((i) => (window as unknown as { opened: unknown[] }).opened[i], i),
        `${name} has come`
      )
      expect(opened).toBe(join(dir, name))
      expect(await open(page, join(dir, name))).toMatchObject({ ok: true })
      expect(await save(page, named('saved'), join(dir, name))).toEqual({ ok: true, path: join(dir, name) })
    }
    expect(readdirSync(dir).filter((n) => n.startsWith('.'))).toEqual([])
  })
})

describe('a file that is made to do harm', () => {
  const head = '"format":"gradient-clinic/project","version":2,"name":"x","current":0'
  const list = (what: string, n: number): string => `[${`${what},`.repeat(n - 1)}${what}]`
  const file = (json: string): Uint8Array => zipSync({ 'project.json': strToU8(json) })
  const nested = (n: number): string => `${'['.repeat(n)}${']'.repeat(n)}`
  const memory = ({ app }: Launched): Promise<number> => app.evaluate(() => process.memoryUsage().rss / 2 ** 20)

  it('is refused soon, main stays small, and the window answers', async () => {
    const launched = await launchApp()
    const { page } = launched
    const path = join(temporary(), 'x.gclinic')
    await answer(launched, 'showOpenDialog', { filePaths: [path] })
    const before = await memory(launched)
    const cases: [string, Uint8Array][] = [
      ['millions of runs', file(`{${head},"experiments":[{}],"files":[],"runs":${list('{}', 3e6)}}`)],
      ['empty experiments', file(`{${head},"runs":[],"files":[],"experiments":${list('{}', 1e5)}}`)],
      ['depth', file(`{${head},"x":${nested(1e6)}}`)],
      ['depth in JSON', strToU8(`{"x":${nested(1e6)}}`)],
      ['a bomb', zipSync({ 'project.json': [new Uint8Array(2 ** 29), { level: 1 }] })]
    ]
    for (const [what, bytes] of cases) {
      writeFileSync(path, bytes)
      // What is promised is promised of a machine that computes nothing else.
      let crowded = crowding()
      const began = Date.now()
      const reading = open(page, null)
      let longest = 0
      let done = false
      void reading.finally(() => (done = true))
      while (!done) {
        const asked = Date.now()
        await page.evaluate(() => window.clinic.recentFiles())
        longest = Math.max(longest, Date.now() - asked)
      }
      expect(await reading, what).toMatchObject({ ok: false, path })
      const took = Date.now() - began
      crowded = Math.max(crowded, crowding())
      expect(took, what).toBeLessThan(10_000 * crowded)
      expect(longest, `${what}: the window waited`).toBeLessThan(1500 * crowded)
    }
    expect((await memory(launched)) - before).toBeLessThan(150)
    await until(
      () =>
        launched.app.evaluate(
          ({ app }) => !app.getAppMetrics().some((m) => (m.name ?? m.serviceName)?.includes('Clinic files'))
        ),
      'no reader is left'
    )
  })
  it('ends the process that reads it at most, and is told so', async () => {
    const launched = await launchApp()
    const { page, app } = launched
    const path = join(temporary(), 'x.gclinic')
    writeFileSync(path, encodeProject(named('x')))
    await answer(launched, 'showOpenDialog', { filePaths: [path] })
    await app.evaluate(({ app }) => {
      const timer = setInterval(() => {
        const reader = app.getAppMetrics().find((m) => (m.name ?? m.serviceName)?.includes('Clinic files'))
        if (!reader) return
        clearInterval(timer)
        process.kill(reader.pid, 'SIGKILL')
      }, 1)
    })
    expect(await open(page, null)).toMatchObject({
      ok: false,
      problems: [
        { message: { en: expect.stringMatching(/x.gclinic could not be opened: .*crashed.*\.bak/) as string } }
      ]
    })
    expect(await open(page, null)).toMatchObject({ ok: true })
  })
  it('with one damaged part opens without it, and does not lose it by the next save', async () => {
    const launched = await launchApp()
    const { page } = launched
    const path = join(temporary(), 'x.gclinic')
    const whole = { ...named('x'), files: { 'a.csv': 'a,b\n1,2\n', 'b.csv': 'a,b\n3,4\n' } }
    const bytes = encodeProject(whole).slice()
    const at = new DataView(bytes.buffer).getUint32(bytes.length - 22 + 16, true)
    const name = Buffer.from(bytes).indexOf('files/a.csv', at)
    bytes[name - 46 + 16]! ^= 1
    writeFileSync(path, bytes)
    await answer(launched, 'showOpenDialog', { filePaths: [path] })
    await answer(launched, 'showMessageBox', { response: 1 })
    const result = await open(page, null)
    expect(result.ok && Object.keys(result.value.files)).toEqual(['b.csv'])
    expect((await asked(launched)).at(-1)).toMatchObject({
      message: 'Parts of x.gclinic could not be read. The rest is open.',
      detail: expect.stringContaining('a.csv') as string
    })
    expect(await save(page, named('y'), path)).toEqual({ ok: false, canceled: true })
    await answer(launched, 'showMessageBox', { response: 0 })
    for (const name of ['y', 'z', 'zz']) await save(page, named(name), path)
    expect(Object.keys(unzipSync(new Uint8Array(readFileSync(`${path}.1.bak`))))).toContain('files/a.csv')
    await answer(launched, 'showMessageBox', { response: 1 })
  })
})

it('twenty readings leave no process and no descriptor', async () => {
  const launched = await launchApp()
  const { page, app } = launched
  const path = join(temporary(), 'x.gclinic')
  writeFileSync(path, encodeProject(named('x')))
  await answer(launched, 'showOpenDialog', { filePaths: [path] })
  const descriptors = (): number => readdirSync(`/proc/${app.process().pid}/fd`).length
  await open(page, null)
  const before = descriptors()
  for (let i = 0; i < 20; i++) await open(page, null)
  await until(() => descriptors() <= before + 4, 'descriptors are as many as before')
})
