import { describe, expect, it } from 'vitest'
import { launchApp, resize, until } from './harness'
import { misplaced, unreachable } from './pages/layout'
import { Workbench } from './pages/workbench'

/** Milliseconds after which what still lies where it does is at fault. */
const LAID_OUT = 30_000

describe('the window', () => {
  it('follows the system’s theme when it is told to, and only then', async () => {
    const { app, page } = await launchApp()
    const bench = await Workbench.of(page)
    const system = (theme: 'light' | 'dark') =>
      app.evaluate(({ nativeTheme }, t) => void (nativeTheme.themeSource = t), theme)
    const shown = (theme: 'light' | 'dark') => page.locator(`html.${theme}`).waitFor()
    const ground = () => page.evaluate(() => getComputedStyle(document.querySelector('.top')!).backgroundColor)
    await bench.setTheme('system')
    await system('dark')
    await shown('dark')
    const dark = await ground()
    await system('light')
    await shown('light')
    expect(await ground()).not.toBe(dark)
    await bench.setTheme('dark')
    await page.emulateMedia({ colorScheme: 'light' })
    await shown('dark')
    expect(await page.locator('html.light').count()).toBe(0)
  })
  it('changes its language in mid-run without a step being lost', async () => {
    const { page } = await launchApp()
    const bench = await Workbench.of(page)
    await bench.inspector.fill('training.steps', 100_000)
    await bench.train.click()
    const step = async (): Promise<number> => Number(await bench.runState.getAttribute('data-step'))
    await until(async () => (await bench.diagnosis()).kind === 'vanishing', 'it vanishes')
    const before = await step()
    await bench.setLanguage('zh')
    await until(async () => (await step()) > before + 5, 'it goes on')
    expect(await bench.runState.getAttribute('data-state')).toBe('running')
    const { text } = await bench.diagnosis()
    expect(text).toMatch(/收到的梯度 RMS/)
    expect(await page.getByTestId('pause').innerText()).toMatch(/\p{Script=Han}/u)
    await bench.setLanguage('en')
    await until(async () => /receives an RMS gradient/.test((await bench.diagnosis()).text), 'it is English again')
    await page.getByTestId('stop').click()
    await bench.waitForState('stopped')
    // One run, every step of it recorded.
    const steps = await page.evaluate(async () => {
      const list = await window.clinic.listRuns()
      return list.length === 1 ? [...(await window.clinic.getRun(list[0]!.id))!.frames.steps] : []
    })
    expect(steps.length).toBeGreaterThan(before)
    expect(steps.every((s, i) => s === i)).toBe(true)
  })
  it('enlarged beyond the room there is, is scrolled: all of it is reached', async () => {
    const launched = await launchApp({ size: { width: 1366, height: 768 } })
    const { app, page } = launched
    const bench = await Workbench.of(page)
    const enlarge = (factor: number): Promise<void> =>
      app.evaluate(({ BrowserWindow }, f) => {
        BrowserWindow.getAllWindows()[0]!.webContents.setZoomFactor(f)
      }, factor)
    const scrolls = (): Promise<boolean[]> =>
      page.evaluate(() => {
        const { scrollWidth, scrollHeight } = document.documentElement
        return [scrollWidth > innerWidth, scrollHeight > innerHeight]
      })
    expect(await scrolls()).toEqual([false, false])
    await enlarge(2)
    await page.waitForFunction(() => innerWidth < 700)
    expect(await scrolls()).toEqual([true, true])
    // Of its smallest size, and not of what is hidden in it.
    expect(await page.evaluate(() => document.documentElement.scrollHeight)).toBeLessThan(600)
    for (const id of ['train', 'theme', 'status-line']) {
      await page.getByTestId(id).scrollIntoViewIfNeeded()
      const isReached = await page.getByTestId(id).evaluate((e) => {
        const { right, bottom, left, top } = e.getBoundingClientRect()
        return right > 0 && bottom > 0 && left < innerWidth && top < innerHeight
      })
      expect(isReached, id).toBe(true)
    }
    await enlarge(1)
    await page.waitForFunction(() => innerWidth === 1366)
    expect(await scrolls()).toEqual([false, false])
    await bench.builder.unselect()
  })
  it('in the colours of the system says by lines what is chosen, and keeps the colours of what is measured', async () => {
    const { page } = await launchApp()
    const bench = await Workbench.of(page)
    await bench.inspector.fill('training.steps', 20)
    expect(await bench.trainToTheEnd()).toBe('finished')
    const look = (id: string, property: string, within = ''): Promise<string> =>
      page
        .locator(`[data-testid="${id}"] ${within}`)
        .first()
        .evaluate((e, p) => getComputedStyle(e).getPropertyValue(p), property)
    const ground = await look('chip', 'background-color')
    await page.emulateMedia({ forcedColors: 'active' })
    expect(await look('page-build', 'outline-style')).toBe('solid')
    expect(await look('page-cure', 'outline-style')).toBe('none')
    expect(await look('watch-tab-gradients', 'outline-style')).toBe('solid')
    expect(await look('watch-tab-chain', 'outline-style')).toBe('none')
    expect(await look('chip', 'background-color')).toBe(ground)
    // A switch says its state by its knob.
    const knob = (): Promise<string> =>
      page
        .locator('.tog')
        .first()
        .evaluate((e) => [getComputedStyle(e), getComputedStyle(e, '::after')].map((s) => s.backgroundColor).join())
    expect(new Set((await knob()).match(/rgba?\([^)]*\)/g)).size).toBe(2)
    await page.emulateMedia({ forcedColors: null })
  })
  it('pauses, makes one step and resumes by its buttons', async () => {
    const { page } = await launchApp()
    const bench = await Workbench.of(page)
    await bench.inspector.fill('training.steps', 100_000)
    const step = async (): Promise<number> => Number(await bench.runState.getAttribute('data-step'))
    expect(await page.getByTestId('step').isDisabled()).toBe(true)
    await bench.train.click()
    await until(async () => (await step()) > 5, 'it runs')
    await page.getByTestId('pause').click()
    await bench.waitForState('paused')
    for (let i = 0; i < 3; i++) {
      const before = await step()
      await page.getByTestId('step').click()
      await until(async () => (await step()) === before + 1, 'it has made one step')
      expect(await bench.state()).toBe('paused')
    }
    const before = await step()
    await page.getByTestId('resume').click()
    await until(async () => (await step()) > before + 5, 'it goes on')
    expect(await bench.state()).not.toBe('paused')
    await page.getByTestId('stop').click()
    await bench.waitForState('stopped')
  })
  it('has every part in its place, in both languages and at both sizes', async () => {
    for (const size of [
      { width: 1280, height: 800 },
      { width: 1920, height: 1080 }
    ]) {
      const launched = await launchApp({ size })
      const bench = await Workbench.of(launched.page)
      for (const language of ['en', 'zh'] as const) {
        await bench.setLanguage(language)
        let faults: string[] = []
        await until(
          async () => !(faults = await misplaced(launched.page)).length,
          'all stands in its place',
          LAID_OUT
        ).catch(() => undefined)
        expect(faults, `${language}, ${size.width} × ${size.height}`).toEqual([])
      }
      // With a run, its controls and its diagnosis too.
      expect(await bench.trainToTheEnd()).toBe('finished')
      expect(await misplaced(launched.page)).toEqual([])
      await launched.close()
    }
  })
  it('would notice a part that is out of the window or on top of another', async () => {
    const { page } = await launchApp({ size: { width: 1280, height: 800 } })
    await Workbench.of(page)
    await page.addStyleTag({
      content: '.status { margin-left: 200px; width: 1280px } .top .brand { margin-right: -120px }'
    })
    const faults = (await misplaced(page)).join('\n')
    expect(faults).toMatch(/status-language.* is at /)
    expect(faults).toMatch(/\.top: .*overlap/)
  })
  it('keeps everything within reach in small windows, before, during and after a run', async () => {
    const launched = await launchApp()
    const { page } = launched
    const bench = await Workbench.of(page)
    /** At both sizes and in both languages, on each page. */
    const look = async (when: string, pages: readonly string[] = ['build', 'runs', 'compare']): Promise<void> => {
      for (const size of [
        { width: 900, height: 575 },
        { width: 1024, height: 700 }
      ]) {
        await resize(launched, size)
        for (const language of ['en', 'zh'] as const) {
          await bench.setLanguage(language)
          for (const id of pages) {
            await page.getByTestId(`page-${id}`).click()
            let faults: string[] = []
            await until(async () => !(faults = await unreachable(page)).length, 'all is within reach', LAID_OUT).catch(
              () => undefined
            )
            expect(faults, `${when}, ${id}, ${language}, ${size.width} × ${size.height}`).toEqual([])
          }
        }
      }
      await bench.setLanguage('en')
      await page.getByTestId('page-build').click()
    }
    await look('before', ['build'])
    expect(await bench.trainToTheEnd()).toBe('finished')
    await look('after a run')
    // Menus open to the side that has room, and scroll where neither has enough.
    await resize(launched, { width: 900, height: 575 })
    for (const id of ['export-menu', 'project-menu', 'help', 'watch-more', 'queue-open']) {
      await page.getByTestId(id).click()
      const menu = page.locator('.menu[data-state="open"]')
      await until(async () => {
        const box = await menu.boundingBox()
        return !!box && box.y >= 0 && box.x >= 0 && box.y + box.height <= 575 && box.x + box.width <= 900
      }, `the menu ${id} is inside the window`)
      await page.keyboard.press('Escape')
      await menu.waitFor({ state: 'detached' })
    }
    // What to try against a fault is in sight beside it.
    await resize(launched, { width: 1024, height: 700 })
    await page.getByTestId('watch-tab-findings').click()
    const [table, advice] = await Promise.all(
      ['findings', 'finding-advice'].map(async (id) => (await page.getByTestId(id).first().boundingBox())!)
    )
    expect(advice!.x + advice!.width).toBeLessThanOrEqual(table!.x + table!.width)
    await page.getByTestId('watch-tab-gradients').click()
    // Two runs, one of which goes on: all controls of the bar at once.
    await bench.inspector.fill('training.steps', 100_000)
    await bench.train.click()
    await bench.waitForState('running')
    await look('during a run', ['build'])
    // What has stepped back is in the “…”.
    await resize(launched, { width: 900, height: 575 })
    await page.getByTestId('undo').waitFor({ state: 'detached' })
    await page.getByTestId('help').click()
    await page.getByTestId('help-undo').waitFor()
    await page.getByTestId('help-palette').waitFor()
    await page.keyboard.press('Escape')
    await page.getByTestId('watch-more').click()
    await page.getByTestId('watch-more-lens').click()
    await until(
      async () => (await page.getByTestId('watch-tab-lens').getAttribute('aria-selected')) === 'true',
      'the tab from the “…” is shown'
    )
    await page.getByTestId('watch-tab-gradients').click()
    await page.getByTestId('watch-more').click()
    await page.getByTestId('own-scale').click()
    await page.getByTestId('stop').click()
  })
})
