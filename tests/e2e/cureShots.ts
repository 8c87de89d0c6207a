import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, relative } from 'node:path'
import { _electron, type ElectronApplication, type Page } from 'playwright'
import { HEALTHY, hopeless } from './cureCases'
import { queueShots } from './cureQueueShots'
import { ROOT, electronExecutable, sandboxArgs } from '../../scripts/setup/paths.mjs'

type Theme = 'light' | 'dark'
type Language = 'en' | 'zh'
/** Which pictures of the page Cure are made. */
interface CureShots {
  out: string
  sizes: readonly { width: number; height: number }[]
  themes: readonly Theme[]
  languages: readonly Language[]
  /** Only what the documentation shows. */
  few?: boolean
  /** Only the states of a queue. */
  queue?: boolean
}
interface Window {
  app: ElectronApplication
  page: Page
  /** A picture in every theme, language and size; without a change of what is measured. */
  shot: (name: string) => Promise<void>
  /** The report of what is on screen in each language, as HTML and PDF. @param menu and items: their test ids */
  report: (name: string, menu: string, items: { html?: string; pdf: string }) => Promise<void>
}
const WAIT = 600_000

/** What the stores of the page answer to; they are the way to change theme and language without a reload. */
interface Mounted extends Element {
  __vue_app__: { config: { globalProperties: { $pinia: { _s: Map<string, Record<string, (v: string) => void>> } } } }
}

/** A window of the real app, with an experiment of a file, or as it opens. */
async function inWindow(
  { out, sizes, themes, languages, few }: CureShots,
  experiment: object | undefined,
  act: (window: Window) => Promise<void>
): Promise<void> {
  const userData = mkdtempSync(join(tmpdir(), 'clinic-shots-'))
  // A project file is told by its name; what is inside may be an experiment alone.
  const file = join(userData, 'experiment.gclinic')
  if (experiment) writeFileSync(file, JSON.stringify(experiment))
  const app = await _electron.launch({
    executablePath: electronExecutable(),
    args: [...sandboxArgs(), ROOT, ...(experiment ? [file] : [])],
    env: { ...(process.env as Record<string, string>), GRADIENT_CLINIC_USER_DATA: userData }
  })
  try {
    const page = await app.firstWindow()
    await page.getByTestId('train').waitFor()
    const choose = (theme: Theme, language: Language): Promise<void> =>
      page.evaluate(
        (s) => {
          const { __vue_app__: vue } = [...document.querySelectorAll('*')].find((e) => '__vue_app__' in e) as Mounted
          const settings = vue.config.globalProperties.$pinia._s.get('settings')!
          settings['setTheme']!(s.theme)
          settings['setLanguage']!(s.language)
        },
        { theme, language }
      )
    const shot = async (name: string): Promise<void> => {
      for (const size of sizes) {
        await app.evaluate(
          ({ BrowserWindow }, s) => BrowserWindow.getAllWindows()[0]!.setContentSize(s.width, s.height),
          size
        )
        await page.waitForFunction((s) => innerWidth === s.width && innerHeight === s.height, size)
        for (const theme of themes)
          for (const language of languages) {
            await choose(theme, language)
            await page.locator(`html.${theme}`).waitFor()
            await page.mouse.move(size.width / 2, 4)
            // Plots follow what they show one by one, two frames each.
            await page.evaluate(async () => {
              for (let i = 0; i < 12; i++) await new Promise((next) => requestAnimationFrame(next))
            })
            const path = join(out, `${name}-${theme}-${language}${few ? '' : `-${size.width}`}.png`)
            await page.screenshot({ path })
            console.log(relative(ROOT, path))
          }
      }
    }
    const report: Window['report'] = async (name, menu, items) => {
      for (const language of languages) {
        await choose(themes[0]!, language)
        for (const [form, item] of Object.entries(items)) {
          const filePath = join(out, `${name}-${language}.${form}`)
          await app.evaluate(({ dialog }, path) => {
            dialog.showSaveDialog = (async () => ({
              canceled: false,
              filePath: path
            })) as unknown as typeof dialog.showSaveDialog
          }, filePath)
          await page.getByTestId(menu).click()
          await page.getByTestId(item).click()
          await page.getByTestId(item).waitFor({ state: 'detached', timeout: WAIT })
          console.log(relative(ROOT, filePath))
        }
      }
    }
    const called = (experiment as { name?: string } | undefined)?.name
    if (called) await page.getByText(called).first().waitFor()
    await page.getByTestId('page-cure').click()
    await page.getByTestId('cure-page').waitFor()
    await act({ app, page, shot, report })
  } finally {
    await app.evaluate(({ dialog }) => {
      dialog.showMessageBox = (async () => ({ response: 1, checkboxChecked: false })) as typeof dialog.showMessageBox
    })
    await app.close()
    rmSync(userData, { recursive: true, force: true, maxRetries: 5 })
  }
}
const phase = (page: Page, ...names: string[]): Promise<void> =>
  page
    .locator(names.map((n) => `[data-testid=cure-page][data-phase=${n}]`).join(', '))
    .first()
    .waitFor({ timeout: WAIT })

/** The opening example: from nothing asked to its cure, with both small searches. */
async function cured({ page, shot, report }: Window, few: boolean): Promise<void> {
  const find = page.getByTestId('cure-find')
  if (!few) {
    await shot('cure-idle')
    await find.click()
    await page.locator('[data-testid=cure-row][data-group=cures]').first().waitFor({ timeout: WAIT })
    await shot('cure-running')
    await page.getByTestId('cure-stop').click()
    await phase(page, 'stopped')
    await shot('cure-stopped')
    await page.getByTestId('cure-go-on').click()
  } else await find.click()
  await phase(page, 'done')
  await page
    .getByTestId('cure-table')
    .locator('.body')
    .evaluate((e) => e.scrollTo({ top: 0 }))
  await shot(few ? 'cure' : 'cure-done')
  const upper = page.getByTestId('cure-case').locator('.upper')
  if (!few) {
    const blocked = page.getByTestId('cure-blocked')
    await blocked.locator('summary').click()
    await blocked.scrollIntoViewIfNeeded()
    await upper.evaluate((e) => e.scrollTo({ top: e.scrollHeight }))
    await shot('cure-blocked')
    await blocked.locator('summary').click()
    await upper.evaluate((e) => e.scrollTo({ top: 0 }))
    await page.getByTestId('cure-range-test').click()
    await page.getByTestId('rate-curve').waitFor({ timeout: WAIT })
    await shot('cure-range-running')
  } else await page.getByTestId('cure-range-test').click()
  await page.getByTestId('small-answer').waitFor({ timeout: WAIT })
  await shot('cure-range')
  if (few) return
  await page.getByTestId('cure-ten-examples').click()
  await page.getByTestId('small-answer').waitFor({ timeout: WAIT })
  await shot('cure-ten')
  // The three reports: of the search, of untreated beside treated, and of one run.
  await page.getByTestId('small-close').click()
  await report('report-search', 'cure-export', { html: 'cure-report-html', pdf: 'cure-report-pdf' })
  await page.getByTestId('cure-compare').click()
  await page.getByTestId('compare-figures').waitFor()
  await report('report-comparison', 'compare-export', { pdf: 'compare-report-pdf' })
  await page.getByTestId('page-cure').click()
  await page.getByTestId('cure-open').click()
  await report('report-run', 'export-menu', { html: 'export-report-html', pdf: 'export-report-pdf' })
}
/** Kills every trainer until the search gives up. */
async function failed({ app, page, shot }: Window): Promise<void> {
  await page.getByTestId('cure-find').click()
  const isOver = (): Promise<boolean> => page.locator('[data-phase=failed]').isVisible()
  while (!(await isOver())) {
    await page.locator('[data-testid=cure-page]:is([data-phase=running], [data-phase=failed])').waitFor()
    await app.evaluate(({ app: main }) => {
      for (const { pid, name, serviceName } of main.getAppMetrics())
        if ([name, serviceName].some((n) => n?.startsWith('Gradient Clinic trainer'))) process.kill(pid, 'SIGKILL')
    })
    await page.waitForTimeout(300)
  }
  await shot('cure-failed')
}

/** Makes pictures of the page Cure in each of its states. */
export async function cureShots(wanted: CureShots): Promise<void> {
  if (wanted.queue) return inWindow(wanted, undefined, queueShots)
  await inWindow(wanted, undefined, (w) => cured(w, !!wanted.few))
  if (wanted.few) return
  await inWindow(wanted, hopeless(3, 200), async ({ page, shot }) => {
    await page.getByTestId('cure-find').click()
    await phase(page, 'nothing', 'done')
    await shot('cure-nothing')
  })
  await inWindow(wanted, HEALTHY, async ({ page, shot }) => {
    await page.getByTestId('cure-find').click()
    await phase(page, 'healthy', 'done')
    await shot('cure-healthy')
  })
  await inWindow(wanted, HEALTHY, failed)
  await inWindow(wanted, undefined, queueShots)
}
