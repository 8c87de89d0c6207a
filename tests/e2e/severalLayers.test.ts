import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { answer, sharedApp, temporary, until } from './harness'
import { Workbench } from './pages/workbench'

describe('layers edited together and in place', () => {
  it('take one parameter at once, become other kinds where they stand, and are drawn as an SVG', async () => {
    const launched = await sharedApp({ size: { width: 1440, height: 900 } })
    const { page } = launched
    const bench = await Workbench.of(page)
    const params = (path: string): Promise<string> => bench.builder.node(path).getByTestId('node-shape').innerText()

    await bench.builder.select('dense1')
    await bench.builder.node('output').click({ modifiers: ['Control'] })
    await page.getByTestId('shared-form').waitFor()
    expect(await page.getByTestId('shared-differ').innerText()).toContain('Units')
    await bench.inspector.fill('params.units', 10)
    await until(async () => (await params('dense1')).endsWith('→ 10'), 'the first one has it')
    await until(async () => (await params('output')).endsWith('→ 10'), 'the last one has it')
    await page.keyboard.press('Control+z')
    await until(async () => (await params('dense1')).endsWith('→ 64'), 'both come back in one step')

    // The kind alone changes: id, place and connections stay.
    const before = await bench.builder.nodes()
    const inputs = await bench.builder.inputsOf('hidden')
    await bench.builder.unselect()
    await bench.builder.select('dense1')
    await page.getByTestId('replace-kind').click()
    await page.getByTestId('replace-kind-option-maxout').click()
    await until(async () => (await page.getByTestId('replace-kind').innerText()).includes('Maxout'), 'it is a maxout')
    expect(await bench.builder.nodes()).toEqual(before)
    expect(await bench.builder.inputsOf('hidden')).toEqual(inputs)
    expect(await params('dense1')).toMatch(/→ 64$/)
    await bench.builder.node('dense1').click({ button: 'right' })
    await page.getByTestId('canvas-menu-replace').hover()
    await page.getByTestId('canvas-menu-replace-dense').click()
    await until(async () => (await page.getByTestId('replace-kind').innerText()).includes('Dense'), 'it is dense again')

    await bench.inspector.fill('params.units', 64)
    await bench.builder.unselect()
    await bench.inspector.fill('training.steps', 10)
    await bench.trainToTheEnd()
    const file = join(temporary(), 'network.svg')
    await answer(launched, 'showSaveDialog', { canceled: false, filePath: file })
    await page.getByTestId('export-menu').click()
    await page.getByTestId('export-what-network').click()
    await page.getByTestId('export-svg').click()
    const svg = await until(() => {
      try {
        return readFileSync(file, 'utf8')
      } catch {
        return null
      }
    }, 'the drawing is written')
    // Words stay words.
    for (const word of ['Dense 1', '×18', 'Output', 'Loss', '64 → 64']) expect(svg).toContain(word)
  })
})
