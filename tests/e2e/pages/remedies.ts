import type { Page } from 'playwright'
import { until } from '../harness'

/** Remedy cards, by id. */
export class Remedies {
  constructor(private readonly page: Page) {}

  state(id: string): Promise<string | null> {
    return this.page.getByTestId(`remedy-${id}`).getAttribute('data-state')
  }
  /** Headings and cards from the top down. */
  private order(): Promise<string[]> {
    return this.page
      .getByTestId('remedies')
      .locator(':scope > h3.sec, :scope > article')
      .evaluateAll((all) => all.map((e) => (e as HTMLElement).dataset['testid']!))
  }
  async sections(): Promise<string[]> {
    return (await this.order())
      .filter((x) => x.startsWith('remedies-section-'))
      .map((x) => x.replace('remedies-section-', ''))
  }
  /** Ids of all cards on screen. */
  async ids(): Promise<string[]> {
    return (await this.order()).filter((x) => x.startsWith('remedy-')).map((x) => x.replace('remedy-', ''))
  }
  /** Ids of the cards under one heading. */
  async section(id: string): Promise<string[]> {
    const all = await this.order()
    const from = all.indexOf(`remedies-section-${id}`)
    const rest = all.slice(from + 1)
    const end = rest.findIndex((x) => x.startsWith('remedies-section-'))
    return from < 0 ? [] : rest.slice(0, end < 0 ? undefined : end).map((x) => x.replace('remedy-', ''))
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
