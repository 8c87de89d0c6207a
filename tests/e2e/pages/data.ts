import type { Locator, Page } from 'playwright'

/** Data: drop a table on the window, see what was understood. */
export class DataPanel {
  constructor(private readonly page: Page) {}

  /** Drops a file on the window, as from a file manager. */
  async drop(name: string, text: string): Promise<void> {
    const transfer = await this.page.evaluateHandle(
      ({ name, text }) => {
        const t = new DataTransfer()
        t.items.add(new File([text], name, { type: 'text/csv' }))
        return t
      },
      { name, text }
    )
    for (const type of ['dragenter', 'dragover', 'drop'])
      await this.page.getByTestId('canvas').dispatchEvent(type, { dataTransfer: transfer })
    await this.report.waitFor()
  }
  get report(): Locator {
    return this.page.getByTestId('csv-report')
  }
  /** Number of examples, as shown. */
  get count(): Locator {
    return this.page.getByTestId('data-count')
  }
  get task(): Locator {
    return this.page.getByTestId('data-task')
  }
  /** Everything that the panel says. */
  get panel(): Locator {
    return this.page.getByTestId('inspector')
  }
  column(name: string): Locator {
    return this.page.getByTestId(`column-${name}`)
  }
  async open(): Promise<void> {
    await this.page.getByTestId('node-data').click()
    await this.page.getByTestId('data-panel').waitFor()
  }
}
