import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { readPdf, type PdfPage } from '../pdf'
import { answer, launchApp, temporary, until } from './harness'
import { askCure, curePhase } from './pages/cure'
import { Workbench } from './pages/workbench'

describe('trainings of a search', () => {
  it('are runs: compared and opened, printed on A4, and continued', async () => {
    const launched = await launchApp({ size: { width: 1440, height: 900 } })
    const { page } = launched
    const folder = temporary()
    const printed = async (menu: string, item: string): Promise<PdfPage[]> => {
      const path = join(folder, `${item}.pdf`)
      await answer(launched, 'showSaveDialog', { canceled: false, filePath: path })
      await page.getByTestId(menu).click()
      await page.getByTestId(item).click()
      await page.getByTestId(item).waitFor({ state: 'detached' })
      return readPdf(readFileSync(path))
    }
    /** Whether pages are A4, full of text, and hold these words, which are read without blanks. */
    const hold = (pages: readonly PdfPage[], words: readonly string[]): void => {
      expect(pages.length).toBeGreaterThan(1)
      for (const { width, height, text } of pages) {
        expect([Math.round(width), Math.round(height)]).toEqual([595, 842])
        expect(text.length).toBeGreaterThan(50)
      }
      const all = pages.map((p) => p.text).join('')
      for (const word of words) expect(all).toContain(word.replace(/\s/g, ''))
    }
    const bench = await Workbench.of(page)
    await bench.inspector.fill('training.steps', 150)
    await askCure(page)
    await page.getByTestId('cure-find').click()
    await curePhase(page, 'done')

    const REPEAT = ['Seeds', 'all examples', 'sha256', 'Split', 'Preparation', 'standardised by the training part']
    const MADE = ['Left out', 'Versions', 'tfjs-node', 'Machine', 'thread', 'Run time', 'Parameters']
    await page.getByTestId('cure-compare').click()
    await page.getByTestId('compare-figures').waitFor()
    const comparison = await printed('compare-export', 'compare-report-pdf')
    const sides = ['What differs', 'Remedies', 'Batch normalisation', 'experiment-a.json', 'experiment-b.json']
    hold(comparison, ['Gradient Clinic', ...sides, 'To reproduce', ...REPEAT, ...MADE])

    // What it takes to repeat it is not torn apart.
    const repeat = comparison.find(({ text }) => text.includes('To reproduce'.replace(/ /g, '')))!
    hold([repeat, repeat], ['To reproduce', 'clinic -- run experiment-a.json', 'clinic -- run experiment-b.json'])

    await page.getByTestId('page-cure').click()
    await page.getByTestId('cure-open').click()
    await page.locator('[data-testid=run-state][data-state=finished]').waitFor()
    const run = await printed('export-menu', 'export-report-pdf')
    hold(run, ['Curves', 'The chain in numbers', 'To reproduce', ...REPEAT, ...MADE, 'clinic -- run experiment.json'])

    const count = async (): Promise<number> => Number(/\d+/.exec(await page.getByTestId('queue-open').innerText())![0])
    const before = await count()
    expect(await bench.live.continueStep()).toBe(150)
    await bench.live.continue('same')
    await until(async () => (await bench.live.continueStep()) > 150, 'the run has gone on past its end', 60_000)
    await page.locator('[data-testid=run-state][data-state=finished]').waitFor()
    // What goes on is a run like any other.
    expect(await count()).toBe(before + 1)
  })
})
