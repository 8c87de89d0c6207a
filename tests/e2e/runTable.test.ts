import { describe, expect, it } from 'vitest'
import { sharedApp, until } from './harness'
import { Workbench } from './pages/workbench'

describe('the table of runs', () => {
  it('orders, filters, renames, compares and removes', async () => {
    const { page } = await sharedApp({ size: { width: 1440, height: 900 } })
    const bench = await Workbench.of(page)
    const names = (): Promise<string[]> => page.getByTestId('runs-show').allInnerTexts()
    const row = (name: string) => page.getByTestId('runs-row').filter({ has: page.getByText(name, { exact: true }) })
    await bench.inspector.fill('training.steps', 20)
    for (const rate of [0.1, 0.01, 0.001]) {
      await bench.inspector.fill('training.optimizer.learningRate', rate)
      await bench.trainToTheEnd()
    }
    await page.keyboard.press('Alt+0')
    await page.getByTestId('runs-page').waitFor()
    expect(await page.getByTestId('runs-row').count()).toBe(3)
    await until(
      async () =>
        (await page.getByTestId('run-thumb').evaluateAll((all) => all.map((c) => c.dataset['frames']))).join() ===
        '20,20,20',
      'every run has its picture'
    )
    expect((await page.getByTestId('runs-seconds').allInnerTexts()).every((s) => /^\d+:\d\d$/.test(s))).toBe(true)
    expect(await page.getByTestId('runs-verdict').count()).toBe(3)
    const [newest, middle, oldest] = await names()
    await page.getByTestId('runs-sort-created').click()
    expect(await names()).toEqual([oldest, middle, newest])

    // One name everywhere.
    await row(oldest!).hover()
    await row(oldest!).getByTestId('runs-rename').click()
    await page.getByTestId('runs-name-input').fill('The first')
    await page.getByTestId('runs-name-input').press('Enter')
    await row('The first').waitFor()
    // The keyboard stays with what was named, and with what was not.
    const isAtName = (): Promise<boolean> =>
      row('The first').evaluate((e) => e.contains(document.activeElement) && document.activeElement !== e)
    await until(isAtName, 'its name has the keyboard')
    await row('The first').getByTestId('runs-rename').click()
    await page.getByTestId('runs-name-input').press('Escape')
    await until(isAtName, 'its name has the keyboard')
    expect((await bench.queue.runs()).map((r) => r.name)).toContain('The first')
    await bench.queue.close()

    await page.getByTestId('runs-find').fill('first')
    expect(await names()).toEqual(['The first'])
    await page.getByTestId('runs-find').fill('')

    // A long name ends in “…”, and what is done with the run stays beside it.
    const long = 'a name that somebody has thought about for quite a while, with every setting in it '.repeat(2).trim()
    await row(middle!).hover()
    await row(middle!).getByTestId('runs-rename').click()
    await page.getByTestId('runs-name-input').fill(long)
    await page.getByTestId('runs-name-input').press('Enter')
    const shown = row(long).getByTestId('runs-show')
    expect(await shown.evaluate((e) => [getComputedStyle(e).textOverflow, getComputedStyle(e).display])).toEqual([
      'ellipsis',
      'block'
    ])
    await row(long).hover()
    const pen = (await row(long).getByTestId('runs-rename').boundingBox())!
    const cell = (await row(long).locator('td.name').boundingBox())!
    expect(pen.x + pen.width).toBeLessThanOrEqual(cell.x + cell.width)
    await row('The first').getByTestId('runs-pick').check()
    expect(await page.getByTestId('runs-compare').isDisabled()).toBe(true)
    await row(newest!).getByTestId('runs-pick').check()
    await page.getByTestId('runs-compare').click()
    await page.locator('[data-testid=compare-page][data-runs="2"]').waitFor()

    await page.keyboard.press('Alt+0')
    await page.getByTestId('runs-remove').click()
    await bench.answer('remove')
    expect(await names()).toEqual([long])

    // What waits is cleared at once.
    await page.keyboard.press('Alt+8')
    await bench.inspector.fill('training.steps', 100_000)
    await bench.queue.atOnce(1)
    for (let i = 0; i < 3; i++) await bench.queue.add()
    await bench.queue.close()
    await page.keyboard.press('Alt+0')
    await page.getByTestId('runs-clear-queue').click()
    await until(async () => (await names()).length === 2, 'the run that trains is left')
    await page.locator('[data-testid=runs-row][data-state=running]').getByTestId('runs-show').click()
    await bench.waitForState('running')
  })
})
