import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { copiedSize, launchApp, temporary, until } from './harness'
import { Compare } from './pages/compare'
import { Shell } from './pages/shell'
import { Workbench } from './pages/workbench'

const table = (csv: Buffer): string[][] =>
  csv
    .toString('utf8')
    .trim()
    .split('\n')
    .map((l) => l.split(','))

describe('runs side by side', () => {
  it('an A/B pair trains on the same data from the same seed, and every figure shown is the one recorded', async () => {
    const launched = await launchApp({ size: { width: 1280, height: 800 } })
    const { app, page } = launched
    const bench = await Workbench.of(page)
    const compare = new Compare(launched)
    const shell = new Shell(page)
    await compare.open()
    await page.getByTestId('compare-empty').waitFor()
    await compare.close()

    await bench.inspector.fill('training.steps', 40)
    await compare.abOf('activation')
    await compare.bothFinished()
    const [a, b] = (await compare.ids()) as [string, string]

    // One remedy apart, all else equal.
    expect(await compare.settings()).toMatchObject({
      Remedies: ['none', 'Swap activation'],
      Activation: ['Sigmoid', 'ReLU'],
      Initializer: ['Glorot uniform', 'He normal']
    })
    await page.locator('[data-testid=compare-note][data-note=sameData]').waitFor()
    const record = (id: string) =>
      page.evaluate(async (run) => {
        const r = (await window.clinic.getRun(run))!
        const columns = r.schema!.columns.map((c) => `${c.layer} ${c.statistic}`)
        const first = r.schema!.layers.find((l) => l.main)!.index
        const at = columns.indexOf(`${first} activationGradientRms`)
        const [width, scalars] = [columns.length, r.schema!.scalars.length]
        return {
          steps: [...r.frames.steps],
          gradient: [...r.frames.steps].map((_, i) => r.frames.values[i * width + at]!),
          loss: [...r.frames.steps].map((_, i) => r.frames.scalars[i * scalars + r.schema!.scalars.indexOf('loss')]!),
          seed: r.experiment.seed,
          data: JSON.stringify(r.experiment.data),
          remedies: r.experiment.remedies.map((x) => x.id),
          held: r.evaluations[r.evaluations.length - 1]!.metrics['loss']!
        }
      }, id)
    const [ra, rb] = [await record(a), await record(b)]
    expect([ra.seed, ra.data, ra.remedies, rb.remedies]).toEqual([rb.seed, rb.data, [], ['activation']])
    expect(ra.steps).toHaveLength(40)
    // The remedy works: the first layer of B gets what A's doesn't.
    expect(rb.gradient[39]! / ra.gradient[39]!).toBeGreaterThan(1e6)
    const shown = async (id: string): Promise<number[]> => (await compare.exact(id)).slice(0, 2)
    // On screen stand as many digits as one compares.
    for (const id of ['loss', 'validationLoss', 'firstGradient', 'firstToLast'])
      for (const [k, text] of (await compare.figure(id)).slice(0, 2).entries()) {
        expect(text.replace(/^0\.0*|e.*|\D/g, '').length).toBeLessThan(5)
        expect(Number(text) / (await shown(id))[k]!).toBeCloseTo(1, 2)
      }
    expect((await shown('loss')).map(Math.fround)).toEqual([ra.loss[39], rb.loss[39]])
    expect((await shown('firstGradient')).map(Math.fround)).toEqual([ra.gradient[39], rb.gradient[39]])
    const held = await shown('validationLoss')
    ;[ra, rb].forEach((r, k) => expect(held[k]! / r.held).toBeCloseTo(1, 4))

    // Both pictures on one scale, all layers and steps in them, and in the difference.
    for (const id of ['compare-heat-A', 'compare-heat-B', 'compare-difference']) {
      const heat = page.getByTestId(id)
      await until(async () => (await heat.getAttribute('data-frames')) === '40', `${id} has all frames`)
      expect(await heat.getAttribute('data-rows')).toBe('20')
    }
    expect(await page.getByTestId('compare-heat-A').getAttribute('data-range')).toBe(
      await page.getByTestId('compare-heat-B').getAttribute('data-range')
    )

    // The pointer over one reads the same cell of all three.
    const box = (await page.getByTestId('compare-heat-A').boundingBox())!
    await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2)
    const said = await page.getByTestId('compare-heat-A-tip').innerText()
    const step = Number(/step (\d+)/.exec(said)![1])
    expect(await page.getByTestId('compare-heat-B-tip').innerText()).toContain(`step ${step}`)
    expect(await page.getByTestId('compare-difference-tip').innerText()).toMatch(/^B ÷ A .*\n× /)

    // They are told apart in the list, above the pictures, and at the bottom in numbers.
    expect(await page.getByTestId('compare-lead').allInnerTexts()).toEqual(['No remedy', '+ Swap activation'])
    // One name in every list, with what differs under it.
    const runNames = await page.getByTestId('compare-name').allInnerTexts()
    expect(runNames[0]).toMatch(/^Without /)
    expect(await page.getByTestId('compare-bar').locator('h2').allInnerTexts()).toEqual(runNames)
    // The verdict follows runs a few times a second.
    const verdict = await until(async () => {
      const said = await page.getByTestId('verdict').innerText()
      return said.includes(`${rb.loss[39]!.toPrecision(4)} in B`) && said
    }, 'the verdict is that of the last step')
    const factor = Number(/receives ([\d.e]+) times/.exec(verdict)![1])
    expect(factor / (rb.gradient[39]! / ra.gradient[39]!)).toBeCloseTo(1, 1)
    expect((await compare.figure('firstGradient')).at(-1)).toMatch(/^× [\d.]+e\d+$/)
    // Nothing of it lies below the fold of a window of usual size.
    await app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]!.setContentSize(1440, 900))
    await page.waitForFunction(() => innerWidth === 1440)
    await until(
      () =>
        page.evaluate(() => {
          const m = document.querySelector('[data-testid=compare-page] .main')!
          return m.scrollHeight <= m.clientHeight
        }),
      'all is in view at 1440 × 900'
    )

    // One pinned step for both pages: a key here pins it there, and the slider there moves the figures here.
    await page.getByTestId('compare-heat-B').focus()
    await page.keyboard.press('Home')
    await until(
      async () => Math.fround((await compare.exact('loss'))[1]!) === rb.loss[0],
      'the figures are those of the first step'
    )
    await page.keyboard.press('Alt+8')
    await page.locator('[data-testid=pin-pill][data-step="0"]').waitFor()
    await page.getByTestId('time-slider').fill('20')
    await page.keyboard.press('Alt+9')
    await until(
      async () => Math.fround((await compare.exact('loss'))[1]!) === rb.loss[20],
      'the figures are those of step 20'
    )
    await page.getByTestId('time-live').click()

    // What is not on screen is left alone by keys.
    await page.getByTestId('compare-bar').click({ position: { x: 2, y: 2 } })
    const [tab, colour] = await page.evaluate(() => [
      document.querySelector('[role=tab][aria-selected=true]')!.id,
      document.querySelector('[data-testid^=canvas-statistic][aria-checked=true]')!.getAttribute('data-testid')
    ])
    for (const k of ['Alt+4', '3', 'Control+z', 'Control+b']) await page.keyboard.press(k)
    expect(
      await page.evaluate(() => [
        document.querySelector('[role=tab][aria-selected=true]')!.id,
        document.querySelector('[data-testid^=canvas-statistic][aria-checked=true]')!.getAttribute('data-testid')
      ])
    ).toEqual([tab, colour])
    expect(await page.getByTestId('undo').isDisabled()).toBe(true)

    // What is exported is what was recorded, to the last bit.
    const dir = temporary()
    const heat = table(await compare.exported('heatmaps', 'csv', join(dir, 'heat.csv')))
    expect(heat[0]).toEqual(['step', 'row', 'A', 'B'])
    const firstRows = heat.filter((r) => r[1] === '1')
    expect(firstRows.map((r) => Math.fround(Number(r[2])))).toEqual(ra.gradient)
    expect(firstRows.map((r) => Math.fround(Number(r[3])))).toEqual(rb.gradient)
    const differences = table(await compare.exported('difference', 'csv', join(dir, 'difference.csv'))).filter(
      (r) => r[1] === '1'
    )
    differences.forEach((r, i) => expect(Number(r[4])).toBeCloseTo(Math.log10(rb.gradient[i]! / ra.gradient[i]!), 9))
    const curves = table(await compare.exported('curves', 'csv', join(dir, 'curves.csv')))
    expect(curves.slice(1).map((r) => Math.fround(Number(r[1])))).toEqual(ra.loss)
    expect(table(await compare.exported('profile', 'csv', join(dir, 'profile.csv')))).toHaveLength(21)
    // Pictures in three sizes and both themes, by menu, by command, and on the clipboard.
    const sizes: number[][] = []
    for (const scale of ['1', '2', '4'] as const)
      sizes.push(
        (
          await compare.pixels(
            await compare.exported('difference', 'png', join(dir, `difference${scale}.png`), { scale })
          )
        ).size
      )
    expect(sizes).toEqual([
      [760, 380],
      [1520, 760],
      [3040, 1520]
    ])
    for (const what of ['heatmaps', 'difference', 'curves', 'profile'] as const) {
      const [light, dark] = [
        await compare.exported(what, 'png', join(dir, `${what}-l.png`), { scale: '1', theme: 'light' }),
        await compare.exported(what, 'png', join(dir, `${what}-d.png`), { scale: '1', theme: 'dark' })
      ]
      expect([(await compare.pixels(light)).corner, (await compare.pixels(dark)).corner], what).toEqual([
        [255, 255, 255],
        [27, 31, 38]
      ])
    }
    const svg = (await compare.exported('heatmaps', 'svg', join(dir, 'heatmaps.svg'), { theme: 'dark' })).toString(
      'utf8'
    )
    expect(svg.match(/<image /g)!.length).toBeGreaterThanOrEqual(2)
    expect(svg).toContain('fill="#1B1F26"')
    expect(
      await page.evaluate(
        (text) =>
          new DOMParser().parseFromString(text, 'image/svg+xml').querySelector('parsererror')?.textContent ?? '',
        svg
      )
    ).toBe('')
    await shell.command('Export pictures at 1')
    await app.evaluate(({ clipboard }) => clipboard.clear())
    await shell.command('Comparison: curves: copy the picture')
    const copied = await until(() => copiedSize(app), 'a picture is on the clipboard')
    expect(copied).toEqual({ width: 760, height: 380 })
    await shell.command('Comparison: profile: copy as CSV')
    await until(
      async () => (await app.evaluate(({ clipboard }) => clipboard.readText())).startsWith('row,A_step_39,B_step_39'),
      'the table is on the clipboard'
    )
    expect((await compare.exported('curves', 'svg', join(dir, 'curves.svg'))).toString('utf8')).toContain('<svg')
    expect((await compare.exported(undefined, 'tables', join(dir, 'figures.csv'))).toString('utf8')).toContain(
      'Swap activation'
    )
    const report = (await compare.exported(undefined, 'report-html', join(dir, 'report.html'))).toString('utf8')
    expect(report).toMatch(/^<!doctype html>/)
    for (const part of ['What differs', 'To reproduce', 'gradients-b.csv', 'He normal']) expect(report).toContain(part)
    expect(report).not.toMatch(/(?:src|href)="(?!data:)/)

    // Back to building: the experiment is as it was, without the remedy.
    await compare.close()
    expect(await bench.remedies.state('activation')).not.toBe('on')
  })

  it('follows runs that go on, takes several, and runs of different networks and lengths', async () => {
    const launched = await launchApp({ size: { width: 1280, height: 800 } })
    const { page } = launched
    const bench = await Workbench.of(page)
    const compare = new Compare(launched)
    const shell = new Shell(page)
    await bench.inspector.fill('training.steps', 30)
    expect(await bench.trainToTheEnd()).toBe('finished')
    // Another depth, and no end in sight.
    await page.getByTestId('node-hidden').click({ position: { x: 40, y: 12 } })
    await bench.inspector.fill('times', 5)
    await bench.builder.unselect()
    await bench.inspector.fill('training.steps', 100_000)
    await bench.train.click()
    await bench.waitForState('running')
    await shell.command('Page: compare')
    await page.getByTestId('compare-page').waitFor()
    await until(async () => (await compare.ids()).length === 2, 'both runs are ticked')
    const heat = page.getByTestId('compare-heat-B')
    const frames = async (): Promise<number> => Number(await heat.getAttribute('data-frames'))
    const seen = await until(async () => (await frames()) > 5 && frames(), 'frames of the run that goes on')
    await until(async () => (await frames()) > (seen as number), 'more of them')
    // The pictures are drawn one a frame.
    for (const [picture, rows] of [
      ['compare-heat-A', '20'],
      ['compare-heat-B', '7'],
      ['compare-difference', '7']
    ] as const)
      await until(
        async () => (await page.getByTestId(picture).getAttribute('data-rows')) === rows,
        `${picture} with ${rows} rows`
      )
    // A key that would change the network out of sight does nothing here.
    const before = await page.evaluate(() => document.querySelectorAll('[data-testid^="node-"]').length)
    await page.keyboard.press('Control+a')
    await page.keyboard.press('Delete')
    expect(await page.evaluate(() => document.querySelectorAll('[data-testid^="node-"]').length)).toBe(before)
    const [, b] = (await compare.ids()) as [string, string]
    await compare.pick(b)
    await page.getByTestId('compare-empty').waitFor()
    await compare.pick(b)
    await page.getByTestId('compare-figures').waitFor()
    await page.getByTestId('stop').click()
    await until(async () => (await compare.figure('state'))[1] === 'stopped', 'it is stopped')
  })
})
