import { chromium, type Browser, type Page } from 'playwright'
import { afterAll, afterEach, beforeAll, beforeEach, expect, it, vi } from 'vitest'
import { decodeProject } from '@shared/project'
import { chromiumExecutable, sandboxArgs } from '../../scripts/setup/paths.mjs'
import { misplaced } from '../e2e/pages/layout'
import { Workbench } from '../e2e/pages/workbench'
import { FakeBridge } from './bridge'

vi.mock('../../src/main/log', () => ({ log: vi.fn() }))

let browser: Browser
let bridge: FakeBridge
let page: Page
let w: Workbench
const errors: string[] = []

beforeAll(async () => {
  browser = await chromium.launch({ executablePath: chromiumExecutable(), args: sandboxArgs() })
})
afterAll(() => browser.close())
beforeEach(async () => {
  bridge = new FakeBridge()
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 } })
  context.on('page', (p) => {
    p.on('console', (m) => void (m.type() === 'error' && errors.push(m.text())))
    p.on('pageerror', (e) => void errors.push(e.stack ?? e.message))
  })
  await bridge.attach(context)
  page = context.pages()[0]!
  w = await Workbench.of(page)
})
afterEach(async () => {
  await page.context().close()
  bridge.close()
  expect(errors.splice(0)).toEqual([])
  expect(bridge.logged.filter((l) => l.startsWith('error'))).toEqual([])
})

it('is a current browser, not the oldest one supported', () => {
  expect(Number(browser.version().split('.')[0])).toBeGreaterThan(120)
})

it('builds, trains, sees the gradient vanish, cures it, saves and opens', async () => {
  await w.builder.openTemplate('vanishing')
  expect(await w.trainToTheEnd()).toBe('finished')
  expect(await w.watch.findings()).toContain('vanishing')
  const { rows } = await w.watch.exact()
  expect(rows).toHaveLength(20)
  expect(rows[0]!.value / rows.at(-1)!.value).toBeLessThan(1e-3)

  await w.remedies.toggle('activation', true)
  await w.remedies.toggle('initializer', true)
  expect(await w.trainToTheEnd()).toBe('finished')
  const cured = (await w.watch.exact()).rows
  expect(cured[0]!.value / cured.at(-1)!.value).toBeGreaterThan(0.05)

  await w.fromProjectMenu('project-save')
  await w.dirty.waitFor({ state: 'detached' })
  const kept = decodeProject(bridge.saved!)
  expect(kept.runs).toHaveLength(2)
  expect(kept.experiments[kept.current]!.remedies.map((r) => r.id).sort()).toEqual(['activation', 'initializer'])
})

it('trains a critic, whose picture over the plane follows the shown step', async () => {
  await w.builder.openTemplate('critic-penalty')
  expect(await w.remedies.state('gradientPenalty')).toBe('on')
  expect(await w.trainToTheEnd()).toBe('finished')
  expect(await w.watch.findings()).toEqual(['healthy'])
  await w.data.open()
  const picture = page.getByTestId('critic-plane')
  await expect.poll(() => picture.getAttribute('data-step')).toBe('280')
  const pixels = (): Promise<string> => picture.locator('canvas').evaluate((c) => (c as HTMLCanvasElement).toDataURL())
  const last = await pixels()
  await w.watch.pin('first')
  await expect.poll(() => picture.getAttribute('data-step')).toBe('0')
  await expect.poll(pixels).not.toBe(last)
  await page.getByTestId('curve-scalar').click()
  await page.getByTestId('curve-scalar-option-lipschitz').click()
  await page.getByTestId('curve-scalar').getByText('Lipschitz').waitFor()

  // Not for what is no critic.
  await w.builder.openTemplate('vanishing')
  await expect.poll(() => w.remedies.state('gradientPenalty')).toBe('blocked')
  expect(await picture.count()).toBe(0)
})

it('is laid out within the window, in both themes and languages', async () => {
  for (const theme of ['light', 'dark'] as const)
    for (const language of ['en', 'zh'] as const) {
      await w.setTheme(theme)
      await w.setLanguage(language)
      for (const size of [
        { width: 1024, height: 640 },
        { width: 1280, height: 800 },
        { width: 1920, height: 1080 }
      ]) {
        await page.setViewportSize(size)
        await expect
          .poll(() => misplaced(page), { message: `${theme} ${language} ${size.width} × ${size.height}` })
          .toEqual([])
      }
    }
})
