import { join } from 'node:path'
import type { Page } from 'playwright'
import { describe, expect, it } from 'vitest'
import { answer, launchApp, temporary, until } from './harness'
import { Shell } from './pages/shell'
import { Workbench } from './pages/workbench'

describe('the first minute', () => {
  it('opens on a network that vanishes, says what to press, offers a cure, and the gradient comes back', async () => {
    const { page, userData, close } = await launchApp({ size: { width: 1280, height: 800 } })
    const bench = await Workbench.of(page)
    const shell = new Shell(page)
    expect(await shell.firstStep()).toBe('train')
    expect(await bench.train.isEnabled()).toBe(true)
    expect(await bench.train.locator('..').getAttribute('class')).toMatch(/beckon/)

    expect(await bench.trainToTheEnd()).toBe('finished')
    expect((await bench.diagnosis()).kind).toBe('vanishing')
    const values = async (): Promise<number[]> => (await bench.watch.exact()).rows.map((r) => r.value)
    const sick = await values()
    expect(sick[0]! / sick[sick.length - 1]!).toBeLessThan(1e-6)
    await until(async () => (await shell.firstStep()) === 'treat', 'a cure is offered')

    // One press switches on what the finding advises, and trains.
    await page.getByTestId('first-treat').click()
    await until(async () => (await shell.firstStep()) === 'done', 'it says that the gradient is back', 120_000)
    expect(await bench.remedies.state('batchNorm')).toBe('on')
    const cured = await values()
    expect(cured[0]! / cured[cured.length - 1]!).toBeGreaterThan(1e-2)
    expect((await bench.diagnosis()).kind).not.toBe('vanishing')

    // Who has seen it is not told again, nor at the next start.
    await page.getByTestId('first-dismiss').click()
    expect(await shell.firstStep()).toBeNull()
    await until(
      () => page.evaluate(async () => (await window.clinic.getSettings()).layout['firstSteps'] === false),
      'it is remembered'
    )
    await close()
    const again = await launchApp({ userData })
    await Workbench.of(again.page)
    expect(await new Shell(again.page).firstStep()).toBeNull()
  })
})

describe('a remedy that does not cure', () => {
  it('is never told to have brought the gradient back, and the search for one that does is offered', async () => {
    const { page } = await launchApp({ size: { width: 1280, height: 800 } })
    const bench = await Workbench.of(page)
    const shell = new Shell(page)
    await bench.inspector.fill('training.steps', 60)
    expect(await bench.trainToTheEnd()).toBe('finished')
    await until(async () => (await shell.firstStep()) === 'treat', 'a cure is offered')
    await bench.remedies.toggle('clipByGlobalNorm', true)
    expect(await shell.firstStep()).toBe('again')
    await page.getByTestId('first-again').click()
    await until(async () => (await shell.firstStep()) === 'still', 'it says that this is no cure')
    await page.getByTestId('first-cure').click()
    await page.locator('[data-testid=cure-page][data-phase=running]').waitFor()
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
    for (const id of ['train', 'undo', 'wrap', 'palette', 'panel-dock'])
      expect(await page.getByTestId(`shortcut-${id}`).locator('kbd').count(), id).toBeGreaterThan(0)
    await page.keyboard.press('Escape')
    await page.getByTestId('shortcuts').waitFor({ state: 'detached' })

    // Panels close and open; F6 goes from part to part.
    await page.keyboard.press('Control+j')
    await page.getByTestId('watch-dock').waitFor({ state: 'hidden' })
    await page.keyboard.press('Control+j')
    await page.getByTestId('watch-dock').waitFor({ state: 'visible' })
    const part = (): Promise<string | null> =>
      page.evaluate(
        () =>
          ['palette', 'canvas', 'watch-dock', 'inspector', 'remedies'].find((id) =>
            document.querySelector(`[data-testid=${id}]`)?.contains(document.activeElement)
          ) ?? null
      )
    const seen = new Set<string | null>()
    for (let i = 0; i < 8; i++) {
      await page.keyboard.press('F6')
      seen.add(await part())
    }
    for (const id of ['palette', 'canvas', 'inspector', 'remedies']) expect([...seen]).toContain(id)
  })
})

describe('the panels', () => {
  it('keep the size they were given, closed and opened again, and at the next start', async () => {
    const { page, userData, close } = await launchApp({ size: { width: 1440, height: 900 } })
    await Workbench.of(page)
    const width = async (p: Page, testid: string): Promise<number> =>
      Math.round((await p.getByTestId(testid).boundingBox())?.width ?? 0)
    const drag = async (split: string, dx: number): Promise<void> => {
      const b = (await page.getByTestId(split).boundingBox())!
      await page.mouse.move(b.x + b.width / 2, b.y + 200)
      await page.mouse.down()
      await page.mouse.move(b.x + dx, b.y + 200, { steps: 8 })
      await page.mouse.up()
    }
    const before = await width(page, 'palette')
    await drag('split-left', 70)
    const wide = await until(async () => {
      const w = await width(page, 'palette')
      return w > before + 50 && w
    }, 'the palette is wider')
    // Closed by key, by a double click, and by pulling it shut: it comes back as it was.
    await page.keyboard.press('Control+b')
    await page.getByTestId('palette').waitFor({ state: 'hidden' })
    await page.keyboard.press('Control+b')
    await until(async () => (await width(page, 'palette')) === wide, 'it is as wide as before')
    await page.getByTestId('split-left').dblclick({ position: { x: 0, y: 300 } })
    await page.getByTestId('palette').waitFor({ state: 'hidden' })
    await page.getByTestId('split-left').dblclick({ position: { x: 2, y: 300 } })
    await until(async () => (await width(page, 'palette')) === wide, 'it is as wide as before')
    await drag('split-left', -wide + 10)
    await page.getByTestId('palette').waitFor({ state: 'hidden' })
    await until(
      () => page.evaluate(async () => (await window.clinic.getSettings()).layout['left'] === 0),
      'it is remembered'
    )
    await close()
    const again = await launchApp({ userData, size: { width: 1440, height: 900 } })
    await Workbench.of(again.page)
    expect(await again.page.getByTestId('palette').isVisible()).toBe(false)
    await again.page.keyboard.press('Control+b')
    await until(async () => (await width(again.page, 'palette')) === wide, 'it opens as wide as it was left')
  })
  it('show names whole: what is cut off says the rest, and the palette cuts none', async () => {
    const { page } = await launchApp({ size: { width: 1280, height: 800 } })
    const bench = await Workbench.of(page)
    for (const language of ['en', 'zh'] as const) {
      await bench.setLanguage(language)
      const cut = await page
        .getByTestId('palette')
        .locator('.it .clip')
        .evaluateAll((all) => all.filter((e) => e.scrollWidth > e.clientWidth).map((e) => e.textContent))
      expect(cut).toEqual([])
    }
    await bench.setLanguage('en')
    const long = 'A network with a name that no bar of any window has the room for, however wide it is'
    await bench.rename(long)
    await bench.experimentName.hover()
    await until(async () => (await bench.experimentName.getAttribute('title')) === long, 'the whole name is told')
    await bench.rename('Short')
    await bench.status.hover()
    await bench.experimentName.hover()
    await until(
      async () => (await bench.experimentName.getAttribute('title')) === null,
      'there is nothing more to tell'
    )
  })
  it('have a map that is on only when it is seen', async () => {
    const { page } = await launchApp({ size: { width: 1280, height: 800 } })
    await Workbench.of(page)
    const button = page.getByTestId('minimap')
    const state = async (): Promise<string> =>
      `${await button.getAttribute('aria-pressed')} ${await button.getAttribute('aria-disabled')} ${await page.getByTestId('overview').isVisible()}`
    expect(await state()).toBe('false true false')
    await until(async () => {
      if ((await state()) === 'true null true') return true
      await page.getByTestId('zoom-in').click()
      return false
    }, 'the map is seen')
    // Pressed at an end of it, the canvas goes there; pulled to the other end, it follows.
    const map = (await page.getByTestId('overview').boundingBox())!
    const seen = async (id: string): Promise<boolean> => {
      const [b, c] = [
        (await page.getByTestId(`node-${id}`).boundingBox())!,
        (await page.getByTestId('canvas').boundingBox())!
      ]
      return b.x >= c.x && b.x + b.width <= c.x + c.width
    }
    await page.mouse.move(map.x + 12, map.y + map.height / 2)
    await page.mouse.down()
    await until(() => seen('data'), 'the beginning is in view')
    expect(await seen('loss')).toBe(false)
    await page.mouse.move(map.x + map.width - 12, map.y + map.height / 2, { steps: 4 })
    await until(async () => (await seen('loss')) && !(await seen('data')), 'the end is in view')
    await page.mouse.up()
    const zoom = async (): Promise<number> => parseInt((await page.getByTestId('zoom').textContent())!, 10)
    const before = await zoom()
    await page.mouse.wheel(0, 200)
    await until(async () => (await zoom()) < before, 'the wheel zooms out')
    await button.click()
    await until(async () => (await state()) === 'false null false', 'it is off')
  })
  it('let a note be read on whichever page one is', async () => {
    const launched = await launchApp()
    const { page } = launched
    await Workbench.of(page)
    await page.keyboard.press('Alt+9')
    await page.getByTestId('compare-empty').waitFor()
    await answer(launched, 'showSaveDialog', { filePath: join(temporary(), 'noted.gclinic') })
    await page.keyboard.press('Control+s')
    await page.getByTestId('toast-ok').filter({ hasText: 'noted' }).waitFor()
  })
})

describe('the tour', () => {
  it('points at five real controls, by keyboard, and gives the keyboard back', async () => {
    const { page } = await launchApp({ size: { width: 1280, height: 800 } })
    await Workbench.of(page)
    const shell = new Shell(page)
    await page.getByTestId('first-tour').click()
    const targets: Record<string, string> = {
      network: 'canvas',
      train: 'train',
      watch: 'watch-dock',
      treat: 'remedies',
      gallery: 'palette'
    }
    const seen: string[] = []
    for (let step = await shell.tourStep(); step; step = await shell.tourStep()) {
      seen.push(step)
      // What is lit lies on the control it speaks of, and the card is wholly in the window.
      const [hole, target, card] = [
        (await page.locator('.tour-hole').boundingBox())!,
        (await page.getByTestId(targets[step]!).boundingBox())!,
        (await shell.tour.boundingBox())!
      ]
      expect(hole.x, step).toBeGreaterThanOrEqual(target.x - 6)
      expect(hole.y, step).toBeGreaterThanOrEqual(target.y - 6)
      expect(hole.x + hole.width, step).toBeLessThanOrEqual(target.x + target.width + 6)
      expect(hole.y + hole.height, step).toBeLessThanOrEqual(target.y + target.height + 6)
      expect(hole.width * hole.height, step).toBeGreaterThan(500)
      expect(card.x >= 0 && card.y >= 0 && card.x + card.width <= 1280 && card.y + card.height <= 800, step).toBe(true)
      await until(
        () => page.evaluate(() => document.activeElement?.hasAttribute('data-next') ?? false),
        `the keyboard is on step ${step}`
      )
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
