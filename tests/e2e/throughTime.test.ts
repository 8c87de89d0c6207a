import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { answer, launchApp, temporary, until } from './harness'
import { Workbench } from './pages/workbench'

describe('the gradient through time', () => {
  it('is seen step by step for a recurrent layer, exactly, is diagnosed, cured by gates, and exactly 0 beyond a cut', async () => {
    const launched = await launchApp()
    const { page } = launched
    const bench = await Workbench.of(page)
    await bench.builder.openTemplate('throughTime')
    await page.getByTestId('node-rnn').waitFor()
    await bench.inspector.fill('training.steps', 25)
    expect(await bench.trainToTheEnd()).toBe('finished')
    expect(await bench.watch.findings()).toContain('vanishing')

    // It opens on time × step, and so does the finding about it.
    const rowsShown = (n: string) =>
      until(async () => (await bench.watch.heatmap.getAttribute('data-rows')) === n, `${n} rows are shown`)
    await rowsShown('64')
    await bench.watch.statistic('activationGradientRms')
    await until(async () => (await bench.watch.heatmap.getAttribute('data-rows')) !== '64', 'rows are layers')
    await page.getByTestId('watch-tab-findings').click()
    await page
      .locator('[data-testid=finding][data-kind=vanishing]')
      .filter({ hasText: /through time|time step/ })
      .getByTestId('finding-show')
      .first()
      .click()
    await rowsShown('64')
    await bench.watch.pin('first')
    const record = async (): Promise<{
      columns: { layer: number; statistic: string; time?: number }[]
      values: number[]
    }> =>
      page.evaluate(async () => {
        const all = await window.clinic.listRuns()
        const r = (await window.clinic.getRun(all[all.length - 1]!.id))!
        return { columns: r.schema!.columns, values: [...r.frames.values] }
      })
    const first = await record()
    const measured = (r: typeof first, frame: number): number[] =>
      r.columns.flatMap((c, k) => (c.statistic === 'timeGradientRms' ? [r.values[frame * r.columns.length + k]!] : []))
    await until(async () => (await bench.watch.exact()).step === 0, 'the first step is shown')
    const rows = (await bench.watch.exact()).rows
    expect(rows.map((r) => r.time)).toEqual(Array.from({ length: 64 }, (_, i) => i + 1))
    expect(rows.map((r) => Math.fround(r.value))).toEqual(measured(first, 0))
    expect(rows[0]!.value / rows[63]!.value).toBeLessThan(1e-15)

    // Under the pointer: one time step, with its exact value.
    const box = (await bench.watch.heatmap.boundingBox())!
    await page.mouse.move(box.x + box.width / 3, box.y + box.height / 2)
    await page
      .getByTestId('heatmap-tip')
      .filter({ hasText: /t = \d+/ })
      .waitFor()

    // Rows by keyboard: time steps here, with the value told.
    await bench.watch.heatmap.focus()
    await bench.watch.heatmap.press('ArrowUp')
    await page.locator('[data-testid="heatmap"][data-row="0"]').waitFor()
    await bench.watch.heatmap.press('ArrowUp')
    await bench.watch.heatmap.press('Shift+ArrowUp')
    await page.locator('[data-testid="heatmap"][data-row="11"]').waitFor()
    await bench.watch.heatmap.press('ArrowDown')
    expect(await bench.watch.heatmap.getAttribute('aria-valuetext')).toMatch(/t = 11\b/)

    const dir = temporary()
    const file = join(dir, 'time.csv')
    await answer(launched, 'showSaveDialog', { canceled: false, filePath: file })
    await bench.watch.export('csv')
    const lines = readFileSync(file, 'utf8')
      .trim()
      .split('\n')
      .map((l) => l.split(','))
    expect(lines[0]!.join()).toBe('step,layer_index,layer_id,layer_kind,statistic,value,time')
    expect(lines).toHaveLength(1 + 25 * 64)
    expect(lines.slice(1, 65).map((l) => Math.fround(Number(l[5])))).toEqual(measured(first, 0))

    await bench.remedies.toggle('recurrentCell', true)
    await bench.remedies.toggle('truncatedBptt', true)
    expect(await bench.trainToTheEnd()).toBe('finished')
    const second = await record()
    const t = measured(second, 0)
    expect(t.slice(0, 54)).toEqual(new Array(54).fill(0))
    expect(t.slice(54).every((v) => v > 0)).toBe(true)
  })
})
