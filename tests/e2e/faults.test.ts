import { execFileSync } from 'node:child_process'
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  symlinkSync,
  unlinkSync,
  writeFileSync
} from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { parseExperiment } from '@shared/experiment'
import { decodeProject, encodeProject } from '@shared/project'
import type { Project } from '@shared/project/types'
import { electronExecutable } from '../../scripts/setup/paths.mjs'
import { project, smallExperiment } from './bridge'
import { answer, asked, LONG, launchApp, menu, temporary, until, type Launched, type LaunchOptions } from './harness'
import { askCure } from './pages/cure'
import { Workbench } from './pages/workbench'
import { backedUp, inPage } from './pages/kept'

const named = (name: string): Project => project(name, parseExperiment(smallExperiment(10, { name })))
/** The window with a file of this name open in it. */
async function opened(
  name: string,
  options: LaunchOptions = {}
): Promise<{ launched: Launched; bench: Workbench; file: string }> {
  const file = join(temporary(), `${name}.gclinic`)
  writeFileSync(file, encodeProject(named(name)))
  const launched = await launchApp({ ...options, args: [file] })
  const bench = await Workbench.of(launched.page)
  await bench.experimentName.filter({ hasText: name }).waitFor()
  return { launched, bench, file }
}

describe('a disk that is full', () => {
  it.runIf(process.platform === 'linux')(
    'under the app’s own folder is told; work is kept, and backed up when there is room again',
    async () => {
      const own = temporary()
      // A small disk that this app alone sees.
      const executable = join(temporary(), 'small-disk')
      const mount = 'mount -t tmpfs -o size=24m small "$GRADIENT_CLINIC_USER_DATA" && exec "$0" --no-sandbox "$@"'
      writeFileSync(executable, `#!/bin/sh\nexec unshare -rm sh -c '${mount}' '${electronExecutable()}' "$@"\n`)
      chmodSync(executable, 0o755)
      const launched = await launchApp({ userData: own, executable })
      const { page, app } = launched
      const seen = `/proc/${app.process().pid}/root${own}`
      const bench = await Workbench.of(page)
      await bench.rename('before')
      await until(async () => (await backedUp(seen))?.experiments[0]!.name === 'before', 'it is backed up')
      const filler = join(seen, 'filler')
      expect(() => execFileSync('dd', ['if=/dev/zero', `of=${filler}`, 'bs=64k'], { stdio: 'ignore' })).toThrow()
      await bench.rename('on a full disk')
      const note = page.getByTestId('backup-problem')
      await note.waitFor()
      expect(await note.innerText()).toMatch(/disk is full: make room/)
      // The last whole backup stands, and a save elsewhere is none of this.
      expect((await backedUp(seen))!.experiments[0]!.name).toBe('before')
      const file = join(temporary(), 'elsewhere.gclinic')
      await answer(launched, 'showSaveDialog', { filePath: file })
      await menu(launched, 'save')
      await until(() => existsSync(file), 'it is saved')
      await bench.rename('later')
      unlinkSync(filler)
      await note.waitFor({ state: 'detached' })
      await until(async () => (await backedUp(seen))?.experiments[0]!.name === 'later', 'it is backed up again')
    }
  )
})

describe('a search for a cure', () => {
  it('that was under way when the app was killed comes back with all it has trained', { timeout: LONG }, async () => {
    const first = await launchApp({ size: { width: 1440, height: 900 } })
    const bench = await Workbench.of(first.page)
    await bench.inspector.fill('training.steps', 150)
    await askCure(first.page)
    await first.page.getByTestId('cure-find').click()
    const kept = async (): Promise<number> => (await backedUp(first.userData))?.search?.kept.length ?? 0
    await until(async () => (await kept()) >= 2, 'two of its trainings are on disk', LONG)
    await first.sigkill()
    const before = await kept()

    const second = await launchApp({ userData: first.userData, size: { width: 1440, height: 900 } })
    await second.page.getByTestId('question-restore').click()
    await second.page.getByTestId('page-cure').click()
    await second.page.getByRole('button', { name: 'Go on' }).waitFor()
    const file = join(temporary(), 'search.gclinic')
    await answer(second, 'showSaveDialog', { filePath: file })
    await menu(second, 'save')
    await until(() => existsSync(file), 'it is saved')
    const { search, runs } = decodeProject(readFileSync(file))
    expect(search!.kept.length).toBeGreaterThanOrEqual(before)
    const ids = runs.map((r) => r.id)
    for (const { result } of search!.kept) expect(ids).toContain(result.trial.run)
  })
})

describe('a page that computes without end', () => {
  it('is noticed, and loaded anew with the work on it', async () => {
    const launched = await launchApp()
    const { page, app, userData } = launched
    const bench = await Workbench.of(page)
    await bench.rename('still mine')
    await until(async () => (await backedUp(userData))?.experiments[0]!.name === 'still mine', 'it is backed up')
    await answer(launched, 'showMessageBox', { response: 0 })
    await app.evaluate(({ BrowserWindow }) => {
      const { webContents } = BrowserWindow.getAllWindows()[0]!
      void webContents.executeJavaScript('for (;;);').catch(() => undefined)
      // Chromium waits without end for a page that has a debugger, as that of a test has.
      BrowserWindow.getAllWindows()[0]!.emit('unresponsive')
    })
    await until(async () => (await asked(launched)).some((q) => /does not answer/.test(q.message ?? '')), 'it is asked')
    await until(
      () =>
        inPage<boolean>(
          app,
          `/still mine/.test(document.querySelector('[data-testid=experiment-name]')?.innerText ?? '')`
        ),
      'the work is on screen again'
    )
    launched.expectErrors(/crashed/)
  })
})

describe('a process of Chromium’s own', () => {
  it('that draws may end: the window stays, and the work in it', async () => {
    const { launched, bench } = await opened('drawn')
    const { app } = launched
    const pid = await app.evaluate(({ app }) => app.getAppMetrics().find((m) => m.type === 'GPU')?.pid)
    if (pid !== undefined) process.kill(pid, 'SIGKILL')
    await bench.rename('still drawn')
    expect(await bench.dirty.count()).toBe(1)
    launched.errors.splice(0)
  })
})

describe('a file that is something else by the time of the save', () => {
  const replaced: [string, (file: string) => void, RegExp][] = [
    ['a folder', (file) => mkdirSync(file), /a folder has this name/],
    ['a pipe', (file) => void execFileSync('mkfifo', [file]), /it is not a file/],
    ['a link to a device', (file) => symlinkSync('/dev/null', file), /it is not a file/],
    ['a file of another project', (file) => writeFileSync(file, encodeProject(named('theirs'))), /^$/]
  ]
  it.each(replaced)('%s is asked about, and not replaced unasked', async (_what, replace, why) => {
    const { launched, bench, file } = await opened('mine')
    await bench.rename('mine, edited')
    renameSync(file, `${file}.moved`)
    replace(file)
    await answer(launched, 'showMessageBox', { response: 1 })
    await menu(launched, 'save')
    await until(
      async () => (await asked(launched)).some((q) => /changed by another program/.test(q.message ?? '')),
      'it is asked'
    )
    expect(await bench.dirty.count()).toBe(1)
    if (why.source !== '^$') {
      await answer(launched, 'showMessageBox', { response: 0 })
      await menu(launched, 'save')
      await bench.question.filter({ hasText: why }).waitFor()
    }
    expect(decodeProject(readFileSync(`${file}.moved`)).experiments[0]!.name).toBe('mine')
    if (why.source === '^$') expect(decodeProject(readFileSync(file)).experiments[0]!.name).toBe('theirs')
    // Nothing is lost: it is still on screen, and saved where there is room for it.
    const elsewhere = join(temporary(), 'elsewhere.gclinic')
    if (await bench.question.count()) await launched.page.keyboard.press('Escape')
    await answer(launched, 'showSaveDialog', { filePath: elsewhere })
    await menu(launched, 'saveAs')
    await until(() => existsSync(elsewhere), 'it is saved elsewhere')
    expect(decodeProject(readFileSync(elsewhere)).experiments[0]!.name).toBe('mine, edited')
  })
  it('whose folder has gone is told of in words, and the work is kept', async () => {
    const { launched, bench, file } = await opened('mine')
    await bench.rename('mine, edited')
    renameSync(join(file, '..'), `${join(file, '..')}-moved`)
    await menu(launched, 'save')
    await bench.question.filter({ hasText: /the folder does not exist: choose another place/ }).waitFor()
    expect(await bench.dirty.count()).toBe(1)
    renameSync(`${join(file, '..')}-moved`, join(file, '..'))
    await launched.page.keyboard.press('Escape')
    await menu(launched, 'save')
    await until(() => decodeProject(readFileSync(file)).experiments[0]!.name === 'mine, edited', 'it is saved')
  })
  it('saved meanwhile by a second program of ours, with a profile of its own, is asked about', async () => {
    const one = await opened('shared')
    const two = await launchApp({ args: [one.file] })
    const bench = await Workbench.of(two.page)
    await bench.experimentName.filter({ hasText: 'shared' }).waitFor()
    await bench.rename('of two')
    await menu(two, 'save')
    await until(() => existsSync(`${one.file}.bak`), 'the second has saved')
    await one.bench.rename('of one')
    await answer(one.launched, 'showMessageBox', { response: 1 })
    await menu(one.launched, 'save')
    await until(async () => (await asked(one.launched)).length === 1, 'the first asks')
    expect(decodeProject(readFileSync(one.file)).experiments[0]!.name).toBe('of two')
  })
})

describe('two sessions that ended badly', () => {
  it('leave both works, and an undo after one was taken up does no harm', async () => {
    const userData = temporary()
    for (const [name, press] of [
      ['first', ''],
      ['second', 'Escape']
    ] as const) {
      const { page, sigkill } = await launchApp({ userData })
      const bench = await Workbench.of(page)
      if (press) await bench.question.waitFor().then(() => page.keyboard.press(press))
      await bench.rename(name)
      await until(async () => (await backedUp(userData, name))?.experiments[0]!.name === name, 'it is backed up')
      await sigkill()
    }
    const launched = await launchApp({ userData })
    const { page } = launched
    const bench = await Workbench.of(page)
    await bench.question.filter({ hasText: /second.*there is more: 1/s }).waitFor()
    await bench.answer('restore')
    await bench.experimentName.filter({ hasText: 'second' }).waitFor()
    await menu(launched, 'undo')
    await bench.rename('second, later')
    await menu(launched, 'undo')
    await bench.experimentName.filter({ hasText: /^second$/ }).waitFor()
    await bench.fromProjectMenu('project-recovered')
    await page.getByTestId('recovered').getByText('first').waitFor()
  })
})
