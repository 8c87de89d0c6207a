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
})
