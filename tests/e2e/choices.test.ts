import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Page } from 'playwright'
import { describe, expect, it } from 'vitest'
import { activations } from '@shared/catalog/activations'
import { BINS, estimateSlope } from '@shared/run/histogram'
import { DARK, LIGHT } from '@/charts/theme'
import { smallExperiment, startRun } from './bridge'
import { answer, launchApp, temporary, trainers, until, type Launched } from './harness'
import { Workbench } from './pages/workbench'

const recordOf = (page: Page) =>
  page.evaluate(async () => {
    const all = await window.clinic.listRuns()
    const r = (await window.clinic.getRun(all[all.length - 1]!.id))!
    return {
      columns: r.schema!.columns,
      last: r.frames.steps[r.frames.steps.length - 1]!,
      layers: r.schema!.layers.map(({ id, index, main, inputs, kind }) => ({ id, index, main, inputs, kind })),
      values: [...r.frames.values],
      findings: r.findings,
      histograms: (r.histograms ?? []).map((h) => ({ step: h.step, entries: h.entries, bins: [...h.bins] }))
    }
  })
async function saved(launched: Launched, name: string, press: () => Promise<unknown>): Promise<Buffer> {
  const path = join(temporary(), name)
  await answer(launched, 'showSaveDialog', { canceled: false, filePath: path })
  await press()
  return until(() => existsSync(path) && readFileSync(path), `${name} is written`)
}
const pressed = (page: Page, id: string): Promise<string | null> => page.getByTestId(id).getAttribute('aria-pressed')

describe('what the run views show', () => {
  it('is chosen: colours of the run or shared ones, all layers or those with weights, a logarithmic axis, where a figure is healthy', async () => {
    const launched = await launchApp()
    const { page } = launched
    const bench = await Workbench.of(page)
    await bench.remedies.toggle('batchNorm', true)
    await bench.inspector.fill('training.steps', 30)
    expect(await bench.trainToTheEnd()).toBe('finished')
    const record = await recordOf(page)
    const { heatmap } = bench.watch

    // Shared colours reach from 1e-14 to 1; the run's own just as far as its values.
    expect(await heatmap.getAttribute('data-range')).toBe('-14 0')
    expect(await pressed(page, 'own-scale')).toBe('false')
    await page.getByTestId('own-scale').click()
    const width = record.columns.length
    const places = record.columns.flatMap((c, k) => (c.statistic === 'activationGradientRms' ? [k] : []))
    const values = record.values.filter((v, i) => places.includes(i % width) && v > 0)
    await until(
      async () =>
        (await heatmap.getAttribute('data-range')) ===
        `${Math.floor(Math.log10(Math.min(...values)))} ${Math.ceil(Math.log10(Math.max(...values)))}`,
      'the colours are fitted'
    )
    expect(await pressed(page, 'own-scale')).toBe('true')
    await page.getByTestId('own-scale').click()
    await until(async () => (await heatmap.getAttribute('data-range')) === '-14 0', 'the colours are shared again')

    // Without a kernel, but with a gradient: batch norm and activation.
    const main = record.layers.filter((l) => l.main)
    expect(await heatmap.getAttribute('data-rows')).toBe(String(main.length))
    await page.getByTestId('all-layers').click()
    await until(
      async () => (await heatmap.getAttribute('data-rows')) === String(places.length),
      'every layer has its row'
    )
    expect(places.length).toBeGreaterThan(2 * main.length)
    expect((await bench.watch.exact()).rows.map((r) => r.index)).toEqual(
      record.columns
        .filter((c) => c.statistic === 'activationGradientRms')
        .map((c) => c.layer)
        .sort((a, b) => a - b)
    )
    await page.getByTestId('all-layers').click()
    await until(
      async () => (await heatmap.getAttribute('data-rows')) === String(main.length),
      'only layers with a kernel are left'
    )

    const log = await pressed(page, 'curve-log')
    await page.getByTestId('curve-log').click()
    expect(await pressed(page, 'curve-log')).toBe(log === 'true' ? 'false' : 'true')

    // The band is there for the update ratio alone, on screen and in what is exported.
    expect(await heatmap.getAttribute('data-healthy')).toBeNull()
    await bench.watch.tab('weights')
    await until(
      async () => (await heatmap.getAttribute('data-healthy')) === 'healthy 1e-4 … 1e-2',
      'the healthy band is named'
    )
    expect(await page.getByTestId('profile').getAttribute('aria-label')).toContain('healthy 1e-4 … 1e-2')
    const svg = (
      await saved(launched, 'profile.svg', async () => {
        await bench.watch.picture('profile')
        await page.getByTestId('export-svg').click()
      })
    ).toString('utf8')
    expect(svg).toContain('healthy 1e-4 … 1e-2')
    expect(svg).toContain('>layer<')
    expect(svg.toUpperCase()).toContain(LIGHT.ok)
  })

  it('is the recurrent layer of one’s choice, where there are several', async () => {
    const { page } = await launchApp()
    const bench = await Workbench.of(page)
    const rnn = (id: string, returnSequences: boolean): object => ({
      id,
      kind: 'simpleRnn',
      params: { units: 8, returnSequences }
    })
    await startRun(
      page,
      'two',
      smallExperiment(12, {
        data: { dataset: { id: 'digitRows' }, standardize: true },
        network: {
          nodes: [
            rnn('lower', true),
            rnn('upper', false),
            { id: 'output', kind: 'dense', params: { units: 10, activation: 'linear' } }
          ]
        },
        training: { steps: 12, batchSize: 32, loss: 'softmaxCrossEntropy', optimizer: { id: 'sgd', learningRate: 0.1 } }
      })
    )
    await bench.waitForState('finished')
    await bench.watch.statistic('timeGradientRms')
    const record = await recordOf(page)
    for (const id of ['upper', 'lower']) {
      await page.getByTestId('time-layer').click()
      await page.getByTestId(`time-layer-option-${id}`).click()
      const { index } = record.layers.find((l) => l.id === id)!
      const shown = await until(async () => {
        const e = await bench.watch.exact()
        // The table follows a run once a second.
        return e.rows[0]?.id === id && e.step === record.last && e
      }, `${id} is shown at the last step`)
      const first = record.values.length - record.columns.length
      expect(shown.rows.map((r) => Math.fround(r.value))).toEqual(
        record.columns.flatMap((c, k) => (c.layer === index && c.time !== undefined ? [record.values[first + k]!] : []))
      )
    }
  })
})

describe('findings', () => {
  it('are filtered by kind, show where they hold, and put a remedy on', async () => {
    const { page } = await launchApp()
    const bench = await Workbench.of(page)
    await bench.inspector.fill('training.steps', 60)
    expect(await bench.trainToTheEnd()).toBe('finished')
    const { findings } = await recordOf(page)
    const kinds = [...new Set(findings.map((f) => f.kind))]
    expect(kinds.length).toBeGreaterThan(1)
    await bench.watch.tab('findings')
    const shown = (): Promise<string[]> =>
      page.getByTestId('finding').evaluateAll((rows) => rows.map((r) => r.dataset['kind']!))
    expect((await shown()).length).toBe(findings.length)
    for (const kind of kinds) {
      await page.getByTestId(`finding-filter-${kind}`).click()
      await until(async () => (await shown()).every((k) => k === kind), `only ${kind} is shown`)
      expect((await shown()).length).toBe(findings.filter((f) => f.kind === kind).length)
    }
    await page.getByTestId('finding-filter-all').click()
    await until(async () => (await shown()).length === findings.length, 'all are shown')

    const vanishing = page.locator('[data-testid=finding][data-kind=vanishing]').first()
    const advice = vanishing.locator('[data-testid^=advice-]').first()
    const id = (await advice.getAttribute('data-testid'))!.slice('advice-'.length)
    expect(findings.find((f) => f.kind === 'vanishing')!.advice).toContain(id)
    await advice.click()
    await until(async () => (await bench.remedies.state(id)) === 'on', 'the remedy is on')
    expect(await advice.isEnabled()).toBe(false)

    await vanishing.getByTestId('finding-show').click()
    await page.locator('[data-testid=watch-tab-gradients][aria-selected=true]').waitFor()
    expect(await page.getByTestId('pin-pill').getAttribute('data-step')).toBe(
      await bench.status.getAttribute('data-from')
    )
  })
})

describe('a trainer that is killed', () => {
  it('is said to have crashed everywhere, its log is copied, and Train again starts the next run', async () => {
    const launched = await launchApp()
    const { page, app } = launched
    const bench = await Workbench.of(page)
    await bench.inspector.fill('training.steps', 100_000)
    await bench.train.click()
    await bench.waitForState('running')
    await until(async () => (await bench.watch.frames()) > 5, 'it runs')
    // One of them trains; another may be in waiting for the next run.
    for (const pid of await trainers(launched)) {
      process.kill(pid, 'SIGKILL')
      if (await until(async () => (await bench.state()) === 'failed', 'the run has failed', 4000).catch(() => false))
        break
    }
    expect(await bench.waitForState('failed')).toBe('failed')
    expect(await page.getByTestId('status-line').locator('b.is-bad').innerText()).toBe('Crashed')
    expect((await bench.runState.locator('.is-bad').innerText()).trim()).toBe('crashed')
    expect((await bench.diagnosis()).text).toMatch(
      /The training process (was ended from outside|ended before it was done)/
    )
    await page.getByTestId('status-failure').click()
    const failure = page.getByTestId('failure')
    expect(await failure.getByTestId('failure-word').innerText()).toBe('Crashed')
    expect(await failure.innerText()).toContain((await bench.diagnosis()).text)
    if (await failure.locator('pre').count()) {
      await failure.getByTestId('failure-copy').click()
      await until(
        async () =>
          (await app.evaluate(({ clipboard }) => clipboard.readText())).includes(
            (await failure.locator('pre').textContent())!.trim()
          ),
        'the log is on the clipboard'
      )
    } else expect(await failure.getByTestId('failure-copy').count()).toBe(0)

    const runs = await page.evaluate(async () => (await window.clinic.listRuns()).length)
    await bench.inspector.fill('training.steps', 20)
    await failure.getByTestId('failure-train').click()
    expect(await bench.waitForState('finished')).toBe('finished')
    expect(await page.evaluate(async () => (await window.clinic.listRuns()).length)).toBe(runs + 1)
    expect(await failure.count()).toBe(0)
  })
})

describe('the lens', () => {
  it('says its limits, what another activation would pass on, and what batch norm made of z', async () => {
    const { page } = await launchApp()
    const bench = await Workbench.of(page)
    await bench.remedies.toggle('batchNorm', true)
    await bench.inspector.fill('training.steps', 20)
    expect(await bench.trainToTheEnd()).toBe('finished')
    const record = await recordOf(page)
    await bench.watch.slide(0)
    await bench.watch.tab('lens')
    await page.locator('[data-testid="lens"][data-step="0"]').waitFor()
    // Of the layer that is shown: its activation reads a norm, which reads a kernel's layer.
    const id = await page.getByTestId('lens-layer').getAttribute('data-layer')
    const on = record.layers.find((l) => l.id === id)!
    const norm = record.layers.find((l) => l.id === on.inputs[0])!
    expect(norm.kind).toBe('batchNorm')
    const source = record.layers.find((l) => l.id === norm.inputs[0])!
    const set = record.histograms.find((h) => h.step === 0)!
    const bins = (layer: number, of: string): { low: number; high: number; bins: number[]; mean?: number } => {
      const i = set.entries.findIndex((e) => e.layer === layer && e.source === of)
      const e = set.entries[i]!
      return {
        low: e.low,
        high: e.high,
        bins: set.bins.slice(i * BINS, (i + 1) * BINS),
        ...(e.slope && { mean: e.slope.mean })
      }
    }
    const number = async (testid: string): Promise<number> =>
      Number(await page.getByTestId(testid).getAttribute('data-value'))
    const [z, before] = [bins(on.index, 'preActivation'), bins(source.index, 'activation')]
    expect(await number('lens-before')).toBeCloseTo(
      estimateSlope(before, before.bins, activations.get('sigmoid'), {})!,
      10
    )
    expect(await number('lens-mean')).toBeCloseTo(z.mean!, 10)
    // f′ < 5 % of ¼.
    expect(await number('lens-threshold')).toBeCloseTo(0.0125, 6)
    expect(await page.getByTestId('lens-threshold').innerText()).toBe('f′ < 0.0125')
    await page.getByTestId('lens-against').click()
    await page.getByTestId('lens-against-option-relu').click()
    await page.getByTestId('lens-against-slope').waitFor()
    expect(await number('lens-against-slope')).toBeCloseTo(estimateSlope(z, z.bins, activations.get('relu'), {})!, 10)
  })
})

describe('the whole run as one picture', () => {
  it('holds chain and distributions too, on the ground of the chosen theme', async () => {
    const launched = await launchApp()
    const { page } = launched
    const bench = await Workbench.of(page)
    await bench.inspector.fill('training.steps', 20)
    expect(await bench.trainToTheEnd()).toBe('finished')
    /** Size, and the colour of a pixel near the corner. */
    const look = (png: Buffer) =>
      page.evaluate(async (base64) => {
        const bitmap = await createImageBitmap(
          new Blob([Uint8Array.from(atob(base64), (c) => c.charCodeAt(0))], { type: 'image/png' })
        )
        const c = new OffscreenCanvas(bitmap.width, bitmap.height).getContext('2d')!
        c.drawImage(bitmap, 0, 0)
        const at = (x: number, y: number): string =>
          '#' +
          [...c.getImageData(x, y, 1, 1).data.slice(0, 3)]
            .map((v) => v.toString(16).padStart(2, '0'))
            .join('')
            .toUpperCase()
        const pixels = c.getImageData(0, 0, bitmap.width, bitmap.height).data
        let ink = 0
        // Rows in which something is drawn, from the bottom of the picture's first charts on.
        for (let y = 480; y < bitmap.height; y++)
          for (let x = 0; x < bitmap.width; x += 7)
            if (pixels[4 * (y * bitmap.width + x)] !== pixels[0]) {
              ink++
              break
            }
        return { width: bitmap.width, height: bitmap.height, corner: at(3, 3), ink }
      }, png.toString('base64'))
    const picture = (what: Parameters<typeof bench.watch.picture>[0], theme: 'light' | 'dark') =>
      saved(launched, `${what}-${theme}.png`, async () => {
        await bench.watch.picture(what, '1', theme)
        await page.getByTestId('export-png').click()
        await page.getByTestId('export-png').waitFor({ state: 'detached' })
      })
    for (const [theme, ground] of [
      ['light', LIGHT.panel],
      ['dark', DARK.panel]
    ] as const) {
      for (const what of ['heatmap', 'profile', 'curve'] as const)
        expect((await look(await picture(what, theme))).corner, `${what}, ${theme}`).toBe(ground)
      const all = await look(await picture('view', theme))
      expect(all.corner).toBe(ground)
      expect(all.width).toBe(760 + 380 + 480 + 48)
      // Heatmap and its neighbours, chain, ridgeline and lens: one row of charts each.
      expect(all.height).toBeGreaterThan(380 + 200 + 420)
      expect(all.ink).toBeGreaterThan(400)
    }
  })
})

describe('the picture of the data', () => {
  it('is saved as it is seen, and as a table: examples, or a critic’s plane', async () => {
    const launched = await launchApp()
    const { page } = launched
    const bench = await Workbench.of(page)
    await bench.data.open()
    const table = (b: Buffer): string[][] =>
      b
        .toString('utf8')
        .trim()
        .split('\n')
        .map((l) => l.split(','))
    const png = await saved(launched, 'digits.png', () => page.getByTestId('data-png').click())
    // Four device pixels per CSS pixel, and some room around it.
    expect(png.readUInt32BE(16)).toBe(4 * (262 + 24))
    expect(png.readUInt32BE(20)).toBeGreaterThan(400)
    const digits = table(await saved(launched, 'digits.csv', () => page.getByTestId('data-csv').click()))
    expect(digits[0]!.length).toBe(64 + 10)
    expect(digits.length).toBe(1 + 1797)

    await bench.builder.openTemplate('critic-vanishing')
    await bench.builder.unselect()
    await bench.inspector.fill('training.steps', 40)
    expect(await bench.trainToTheEnd()).toBe('finished')
    await bench.data.open()
    await page.getByTestId('critic-plane').waitFor()
    const rows = table(
      await saved(launched, 'plane.csv', () => page.getByTestId('critic-plane').getByTestId('data-csv').click())
    )
    const plane = await page.evaluate(async () => {
      const all = await window.clinic.listRuns()
      return (await window.clinic.getRun(all[all.length - 1]!.id))!.evaluations
        .flatMap((e) => (e.plane ? [e.plane] : []))
        .pop()!
    })
    expect(rows.filter((r) => r[0] === 'grid').map((r) => Number(r[3]))).toEqual([...plane.values])
    expect(rows.filter((r) => r[0] === 'real').length).toBe(plane.real.length / 2)
    expect(rows.filter((r) => r[0] === 'generated').length).toBe(plane.generated.length / 2)
  })
})
