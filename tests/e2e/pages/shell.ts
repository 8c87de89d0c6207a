import type { Locator, Page } from 'playwright'

/** What lies around the workbench: commands, keys, first steps, tour. */
export class Shell {
  constructor(private readonly page: Page) {}

  get palette(): Locator {
    return this.page.getByTestId('commands')
  }
  /** Finds a command by its name and does it, by keyboard alone. @returns what stood at the top */
  async command(words: string): Promise<string> {
    await this.page.keyboard.press('Control+k')
    await this.page.getByTestId('command-search').fill(words)
    const top = this.palette.locator('[role=option][aria-selected=true]')
    const id = (await top.getAttribute('data-testid'))!.slice('command-'.length)
    await this.page.keyboard.press('Enter')
    await this.palette.waitFor({ state: 'detached' })
    // It is done in a task of its own, once the list has given the keyboard back.
    await this.page.evaluate(() => new Promise((done) => setTimeout(done)))
    return id
  }
  get first(): Locator {
    return this.page.getByTestId('first-steps')
  }
  /** Which sentence of the first steps is on screen. */
  async firstStep(): Promise<string | null> {
    return (await this.first.count()) ? this.first.getAttribute('data-state') : null
  }
  get tour(): Locator {
    return this.page.getByTestId('tour')
  }
  async tourStep(): Promise<string | null> {
    return (await this.tour.count()) ? this.tour.getAttribute('data-step') : null
  }
}
