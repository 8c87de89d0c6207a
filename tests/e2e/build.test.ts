import { describe, expect, it } from 'vitest'
import { sharedApp, until } from './harness'
import { Workbench } from './pages/workbench'

describe('building', () => {
  it('selects several with Shift, copies from one experiment to another, lines up, and mends a problem on its node', async () => {
    const { page } = await sharedApp({ size: { width: 1920, height: 1080 } })
    const bench = await Workbench.of(page)
    const { builder } = bench
    const selected = (): Promise<string[]> => builder.selected()
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
    await until(
      async () => (await builder.nodes()).length === before.length + 3,
      'both have come, with what is in the block'
    )
    expect(await bench.train.isEnabled()).toBe(true)
    await page.keyboard.press('Control+z')
    await until(async () => (await builder.nodes()).length === before.length, 'they are gone')

    // Pulled out of line, and put back on it.
    const box = (await builder.node('output').boundingBox())!
    await page.mouse.move(box.x + 40, box.y + 12)
    await page.mouse.down()
    await page.mouse.move(box.x + 60, box.y + 150, { steps: 6 })
    await page.mouse.up()
    const port = async (side: 'in' | 'out', path: string): Promise<number> => {
      const b = (await builder.port(side, path).boundingBox())!
      return b.y + b.height / 2
    }
    await until(
      async () => Math.abs((await port('in', 'output')) - (await port('out', 'hidden'))) > 40,
      'it is out of line'
    )
    await builder.node('hidden').click({ position: { x: 60, y: 12 } })
    await builder.node('output').click({ position: { x: 40, y: 12 }, modifiers: ['Shift'] })
    await until(async () => (await selected()).length === 2, 'both are selected')
    await page.keyboard.press('Shift+A')
    await until(
      async () => Math.abs((await port('in', 'output')) - (await port('out', 'hidden'))) < 2,
      'the connection runs straight'
    )
    await page.keyboard.press('Escape')

    await builder.select('output')
    await bench.inspector.fill('params.units', 7)
    expect(await bench.train.isEnabled()).toBe(false)
    await builder.node('output').getByTestId('fix').click()
    await until(() => bench.train.isEnabled(), 'it can be trained again')
    expect(await bench.inspector.value('params.units')).toBe('1')
  })
})

describe('a long chain', () => {
  it('is legible at 100 %, keeps names and icons at every zoom, and its handles within reach', async () => {
    const { page } = await sharedApp({ size: { width: 1440, height: 900 } })
    const bench = await Workbench.of(page)
    const { builder } = bench
    await builder.setDepth('hidden', 10)
    await builder.select('hidden')
    await page.keyboard.press('Control+Shift+G')
    await until(async () => (await builder.nodes()).length === 12, 'the block is unrolled into 12 layers')
    const zoom = page.getByTestId('zoom')
    await zoom.filter({ hasText: /^100 %$/ }).waitFor()
    const seen = async (): Promise<void> => {
      const names = await builder.labels()
      expect(names).toHaveLength(14)
      for (const n of names) {
        expect(n.inside, n.name).toBe(true)
        expect(n.letters, n.name).toBeGreaterThan(9.5)
        expect(n.icon, n.name).toBeGreaterThan(9.5)
        expect(n.name.length, n.name).toBeGreaterThan(1)
      }
    }
    await seen()
    // As small as it gets.
    for (let last = ''; last !== (last = await zoom.innerText());) await page.getByTestId('zoom-out').click()
    expect(parseInt(await zoom.innerText())).toBeLessThan(40)
    await seen()
    const [first, , third] = (await builder.nodes()) as [string, string, string]
    for (const side of ['in', 'out'] as const)
      expect(await builder.reach(side, third), `the ${side}put`).toBeGreaterThanOrEqual(10)
    await builder.connect(first, third)
    await until(async () => (await builder.inputsOf((await builder.nodes())[2]!)).length > 0, 'the skip is drawn')
    await until(async () => (await builder.nodes()).length > 12, 'a sum has come')
  })
})

describe('edits', () => {
  it('are seen on the nodes at once, undone and redone, and change the order', async () => {
    const { page } = await sharedApp({ size: { width: 1600, height: 1000 } })
    const bench = await Workbench.of(page)
    const { builder } = bench
    const before = await builder.figures('dense1')
    expect(before.shape).toBe('64 → 64')
    await builder.select('dense1')
    await bench.inspector.fill('params.units', 32)
    await until(async () => (await builder.figures('dense1')).shape === '64 → 32', 'the shape follows')
    const after = await builder.figures('dense1')
    expect(after.params).not.toBe(before.params)
    expect(after.gain).not.toBe(before.gain)
    expect((await builder.figures('hidden/dense')).shape).toBe('32 → 64')
    await builder.undo()
    await until(async () => JSON.stringify(await builder.figures('dense1')) === JSON.stringify(before), 'it is undone')
    await builder.redo()
    await until(async () => JSON.stringify(await builder.figures('dense1')) === JSON.stringify(after), 'it is redone')
    await builder.undo()

    // The order: by key, and by dragging a layer onto another connection.
    const order = async (): Promise<string> => (await builder.nodes()).filter((n) => !n.includes('/')).join()
    await builder.select('dense1')
    await page.keyboard.press('Alt+ArrowRight')
    await until(async () => (await order()) === 'hidden,dense1,output', 'it stands behind the block')
    await builder.moveBetween('dense1', 'data', 'hidden')
    await until(
      async () => (await builder.inputsOf('hidden')).join() === 'dense1' && (await order()) === 'dense1,hidden,output',
      'it stands before it again'
    )
    // Dropped near a connection, a new layer goes onto it.
    const made = await builder.drag('layerNorm', builder.port('in', 'output'))
    expect([await builder.inputsOf(made), await builder.inputsOf('output')]).toEqual([['hidden'], [made]])
    expect(await bench.train.isEnabled()).toBe(true)
  })

  it('reach several by a rubber band, line them up, and stand in the menu of the right button', async () => {
    const { page } = await sharedApp({ size: { width: 1600, height: 1000 } })
    const bench = await Workbench.of(page)
    const { builder } = bench
    const box = async (path: string): Promise<{ x: number; y: number; width: number; height: number }> =>
      (await builder.node(path).boundingBox())!
    await builder.band('dense1', 'output')
    await until(
      async () => (await builder.selected()).filter((p) => !p.includes('/')).join() === 'dense1,hidden,output',
      'what is within the band is selected'
    )
    expect(await builder.selected()).not.toContain('data')

    // At equal distances, after one was pulled away; then under one another.
    await page.keyboard.press('Escape')
    await builder.move('output', 40, 120)
    await builder.move('hidden', 30, 0)
    await builder.band('dense1', 'output')
    await until(async () => (await builder.selected()).length >= 3, 'they are selected again')
    await builder.fromMenu('output', 'align-row')
    await page.keyboard.press('Shift+D')
    await until(async () => {
      const [a, b, c] = [await box('dense1'), await box('hidden'), await box('output')]
      return Math.abs(b.x - a.x - a.width - (c.x - b.x - b.width)) < 3
    }, 'the gaps are equal')
    await page.getByTestId('action-align-column').click()
    await until(async () => {
      const [a, b, c] = [await box('dense1'), await box('hidden'), await box('output')]
      return [b, c].every((n) => Math.abs(n.x + n.width / 2 - a.x - a.width / 2) < 3)
    }, 'they stand under one another')
    await page.keyboard.press('Escape')
    await page.getByTestId('arrange').click()

    // What can't be done now is grey; a right click selects what it is about.
    await builder.node('dense1').click({ button: 'right', position: { x: 40, y: 12 } })
    await page.getByTestId('canvas-menu-unwrap').waitFor()
    expect(await builder.selected()).toEqual(['dense1'])
    for (const id of ['unwrap', 'align-row', 'fold'])
      expect(await page.getByTestId(`canvas-menu-${id}`).getAttribute('data-disabled'), id).not.toBeNull()
    await page.keyboard.press('Escape')
    await builder.fromMenu('dense1', 'copyLayers')
    await builder.fromMenu('hidden', 'pasteLayers')
    const copy = await until(
      async () => (await builder.nodes()).find((n) => /^dense[2-9]$/.test(n)),
      'the copy has come'
    )
    expect(await builder.inputsOf(copy)).toEqual(['hidden'])
    await page.keyboard.press('Control+z')
    // What is no layer is said to be none, however much it is.
    const nodes = await builder.nodes()
    for (const text of ['some words', 'x'.repeat(5_000_000), '{"kind":"dense"}', '[]', 'null']) {
      await page.evaluate((foreign) => {
        const clipboardData = new DataTransfer()
        clipboardData.setData('text/plain', foreign)
        document.body.dispatchEvent(new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true }))
      }, text)
      const said = page.getByTestId('toast-bad').filter({ hasText: 'The clipboard holds no layers' })
      await said.first().waitFor()
      await page.evaluate(() => {
        for (const button of document.querySelectorAll<HTMLElement>('[data-testid=toast-bad] button')) button.click()
      })
      await said.first().waitFor({ state: 'detached' })
    }
    expect(await builder.nodes()).toEqual(nodes)
  })

  it('leave a closed block alone: it is a way of looking', async () => {
    const { page } = await sharedApp({ size: { width: 1440, height: 900 } })
    const bench = await Workbench.of(page)
    const { builder } = bench
    const open = (await builder.node('hidden').boundingBox())!
    await page.getByTestId('fold-hidden').click()
    await builder.node('hidden/dense').waitFor({ state: 'detached' })
    expect(await builder.strays('hidden')).toEqual([])
    await until(async () => (await builder.node('hidden').boundingBox())!.height < open.height - 40, 'it is smaller')
    // Connections still meet it at its ports.
    const port = async (side: 'in' | 'out', path: string): Promise<number> => {
      const b = (await builder.port(side, path).boundingBox())!
      return b.y + b.height / 2
    }
    expect(Math.abs((await port('in', 'hidden')) - (await port('out', 'dense1')))).toBeLessThan(2)
    expect(await bench.dirty.count()).toBe(0)
    expect(await builder.depth('hidden')).toBe(18)
    await builder.fromMenu('hidden', 'fold')
    await builder.node('hidden/dense').waitFor()
    // Chosen elsewhere, a layer in a closed block is shown.
    await page.keyboard.press('b')
    await builder.node('hidden/dense').waitFor({ state: 'detached' })
    await page.keyboard.press('Control+k')
    await page.getByTestId('command-search').fill('select dense')
    await page.getByTestId('command-select-hidden/dense').click()
    await builder.node('hidden/dense').waitFor()
    expect(await bench.dirty.count()).toBe(0)
  })
})

describe('an empty network', () => {
  it('is a start of its own: from the menu, by its card, and filled with one drag', async () => {
    const launched = await sharedApp({ size: { width: 1280, height: 800 } })
    const { page } = launched
    const bench = await Workbench.of(page)
    await bench.fromProjectMenu('project-new-empty')
    await page.getByTestId('canvas-empty').waitFor()
    expect(await bench.builder.nodes()).toEqual([])
    expect(await bench.train.isEnabled()).toBe(false)
    await bench.builder.drag('dense', page.getByTestId('canvas'))
    await until(() => bench.train.isEnabled(), 'one layer can be trained')
    expect(await page.getByTestId('canvas-empty').count()).toBe(0)
    await page.keyboard.press('g')
    await page.getByTestId('gallery-empty').click()
    await page.getByTestId('canvas-empty').waitFor()
    await bench.experimentName.filter({ hasText: 'Empty network 2' }).waitFor()
  })
})

describe('the picture', () => {
  it('keeps the connections inside a block within it, whatever a remedy puts there', async () => {
    const { page } = await sharedApp({ size: { width: 1440, height: 900 } })
    const bench = await Workbench.of(page)
    const inside = async (): Promise<number[]> => {
      await page.evaluate(
        () => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => done(null))))
      )
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
