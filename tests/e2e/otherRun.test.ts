import { describe, expect, it } from 'vitest'
import { sharedApp, until } from './harness'
import { Workbench } from './pages/workbench'

describe('a run of another experiment', () => {
  it('is shown on its own network, until its experiment is opened', async () => {
    const { page } = await sharedApp()
    const bench = await Workbench.of(page)
    const bar = page.getByTestId('run-bar')
    const units = bench.inspector.field('params.units')
    const chip = (path: string) => bench.builder.node(path).getByTestId('chip')
    await bench.inspector.fill('training.steps', 12)
    await bench.trainToTheEnd()
    await chip('dense1').waitFor()
    const measured = await chip('dense1').innerText()
    expect(await bar.count()).toBe(0)

    await page.keyboard.press('Control+Shift+D')
    await bench.experimentName.filter({ hasText: / 2$/ }).waitFor()
    expect(await chip('dense1').count()).toBe(0)
    await bench.builder.select('dense1')
    await bench.inspector.fill('params.units', 24)

    const [run] = await bench.queue.runs()
    await bench.queue.press(run!.id, 'show')
    await bench.queue.close()
    await bar.waitFor()
    expect(await page.getByTestId('run-bar-text').innerText()).toMatch(/^Run “.*”, step 11$/)
    expect(await chip('dense1').innerText()).toBe(measured)
    await bench.builder.select('dense1')
    expect(await units.isDisabled()).toBe(true)
    expect(await units.inputValue()).not.toBe('24')
    await page.keyboard.press('Delete')
    await page.getByTestId('toast-info').waitFor()
    await bench.builder.node('dense1').waitFor()

    await page.getByTestId('run-open').click()
    await bar.waitFor({ state: 'detached' })
    expect(await bench.experimentName.innerText()).not.toMatch(/ 2$/)
    expect(await chip('dense1').innerText()).toBe(measured)
    await bench.builder.select('dense1')
    await bench.inspector.fill('params.units', 30)
    await until(async () => (await chip('dense1').count()) === 0, 'what is another layer now shows no value')
    await chip('output').waitFor()
  })
})
