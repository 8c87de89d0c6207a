import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { answer, copiedSize, launchApp, temporary, until, type Launched } from './harness'
import { misplaced } from './pages/layout'
import { Workbench } from './pages/workbench'

describe('a page that is reloaded', () => {
  it('shows the project and the run it showed before, never a fresh one beside it', async () => {
    const { page } = await launchApp()
    const bench = await Workbench.of(page)
    await bench.rename('Mine alone')
    await bench.inspector.fill('training.steps', 40)
    expect(await bench.trainToTheEnd()).toBe('finished')
    const said = await bench.diagnosis()
    await page.reload()
    const again = await Workbench.of(page)
    await again.experimentName.filter({ hasText: 'Mine alone' }).waitFor()
    await again.waitForState('finished')
    expect(await again.diagnosis()).toEqual(said)
    expect(await again.inspector.value('training.steps')).toBe('40')
    expect(await again.dirty.count()).toBe(1)
  })
})

describe('the time slider', () => {
  it('goes back to any recorded step, by pointer and keyboard, and every view follows; a replay runs to the end', async () => {
    const { page } = await launchApp()
    const bench = await Workbench.of(page)
    await bench.inspector.fill('training.steps', 60)
    expect(await bench.trainToTheEnd()).toBe('finished')
    const slider = page.getByTestId('time-slider')
    const step = async (): Promise<number> => Number(await slider.getAttribute('data-step'))
    expect(await step()).toBe(59)
    const node = (await bench.builder.nodes())[0]!
    const record = await page.evaluate(async () => {
      const r = (await window.clinic.getRun((await window.clinic.listRuns())[0]!.id))!
      return {
        columns: r.schema!.columns,
        layers: r.schema!.layers.map(({ id, node, index }) => ({ id, node, index })),
        values: [...r.frames.values]
      }
    })
    const recorded = (at: number, layer: number): number =>
      record.values[
        at * record.columns.length +
          record.columns.findIndex((c) => c.layer === layer && c.statistic === 'activationGradientRms')
      ]!
    for (const at of [0, 17, 41]) {
      await slider.fill(String(at))
      await until(async () => (await step()) === at, `step ${at} is shown`)
      const shown = await bench.watch.exact()
      expect(shown.step).toBe(at)
      for (const row of shown.rows) expect(Object.is(Math.fround(row.value), recorded(at, row.index))).toBe(true)
      const layer = record.layers.find((l) => l.node === node)!.index
      await until(
        async () => Number(await page.getByTestId(`node-${node}`).getAttribute('data-value')) === recorded(at, layer),
        'the canvas shows that step'
      )
      expect(await page.getByTestId('pin-pill').getAttribute('data-step')).toBe(String(at))
      expect(await bench.watch.heatmap.getAttribute('aria-valuenow')).toBe(String(at))
    }
    await slider.press('ArrowRight')
    expect(await step()).toBe(42)
    await slider.press(',')
    expect(await step()).toBe(41)
    await page.getByTestId('time-next').click()
    expect(await step()).toBe(42)
    await slider.press('Home')
    expect(await step()).toBe(0)
    await page.getByTestId('time-speed').click()
    await page.getByTestId('time-speed-option-4').click()
    // The replay shows steps on the way, and ends at the last one.
    await page.evaluate(() => {
      const w = window as unknown as { seen: Set<string> }
      w.seen = new Set()
      new MutationObserver(() =>
        w.seen.add(document.querySelector('[data-testid=time-slider]')!.getAttribute('data-step')!)
      ).observe(document.querySelector('[data-testid=time-slider]')!, { attributes: true })
    })
    await slider.press(' ')
    await page.locator('[data-testid=time-play][data-playing=false]').waitFor()
    await page.getByTestId('pin-pill').waitFor({ state: 'detached' })
    expect(await step()).toBe(59)
    expect(await page.evaluate(() => (window as unknown as { seen: Set<string> }).seen.size)).toBeGreaterThan(5)
  })
})

describe('export', () => {
  const read = (path: string): Promise<Buffer> =>
    until(() => (existsSync(path) ? readFileSync(path) : null), `${path} is written`)
  async function exported(
    launched: Launched,
    dir: string,
    name: string,
    what: 'png' | 'svg' | 'csv',
    chart: string,
    size = '1',
    theme = 'light'
  ): Promise<Buffer> {
    const { page } = launched
    const path = join(dir, name)
    await answer(launched, 'showSaveDialog', { filePath: path })
    await page.getByTestId('export-menu').click()
    await page.getByTestId(`export-what-${chart}`).click()
    await page.getByTestId(`export-scale-${size}`).click()
    await page.getByTestId(`export-theme-${theme}`).click()
    await page.getByTestId(`export-${what}`).click()
    await page.getByTestId(`export-${what}`).waitFor({ state: 'detached' })
    return read(path)
  }
  const sizeOf = (png: Buffer): [number, number] => [png.readUInt32BE(16), png.readUInt32BE(20)]

  it('writes every chart in every size and theme, and its data to the last bit', async () => {
    const launched = await launchApp()
    const { page, app } = launched
    const bench = await Workbench.of(page)
    await bench.inspector.fill('training.steps', 30)
    expect(await bench.trainToTheEnd()).toBe('finished')
    const dir = temporary()
    for (const [chart, w, h] of [
      ['heatmap', 760, 380],
      ['profile', 380, 380],
      ['curve', 480, 380]
    ] as const) {
      const light = await exported(launched, dir, `${chart}1.png`, 'png', chart, '1', 'light')
      expect(sizeOf(light)).toEqual([w, h])
      const dark = await exported(launched, dir, `${chart}2.png`, 'png', chart, '2', 'dark')
      expect(sizeOf(dark)).toEqual([2 * w, 2 * h])
      expect(sizeOf(await exported(launched, dir, `${chart}4.png`, 'png', chart, '4', 'light'))).toEqual([4 * w, 4 * h])
      const svg = (await exported(launched, dir, `${chart}.svg`, 'svg', chart)).toString('utf8')
      expect(svg).toMatch(/<svg[^>]*width="\d+"/)
      expect(svg).toContain('<text')
      // It draws, and nothing in it went wrong.
      expect(
        await page.evaluate(async (text) => {
          const doc = new DOMParser().parseFromString(text, 'image/svg+xml')
          return [doc.querySelector('parsererror')?.textContent ?? null, doc.querySelectorAll('path,image').length > 0]
        }, svg)
      ).toEqual([null, true])
      expect(svg).not.toMatch(/NaN,|undefined/)
    }
    const poster = await exported(launched, dir, 'all.png', 'png', 'view', '2', 'dark')
    expect(sizeOf(poster)[0]).toBe(2 * (760 + 380 + 480 + 48))

    const record = await page.evaluate(async () => {
      const r = (await window.clinic.getRun((await window.clinic.listRuns())[0]!.id))!
      return {
        columns: r.schema!.columns,
        layers: r.schema!.layers.map(({ id }) => id),
        values: [...r.frames.values],
        steps: [...r.frames.steps],
        scalars: [...r.frames.scalars],
        names: r.schema!.scalars,
        evaluations: r.evaluations
      }
    })
    const value = (step: number, layer: number): number =>
      record.values[
        record.steps.indexOf(step) * record.columns.length +
          record.columns.findIndex((c) => c.layer === layer && c.statistic === 'activationGradientRms')
      ]!
    const rows = (b: Buffer | string): string[][] =>
      b
        .toString('utf8')
        .trim()
        .split('\n')
        .map((l) => l.split(','))
    const heat = rows(await exported(launched, dir, 'heat.csv', 'csv', 'heatmap')).slice(1)
    const wanted = record.columns.filter((c) => c.statistic === 'activationGradientRms').length * record.steps.length
    expect(heat.length).toBe(wanted)
    for (const r of heat) expect(Object.is(Math.fround(Number(r[5])), value(Number(r[0]), Number(r[1])))).toBe(true)

    await page.getByTestId('time-slider').fill('7')
    const [head, ...lines] = rows(await exported(launched, dir, 'profile.csv', 'csv', 'profile'))
    expect(head!.slice(0, 5)).toEqual([
      'layer_index',
      'layer_id',
      'layer_kind',
      'activationGradientRms_step_7',
      'activationGradientRms_step_29'
    ])
    expect(lines.length).toBe(wanted / record.steps.length)
    for (const l of lines)
      for (const [k, step] of [
        [3, 7],
        [4, 29]
      ] as const)
        expect(Object.is(Math.fround(Number(l[k])), value(step, Number(l[0])))).toBe(true)

    const [names, ...losses] = rows(await exported(launched, dir, 'loss.csv', 'csv', 'curve'))
    for (const [k, name] of record.names.entries()) {
      const column = names!.indexOf(name)
      for (const l of losses) {
        const f = record.steps.indexOf(Number(l[0]))
        if (f >= 0)
          expect(Object.is(Math.fround(Number(l[column])), record.scalars[f * record.names.length + k])).toBe(true)
      }
    }

    // The clipboard gets the same.
    await page.getByTestId('export-menu').click()
    await page.getByTestId('export-what-profile').click()
    await page.getByTestId('export-copy-csv').click()
    await page.getByTestId('export-copy-csv').waitFor({ state: 'detached' })
    expect(await app.evaluate(async ({ clipboard }) => clipboard.readText())).toBe(
      readFileSync(join(dir, 'profile.csv'), 'utf8')
    )
    await page.getByTestId('export-menu').click()
    await page.getByTestId('export-what-curve').click()
    await page.getByTestId('export-scale-2').click()
    await page.getByTestId('export-copy-png').click()
    await page.getByTestId('export-copy-png').waitFor({ state: 'detached' })
    expect(await until(() => copiedSize(app), 'the picture is on the clipboard')).toEqual({ width: 960, height: 760 })
  })
})

describe('large text', () => {
  it('for a projector makes everything larger, and is remembered', async () => {
    const size = { width: 1600, height: 1000 }
    const launched = await launchApp({ size })
    const { page } = launched
    await Workbench.of(page)
    const resize = (width: number, height: number) =>
      launched.app.evaluate(
        ({ BrowserWindow }, [w, h]) => BrowserWindow.getAllWindows()[0]!.setContentSize(w!, h!),
        [width, height]
      )
    const before = await page.evaluate(() => devicePixelRatio)
    await page.getByTestId('theme').click()
    await page.getByTestId('zoom-150').click()
    await page.waitForFunction((b) => Math.abs(devicePixelRatio / b - 1.5) < 0.01, before)
    // In a window with less room it gives way, as far as the workbench needs it.
    await resize(1280, 800)
    await page.waitForFunction((b) => Math.abs(devicePixelRatio / b - 1.25) < 0.01, before)
    expect(await misplaced(page)).toEqual([])
    await until(
      () => page.evaluate(async () => (await window.clinic.getSettings()).layout['zoom'] === 1.5),
      'it is kept'
    )
    await launched.close()
    const again = await launchApp({ userData: launched.userData })
    await Workbench.of(again.page)
    await again.app.evaluate(
      ({ BrowserWindow }, s) => BrowserWindow.getAllWindows()[0]!.setContentSize(s.width, s.height),
      size
    )
    await again.page.waitForFunction((b) => Math.abs(devicePixelRatio / b - 1.5) < 0.01, before)
  })
})
