/** A newcomer's first minute by keys alone: a network from nothing, trained, diagnosed and cured. */
import type { Page } from 'playwright'
import { expect, it } from 'vitest'
import { launchApp, until } from './harness'
import { Shell } from './pages/shell'
import { Workbench } from './pages/workbench'

/** The test id nearest to what has the keyboard; `null` where the page has lost it. */
const focused = (page: Page): Promise<string | null> =>
  page.evaluate(() => document.activeElement?.closest<HTMLElement>('[data-testid]')?.dataset['testid'] ?? null)
const moving = (page: Page): Promise<number> => page.evaluate(() => document.getAnimations().length)

it('a network is built, trained with what was just typed, diagnosed and treated by keys alone, and nothing moves', async () => {
  const { page } = await launchApp({ size: { width: 1280, height: 800 } })
  await page.emulateMedia({ reducedMotion: 'reduce' })
  const bench = await Workbench.of(page)
  const shell = new Shell(page)
  const key = (k: string): Promise<void> => page.keyboard.press(k)
  const count = async (): Promise<number> => (await bench.builder.nodes()).length
  expect(await moving(page)).toBe(0)

  await key('Control+Shift+n')
  await until(async () => (await count()) === 0, 'the network is empty')
  await key('/')
  await page.keyboard.type('dense')
  for (let n = 1; n <= 2; n++) {
    await key('Enter')
    await until(async () => (await count()) === n, `${n} layers`)
  }
  expect(await focused(page)).toBe('palette-search')
  // The layer that came is said.
  await until(async () => /^Dense 2, /.test(await bench.builder.says()), 'the canvas says what came')
  expect(await moving(page)).toBe(0)

  // Its name is typed, and counts as the training starts from within the field, which keeps the keyboard.
  await key('F6')
  expect(await focused(page)).toBe('canvas-stage')
  await key('F2')
  expect(await focused(page)).toBe('layer-name')
  await key('Control+a')
  await page.keyboard.type('Head')
  await key('Control+Enter')
  await bench.waitForState('finished')
  expect(await page.getByTestId('node-dense1').innerText()).toContain('Head')
  expect(await focused(page)).toBe('layer-name')
  expect(await moving(page)).toBe(0)

  expect(await shell.command('run views: findings')).toBe('tab-findings')
  await page.getByTestId('finding').first().waitFor()
  expect((await bench.diagnosis()).kind).not.toBeNull()
  expect(await shell.command('find the cure')).toBe('find-cure')
  await page.getByTestId('cure-page').waitFor()
  // The search says how far it is where a screen reader hears it.
  const live = (): Promise<string[]> => page.locator('[role=status], [aria-live]').allInnerTexts()
  await until(async () => (await live()).some((said) => /untreated|cure|helped/i.test(said)), 'the search is heard')
  expect(await moving(page)).toBe(0)
})
