import { describe, expect, it } from 'vitest'
import { launchApp, until } from './harness'
import { Shell } from './pages/shell'
import { Workbench } from './pages/workbench'

describe('the first minute', () => {
  it('opens on a network that vanishes, says what to press, offers a cure, and the gradient comes back', async () => {
    const { page, userData, close } = await launchApp({ size: { width: 1280, height: 800 } })
    const bench = await Workbench.of(page)
    const shell = new Shell(page)
    expect(await shell.firstStep()).toBe('train')
    expect(await bench.train.isEnabled()).toBe(true)
    expect(await bench.train.getAttribute('class')).toMatch(/beckon/)

    expect(await bench.trainToTheEnd()).toBe('finished')
    expect((await bench.diagnosis()).kind).toBe('vanishing')
    const values = async (): Promise<number[]> => (await bench.watch.exact()).rows.map((r) => r.value)
    const sick = await values()
    expect(sick[0]! / sick[sick.length - 1]!).toBeLessThan(1e-6)
    await until(async () => (await shell.firstStep()) === 'treat', 'a cure is offered')

    // One press switches on what the finding advises, and trains.
    await page.getByTestId('first-treat').click()
    await until(async () => (await shell.firstStep()) === 'done', 'it says that the gradient is back', 120_000)
    expect(await bench.remedies.state('activation')).toBe('on')
    const cured = await values()
    expect(cured[0]! / cured[cured.length - 1]!).toBeGreaterThan(1e-2)
    expect((await bench.diagnosis()).kind).not.toBe('vanishing')

    // Who has seen it is not told again, nor at the next start.
    await page.getByTestId('first-dismiss').click()
    expect(await shell.firstStep()).toBeNull()
    await until(() => page.evaluate(async () => (await window.clinic.getSettings()).layout['firstSteps'] === false), 'it is remembered')
    await close()
    const again = await launchApp({ userData })
    await Workbench.of(again.page)
    expect(await new Shell(again.page).firstStep()).toBeNull()
  })
})

describe('commands', () => {
  it('are found and done by keyboard alone, in both languages', async () => {
    const { page } = await launchApp()
    const bench = await Workbench.of(page)
    const shell = new Shell(page)
    expect(await shell.command('dark theme')).toBe('theme-dark')
    await page.locator('html.dark').waitFor()
    expect(await shell.command('switch on batch norm')).toBe('remedy-batchNorm')
    expect(await bench.remedies.state('batchNorm')).toBe('on')
    expect(await shell.command('undo')).toBe('undo')
    expect(await bench.remedies.state('batchNorm')).toBe('off')
    const before = await bench.builder.nodes()
    expect(await shell.command('add layer norm')).toBe('add-layerNorm')
    await until(async () => (await bench.builder.nodes()).length === before.length + 1, 'a layer has come')
    expect(await shell.command('中文')).toBe('language')
    await page.locator('html[lang^=zh]').waitFor()
    expect(await shell.command('残差：50')).toBe('template-residual')
    await bench.experimentName.filter({ hasText: '残差' }).waitFor()

    await page.keyboard.press('Control+Shift+p')
    await shell.palette.waitFor()
    await page.keyboard.press('Escape')
    await shell.palette.waitFor({ state: 'detached' })
  })
  it('have keys that all stand on one sheet', async () => {
    const { page } = await launchApp()
    await Workbench.of(page)
    await page.keyboard.press('?')
    await page.getByTestId('shortcuts').waitFor()
    for (const id of ['train', 'undo', 'wrap', 'palette', 'panel-dock']) expect(await page.getByTestId(`shortcut-${id}`).locator('kbd').count(), id).toBeGreaterThan(0)
    await page.keyboard.press('Escape')
    await page.getByTestId('shortcuts').waitFor({ state: 'detached' })

    // Panels close and open; F6 goes from part to part.
    await page.keyboard.press('Control+j')
    await page.getByTestId('watch-dock').waitFor({ state: 'hidden' })
    await page.keyboard.press('Control+j')
    await page.getByTestId('watch-dock').waitFor({ state: 'visible' })
    const part = (): Promise<string | null> =>
      page.evaluate(() => ['palette', 'canvas', 'watch-dock', 'inspector', 'remedies'].find((id) => document.querySelector(`[data-testid=${id}]`)?.contains(document.activeElement)) ?? null)
    const seen = new Set<string | null>()
    for (let i = 0; i < 8; i++) {
      await page.keyboard.press('F6')
      seen.add(await part())
    }
    for (const id of ['palette', 'canvas', 'inspector', 'remedies']) expect([...seen]).toContain(id)
  })
})

describe('the tour', () => {
  it('points at five real controls, by keyboard, and gives the keyboard back', async () => {
    const { page } = await launchApp({ size: { width: 1280, height: 800 } })
    await Workbench.of(page)
    const shell = new Shell(page)
    await page.getByTestId('first-tour').click()
    const targets: Record<string, string> = { network: 'canvas', train: 'train', watch: 'watch-dock', treat: 'remedies', gallery: 'palette' }
    const seen: string[] = []
    for (let step = await shell.tourStep(); step; step = await shell.tourStep()) {
      seen.push(step)
      // What is lit lies on the control it speaks of, and the card is wholly in the window.
      const [hole, target, card] = [(await page.locator('.tour-hole').boundingBox())!, (await page.getByTestId(targets[step]!).boundingBox())!, (await shell.tour.boundingBox())!]
      expect(hole.x, step).toBeGreaterThanOrEqual(target.x - 6)
      expect(hole.y, step).toBeGreaterThanOrEqual(target.y - 6)
      expect(hole.x + hole.width, step).toBeLessThanOrEqual(target.x + target.width + 6)
      expect(hole.y + hole.height, step).toBeLessThanOrEqual(target.y + target.height + 6)
      expect(hole.width * hole.height, step).toBeGreaterThan(500)
      expect(card.x >= 0 && card.y >= 0 && card.x + card.width <= 1280 && card.y + card.height <= 800, step).toBe(true)
      await until(() => page.evaluate(() => document.activeElement?.hasAttribute('data-next') ?? false), `the keyboard is on step ${step}`)
      await page.keyboard.press('Enter')
      await until(async () => (await shell.tourStep()) !== step, `${step} is done`)
    }
    expect(seen).toEqual(Object.keys(targets))
    await page.getByTestId('help').click()
    await page.getByTestId('help-tour').click()
    await until(async () => (await shell.tourStep()) === 'network', 'it starts again from the help menu')
    await page.keyboard.press('Escape')
    await until(async () => (await shell.tourStep()) === null, 'Escape ends it')
  })
})
