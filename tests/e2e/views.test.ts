import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Page } from 'playwright'
import { describe, expect, it } from 'vitest'
import { answer, launchApp, temporary, until } from './harness'
import { Workbench } from './pages/workbench'

/** The record of the newest run, as main keeps it. */
const recordOf = (page: Page) =>
  page.evaluate(async () => {
    const all = await window.clinic.listRuns()
    const r = (await window.clinic.getRun(all[all.length - 1]!.id))!
    return {
      columns: r.schema!.columns,
      layers: r.schema!.layers.map(({ id, node, index, main }) => ({ id, node, index, main })),
      values: [...r.frames.values],
      steps: [...r.frames.steps],
      findings: r.findings.map(({ kind, from }) => ({ kind, from })),
      histograms: (r.histograms ?? []).map((h) => ({ step: h.step, entries: h.entries, bins: [...h.bins] }))
    }
  })
type Record = Awaited<ReturnType<typeof recordOf>>
const valueOf = (r: Record, step: number, layer: number, statistic = 'activationGradientRms'): number =>
  r.values[
    r.steps.indexOf(step) * r.columns.length +
      r.columns.findIndex((c) => c.layer === layer && c.statistic === statistic)
  ]!

describe('the heatmap', () => {
  it('zooms, moves, and says the exact value under the crosshair and what happened where', async () => {
    const { page } = await launchApp()
    const bench = await Workbench.of(page)
    const { watch } = bench
    await bench.inspector.fill('training.steps', 60)
    expect(await bench.trainToTheEnd()).toBe('finished')
    const record = await recordOf(page)
    const rows = record.layers.filter((l) => l.main)

    // What came while it trained has all run into the picture: made anew it is the same.
    // Its cells are the middle canvas; axes and marks, on the others, may still be laid out.
    const cells = (): Promise<string> =>
      page.getByTestId('heatmap').evaluate(async (host) => {
        for (let i = 0; i < 30; i++) await new Promise(requestAnimationFrame)
        return host.querySelectorAll('canvas')[1]!.toDataURL()
      })
    const grown = await cells()
    await page.getByTestId('watch-tab-findings').click()
    await page.getByTestId('watch-tab-gradients').click()
    expect((await cells()) === grown).toBe(true)

    const whole = await watch.view()
    expect([whole.from, whole.to, whole.bottom, whole.top]).toEqual([0, 60, 0, rows.length])
    const tip = page.getByTestId('heatmap-tip')
    for (const [step, row] of [
      [31, 0],
      [44, rows.length - 1]
    ] as const) {
      await watch.pointAt(step, row)
      await tip.filter({ hasText: `step ${step}` }).waitFor()
      expect(Math.fround(Number(await tip.locator('.first b').innerText()))).toBe(
        valueOf(record, step, rows[row]!.index)
      )
    }
    await watch.wheel(-300)
    const near = await until(async () => {
      const v = await watch.view()
      return v.to - v.from < 59 && v
    }, 'fewer steps are in view')
    expect(near.top - near.bottom).toBe(rows.length)
    await watch.drag(near.width / 4)
    const moved = await until(async () => {
      const v = await watch.view()
      return v.from < near.from - 0.5 && v
    }, 'earlier steps are in view')
    expect(moved.to - moved.from).toBeCloseTo(near.to - near.from, 3)
    const step = Math.ceil(moved.from) + 2
    await watch.pointAt(step, 3)
    await tip.filter({ hasText: `step ${step}` }).waitFor()
    expect(Math.fround(Number(await tip.locator('.first b').innerText()))).toBe(valueOf(record, step, rows[3]!.index))
    await page.getByTestId('heatmap-reset-zoom').click()
    await until(async () => (await watch.view()).to === 60, 'all steps are in view')

    // Where a fault begins there is a line, with words.
    const mark = record.findings.find((f) => f.from > 2)!
    await watch.pointAt(mark.from - 0.5, 5)
    await page
      .getByTestId('mark-tip')
      .filter({ hasText: String(mark.from) })
      .waitFor()
  })
})

describe('the time slider', () => {
  it('moves chain, distributions and the colours of the network along', async () => {
    const { page } = await launchApp()
    const bench = await Workbench.of(page)
    const { watch, remedies } = bench
    await remedies.toggle('activation', true)
    await bench.inspector.fill('training.steps', 80)
    expect(await bench.trainToTheEnd()).toBe('finished')
    const record = await recordOf(page)
    const main = record.layers.filter((l) => l.main)
    const node = main[0]!.node
    const colours = new Set<string>()
    for (const at of [0, 20, 79]) {
      await watch.slide(at)
      await watch.tab('chain')
      const product = (l: number): number =>
        valueOf(record, at, main[l]!.index) / valueOf(record, at, main[main.length - 1]!.index)
      const links = await until(async () => {
        const all = await watch.chain()
        return all.length === main.length - 1 && all
      }, 'the chain is shown')
      links.forEach((l, i) => {
        expect(l.layer).toBe(main[i]!.id)
        expect(l.factor).toBe(valueOf(record, at, main[i]!.index) / valueOf(record, at, main[i + 1]!.index))
        expect(l.product).toBe(product(i))
      })
      await watch.tab('lens')
      const kept = Math.max(...record.histograms.map((h) => h.step).filter((s) => s <= at))
      await page.locator(`[data-testid="lens"][data-step="${kept}"]`).waitFor()
      await until(
        async () =>
          Number(await bench.builder.node(node).getAttribute('data-value')) === valueOf(record, at, main[0]!.index),
        'the canvas shows that step'
      )
      colours.add(
        await bench.builder
          .node(node)
          .getByTestId('chip')
          .evaluate((e) => getComputedStyle(e).backgroundColor)
      )
      await watch.tab('gradients')
      expect((await watch.exact()).step).toBe(at)
      await page
        .getByTestId('profile')
        .filter({ has: page.locator('canvas') })
        .waitFor()
      expect(await page.getByTestId('profile').getAttribute('aria-label')).toContain(String(at))
    }
    expect(colours.size).toBeGreaterThan(1)
  })
})

describe('chain and distributions', () => {
  it('are written as pictures and as tables that equal the record to the last digit', async () => {
    const launched = await launchApp()
    const { page, app } = launched
    const bench = await Workbench.of(page)
    const { watch } = bench
    await bench.inspector.fill('training.steps', 30)
    expect(await bench.trainToTheEnd()).toBe('finished')
    const record = await recordOf(page)
    const main = record.layers.filter((l) => l.main)
    const dir = temporary()
    async function file(
      name: string,
      form: 'png' | 'svg' | 'csv',
      ...what: Parameters<typeof watch.picture>
    ): Promise<Buffer> {
      const path = join(dir, name)
      await answer(launched, 'showSaveDialog', { canceled: false, filePath: path })
      await watch.picture(...what)
      await page.getByTestId(`export-${form}`).click()
      await page.getByTestId(`export-${form}`).waitFor({ state: 'detached' })
      return readFileSync(path)
    }
    const table = (b: Buffer): { [k: string]: string }[] => {
      const [head, ...lines] = b
        .toString('utf8')
        .trim()
        .split('\n')
        .map((l) => l.split(','))
      return lines.map((l) => Object.fromEntries(head!.map((h, i) => [h, l[i]!])))
    }
    const width = (b: Buffer): number => b.readUInt32BE(16)

    await watch.slide(7)
    await watch.tab('chain')
    const chain = table(await file('chain.csv', 'csv', 'chain'))
    expect(chain.map((r) => r['layer_id'])).toEqual(main.map((l) => l.id))
    chain.forEach((r, i) => {
      expect(Math.fround(Number(r['activation_gradient_rms']))).toBe(valueOf(record, 7, main[i]!.index))
      if (i < main.length - 1)
        expect(Number(r['factor'])).toBe(valueOf(record, 7, main[i]!.index) / valueOf(record, 7, main[i + 1]!.index))
    })
    await watch.tab('lens')
    const set = record.histograms.filter((h) => h.step <= 7).pop()!
    const rows = table(await file('z.csv', 'csv', 'ridgeline'))
    const wanted = set.entries.filter((e) => e.source === 'preActivation')
    expect(rows.length).toBe(wanted.length)
    for (const r of rows) {
      const at = set.entries.findIndex((e) => e.source === 'preActivation' && e.layer === Number(r['layer_index']))
      const e = set.entries[at]!
      const bins = set.bins.length / set.entries.length
      expect([Number(r['step']), Number(r['count']), Number(r['nan']), Number(r['zero'])]).toEqual([
        set.step,
        e.count,
        e.nan,
        e.zero
      ])
      expect([Math.fround(Number(r['low'])), Math.fround(Number(r['high']))]).toEqual([
        Math.fround(e.low),
        Math.fround(e.high)
      ])
      expect(Array.from({ length: bins }, (_, i) => Number(r[`bin_${i + 1}`]))).toEqual(
        set.bins.slice(at * bins, (at + 1) * bins)
      )
    }
    expect(table(await file('lens.csv', 'csv', 'lens'))[0]!['source']).toBe('preActivation')

    for (const what of ['ridgeline', 'lens', 'chain'] as const) {
      await watch.tab(what === 'chain' ? 'chain' : 'lens')
      const one = width(await file(`${what}1.png`, 'png', what, '1', 'dark'))
      expect(one).toBeGreaterThan(300)
      expect(width(await file(`${what}4.png`, 'png', what, '4', 'light'))).toBe(4 * one)
      const svg = (await file(`${what}.svg`, 'svg', what)).toString('utf8')
      expect(svg).toContain('<text')
      expect(svg).not.toMatch(/NaN,|undefined/)
    }
    await watch.picture('chain')
    await page.getByTestId('export-copy-csv').click()
    await page.getByTestId('export-copy-csv').waitFor({ state: 'detached' })
    expect(await app.evaluate(async ({ clipboard }) => clipboard.readText())).toBe(
      readFileSync(join(dir, 'chain.csv'), 'utf8')
    )
  })
})

describe('the network', () => {
  it('gets a skip from handle to handle, a block × N from a selection, and is put in order again', async () => {
    const { page } = await launchApp({ size: { width: 1920, height: 1080 } })
    const bench = await Workbench.of(page)
    const { builder } = bench
    // Two layers of the same width behind each other, and a skip around the second.
    await builder.openTemplate('starter')
    await until(async () => (await builder.nodes()).length === 2, 'two layers are there')
    const [first, last] = await builder.nodes()
    const one = await builder.dragBetween('dense', first!, last!)
    const two = await builder.dragBetween('dense', one, last!)
    expect(await builder.inputsOf(two)).toEqual([one])
    await builder.connect(one, last!)
    const readers = (): Promise<number> => page.locator(`[data-testid^="edge-"][data-testid*=":${one}>"]`).count()
    await until(async () => (await readers()) === 2, 'the skip is drawn')
    await page.keyboard.press('Control+z')
    await until(async () => (await readers()) === 1, 'the skip is undone')

    await builder.select(one)
    await builder.node(two).click({ position: { x: 40, y: 12 }, modifiers: ['Shift'] })
    await page.keyboard.press('Control+g')
    const block = await until(
      async () => (await builder.nodes()).find((n) => n.includes('/'))?.split('/')[0],
      'both are in a block'
    )
    await builder.setDepth(block, 4)
    await until(async () => (await builder.depth(block)) === 4, 'the block is repeated four times')
    expect(await bench.train.isEnabled()).toBe(true)

    // The map is there when not all is in view, and follows its switch; what was pulled about is put in order.
    const map = page.getByTestId('overview')
    for (let i = 0; i < 8 && !(await map.isVisible()); i++) await page.getByTestId('zoom-in').click()
    await map.waitFor()
    await page.getByTestId('minimap').click()
    await map.waitFor({ state: 'hidden' })
    await page.getByTestId('zoom-fit').click()
    await until(async () => {
      const b = await builder.node(last!).boundingBox()
      return b && b.x + b.width < 1600 && b.x > 200
    }, 'all is in view')
    expect(await page.getByTestId('arrange').isEnabled()).toBe(false)
    const y = async (): Promise<number> => (await builder.node(last!).boundingBox())!.y
    const before = await y()
    await builder.move(last!, 30, 160)
    await until(
      async () => Math.abs((await y()) - before) > 60 && (await page.getByTestId('arrange').isEnabled()),
      'it is out of place'
    )
    await page.getByTestId('arrange').click()
    await until(
      async () => Math.abs((await y()) - before) < 30 && !(await page.getByTestId('arrange').isEnabled()),
      'it is back in its place'
    )
  })
})
