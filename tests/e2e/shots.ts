import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { _electron, type Page } from 'playwright'
import { ROOT, electronExecutable, sandboxArgs } from '../../scripts/setup/paths.mjs'

const OUT = join(ROOT, 'docs', 'images')
const SIZE = { width: 1440, height: 900 }

/** Trains what is on screen to the end. */
async function train(page: Page): Promise<void> {
  await page.getByTestId('train').click()
  await page.locator('[data-testid="run-state"][data-state="finished"]').waitFor({ timeout: 120_000 })
  // The pictures follow at the next frames.
  await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => requestAnimationFrame(() => done(null))))))
}

/** The window in one theme and language, from empty to cured: what the documentation shows. */
async function round(theme: 'light' | 'dark', language: 'en' | 'zh'): Promise<void> {
  const userData = mkdtempSync(join(tmpdir(), 'clinic-shots-'))
  const app = await _electron.launch({
    executablePath: electronExecutable(),
    args: [...sandboxArgs(), ROOT],
    env: { ...(process.env as Record<string, string>), GRADIENT_CLINIC_USER_DATA: userData }
  })
  try {
    const page = await app.firstWindow()
    await app.evaluate(({ BrowserWindow }, s) => BrowserWindow.getAllWindows()[0]!.setContentSize(s.width, s.height), SIZE)
    await page.getByTestId('train').waitFor()
    await page.evaluate((s) => window.clinic.setSettings(s), { theme, language })
    await page.reload()
    await page.locator(`html.${theme}`).waitFor()
    await page.getByTestId('train').waitFor()
    await page.evaluate(() => document.fonts.ready)
    const shot = async (name: string): Promise<void> => {
      await page.mouse.move(SIZE.width / 2, 4)
      await page.screenshot({ path: join(OUT, `${name}-${theme}-${language}.png`) })
      console.log(`docs/images/${name}-${theme}-${language}.png`)
    }
    await shot('empty')
    await page.getByTestId('palette-tab-gallery').click()
    await page.getByTestId('template-vanishing').click()
    await page.getByTestId('palette-tab-layers').click()
    await page.getByTestId('remedy-show-batchNorm').click()
    await shot('builder')
    await page.getByTestId('remedy-show-batchNorm').click()
    await train(page)
    await shot('vanishing')
    await page.getByTestId('watch-tab-chain').click()
    await shot('chain')
    await page.getByTestId('watch-tab-lens').click()
    await shot('distributions')
    await page.getByTestId('watch-tab-gradients').click()
    await page.getByTestId('remedy-toggle-activation').click()
    await train(page)
    await shot('cured')
    await page.getByTestId('page-compare').click()
    await page.getByTestId('compare-figures').waitFor()
    await shot('compare')
    await page.getByTestId('page-build').click()
    await page.getByTestId('palette-tab-gallery').click()
    await shot('gallery')
    await page.getByTestId('template-throughTime').click()
    await page.getByTestId('palette-tab-layers').click()
    await train(page)
    await page.getByTestId('statistic').click()
    await page.getByTestId('statistic-option-timeGradientRms').click()
    await shot('time')
  } finally {
    await app.evaluate(({ dialog }) => {
      dialog.showMessageBox = (async () => ({ response: 1, checkboxChecked: false })) as typeof dialog.showMessageBox
    })
    await app.close()
    rmSync(userData, { recursive: true, force: true, maxRetries: 5 })
  }
}

/** Makes every picture of the documentation, light and dark, English and 中文. */
export default async function shots(): Promise<void> {
  mkdirSync(OUT, { recursive: true })
  for (const theme of ['light', 'dark'] as const) for (const language of ['en', 'zh'] as const) await round(theme, language)
}
