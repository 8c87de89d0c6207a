import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { decodeProject } from '@shared/project'
import { answer, launchApp, temporary, until, type Launched } from './harness'
import { Workbench } from './pages/workbench'

/** Three noisy classes of eight columns, 240 rows; the same every time. */
function table(): string {
  let state = 12345
  const random = (): number => (state = (state * 1103515245 + 12345) % 2147483648) / 2147483648
  const bell = (): number => random() + random() + random() + random() - 2
  const lines = ['a,b,c,d,e,f,g,h,kind']
  for (let i = 0; i < 240; i++) {
    const k = i % 3
    lines.push(
      [
        ...Array.from({ length: 8 }, (_, j) => (Math.sin(k * 2.1 + j) * 1.5 + bell()).toFixed(3)),
        ['red', 'green', 'blue'][k]!
      ].join(',')
    )
  }
  return lines.join('\n') + '\n'
}
/** The exported table as step → layer index → value, of one statistic. */
function parseFrames(
  csv: string,
  statistic: string
): { layers: Map<number, string>; at(step: number, layer: number): number; steps: number[] } {
  const [header, ...lines] = csv.trim().split('\n')
  expect(header).toBe('step,layer_index,layer_id,layer_kind,statistic,value')
  const values = new Map<string, number>()
  const layers = new Map<number, string>()
  const steps = new Set<number>()
  for (const line of lines) {
    const [step, index, id, , stat, value] = line.split(',')
    if (stat !== statistic) continue
    values.set(`${Number(step)}/${Number(index)}`, Number(value))
    layers.set(Number(index), id!)
    steps.add(Number(step))
  }
  return { layers, at: (step, layer) => values.get(`${step}/${layer}`)!, steps: [...steps] }
}
/** First layer's over last hidden layer's activation gradient at the start of the run on screen. */
async function gradientRatio(bench: Workbench): Promise<number> {
  await bench.watch.pin('first')
  const { rows } = await bench.watch.exact()
  await bench.watch.followLive()
  return rows[0]!.value / rows[rows.length - 1]!.value
}
async function exportFrames(launched: Launched, bench: Workbench, path: string): Promise<string> {
  await answer(launched, 'showSaveDialog', { filePath: path })
  await bench.watch.export('frames-csv')
  return until(() => {
    try {
      return readFileSync(path, 'utf8')
    } catch {
      return null
    }
  }, 'the table is written')
}

describe('from an empty window to a cured network', () => {
  it('builds, loads, trains, sees it vanish, cures it, saves and finds everything again', async () => {
    const launched = await launchApp()
    const { page } = launched
    const bench = await Workbench.of(page)
    const { builder, inspector, watch, remedies } = bench
    const dir = temporary()

    // Away with what is there; then a table of one's own, and a net of 20 sigmoid layers by dragging and the depth
    // slider.
    for (let left = await builder.nodes(); left.length; left = await builder.nodes()) await builder.remove(left[0]!)
    await bench.data.drop('colours.csv', table())
    expect(await bench.data.count.innerText()).toBe('240')
    expect(await bench.data.task.innerText()).toMatch(/3/)
    expect(await bench.data.panel.innerText()).toMatch(/192 \/ 48/)
    expect(await bench.data.column('kind').innerText()).toMatch(/target/)

    const output = await builder.dragBetween('dense', 'data', 'loss')
    const first = await builder.dragBetween('dense', 'data', output)
    await builder.select(first)
    await inspector.fill('params.units', 24)
    await inspector.choose('params.activation', 'sigmoid')
    await inspector.choose('params.initializer', 'glorotUniform')
    const block = await builder.dragBetween('repeat', first, output)
    expect(await builder.depth(block)).toBeGreaterThan(0)
    await builder.setDepth(block, 18)
    expect(await builder.depth(block)).toBe(18)
    expect(await builder.summary()).toMatch(/20 layers/)
    const inside = (await builder.nodes()).find((n) => n.startsWith(`${block}/`))!
    await builder.select(inside)
    expect(await inspector.value('params.activation')).toBe('sigmoid')
    expect(await inspector.value('params.units')).toBe('24')
    await builder.select(output)
    expect(await inspector.value('params.units')).toBe('3')
    await builder.unselect()
    await inspector.fill('training.steps', 120)
    expect(await inspector.value('training.loss')).toBe('softmaxCrossEntropy')
    await bench.rename('Colours, twenty sigmoids')

    // It vanishes: on screen, in words, and in the exported table, to the last digit.
    expect(await bench.trainToTheEnd()).toBe('finished')
    const { kind, text } = await bench.diagnosis()
    expect(kind).toBe('vanishing')
    expect(text).toContain(`${await builder.name(first)} (layer 1)`)
    expect(text).toMatch(/slope f′ × 0\.2\d* is small/)
    // In full, both ends by the names the canvas has for them: the first layer, and the block's last copy by its number
    // among the layers.
    await watch.tab('findings')
    const said = await page.locator('[data-testid=finding][data-kind=vanishing]').innerText()
    expect(said).toContain(`${await builder.name(first)} (layer 1)`)
    expect(said).toContain(`${await builder.name(inside)} (layer 19)`)
    expect(text + said).not.toContain(`${block}.18`)
    await watch.tab('gradients')
    await watch.pin('first')
    const screen = await watch.exact()
    expect(screen.statistic).toBe('activationGradientRms')
    expect(screen.rows.length).toBe(20)
    expect(screen.rows[0]!.value).toBeGreaterThan(0)
    expect(screen.rows[0]!.value / screen.rows[19]!.value).toBeLessThan(1e-6)
    await watch.followLive()
    const csv = parseFrames(await exportFrames(launched, bench, join(dir, 'frames.csv')), 'activationGradientRms')
    expect(csv.steps.length).toBe(120)
    for (const row of screen.rows) {
      expect(csv.layers.get(row.index)).toBe(row.id)
      expect(Object.is(csv.at(screen.step, row.index), row.value), `${row.id} on screen and in the table`).toBe(true)
    }

    // ReLU and He bring it back; so do, each on its own, batch normalisation and residual connections.
    const sick = await gradientRatio(bench)
    const cures: [string[], number][] = [
      [['activation'], 1e-2],
      [['batchNorm'], 1e-3],
      [['residual'], 1e-3]
    ]
    for (const [ids, healthy] of cures) {
      for (const id of ids) {
        expect((await remedies.changes(id)).length, `${id} says what it changes`).toBeGreaterThan(0)
        await remedies.toggle(id, true)
      }
      expect(await bench.trainToTheEnd()).toBe('finished')
      const ratio = await gradientRatio(bench)
      expect(ratio, ids.join()).toBeGreaterThan(healthy)
      expect(ratio, ids.join()).toBeGreaterThan(sick * 1e3)
      expect((await bench.diagnosis()).kind, ids.join()).not.toBe('vanishing')
      for (const id of ids) await remedies.toggle(id, false)
    }
    expect(await remedies.changes('activation')).toEqual([
      `· Activation: Sigmoid → ReLU (${await builder.name(first)}, ${await builder.name(inside)} ×18)`,
      `· Initializer: Glorot uniform → He normal (${await builder.name(first)}, ${await builder.name(inside)} ×18)`,
      '· Parameters: no change',
      expect.stringMatching(/^· Gradient at the first layer, in theory: × \d[\d.]*e-1\d → × \d[\d.]* of the last$/)
    ])
    await remedies.toggle('activation', true)
    await remedies.toggle('batchNorm', true)

    // Save, quit, open: everything is there.
    const file = join(dir, 'colours.gclinic')
    await answer(launched, 'showSaveDialog', { filePath: file })
    await page.keyboard.press('Control+s')
    await until(async () => (await bench.dirty.count()) === 0, 'it is saved')
    const saved = decodeProject(readFileSync(file))
    expect(saved.runs.length).toBe(4)
    expect(saved.files['colours.csv']).toBe(table())
    await launched.close()

    const again = await launchApp({ userData: launched.userData })
    const second = await Workbench.of(again.page)
    await answer(again, 'showOpenDialog', { filePaths: [file] })
    await again.page.keyboard.press('Control+o')
    await second.experimentName.filter({ hasText: 'Colours, twenty sigmoids' }).waitFor()
    expect(await second.builder.depth(block)).toBe(18)
    expect([
      await second.remedies.state('activation'),
      await second.remedies.state('batchNorm'),
      await second.remedies.state('residual')
    ]).toEqual(['on', 'on', 'off'])
    await second.page.getByTestId('run-select').click()
    await second.page
      .getByTestId(/^run-select-option-/)
      .first()
      .click()
    expect(await second.diagnosis()).toEqual({ kind, text })
    await second.watch.pin('first')
    expect(await second.watch.exact()).toEqual(screen)
    await second.watch.followLive()
    expect(await second.trainToTheEnd()).toBe('finished')
  })
})
