import { describe, expect, it } from 'vitest'
import { launchApp, until } from './harness'
import { Workbench } from './pages/workbench'

describe('building', () => {
  it('selects several with Shift, copies from one experiment to another, lines up, and mends a problem on its node', async () => {
    const { page } = await launchApp({ size: { width: 1920, height: 1080 } })
    const bench = await Workbench.of(page)
    const { builder } = bench
    const selected = (): Promise<string[]> => page.locator('.node.selx, .block.selx').evaluateAll((all) => all.map((e) => (e as HTMLElement).dataset['testid']!.slice(5)))
    const gain = Number(await builder.node('dense1').getByTestId('expected-gain').getAttribute('data-gain'))
    expect(gain).toBeGreaterThan(0.15)
    expect(gain).toBeLessThan(0.3)

    await builder.select('dense1')
    await builder.node('hidden').click({ position: { x: 60, y: 12 }, modifiers: ['Shift'] })
    await until(async () => (await selected()).length === 2, 'both are selected')
    await page.keyboard.press('Control+c')

    // Another experiment, by its card in the gallery.
    await page.keyboard.press('g')
    await page.getByTestId('gallery-spirals').click()
    await bench.experimentName.filter({ hasText: 'Two spirals' }).waitFor()
    const before = await builder.nodes()
    await page.keyboard.press('Control+v')
    await until(async () => (await builder.nodes()).length === before.length + 3, 'both have come, with what is in the block')
    expect(await bench.train.isEnabled()).toBe(true)
    await page.keyboard.press('Control+z')
    await until(async () => (await builder.nodes()).length === before.length, 'they are gone')

    // Pulled out of line, and put back on it.
    const box = (await builder.node('output').boundingBox())!
    await page.mouse.move(box.x + 40, box.y + 12)
    await page.mouse.down()
    await page.mouse.move(box.x + 60, box.y + 150, { steps: 6 })
    await page.mouse.up()
    const port = async (side: 'in' | 'out', path: string): Promise<number> => { const b = (await builder.port(side, path).boundingBox())!; return b.y + b.height / 2 }
    await until(async () => Math.abs((await port('in', 'output')) - (await port('out', 'hidden'))) > 40, 'it is out of line')
    await builder.node('hidden').click({ position: { x: 60, y: 12 } })
    await builder.node('output').click({ position: { x: 40, y: 12 }, modifiers: ['Shift'] })
    await until(async () => (await selected()).length === 2, 'both are selected')
    await page.keyboard.press('Shift+A')
    await until(async () => Math.abs((await port('in', 'output')) - (await port('out', 'hidden'))) < 2, 'the connection runs straight')
    await page.keyboard.press('Escape')

    await builder.select('output')
    await bench.inspector.fill('params.units', 7)
    expect(await bench.train.isEnabled()).toBe(false)
    await builder.node('output').getByTestId('fix').click()
    await until(() => bench.train.isEnabled(), 'it can be trained again')
    expect(await bench.inspector.value('params.units')).toBe('1')
  })
})

describe('the picture', () => {
  it('keeps the connections inside a block within it, whatever a remedy puts there', async () => {
    const { page } = await launchApp({ size: { width: 1440, height: 900 } })
    const bench = await Workbench.of(page)
    const inside = async (): Promise<number[]> => {
      await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => done(null)))))
      return bench.builder.strays('hidden')
    }
    expect(await inside()).toHaveLength(2)
    for (const stray of await inside()) expect(stray).toBeLessThanOrEqual(0)
    for (const remedy of ['residual', 'batchNorm']) {
      const before = (await inside()).length
      await page.getByTestId(`remedy-toggle-${remedy}`).click()
      await until(async () => (await inside()).length > before, `${remedy} is in the block`)
      for (const stray of await inside()) expect(stray, remedy).toBeLessThanOrEqual(0)
    }
  })
})
