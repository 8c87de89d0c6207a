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
      const all = await page
        .getByTestId('chain-link')
        .evaluateAll((list) => list.map((e) => ({ ...(e as HTMLElement).dataset })).reverse())
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
    await page.getByTestId('chain-link').last().focus()
    await page.keyboard.press('ArrowLeft')
    await page.keyboard.press('Enter')
    await page.locator(`[data-testid="chain-link"][data-layer="${rows[1]!.id}"][aria-pressed="true"]`).waitFor()
    expect(Math.fround(Number(await page.getByTestId('chain-exact-factor').innerText()))).toBe(
      Math.fround(Number(links[1]!['factor']))
    )
    const [slope, weights] = await Promise.all(
      ['slope', 'weights'].map(async (id) => Number(await page.getByTestId(`chain-exact-${id}`).innerText()))
    )
    expect(slope! * weights!).toBeCloseTo(Number(links[1]!['factor']), 5)
    // The whole product, in sizes: it starts with the last layer's gradient and ends with this one's.
    const formula = (await page.getByTestId('chain-formula').innerText()).replace(/\s+/g, ' ').trim()
    expect(formula).toMatch(/^RMS ∂L\/∂h₂ = RMS ∂L\/∂h₂₀ · gains = .* × ⋯ × /)
    const said = (text: string): number => Number(text.replace('−', '-'))
    expect(said(formula.split('= ')[3]!) / rows[1]!.value).toBeCloseTo(1, 1)
    expect(said(formula.split('= ')[2]!.split(' × ')[0]!) / rows[rows.length - 1]!.value).toBeCloseTo(1, 1)
    // Below it the weights' gradient with the layer's input, and the step, which is far too small for a float32 here.
    const update = page.getByTestId('chain-update')
    const figures = await update.evaluate((e) => ({ ...(e as HTMLElement).dataset }))
    expect(figures['layer']).toBe(rows[1]!.id)
    expect(await page.getByTestId('chain-weight-gradient').innerText()).toMatch(
      /^∂L\/∂W₂ = ∂L\/∂h₂ · f′\(z₂\) · h₁: .* = /
    )
    expect(await page.getByTestId('chain-step').innerText()).toMatch(/^ΔW₂ = −α · ∂L\/∂W₂: .* = /)
    expect(Number(figures['step'])).toBeGreaterThan(0)
    expect(Number(figures['applied'])).toBe(0)
    // At the last layer plain gradient descent applies what the formula says.
    await page.locator('[data-testid=chain-link]:focus').press('Home')
    await page.locator(`[data-testid="chain-update"][data-layer="${rows[rows.length - 1]!.id}"]`).waitFor()
    const end = await update.evaluate((e) => ({ ...(e as HTMLElement).dataset }))
    expect(Number(end['applied']) / Number(end['step'])).toBeCloseTo(1, 2)
    // Measured and theory speak of the same hidden layers, wherever they are said.
    const mean = await page.getByTestId('chain-mean').evaluate((e) => ({
      measured: Number((e as HTMLElement).dataset['measured']),
      theory: Number((e as HTMLElement).dataset['theory'])
    }))
    const last = rows.length - 2
    expect(mean.measured).toBeCloseTo((rows[0]!.value / rows[last]!.value) ** (1 / last), 6)
    expect(mean.theory.toFixed(3)).toBe(
      Number(
        await page.getByTestId('node-hidden/dense').getByTestId('expected-gain').getAttribute('data-gain')
      ).toFixed(3)
    )
    // All columns are in view, in line with each other, and none is cut.
    const boxes = await page.locator('[data-testid=chain-start],[data-testid=chain-link]').evaluateAll((all) =>
      all.map((e) =>
        [...e.querySelectorAll('[data-row]')].map((r) => {
          const b = r.getBoundingClientRect()
          return {
            row: (r as HTMLElement).dataset['row']!,
            top: Math.round(b.top),
            left: b.left,
            right: b.right,
            cut: r.scrollWidth > r.clientWidth
          }
        })
      )
    )
    expect(boxes.length).toBe(rows.length)
    expect(boxes[0]!.map((b) => b.row)).toEqual(['slope', 'weights', 'gain', 'gradient', 'theory', 'treated'])
    for (const column of boxes) {
      expect(column.map((b) => b.top)).toEqual(boxes[0]!.map((b) => b.top))
      expect(column.some((b) => b.cut)).toBe(false)
    }
    const grid = await page.locator('.chain .links').boundingBox()
    expect(boxes[boxes.length - 1]![0]!.right).toBeLessThanOrEqual(grid!.x + grid!.width + 1)
  })

  it('shows f, f′ and the distribution under them, which explain the factor of the chain', async () => {
    const { page } = await launchApp()
    const bench = await Workbench.of(page)
    await bench.builder.openTemplate('vanishing')
    expect(await bench.trainToTheEnd()).toBe('finished')
    await bench.watch.pin('first')
    await bench.watch.tab('chain')
    const link = page.getByTestId('chain-link').nth(12)
    const layer = await page.getByTestId('chain-link').nth(11).getAttribute('data-layer')
    await link.focus()
    await page.keyboard.press('Enter')
    // The factor's slope is that of the layer that is passed.
    const slope = Number(await page.getByTestId('chain-exact-slope').innerText())
    await bench.watch.tab('lens')
    await page.locator('[data-testid="lens"][data-step="0"]').waitFor()
    await page.getByTestId('ridgeline-focus').focus()
    for (let i = 0; i < 40 && (await page.getByTestId('lens-layer').getAttribute('data-layer')) !== layer; i++)
      await page.keyboard.press(i ? 'ArrowUp' : 'Home')
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
