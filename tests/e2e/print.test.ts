/** The hidden window that prints a report, and its end in the middle. */
import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { answer, asked, launchApp, temporary, until, type Launched } from './harness'
import { Workbench } from './pages/workbench'

/** When and how the page that prints ends. */
const ENDS = {
  'crashes as it loads': 'did-start-navigation',
  'crashes as it is printed': 'did-finish-load',
  'is killed as it is printed': 'did-finish-load',
  'is closed as it is printed': 'did-finish-load'
} as const
type End = keyof typeof ENDS

/** Ends the next page that is made, once. */
const ends = ({ app }: Launched, how: End): Promise<void> =>
  app.evaluate(
    ({ app, BrowserWindow }, { how, event }) => {
      app.once('web-contents-created', (_event, contents) => {
        contents.once(event as 'did-finish-load', () => {
          const work = (): void => {
            if (contents.isDestroyed()) return
            if (how.startsWith('is killed')) process.kill(contents.getOSProcessId(), 'SIGKILL')
            else if (how.startsWith('is closed')) BrowserWindow.fromWebContents(contents)?.destroy()
            else contents.forcefullyCrashRenderer()
          }
          // Once it was asked to print.
          if (event === 'did-finish-load') setTimeout(work, 0)
          else work()
        })
      })
    },
    { how, event: ENDS[how] }
  )

it.each(Object.keys(ENDS) as End[])('that %s says so, and nothing but the report is missing', async (how) => {
  const launched = await launchApp({ size: { width: 1440, height: 900 } })
  const { page, app } = launched
  const bench = await Workbench.of(page)
  await bench.inspector.fill('training.steps', 40)
  expect(await bench.trainToTheEnd()).toBe('finished')
  const folder = temporary()
  await answer(launched, 'showSaveDialog', { filePath: join(folder, 'report.pdf') })
  await ends(launched, how)
  await page.getByTestId('export-menu').click()
  await page.getByTestId('export-report-pdf').click()
  await bench.question.filter({ hasText: /report\.pdf.*has ended: .*or export as HTML/s }).waitFor()
  await bench.answer('ok')
  // The page that printed is one that the test hears of, too.
  launched.expectErrors(/^the page has crashed$/)
  expect(readdirSync(folder)).toEqual([])
  await until(
    () => app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows().length === 1),
    'no hidden window is left'
  )

  // Nobody was asked about a page that has crashed, the run is there, and what was advised can be done.
  expect((await asked(launched)).filter((q) => q.message)).toEqual([])
  expect(await bench.state()).toBe('finished')
  const html = join(folder, 'report.html')
  await answer(launched, 'showSaveDialog', { filePath: html })
  if (!(await page.getByTestId('export-report-html').count())) await page.getByTestId('export-menu').click()
  await page.getByTestId('export-report-html').click()
  await until(() => existsSync(html), 'it is exported as HTML')
})
