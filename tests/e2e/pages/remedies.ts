import type { Page } from 'playwright'
import { until } from '../harness'

/** Remedy cards, by id. */
export class Remedies {
  constructor(private readonly page: Page) {}

  state(id: string): Promise<string | null> {
    return this.page.getByTestId(`remedy-${id}`).getAttribute('data-state')
  }
  async toggle(id: string, on: boolean): Promise<void> {
    await this.page.getByTestId(`remedy-toggle-${id}`).scrollIntoViewIfNeeded()
    await this.page.getByTestId(`remedy-toggle-${id}`).click()
    await until(async () => ((await this.state(id)) === 'on') === on, `${id} is ${on ? 'on' : 'off'}`)
  }
  /** What the remedy would change, line by line. */
  async changes(id: string): Promise<string[]> {
    await this.page.getByTestId(`remedy-show-${id}`).click()
    const lines = await this.page.getByTestId(`remedy-${id}`).getByTestId('diff').locator('li').allInnerTexts()
    await this.page.getByTestId(`remedy-show-${id}`).click()
    return lines.map((l) => l.replace(/\s+/g, ' ').trim())
  }
}
