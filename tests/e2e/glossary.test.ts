import { describe, expect, it } from 'vitest'
import { launchApp } from './harness'
import { Shell } from './pages/shell'
import { Workbench } from './pages/workbench'

describe('the glossary', () => {
  it('opens by key, finds terms in both languages, and explains the words of the window', async () => {
    const { page } = await launchApp()
    const bench = await Workbench.of(page)
    const shell = new Shell(page)
    const sheet = page.getByTestId('help-sheet')
    const terms = page.getByTestId('glossary-term')
    const search = page.getByTestId('glossary-search')
    const close = async (): Promise<void> => {
      await page.keyboard.press('Escape')
      await sheet.waitFor({ state: 'detached' })
    }

    // Beside the keys, by keyboard alone.
    await page.keyboard.press('?')
    await page.getByTestId('help-tab-keys').focus()
    await page.keyboard.press('ArrowRight')
    await page.getByTestId('glossary').waitFor()
    const all = await terms.count()
    expect(all).toBeGreaterThan(50)
    await page.keyboard.press('Tab')
    await page.keyboard.press('Tab')
    await page.keyboard.type('增益')
    await terms.filter({ hasText: 'Gain' }).first().waitFor()
    expect(await terms.count()).toBeLessThan(all)
    await search.fill('no such term')
    await page.getByTestId('glossary-nothing').waitFor()
    // A related term that the search hides is shown, and has the keyboard.
    await search.fill('spectral norm')
    await page.getByTestId('glossary-see-norm').click()
    await page.locator('[data-term=norm]:focus').waitFor()
    await close()

    // By its own key and by its command, in the other language too.
    await page.keyboard.press('Shift+F1')
    await search.waitFor()
    await close()
    await bench.setLanguage('zh')
    expect(await shell.command('术语')).toBe('glossary')
    await search.fill('fan-in')
    await terms.filter({ hasText: '扇入' }).waitFor()
    await close()

    // A word of the window carries the same sentence.
    expect(await bench.trainToTheEnd()).toBe('finished')
    await page.locator('[data-testid=watch-dock] [data-term=heatmap], .dock [data-term=heatmap]').first().hover()
    await page.getByRole('tooltip').filter({ hasText: '每层一行' }).waitFor()
  })
})
