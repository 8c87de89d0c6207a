import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Page } from 'playwright'
import { describe, expect, it } from 'vitest'
import { LONG, answer, launchApp, temporary, trainers, until, withTrainersHeld } from './harness'
import { askCure, curePhase } from './pages/cure'
import { backedUp } from './pages/kept'
import { Workbench } from './pages/workbench'

/** What main has of the search. */
const there = (page: Page) => page.evaluate(async () => (await window.clinic.cureState())!)
const kept = async (page: Page): Promise<string[]> => (await there(page)).kept.map((k) => k.address)

/** The opening example with few steps, seeds and remedies: a search of some seconds. */
async function ask(page: Page, steps = 150): Promise<Workbench> {
  const bench = await Workbench.of(page)
  await bench.inspector.fill('training.steps', steps)
  await askCure(page)
  return bench
}

describe('the search for the cure', () => {
  it('finds with one press what cures twenty sigmoid layers; applied and trained, the network learns', async () => {
    const launched = await launchApp({ size: { width: 1440, height: 900 } })
    const { app, page } = launched
    const bench = await ask(page)
    await page.getByTestId('cure-find').click()
    await curePhase(page, 'done')
    expect(await page.getByTestId('cure-verdict').getAttribute('data-verdict')).toBe('cured')
    expect(await page.getByTestId('cure-verdict').innerText()).toMatch(/^Batch normalisation cures it: 2\/2 seeds/)
    expect(await page.getByTestId('cure-detail').getAttribute('data-id')).toBe('batchNorm')
    // Trainings of a search are runs, but do not crowd the list of runs.
    expect(await page.getByTestId('queue-open').innerText()).toMatch(/^Runs\s+0$/)

    // What was found, to be shown, printed and read by others.
    const folder = temporary()
    const exported = async (button: string, name: string): Promise<Buffer> => {
      await answer(launched, 'showSaveDialog', { canceled: false, filePath: join(folder, name) })
      await page.getByTestId('cure-export').click()
      await page.getByTestId(button).click()
      await page.getByTestId(button).waitFor({ state: 'detached' })
      return readFileSync(join(folder, name))
    }
    const html = (await exported('cure-report-html', 'report.html')).toString('utf8')
    for (const part of ['The case', 'The cure', 'Batch normalisation', 'To reproduce', 'gradients-b.csv'])
      expect(html).toContain(part)
    expect(html).not.toMatch(/(?:src|href)="(?!data:)/)
    const pdf = (await exported('cure-report-pdf', 'report.pdf')).toString('latin1')
    expect(pdf.slice(0, 5)).toBe('%PDF-')
    expect(pdf.match(/\/Type\s*\/Page\b/g)!.length).toBeGreaterThan(1)
    // A4 in points.
    expect(pdf).toMatch(/\/MediaBox\s*\[0 0 59[4-6][\d.]* 84[12]/)
    expect((await exported('cure-csv', 'prescription.csv')).toString()).toMatch(/^candidate,group,rank,seed/)
    const json = JSON.parse((await exported('cure-json', 'prescription.json')).toString()) as Record<string, unknown>
    expect(json).toMatchObject({ format: 'gradient-clinic/prescription', verdict: { state: 'cured' } })
    expect(await app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows().length)).toBe(1)

    await page.getByTestId('cure-apply').click()
    await page.getByTestId('page-build').click()
    expect(await bench.remedies.state('batchNorm')).toBe('on')
    expect(await bench.trainToTheEnd()).toBe('finished')
    expect(await page.getByTestId('status-line').getAttribute('data-verdict')).toBe('learned')

    // Two small searches: the range test finds a rate for one that is far too small, with which it learns.
    await bench.inspector.fill('training.optimizer.learningRate', 1e-6)
    await page.getByTestId('page-cure').click()
    const said = page.getByTestId('small-answer')
    const isGood = (): Promise<string | null> => said.getAttribute('data-good', { timeout: LONG })
    await page.getByTestId('cure-ten-examples').click()
    expect(await isGood()).toBe('false')
    await page.getByTestId('cure-range-test').click()
    await page.locator('[data-testid=small-search][data-question=range] [data-testid=small-use]').waitFor()
    expect(await isGood()).toBe('true')
    expect(await page.getByTestId('rate-curve').locator('circle').count()).toBeGreaterThan(50)
    await page.getByTestId('small-use').click()
    expect(await page.getByTestId('small-use').isDisabled()).toBe(true)
    await page.getByTestId('small-close').click()
    await page.getByTestId('page-build').click()
    expect(await bench.trainToTheEnd()).toBe('finished')
    expect(await page.getByTestId('status-line').getAttribute('data-verdict')).toBe('learned')
  })

  it('survives the kill of its trainers, and goes on after quit without repeating any training', async () => {
    const first = await launchApp({ size: { width: 1440, height: 900 } })
    await ask(first.page, 300)
    await first.page.getByTestId('cure-find').click()
    await until(async () => (await there(first.page)).ongoing.length > 0, 'it trains')
    for (const pid of await trainers(first)) process.kill(pid, 'SIGKILL')
    await until(async () => (await kept(first.page)).length > 0, 'a training is finished')
    await withTrainersHeld(first, () => first.page.getByTestId('cure-stop').click())
    await curePhase(first.page, 'stopped')
    const before = await kept(first.page)
    const path = join(temporary(), 'search.gclinic')
    await answer(first, 'showSaveDialog', { canceled: false, filePath: path })
    await first.page.keyboard.press('Control+s')
    await first.page.getByTestId('dirty').waitFor({ state: 'detached' })
    await first.close()

    const { page } = await launchApp({ userData: first.userData, args: [path] })
    await page.getByTestId('page-cure').click()
    await page.getByTestId('cure-go-on').click()
    await curePhase(page, 'done')
    const after = await kept(page)
    expect(after).toEqual(expect.arrayContaining(before))
    expect(after.length).toBeGreaterThan(before.length)
    expect(new Set(after).size).toBe(after.length)
    expect(await page.getByTestId('cure-verdict').getAttribute('data-verdict')).toBe('cured')
  })
  it('goes on after the app was killed in the middle of it, with all that was trained', async () => {
    const first = await launchApp({ size: { width: 1440, height: 900 } })
    await ask(first.page, 300)
    await first.page.getByTestId('cure-find').click()
    await until(async () => (await kept(first.page)).length > 1, 'trainings are finished')
    const before = await kept(first.page)
    const backed = async (): Promise<number> => (await backedUp(first.userData))?.search?.kept.length ?? 0
    await until(async () => (await backed()) >= before.length, 'they are backed up')
    await first.sigkill()
    // Those that ended between the last look and the kill are there, too.
    const { kept: all } = (await backedUp(first.userData))!.search!
    expect(all.map((k) => k.address)).toEqual(expect.arrayContaining(before))

    const { page } = await launchApp({ userData: first.userData, size: { width: 1440, height: 900 } })
    await page.getByTestId('question-restore').click()
    await page.getByTestId('page-cure').click()
    await curePhase(page, 'stopped')
    await page.getByTestId('cure-go-on').click()
    await curePhase(page, 'done')
    const after = (await there(page)).kept
    expect(new Set(after.map((k) => k.address)).size).toBe(after.length)
    // None of them was trained again: each is the run that it was.
    for (const { address, result } of all)
      expect(after.find((k) => k.address === address)?.result.trial.run).toBe(result.trial.run)
    expect(await page.getByTestId('cure-verdict').getAttribute('data-verdict')).toBe('cured')
  })
})
