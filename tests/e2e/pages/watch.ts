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
        .map((tr) => ({
          id: tr.dataset['layer']!,
          index: Number(tr.dataset['index']),
          ...(tr.dataset['time'] && { time: Number(tr.dataset['time']) }),
          value: Number(
            tr.dataset['value']!.replace('+Inf', 'Infinity').replace('-Inf', '-Infinity').replace('−Inf', '-Infinity')
          )
        }))
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
  /** Part of the heatmap in view, in steps and rows, and where its cells are in the window. */
  async view(): Promise<{
    from: number
    to: number
    bottom: number
    top: number
    x: number
    y: number
    width: number
    height: number
  }> {
    const numbers = async (name: string): Promise<number[]> =>
      (await this.heatmap.getAttribute(name))!.split(' ').map(Number)
    const [[from, to, bottom, top], [x, y, width, height], host] = [
      await numbers('data-view'),
      await numbers('data-box'),
      (await this.heatmap.boundingBox())!
    ]
    return {
      from: from!,
      to: to!,
      bottom: bottom!,
      top: top!,
      x: host.x + x!,
      y: host.y + y!,
      width: width!,
      height: height!
    }
  }
  /** Points at the middle of a cell. */
  async pointAt(step: number, row: number): Promise<void> {
    const v = await this.view()
    await this.page.mouse.move(
      v.x + ((step + 0.5 - v.from) / (v.to - v.from)) * v.width,
      v.y + ((v.top - row - 0.5) / (v.top - v.bottom)) * v.height
    )
  }
  /** Turns the wheel over the middle of the heatmap; up (negative) zooms in. */
  async wheel(by: number): Promise<void> {
    const v = await this.view()
    await this.page.mouse.move(v.x + v.width / 2, v.y + v.height / 2)
    await this.page.mouse.wheel(0, by)
  }
  async drag(dx: number): Promise<void> {
    const v = await this.view()
    await this.page.mouse.move(v.x + v.width / 2, v.y + v.height / 2)
    await this.page.mouse.down()
    await this.page.mouse.move(v.x + v.width / 2 + dx, v.y + v.height / 2, { steps: 6 })
    await this.page.mouse.up()
  }
  async slide(step: number): Promise<void> {
    await this.page.getByTestId('time-slider').fill(String(step))
    await until(
      async () => Number(await this.page.getByTestId('time-slider').getAttribute('data-step')) === step,
      `step ${step} is shown`
    )
  }
  /** Factors of the chain on screen, first layer first; there the loss is at the left. */
  async chain(): Promise<{ layer: string; factor: number; product: number }[]> {
    return this.page.getByTestId('chain-link').evaluateAll((all) =>
      all
        .map((e) => ({
          layer: (e as HTMLElement).dataset['layer']!,
          factor: Number((e as HTMLElement).dataset['factor']),
          product: Number((e as HTMLElement).dataset['product'])
        }))
        .reverse()
    )
  }
  /** Chooses a picture in the export menu, which stays open. */
  async picture(
    what: 'heatmap' | 'profile' | 'curve' | 'chain' | 'ridgeline' | 'lens' | 'view',
    scale: '1' | '2' | '4' = '2',
    theme: 'light' | 'dark' = 'light'
  ): Promise<void> {
    await this.page.getByTestId('export-menu').click()
    await this.page.getByTestId(`export-what-${what}`).click()
    await this.page.getByTestId(`export-scale-${scale}`).click()
    await this.page.getByTestId(`export-theme-${theme}`).click()
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
  async export(what: 'frames-csv' | 'loss-csv' | 'csv' | 'png'): Promise<void> {
    await this.page.getByTestId('export-menu').click()
    await this.page.getByTestId(`export-${what}`).click()
    await this.page.getByTestId(`export-${what}`).waitFor({ state: 'detached' })
  }
}
