import type { Page } from 'playwright'
import { LONG, answer, type Launched } from '../harness'

/** The dialog that takes a run home. */
export class HomeDialog {
  private readonly page: Page
  constructor(private readonly launched: Launched) {
    this.page = launched.page
  }
  /** Opens it, and waits until the run was trained again. */
  async open(): Promise<void> {
    await this.page.getByTestId('export-menu').click()
    await this.page.getByTestId('export-home').click()
    await this.page.getByTestId('home-tab-model.py').waitFor({ timeout: LONG })
  }
  async close(): Promise<void> {
    await this.page.getByTestId('home-close').click()
    await this.page.getByTestId('home-dialog').waitFor({ state: 'detached' })
  }
  /** Chooses the Python that checks, which checks again. */
  async choose(python: string): Promise<void> {
    await answer(this.launched, 'showOpenDialog', { canceled: false, filePaths: [python] })
    await this.page.getByTestId('home-python').click()
  }
  /** Waits until the check is in a state, and says words. @returns all that it says */
  async says(state: string, words: RegExp): Promise<string> {
    const check = this.page.locator(`[data-testid=home-check][data-state=${state}]`).filter({ hasText: words })
    await check.waitFor({ timeout: LONG })
    return check.innerText()
  }
  /** Waits until it is said why the chosen Python was not used. */
  async passesOver(words: RegExp): Promise<void> {
    await this.page.getByTestId('home-passed').filter({ hasText: words }).waitFor({ timeout: LONG })
  }
}
