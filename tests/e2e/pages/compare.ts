import type { Page } from 'playwright'
import { readFileSync } from 'node:fs'
import { answer, until, type Launched } from '../harness'

/** The page of runs side by side. */
export class Compare {
  private readonly page: Page
  constructor(private readonly launched: Launched) {
    this.page = launched.page
  }
  async open(): Promise<void> {
    await this.page.getByTestId('page-compare').click()
    await this.page.getByTestId('compare-page').waitFor()
  }
  async close(): Promise<void> {
    await this.page.getByTestId('page-build').click()
    await this.page.getByTestId('compare-page').waitFor({ state: 'detached' })
  }
  /** A/B from a remedy's card on the build page. */
  async abOf(remedy: string): Promise<void> {
    await this.page.getByTestId(`remedy-ab-${remedy}`).click()
    await this.page.getByTestId('compare-page').waitFor()
    await until(async () => (await this.ids()).length === 2, 'both runs are ticked')
  }
  /** Ids of the ticked runs, A first. */
  async ids(): Promise<string[]> {
    const all = await this.page
      .getByTestId('compare-pick')
      .evaluateAll((list) =>
        list.map((e) => ({ id: e.dataset['id']!, letter: e.parentElement!.querySelector('.dot')!.textContent }))
      )
    return all
      .filter((r) => r.letter)
      .sort((a, b) => (a.letter! < b.letter! ? -1 : 1))
      .map((r) => r.id)
  }
  async pick(id: string): Promise<void> {
    await this.page.locator(`[data-testid=compare-pick][data-id="${id}"]`).click()
  }
  /** A row of the table of figures, one text per run, then the second against the first; empty when it isn't there. */
  figure(id: string): Promise<string[]> {
    return this.page.locator(`[data-testid=compare-figures] [data-figure="${id}"] td`).allInnerTexts()
  }
  /** Every digit of a row of figures, one number per run. */
  exact(id: string): Promise<number[]> {
    return this.page
      .locator(`[data-testid=compare-figures] [data-figure="${id}"] td[data-exact]`)
      .evaluateAll((all) => all.map((e) => Number((e as HTMLElement).dataset['exact'])))
  }
  /** The table of settings: label → one text per run. */
  async settings(): Promise<Record<string, string[]>> {
    const rows = await this.page
      .locator('[data-testid=compare-settings] tbody tr')
      .evaluateAll((all) =>
        all.map(
          (r) =>
            [
              r.querySelector('th')!.firstChild!.textContent!,
              [...r.querySelectorAll('td')].map((d) => d.textContent!)
            ] as const
        )
      )
    return Object.fromEntries(rows)
  }
  async bothFinished(): Promise<void> {
    await until(
      async () => {
        const states = await this.figure('state')
        return states.length > 2 && states.slice(0, -1).every((s) => s === 'finished')
      },
      'both have come to their end',
      120_000
    )
  }
  /** Exports, and reads what was written. */
  async exported(
    what: 'heatmaps' | 'difference' | 'curves' | 'profile' | undefined,
    button: 'csv' | 'png' | 'svg' | 'tables' | 'report-html',
    path: string,
    how: { scale?: '1' | '2' | '4'; theme?: 'light' | 'dark' } = {}
  ): Promise<Buffer> {
    await answer(this.launched, 'showSaveDialog', { filePath: path })
    await this.page.getByTestId('compare-export').click()
    if (what) await this.page.getByTestId(`compare-what-${what}`).click()
    if (how.scale) await this.page.getByTestId(`compare-scale-${how.scale}`).click()
    if (how.theme) await this.page.getByTestId(`compare-theme-${how.theme}`).click()
    await this.page.getByTestId(`compare-${button}`).click()
    await this.page.getByTestId(`compare-${button}`).waitFor({ state: 'detached' })
    return readFileSync(path)
  }
  /** Width and height of a PNG, and the colour of its top left corner. */
  pixels(png: Buffer): Promise<{ size: number[]; corner: number[] }> {
    return this.page.evaluate(async (base64) => {
      const image = await createImageBitmap(new Blob([Uint8Array.from(atob(base64), (c) => c.charCodeAt(0))]))
      const context = new OffscreenCanvas(image.width, image.height).getContext('2d')!
      context.drawImage(image, 0, 0)
      return { size: [image.width, image.height], corner: [...context.getImageData(1, 1, 1, 1).data.slice(0, 3)] }
    }, png.toString('base64'))
  }
}
