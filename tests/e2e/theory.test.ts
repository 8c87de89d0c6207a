import { describe, expect, it } from 'vitest'
import { launchApp, until } from './harness'
import { Workbench } from './pages/workbench'

describe('why the gradient vanishes', () => {
  it('shows the chain of factors with the numbers of the run, at any step, and selects a layer', async () => {
    const { page } = await launchApp()
    const bench = await Workbench.of(page)
    await bench.watch.tab('chain')
    await page.getByTestId('chain-empty').waitFor()
    await page.getByTestId('palette-tab-gallery').click()
    await page.getByTestId('template-vanishing').click()
    expect(await bench.trainToTheEnd()).toBe('finished')
    // Gradients as the heatmap's table has them, at the first step.
    await bench.watch.tab('gradients')
    await bench.watch.pin('first')
    const { rows, step } = await bench.watch.exact()
    expect(step).toBe(0)
    await bench.watch.tab('chain')
    const links = await until(async () => {
      const all = await page.getByTestId('chain-link').evaluateAll((list) => list.map((e) => ({ ...(e as HTMLElement).dataset })))
      return all.length === rows.length - 1 && all
    }, 'there is one factor per neighbouring pair')
    links.forEach((l, i) => {
      expect(l['layer']).toBe(rows[i]!.id)
      expect(Number(l['factor'])).toBeCloseTo(rows[i]!.value / rows[i + 1]!.value, 5)
      expect(Number(l['product']) / (rows[i]!.value / rows[rows.length - 1]!.value)).toBeCloseTo(1, 5)
    })
    // Twenty sigmoid layers: every factor near what theory says, and next to nothing is left.
    expect(Number(links[0]!['product'])).toBeLessThan(1e-6)
    const inner = links.slice(2, -2)
    for (const l of inner) expect(Math.abs(Math.log2(Number(l['factor']) / Number(l['theory'])))).toBeLessThan(1)
    // By keyboard: along the chain, every digit below it, and the layer selected.
    await page.getByTestId('chain-link').first().focus()
    await page.keyboard.press('ArrowRight')
    await page.keyboard.press('Enter')
    await page.locator(`[data-testid="chain-link"][data-layer="${rows[1]!.id}"][aria-pressed="true"]`).waitFor()
    expect(Math.fround(Number(await page.getByTestId('chain-exact-factor').innerText()))).toBe(Math.fround(Number(links[1]!['factor'])))
    const [slope, weights] = await Promise.all(['slope', 'weights'].map(async (id) => Number(await page.getByTestId(`chain-exact-${id}`).innerText())))
    expect(slope! * weights!).toBeCloseTo(Number(links[1]!['factor']), 5)
  })

  it('shows f, f′ and the distribution under them, which explain the factor of the chain', async () => {
    const { page } = await launchApp()
    const bench = await Workbench.of(page)
    await bench.builder.openTemplate('vanishing')
    expect(await bench.trainToTheEnd()).toBe('finished')
    await bench.watch.pin('first')
    await bench.watch.tab('chain')
    const link = page.getByTestId('chain-link').nth(6)
    const layer = await page.getByTestId('chain-link').nth(7).getAttribute('data-layer')
    await link.focus()
    await page.keyboard.press('Enter')
    // The factor's slope is that of the layer that is passed.
    const slope = Number(await page.getByTestId('chain-exact-slope').innerText())
    await bench.watch.tab('lens')
    await page.locator('[data-testid="lens"][data-step="0"]').waitFor()
    await page.getByTestId('ridgeline-focus').focus()
    for (let i = 0; i < 40 && (await page.getByTestId('lens-layer').getAttribute('data-layer')) !== layer; i++) await page.keyboard.press(i ? 'ArrowUp' : 'Home')
    expect(await page.getByTestId('lens-layer').getAttribute('data-layer')).toBe(layer)
    const mean = Number(await page.getByTestId('lens-mean').getAttribute('data-value'))
    expect(mean).toBeGreaterThan(0.15)
    expect(mean).toBeLessThanOrEqual(0.25)
    expect(Math.abs(mean / slope - 1)).toBeLessThan(0.1)
    // Weights of each layer: 64 × 64, all counted.
    await page.getByTestId('lens-source').click()
    await page.getByTestId('lens-source-option-kernel').click()
    const counts = await until(async () => {
      const table = page.getByTestId('lens-table')
      if ((await table.getAttribute('data-source')) !== 'kernel') return null
      return table.locator('tbody tr').evaluateAll((rows) => rows.map((r) => Number(r.children[1]!.textContent)))
    }, 'weights are shown')
    expect(counts).toEqual(Array.from({ length: 20 }, (_, i) => (i === 19 ? 640 : 4096)))
  })
})
