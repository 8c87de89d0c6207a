import { describe, expect, it } from 'vitest'
import { launchApp, sharedApp, until } from './harness'
import { Workbench } from './pages/workbench'

describe('the keyboard', () => {
  it('puts layers in from the palette as its hint says, and renames the selected one', async () => {
    const { page } = await sharedApp({ size: { width: 1440, height: 900 } })
    const { builder } = await Workbench.of(page)
    const count = async (n: number, what: string): Promise<unknown> =>
      until(async () => (await builder.nodes()).length === n, what)
    const before = (await builder.nodes()).length
    await page.keyboard.press('/')
    await page.getByTestId('palette-search').fill('layer norm')
    await page.keyboard.press('Enter')
    await count(before + 1, 'Enter in the search puts the first one in')
    await page.keyboard.press('ArrowDown')
    await page.keyboard.press('Space')
    await count(before + 2, 'Space puts one in')
    await page.getByTestId('palette-layerNorm').click()
    await count(before + 3, 'a click puts one in')
    await builder.select('dense1')
    await page.keyboard.press('F2')
    await page.keyboard.type('First')
    await page.keyboard.press('Enter')
    await until(async () => (await builder.name('dense1')) === 'First', 'it is renamed')
    // The keyboard is where the layer is, and the key that names it works from the search, too.
    const focused = (): Promise<string | undefined> =>
      page.evaluate(() => (document.activeElement as HTMLElement).dataset['testid'])
    expect(await focused()).toBe('canvas-stage')
    await page.getByTestId('palette-search').focus()
    await page.keyboard.press('F2')
    expect(await focused()).toBe('layer-name')
    await page.getByTestId('node-dense1').dblclick({ position: { x: 40, y: 12 } })
    await page.waitForFunction(() => (document.activeElement as HTMLElement).dataset['testid'] === 'layer-name')
    await page.keyboard.type('Second')
    await page.keyboard.press('Enter')
    await until(async () => (await builder.name('dense1')) === 'Second', 'a double click renames it, too')
  })
})

describe('remedy cards', () => {
  it('hold the choice, keep it when switched off and on, and can be set while locked', async () => {
    const { page } = await sharedApp({ size: { width: 1440, height: 900 } })
    const { inspector, remedies } = await Workbench.of(page)
    await page.getByTestId('remedies-search').fill('leaky')
    await until(async () => (await remedies.ids()).includes('activation'), 'it is found by what it offers')
    await inspector.choose('remedy.activation.to', 'leakyRelu')
    for (const on of [true, false, true]) await remedies.toggle('activation', on)
    expect(await inspector.value('remedy.activation.to')).toBe('leakyRelu')
    await remedies.toggle('activation', false)
    await inspector.choose('remedy.activation.by', 'maxout')
    await remedies.toggle('activation', true)
    // Two pieces of 64 × 64 weights and biases: the layer keeps its name, and one that was called like its kind is
    // called like the new one.
    await page.getByTestId('node-dense1').filter({ hasText: '8,320 params' }).waitFor()
    await page.getByTestId('node-hidden/dense').filter({ hasText: 'Maxout' }).waitFor()

    await page.getByTestId('remedies-search').fill('长短期记忆')
    await until(async () => (await remedies.state('recurrentCell')) === 'blocked', 'its card is locked')
    await inspector.choose('remedy.recurrentCell.to', 'gru')
    expect(await inspector.value('remedy.recurrentCell.to')).toBe('gru')
  })
})

describe('the forms', () => {
  it('say what a number may be, what a choice means, and go back to their defaults', async () => {
    const { page } = await launchApp({ size: { width: 1280, height: 800 } })
    const bench = await Workbench.of(page)
    const { inspector } = bench
    const reset = (path: string) => page.getByTestId(`reset-${path}`)

    // While one is at a field its range stands under its name, with its unit.
    await inspector.field('record.every').focus()
    expect(await page.getByTestId('range-record.every').innerText()).toBe('whole · 1 … 100000 · steps')
    expect(await inspector.field('record.every').getAttribute('aria-describedby')).toBe('range-record.every')
    await inspector.field('training.optimizer.learningRate').focus()
    expect(await page.getByTestId('range-training.optimizer.learningRate').innerText()).toBe('1e-8 … 10')
    expect(await page.getByTestId('range-record.every').isVisible()).toBe(false)
    for (const [path, says] of [
      ['training.optimizer', /Gradient descent/],
      ['training.schedule', /stays/],
      ['training.loss', /softmax/]
    ] as const)
      expect(await page.getByTestId(`doc-${path}`).innerText()).toMatch(says)
    for (const path of ['training.steps', 'seed', 'record.every', 'record.evaluateEvery'])
      expect(await page.locator(`.pf:has([data-testid="field-${path}"]) label.helped`).count(), path).toBe(1)

    // What differs from its default can be set back, and that is seen without pointing at it.
    await page.mouse.move(600, 300)
    expect(await reset('training.steps').count()).toBe(0)
    await inspector.fill('training.steps', 77)
    expect(await reset('training.steps').evaluate((e) => getComputedStyle(e).opacity)).toBe('1')
    await reset('training.steps').click()
    expect(await inspector.value('training.steps')).toBe('400')
    expect(await reset('training.steps').count()).toBe(0)

    // The default loss is the one for the data: classes here, numbers next.
    expect(await reset('training.loss').count()).toBe(0)
    await inspector.choose('training.loss', 'meanSquaredError')
    await reset('training.loss').click()
    expect(await inspector.value('training.loss')).toBe('softmaxCrossEntropy')
    await bench.builder.openTemplate('starter')
    expect(await inspector.value('training.loss')).toBe('sumOfSquares')
    await reset('training.loss').click()
    expect(await inspector.value('training.loss')).toBe('meanSquaredError')
  })
  it('are in Chinese without ids and English names, also where a remedy changes a layer', async () => {
    const { page } = await launchApp()
    const bench = await Workbench.of(page)
    await bench.setLanguage('zh')
    await bench.remedies.toggle('activation', true)
    await bench.builder.select('dense1')
    expect(await page.getByTestId('layer-name').inputValue()).toBe('全连接 1')
    const said = await page.getByTestId('inspector').innerText()
    expect(said).toContain('Sigmoid → ReLU')
    expect(said).toContain('Glorot 均匀 → He 正态')
    expect(said).not.toMatch(/glorotUniform|heNormal|sigmoid →|Dense/)
    const lines = (await bench.remedies.changes('activation')).join('\n')
    expect(lines).toContain('全连接 1')
    expect(lines).not.toMatch(/Dense|relu|heNormal/)
    await until(
      async () => (await page.getByTestId('remedy-activation').innerText()).includes('更换激活函数'),
      'the card is in Chinese'
    )
  })
})
