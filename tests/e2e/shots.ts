import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, relative, resolve } from 'node:path'
import { _electron, type Page } from 'playwright'
import { cureShots } from './cureShots'
import { ROOT, electronExecutable, sandboxArgs } from '../../scripts/setup/paths.mjs'

type Theme = 'light' | 'dark'
type Language = 'en' | 'zh'
interface Wanted {
  out: string
  size: { width: number; height: number }
  /** Also the views that the documentation doesn't show: to be looked at. */
  all: boolean
}

/** Trains what is on screen to the end. */
async function train(page: Page): Promise<void> {
  await page.getByTestId('train').click()
  await page.locator('[data-testid="run-state"][data-state="finished"]').waitFor({ timeout: 120_000 })
}
/** Plots follow what they show one by one, two frames each. */
const drawn = (page: Page): Promise<void> =>
  page.evaluate(async () => {
    for (let i = 0; i < 12; i++) await new Promise((next) => requestAnimationFrame(next))
  })

/** The window in one theme and language, from empty to cured: what the documentation shows. */
async function round(theme: Theme, language: Language, { out, size, all }: Wanted): Promise<void> {
  const userData = mkdtempSync(join(tmpdir(), 'clinic-shots-'))
  const app = await _electron.launch({
    executablePath: electronExecutable(),
    args: [...sandboxArgs(), ROOT],
    env: { ...(process.env as Record<string, string>), GRADIENT_CLINIC_USER_DATA: userData }
  })
  try {
    const page = await app.firstWindow()
    await app.evaluate(
      ({ BrowserWindow }, s) => BrowserWindow.getAllWindows()[0]!.setContentSize(s.width, s.height),
      size
    )
    await page.getByTestId('train').waitFor()
    await page.evaluate((s) => window.clinic.setSettings(s), { theme, language })
    await page.reload()
    await page.locator(`html.${theme}`).waitFor()
    await page.getByTestId('train').waitFor()
    await page.evaluate(() => document.fonts.ready)
    /**
     * Inspector and remedies from their top, where what is on or advised stands; a card that was opened is left in
     * sight.
     */
    const shot = async (name: string, top = true): Promise<void> => {
      if (top) await page.locator('aside.right').evaluateAll((all) => all.forEach((e) => e.scrollTo({ top: 0 })))
      await page.mouse.move(size.width / 2, 4)
      await drawn(page)
      const path = join(out, `${name}-${theme}-${language}.png`)
      await page.screenshot({ path })
      console.log(relative(ROOT, path))
    }
    const more = async (
      name: string,
      open: () => Promise<void>,
      close: () => Promise<void> = () => page.keyboard.press('Escape')
    ): Promise<void> => {
      if (!all) return
      await open()
      await shot(name)
      await close()
    }
    /** An experiment of the gallery; its shelf may be closed. */
    const ready = async (id: string): Promise<void> => {
      await page.getByTestId('palette-tab-gallery').click()
      await page
        .getByTestId('gallery')
        .evaluate((list) => list.querySelectorAll('details').forEach((d) => (d.open = true)))
      await page.getByTestId(`template-${id}`).click()
      await page.getByTestId('palette-tab-layers').click()
    }
    const tab = (name: string) => (): Promise<void> => page.getByTestId(`watch-tab-${name}`).click()
    const nothing = async (): Promise<void> => undefined
    await shot('empty')
    // The window opens on the experiment that vanishes.
    await page.getByTestId('remedy-show-batchNorm').click()
    await shot('builder', false)
    await page.getByTestId('remedy-show-batchNorm').click()
    await train(page)
    await shot('vanishing')
    await page.getByTestId('watch-tab-chain').click()
    await shot('chain')
    await page.getByTestId('watch-tab-lens').click()
    await shot('distributions')
    await more('weights', tab('weights'), nothing)
    await more('activations', tab('activations'), nothing)
    await more('findings', tab('findings'), nothing)
    await page.getByTestId('watch-tab-gradients').click()
    await more('layer', () => page.getByTestId('node-dense1').click())
    await more(
      'overview',
      async () => {
        for (let i = 0; i < 4; i++) await page.getByTestId('zoom-in').click()
      },
      () => page.getByTestId('zoom-fit').click()
    )
    await more('export', () => page.getByTestId('export-menu').click())
    await more('runs', () => page.getByTestId('queue-open').click())
    await more('commands', () => page.keyboard.press('Control+k'))
    await more('keys', () => page.keyboard.press('?'))
    await more(
      'gallery-dialog',
      async () => {
        await page.getByTestId('palette-tab-gallery').click()
        await page.getByTestId('gallery-browse').click()
      },
      async () => {
        await page.keyboard.press('Escape')
        await page.getByTestId('palette-tab-layers').click()
      }
    )
    await page.getByTestId('remedy-toggle-activation').click()
    await train(page)
    await shot('cured')
    await page.getByTestId('page-compare').click()
    await page.getByTestId('compare-figures').waitFor()
    await shot('compare')
    await page.getByTestId('page-build').click()
    await page.getByTestId('palette-tab-gallery').click()
    await shot('gallery')
    await ready('throughTime')
    await train(page)
    await page.getByTestId('statistic').click()
    await page.getByTestId('statistic-option-timeGradientRms').click()
    await shot('time')
    if (!all) return
    for (const id of ['exploding', 'critic-exploding']) {
      await ready(id)
      await train(page)
      await shot(id)
    }
  } finally {
    await app.evaluate(({ dialog }) => {
      dialog.showMessageBox = (async () => ({ response: 1, checkboxChecked: false })) as typeof dialog.showMessageBox
    })
    await app.close()
    rmSync(userData, { recursive: true, force: true, maxRetries: 5 })
  }
}

/** The pictures of the guide's last chapter: those that its own test passes. */
function story(out: string, language: Language): void {
  const env = { ...process.env, GRADIENT_CLINIC_PICTURES: out, GRADIENT_CLINIC_LANGUAGE: language }
  const vitest = join(ROOT, 'node_modules/vitest/vitest.mjs')
  const args = [vitest, 'run', '--project', 'e2e', 'tests/e2e/ownModel.test.ts']
  const { status } = spawnSync(process.execPath, args, { cwd: ROOT, env, stdio: 'inherit' })
  if (status !== 0) throw new Error('the story of an own model has failed')
}

/**
 * Makes every picture of the documentation, light and dark, English and 中文; or of all views, to be looked at:
 *   npm run shots -- --out DIR [--size 1280x800] [--theme dark] [--language zh] [--only workbench|cure|queue|story]
 * With --only cure: the page Cure in all of its states, at several sizes with --size 1024x700,1440x900,1920x1080; with
 * --only queue: those of its queue alone.
 */
export default async function shots(args: readonly string[]): Promise<void> {
  const value = (name: string): string | undefined => (args.includes(name) ? args[args.indexOf(name) + 1] : undefined)
  const out = value('--out') ? resolve(value('--out')!) : join(ROOT, 'docs', 'images')
  const sizes = (value('--size') ?? '1440x900').split(',').map((size) => {
    const [width, height] = size.split('x').map(Number)
    return { width: width!, height: height! }
  })
  mkdirSync(out, { recursive: true })
  const chosen = <T extends string>(name: string, all: readonly T[]): T[] => all.filter((x) => (value(name) ?? x) === x)
  const part = value('--only')
  const isWanted = (name: string): boolean => !part || part === name
  if (isWanted('cure') || part === 'queue')
    await cureShots({
      queue: part === 'queue',
      out,
      sizes,
      themes: chosen('--theme', ['light', 'dark']),
      languages: chosen('--language', ['en', 'zh']),
      few: !value('--out')
    })
  if (isWanted('workbench'))
    for (const theme of chosen('--theme', ['light', 'dark']))
      for (const language of chosen('--language', ['en', 'zh']))
        await round(theme, language, { out, size: sizes[0]!, all: !!value('--out') })
  if (isWanted('story') && value('--theme') !== 'dark')
    for (const language of chosen('--language', ['en', 'zh'])) story(out, language)
}
