import type { Locator, Page } from 'playwright'
import { marked, until } from '../harness'
import { Builder } from './builder'
import { DataPanel } from './data'
import { Inspector } from './inspector'
import { Live } from './live'
import { Queue } from './queue'
import { Remedies } from './remedies'
import { Watch } from './watch'

/** The window as a person knows it: each part with what one can do there and see there. */
export class Workbench {
  readonly builder: Builder
  readonly inspector: Inspector
  readonly data: DataPanel
  readonly remedies: Remedies
  readonly watch: Watch
  readonly live: Live
  readonly queue: Queue
  constructor(readonly page: Page) {
    this.builder = new Builder(page)
    this.inspector = new Inspector(page)
    this.data = new DataPanel(page)
    this.remedies = new Remedies(page)
    this.watch = new Watch(page)
    this.live = new Live(page)
    this.queue = new Queue(page)
  }
  /** The workbench of a window, once it can be used. */
  static async of(page: Page): Promise<Workbench> {
    await marked(page, 'whole')
    await page.getByTestId('node-data').waitFor()
    return new Workbench(page)
  }
  get train(): Locator {
    return this.page.getByTestId('train')
  }
  get runState(): Locator {
    return this.page.getByTestId('run-state')
  }
  get status(): Locator {
    return this.page.getByTestId('status-line')
  }
  /** State of the run on screen, or `none`. */
  async state(): Promise<string> {
    return (await this.status.getAttribute('data-state')) ?? 'none'
  }
  async waitForState(...states: string[]): Promise<string> {
    return until(
      async () => {
        const s = await this.state()
        return states.includes(s) ? s : null
      },
      `the run is ${states.join(' or ')}`,
      120_000
    )
  }
  /** Presses Train and waits for the end. @returns the state it ended in */
  async trainToTheEnd(): Promise<string> {
    await this.train.click()
    await this.waitForState('queued', 'starting', 'running', 'finished')
    return this.waitForState('finished', 'diverged', 'failed', 'stopped')
  }
  /** The diagnosis at the bottom. */
  async diagnosis(): Promise<{ kind: string | null; text: string }> {
    return {
      kind: await this.status.getAttribute('data-kind'),
      text: (await this.page.getByTestId('status-text').textContent()) ?? ''
    }
  }
  async fromProjectMenu(item: string): Promise<void> {
    await this.page.getByTestId('project-menu').click()
    await this.page.getByTestId(item).click()
  }
  get dirty(): Locator {
    return this.page.getByTestId('dirty')
  }
  get experimentName(): Locator {
    return this.page.getByTestId('experiment-name')
  }
  /** The question on screen, with what is wrong if anything is. */
  get question(): Locator {
    return this.page.getByTestId('question')
  }
  async answer(button: string): Promise<void> {
    await this.page.getByTestId(`question-${button}`).click()
    await this.question.waitFor({ state: 'detached' })
  }
  async rename(name: string): Promise<void> {
    await this.builder.unselect()
    await this.page.getByTestId('experiment-name-input').fill(name)
    await this.page.getByTestId('experiment-name-input').press('Enter')
    await this.page.getByTestId('experiment-name').filter({ hasText: name }).waitFor()
  }
  async setTheme(theme: 'light' | 'dark' | 'system'): Promise<void> {
    await this.page.getByTestId('theme').click()
    await this.page.getByTestId(`theme-${theme}`).click()
    if (theme !== 'system') await this.page.locator(`html.${theme}`).waitFor()
  }
  async setLanguage(language: 'en' | 'zh'): Promise<void> {
    await this.page.getByTestId('theme').click()
    await this.page.getByTestId(`language-${language}`).click()
    await this.page.locator(language === 'zh' ? 'html[lang^=zh]' : 'html[lang=en]').waitFor()
  }
}
