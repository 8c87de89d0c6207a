import type { Locator, Page } from 'playwright'
import { until } from '../harness'

export interface QueuedRun {
  id: string
  name: string
  state: string
}
/** The panel of all runs. */
export class Queue {
  constructor(private readonly page: Page) {}

  private get panel(): Locator {
    return this.page.getByTestId('queue')
  }
  async open(): Promise<void> {
    if (await this.panel.count()) return
    await this.page.getByTestId('queue-open').click()
    await this.panel.waitFor()
  }
  async close(): Promise<void> {
    await this.page.keyboard.press('Escape')
    await this.panel.waitFor({ state: 'detached' })
  }
  /** From top to bottom. */
  async runs(): Promise<QueuedRun[]> {
    await this.open()
    return this.page.getByTestId('queue-run').evaluateAll((all) =>
      all.map((e) => ({
        id: e.dataset['id']!,
        state: e.dataset['state']!,
        name: e.querySelector('b')?.textContent ?? ''
      }))
    )
  }
  async add(): Promise<void> {
    const before = (await this.runs()).length
    await this.page.getByTestId('queue-add').click()
    await until(async () => (await this.runs()).length === before + 1, 'a run has been added')
  }
  private row(id: string): Locator {
    return this.panel.locator(`[data-testid=queue-run][data-id="${id}"]`)
  }
  async press(id: string, what: 'pause' | 'resume' | 'stop' | 'sooner' | 'later' | 'show'): Promise<void> {
    await this.open()
    await this.row(id).getByTestId(`queue-${what}`).click()
  }
  /** Answers the question that a run with a record brings up. */
  async remove(id: string): Promise<void> {
    await this.open()
    await this.row(id).getByTestId('queue-remove').click()
    const sure = this.page.getByTestId('question-remove')
    await until(async () => (await sure.count()) || !(await this.row(id).count()), 'it is gone, or it is asked')
    if (await sure.count()) await sure.click()
    await until(
      async () => !(await this.page.locator(`[data-testid=queue-run][data-id="${id}"]`).count()),
      'it is gone'
    )
  }
  async rename(id: string, name: string): Promise<void> {
    await this.open()
    await this.row(id).getByTestId('queue-rename').click()
    await this.page.getByTestId('queue-name-input').fill(name)
    await this.page.getByTestId('queue-name-input').press('Enter')
    await this.row(id).getByText(name, { exact: true }).waitFor()
  }
  async atOnce(count: number): Promise<void> {
    await this.open()
    await this.page.getByTestId('queue-slots').click()
    await this.page.getByTestId(`queue-slots-option-${count}`).click()
    await this.page.getByTestId(`queue-slots-option-${count}`).waitFor({ state: 'detached' })
  }
  async waitFor(id: string, ...states: string[]): Promise<void> {
    await until(
      async () => states.includes((await this.runs()).find((r) => r.id === id)?.state ?? 'gone'),
      `${id} is ${states.join(' or ')}`,
      120_000
    )
  }
}
