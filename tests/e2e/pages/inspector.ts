import type { Locator, Page } from 'playwright'

/** Forms of the right-hand side. Fields are named by their path: `params.units`, `training.steps`. */
export class Inspector {
  constructor(private readonly page: Page) {}

  field(path: string): Locator {
    return this.page.getByTestId(`field-${path}`)
  }
  /** Types a number or text. */
  async fill(path: string, value: string | number): Promise<void> {
    await this.field(path).fill(String(value))
    await this.field(path).press('Tab')
  }
  /** Chooses from a list. */
  async choose(path: string, option: string): Promise<void> {
    await this.field(path).click()
    await this.page.getByTestId(`field-${path}-option-${option}`).click()
    await this.page.getByTestId(`field-${path}-option-${option}`).waitFor({ state: 'detached' })
  }
  async value(path: string): Promise<string> {
    const field = this.field(path)
    return (await field.getAttribute('data-value')) ?? (await field.inputValue())
  }
  error(path: string): Locator {
    return this.page.getByTestId(`error-${path}`)
  }
}
