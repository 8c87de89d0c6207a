import type { Locator, Page } from 'playwright'
import { until } from '../harness'

export interface RunMark {
  step: number
  label: string
}
/** What one can do with a run while it goes on. */
export class Live {
  constructor(private readonly page: Page) {}

  get rate(): Promise<number> {
    return this.page.getByTestId('live-controls').getAttribute('data-rate').then(Number)
  }
  /** Types another learning rate for the run that goes on. */
  async setRate(rate: number): Promise<void> {
    await this.page.getByTestId('live-controls').click()
    await this.page.getByTestId('live-rate').fill(String(rate))
    await this.page.getByTestId('live-apply').click()
    await until(async () => (await this.rate) === rate, `the learning rate is ${rate}`)
    await this.page.getByTestId('live-controls').click()
    await this.page.getByTestId('live-rate').waitFor({ state: 'detached' })
  }
  /** What a remedy's card says its switch would do to the run: `live`, `anew`, or nothing. */
  acts(remedy: string): Promise<string | null> {
    const tag = this.page.getByTestId(`remedy-${remedy}`).getByTestId('acts')
    return tag.count().then((n) => (n ? tag.getAttribute('data-acts') : null))
  }
  get applyEdits(): Locator {
    return this.page.getByTestId('apply-live')
  }
  /** Marks on the time bar, by step. */
  marks(): Promise<RunMark[]> {
    return this.page
      .getByTestId('time-mark')
      .evaluateAll((all) =>
        all
          .map((e) => ({ step: Number(e.dataset['step']), label: e.getAttribute('aria-label')! }))
          .sort((a, b) => a.step - b.step)
      )
  }
  async mark(pattern: RegExp): Promise<RunMark> {
    return until(async () => (await this.marks()).find((m) => pattern.test(m.label)), `there is a mark ${pattern}`)
  }
  /** Steps that are kept, as ticks under the time slider. */
  kept(): Promise<number[]> {
    return this.page.getByTestId('kept').evaluateAll((all) => all.map((e) => Number(e.dataset['step'])))
  }
  /** The step that a continued run would start at. */
  async continueStep(): Promise<number> {
    return Number(await this.page.getByTestId('continue').getAttribute('data-step'))
  }
  async continue(settings: 'same' | 'changed'): Promise<void> {
    await this.page.getByTestId('continue').click()
    await this.page.getByTestId(`continue-${settings}`).click()
  }
  toastAction(): Locator {
    return this.page.getByTestId('toast-action')
  }
}
