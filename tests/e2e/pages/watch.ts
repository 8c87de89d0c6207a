import type { Locator, Page } from 'playwright'
import { until } from '../harness'

export interface Row {
  id: string
  index: number
  /** Time step, where the rows are those of one recurrent layer. */
  time?: number
  value: number
}
/** Run views: heatmap, profile, curves, findings, export. */
export class Watch {
  constructor(private readonly page: Page) {}

  get heatmap(): Locator {
    return this.page.getByTestId('heatmap')
  }
  async tab(name: 'gradients' | 'activations' | 'weights' | 'chain' | 'lens' | 'findings'): Promise<void> {
    await this.page.getByTestId(`watch-tab-${name}`).click()
  }
  async statistic(id: string): Promise<void> {
    await this.page.getByTestId('statistic').click()
    await this.page.getByTestId(`statistic-option-${id}`).click()
    await until(async () => (await this.heatmap.getAttribute('data-statistic')) === id, `${id} is shown`)
  }
  /** Exact values of all layers at the shown step, first layer first, as the screen has them. */
  async exact(): Promise<{ step: number; statistic: string; rows: Row[] }> {
    return this.page.getByTestId('exact').evaluate((table) => ({
      step: Number(table.dataset['step']),
      statistic: table.dataset['statistic']!,
      rows: [...table.querySelectorAll<HTMLElement>('tr[data-layer]')]
        .map((tr) => ({ id: tr.dataset['layer']!, index: Number(tr.dataset['index']), ...(tr.dataset['time'] && { time: Number(tr.dataset['time']) }), value: Number(tr.dataset['value']!.replace('+Inf', 'Infinity').replace('-Inf', '-Infinity').replace('−Inf', '-Infinity')) }))
        .sort((a, b) => a.index - b.index || (a.time ?? 0) - (b.time ?? 0))
    }))
  }
  /** Goes back to a recorded step with the keyboard. */
  async pin(step: 'first' | 'last'): Promise<void> {
    await this.heatmap.focus()
    await this.heatmap.press(step === 'first' ? 'Home' : 'End')
    await this.page.getByTestId('pin-pill').waitFor()
  }
  async followLive(): Promise<void> {
    await this.page.getByTestId('follow-live').click()
    await this.page.getByTestId('pin-pill').waitFor({ state: 'detached' })
  }
  async frames(): Promise<number> {
    return Number((await this.heatmap.count()) ? await this.heatmap.getAttribute('data-frames') : 0)
  }
  /** Kinds of all findings, as the list has them. */
  async findings(): Promise<string[]> {
    await this.tab('findings')
    const kinds = await this.page.getByTestId('finding').evaluateAll((rows) => rows.map((r) => r.dataset['kind']!))
    await this.tab('gradients')
    return kinds
  }
  /** Exports through the menu; where it goes is up to the save dialog. */
  async export(what: 'frames-csv' | 'loss-csv' | 'this-csv' | 'png'): Promise<void> {
    await this.page.getByTestId('export-menu').click()
    await this.page.getByTestId(`export-${what}`).click()
    await this.page.getByTestId(`export-${what}`).waitFor({ state: 'detached' })
  }
}
