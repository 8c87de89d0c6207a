import { existsSync, readFileSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { parseExperiment } from '@shared/experiment'
import { decodeProject, encodeProject } from '@shared/project'
import { project, smallExperiment } from './bridge'
import { answer, asked, launchApp, menu, temporary, until, type Launched } from './harness'
import { Workbench } from './pages/workbench'

/** A session with unsaved work that ended badly. @returns its folder */
async function killed(name = 'Mine alone'): Promise<string> {
  const first = await launchApp()
  const bench = await Workbench.of(first.page)
  await bench.rename(name)
  await until(() => readdirSync(join(first.userData, 'backup')).length > 0, 'it is backed up')
  await new Promise((r) => setTimeout(r, 2000))
  await first.sigkill()
  return first.userData
}
const closeWindow = ({ app }: Launched): Promise<void> =>
  app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]!.close()).catch(() => undefined)

describe('work that a session left behind', () => {
  it('stays whatever key dismisses the question, and the safe button has the keyboard', async () => {
    const userData = await killed()
    for (const press of ['Escape', 'close', 'second launch']) {
      const { page, app, sigkill } = await launchApp({ userData })
      await page.getByTestId('question').waitFor()
      expect(await page.evaluate(() => document.activeElement?.getAttribute('data-testid'))).toBe('question-restore')
      if (press === 'Escape') await page.keyboard.press('Escape')
      else if (press === 'close') await page.getByTestId('question-close').click()
      else {
        const bad = join(temporary(), 'bad.gclinic')
        writeFileSync(bad, 'nonsense')
        await app.evaluate(({ app }, bad) => app.emit('second-instance', {}, [], '', { open: bad }), bad)
        await new Promise((r) => setTimeout(r, 1000))
        await page.getByTestId('question-restore').waitFor()
      }
      await sigkill()
    }
    // Enter and Space press the safe button: the work is on screen, and still backed up.
    for (const key of ['Enter', ' ']) {
      const { page, sigkill } = await launchApp({ userData })
      await page.getByTestId('question').waitFor()
      await page.keyboard.press(key)
      await page.getByTestId('experiment-name').filter({ hasText: 'Mine alone' }).waitFor()
      await sigkill()
    }
  })
  it('that was declined stands under Recovered work, and only Delete there, confirmed, ends it', async () => {
    const userData = await killed()
    const first = await launchApp({ userData })
    await first.page.getByTestId('question-later').click()
    await first.close()
    const second = await launchApp({ userData })
    const bench = await Workbench.of(second.page)
    expect(await bench.question.count()).toBe(0)
    await menu(second, 'recovered')
    await second.page.getByTestId('recovered').getByText('Mine alone').waitFor()
    await second.page.getByTestId('recovered-delete').click()
    await second.page.keyboard.press('Enter')
    await bench.question.waitFor({ state: 'detached' })
    expect(await second.page.getByTestId('recovered-take').count()).toBe(1)
    await second.page.getByTestId('recovered-take').click()
    await bench.experimentName.filter({ hasText: 'Mine alone' }).waitFor()
    await second.sigkill()

    const third = await launchApp({ userData })
    await third.page.getByTestId('question-later').click()
    const shell = await Workbench.of(third.page)
    await shell.fromProjectMenu('project-recovered')
    while (await third.page.getByTestId('recovered-delete').count()) {
      const count = await third.page.getByTestId('recovered-delete').count()
      await third.page.getByTestId('recovered-delete').first().click()
      await shell.answer('delete')
      await until(async () => (await third.page.getByTestId('recovered-delete').count()) < count, 'it is gone')
    }
  })
  it('that can’t be read is named, and kept', async () => {
    const userData = temporary()
    const first = await launchApp({ userData })
    await first.close()
    const file = join(userData, 'backup', 'unsaved-x.gclinic')
    writeFileSync(file, encodeProject(project('x', parseExperiment(smallExperiment(5)))).slice(0, 300))
    const { page } = await launchApp({ userData })
    await page.getByTestId('question').getByText('unsaved-x.gclinic').waitFor()
    await page.keyboard.press('Enter')
    expect(existsSync(file)).toBe(true)
  })
})

describe('“saved”', () => {
  it('means this state: an edit during a save stays unsaved, and closing waits for the save', async () => {
    const launched = await launchApp()
    const { app, page } = launched
    const bench = await Workbench.of(page)
    const file = join(temporary(), 'p.gclinic')
    await bench.rename('one')
    // The dialog stands open while somebody edits and wants to close.
    await app.evaluate(({ dialog }, file) => {
      const held = globalThis as unknown as { let?: () => void }
      dialog.showSaveDialog = (() =>
        new Promise((r) => (held.let = () => r({ canceled: false, filePath: file })))) as never
    }, file)
    await answer(launched, 'showMessageBox', { response: 2 })
    await page.keyboard.press('Control+s')
    await until(() => app.evaluate(() => !!(globalThis as unknown as { let?: () => void }).let), 'it is being saved')
    await bench.rename('two')
    await closeWindow(launched)
    expect(await asked(launched)).toEqual([])
    await app.evaluate(() => (globalThis as unknown as { let: () => void }).let())
    await until(() => existsSync(file), 'it is saved')
    await until(async () => (await asked(launched)).length === 1, 'closing asks about the edit')
    expect(decodeProject(readFileSync(file)).experiments[0]!.name).toBe('one')
    expect(await bench.dirty.count()).toBe(1)
    await answer(launched, 'showMessageBox', { response: 0 })
    const gone = new Promise((r) => app.process().once('exit', r))
    await closeWindow(launched)
    await gone
    expect(decodeProject(readFileSync(file)).experiments[0]!.name).toBe('two')
  })
})
