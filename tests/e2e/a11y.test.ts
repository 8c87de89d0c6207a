import { readFileSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import type { AxeResults } from 'axe-core'
import type { Page } from 'playwright'
import { describe, expect, it } from 'vitest'
import { answer, launchApp, temporary, trainers, until } from './harness'
import { Shell } from './pages/shell'
import { Workbench } from './pages/workbench'

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

/** What an accessibility scan finds serious on what is on screen, with the elements. */
async function scan(page: Page): Promise<string[]> {
  // The page's policy forbids foreign scripts; the debugger's own evaluation is none.
  if (!(await page.evaluate(() => 'axe' in window))) await page.evaluate(AXE)
  const found = await page.evaluate(async () => {
    const axe = (window as unknown as { axe: { run(of: Document, options: object): Promise<AxeResults> } }).axe
    const { violations } = await axe.run(document, {
      runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa'],
      resultTypes: ['violations']
    })
    return violations
      .filter((v) => v.impact === 'serious' || v.impact === 'critical')
      .map(
        (v) =>
          `${v.id}: ${v.help}\n${v.nodes
            .slice(0, 6)
            .map(
              (n) =>
                `    ${n.target.join(' ')}  ${n.html.slice(0, 160)}  ${(n.failureSummary ?? '').split('\n').slice(1).join('; ').slice(0, 200)}`
            )
            .join('\n')}`
      )
  })
  return found
}

describe.each(['light', 'dark'] as const)('an accessibility scan, %s', (theme) => {
  it('finds nothing serious on any screen', async () => {
    const launched = await launchApp({ size: { width: 1280, height: 800 } })
    const { page } = launched
    const bench = await Workbench.of(page)
    const shell = new Shell(page)
    await bench.setTheme(theme)
    const bad: string[] = []
    const look = async (screen: string): Promise<void> =>
      void bad.push(...(await scan(page)).map((v) => `${screen}: ${v}`))
    const closed = async (testid: string): Promise<void> => {
      await page.keyboard.press('Escape')
      await page.getByTestId(testid).waitFor({ state: 'detached' })
    }

    await look('first start')
    for (const node of ['data', 'loss', 'dense1', 'hidden']) {
      await page.getByTestId(`node-${node}`).click({ position: { x: 40, y: 12 } })
      await look(`inspector of ${node}`)
    }
    await bench.builder.unselect()
    await page.getByTestId('palette-tab-gallery').click()
    await look('gallery tab')
    await page.getByTestId('palette-tab-layers').click()
    await page.keyboard.press('g')
    await page.getByTestId('gallery-dialog').waitFor()
    await look('gallery')
    await closed('gallery-dialog')
    await page.keyboard.press('Control+k')
    await shell.palette.waitFor()
    await look('commands')
    await closed('commands')
    await page.keyboard.press('?')
    await page.getByTestId('shortcuts').waitFor()
    await look('shortcuts')
    await page.getByTestId('help-tab-glossary').click()
    await page.getByTestId('glossary').waitFor()
    await look('glossary')
    await closed('help-sheet')
    await shell.command('tour')
    await shell.tour.waitFor()
    await look('tour')
    await page.keyboard.press('Escape')
    await shell.tour.waitFor({ state: 'detached' })
    await page.getByTestId('remedy-show-batchNorm').click()
    await look('a remedy previewed')
    await page.getByTestId('remedy-show-batchNorm').click()
    await page.getByTestId('project-menu').click()
    await page.getByTestId('project-save').waitFor()
    await look('project menu')
    await closed('project-save')
    for (const [menu, item] of [
      ['help', 'help-about'],
      ['theme', 'theme-dark']
    ] as const) {
      await page.getByTestId(menu).click()
      await page.getByTestId(item).waitFor()
      await look(`${menu} menu`)
      await closed(item)
    }
    await page.getByTestId('node-dense1').click({ button: 'right', position: { x: 40, y: 12 } })
    await page.getByTestId('canvas-menu-duplicate').waitFor()
    await look('context menu')
    await closed('canvas-menu-duplicate')
    await shell.command('about')
    await bench.question.waitFor()
    await look('a question')
    await bench.answer('ok')
    await bench.builder.unselect()
    await page.keyboard.press('F2')
    await page.getByTestId('rename-input').waitFor()
    await look('renaming')
    await closed('rename-input')

    expect(await bench.trainToTheEnd()).toBe('finished')
    for (const tab of await page
      .locator('[data-testid^="watch-tab-"]')
      .evaluateAll((all) => all.map((e) => (e as HTMLElement).dataset['testid']!))) {
      await page.getByTestId(tab).click()
      await look(tab)
    }
    await bench.watch.tab('gradients')
    await page.getByTestId('export-menu').click()
    await page.getByTestId('export-png').waitFor()
    await look('export')
    await closed('export-png')
    await bench.watch.pin('first')
    await look('a pinned step')
    await bench.watch.followLive()

    await page.getByTestId('page-compare').click()
    await page.getByTestId('compare-empty').waitFor()
    await look('compare, nothing yet')
    await page.getByTestId('page-build').click()
    await page.getByTestId('remedy-toggle-activation').click()
    expect(await bench.trainToTheEnd()).toBe('finished')
    await page.getByTestId('page-compare').click()
    await page.getByTestId('compare-figures').waitFor()
    await look('compare')
    await page.getByTestId('compare-export').click()
    await page.getByTestId('compare-png').waitFor()
    await look('export of a comparison')
    await closed('compare-png')
    await page.getByTestId('page-build').click()

    // Runs that go on, rest, and have failed; what can be done with them; three side by side; the same in 中文.
    await bench.builder.unselect()
    await bench.inspector.fill('training.steps', 100_000)
    await bench.train.click()
    await bench.waitForState('running')
    await look('a run that goes on')
    await page.keyboard.press('Control+Enter')
    await page.getByTestId('toast-info').waitFor()
    await look('a toast')
    await page.getByTestId('live-controls').click()
    await page.getByTestId('live-rate').waitFor()
    await look('learning rate')
    await closed('live-rate')
    await page.getByTestId('pause').click()
    await bench.waitForState('paused')
    await look('a run that rests')
    await page.getByTestId('keep').click()
    await page.locator('[data-testid=continue]:not(:disabled)').click()
    await page.getByTestId('continue-same').waitFor()
    await look('continue')
    await closed('continue-same')
    await bench.queue.open()
    await look('runs')
    await page.getByTestId('queue-rename').first().click()
    await page.getByTestId('queue-name-input').waitFor()
    await look('a run renamed')
    await page.keyboard.press('Escape')
    await bench.queue.close()
    for (const pid of await trainers(launched)) process.kill(pid, 'SIGKILL')
    await bench.waitForState('failed')
    await look('a run that failed')
    await page.getByTestId('page-compare').click()
    await until(async () => (await page.locator('[data-testid=compare-pick]').count()) === 3, 'all runs are listed')
    for (const pick of await page.locator('[data-testid=compare-pick]:not(:checked)').all()) await pick.click()
    await page.getByTestId('compare-heat-C').waitFor()
    await look('three runs side by side')
    await bench.setLanguage('zh')
    await look('three runs side by side, 中文')
    await page.getByTestId('page-build').click()
    await look('build, 中文')
    await bench.setLanguage('en')

    // A table, and what is said of it.
    const csv = join(temporary(), 'table.csv')
    writeFileSync(
      csv,
      `a,b,label\n${Array.from({ length: 40 }, (_, i) => `${i},${i % 7},${i % 2 ? 'yes' : 'no'}`).join('\n')}\n`
    )
    await answer(launched, 'showOpenDialog', { filePaths: [csv] })
    await page.keyboard.press('Control+Shift+o')
    await page.getByTestId('csv-preview').click()
    await page.getByTestId('table-preview').waitFor()
    await look('a table')
    await closed('table-preview')

    // A network that cannot be trained, and the list of why.
    await bench.builder.select('output')
    await bench.inspector.fill('params.units', 7)
    await page.getByTestId('problems-pill').click()
    await page.getByTestId('problems').first().waitFor()
    await look('problems')
    expect([...new Set(bad)].join('\n')).toBe('')
  })
})

describe('the keyboard alone', () => {
  it('builds, trains, treats, compares and exports', async () => {
    const launched = await launchApp({ size: { width: 1280, height: 800 } })
    const { page } = launched
    const bench = await Workbench.of(page)
    const shell = new Shell(page)
    const key = (k: string): Promise<void> => page.keyboard.press(k)
    const focused = (): Promise<string | null> =>
      page.evaluate(() => document.activeElement?.closest<HTMLElement>('[data-testid]')?.dataset['testid'] ?? null)
    /** What has the keyboard is seen to have it: a ring around it, or around the field it is in. */
    const ringed = (): Promise<boolean> =>
      page.evaluate(() => {
        const e = document.activeElement!
        const [own, field] = [getComputedStyle(e), e.closest('.inp')]
        return (
          (own.outlineStyle !== 'none' && parseFloat(own.outlineWidth) >= 2) ||
          (!!field && getComputedStyle(field).boxShadow !== 'none')
        )
      })
    /** Goes on with Tab until the control has the keyboard. */
    const tabTo = async (testid: string, most: number): Promise<void> => {
      for (let i = 0; i < most && (await focused()) !== testid; i++) await key('Tab')
      expect([await focused(), await ringed()], testid).toEqual([testid, true])
    }
    /** Goes on with F6 to a part of the window. */
    const toPart = async (testid: string): Promise<void> => {
      const there = (): Promise<boolean> =>
        page.evaluate((id) => !!document.activeElement?.closest(`[data-testid="${id}"]`), testid)
      for (let i = 0; i < 9 && !(await there()); i++) await key('F6')
      expect([await there(), await ringed()], testid).toEqual([true, true])
    }

    const count = async (): Promise<number> => (await bench.builder.nodes()).length
    const before = await count()
    // Build: find a layer, put it in, select it along the chain, move, duplicate, wrap, unwrap, copy, paste, skip,
    // delete, undo.
    await key('/')
    await page.keyboard.type('layer norm')
    await tabTo('palette-layerNorm', 4)
    await key('Enter')
    await until(async () => (await count()) === before + 1, 'a layer has come')
    await key('Control+z')
    await until(async () => (await count()) === before, 'it is gone again')
    await toPart('canvas')
    await key('Escape')
    for (let i = 0; i < 2; i++) await key('ArrowRight')
    const selected = (): Promise<string[]> =>
      page
        .locator('.node.selx, .block.selx')
        .evaluateAll((all) => all.map((e) => (e as HTMLElement).dataset['testid']!.slice(5)))
    await until(async () => (await selected()).join() === 'dense1', 'the first layer is selected')
    await key('Control+d')
    await until(async () => (await count()) === before + 1, 'it is duplicated')
    await key('Shift+ArrowLeft')
    await until(async () => (await selected()).length === 2, 'two are selected')
    await key('Control+g')
    await until(async () => (await count()) === before + 2, 'they are wrapped into a block')
    await key('Control+Shift+g')
    await until(async () => (await count()) > before + 2, 'the block is unrolled')
    for (let i = 0; i < 3; i++) await key('Control+z')
    await until(async () => (await count()) === before, 'all is as it was')
    await key('Escape')
    for (let i = 0; i < 2; i++) await key('ArrowRight')
    await key('Control+c')
    await key('Control+v')
    await until(async () => (await count()) === before + 1, 'a copy is pasted')
    await key('Delete')
    await until(async () => (await count()) === before, 'it is deleted')

    // A skip between layers that are no neighbours; then it is found among the connections, and cut.
    const says = (what: RegExp): Promise<boolean> =>
      until(async () => what.test(await bench.builder.says()), `it says ${what}`)
    await key('Escape')
    for (let i = 0; i < 2; i++) await key('ArrowRight')
    expect(await focused()).toBe('canvas-stage')
    await says(/^Dense 1, 64 → 64, theory × 0\.\d/)
    await key('c')
    await says(/^A skip from Dense 1/)
    for (let i = 0; i < 3; i++) await key('ArrowRight')
    await says(/^Skip from Dense 1 to Output: Output/)
    await key('Enter')
    const sum = await until(
      async () => (await bench.builder.nodes()).find((n) => /^add/.test(n)),
      'the skip ends in a sum'
    )
    expect((await bench.builder.inputsOf(sum)).sort()).toEqual(['dense1', 'hidden'])
    await key('Escape')
    for (let i = 0; i < 12 && !/^Skip from Dense 1 to Add/.test(await bench.builder.says()); i++) {
      const last = await bench.builder.says()
      await key('w')
      await until(async () => (await bench.builder.says()) !== last, 'the next connection is said')
    }
    await says(/^Skip from Dense 1 to Add/)
    await key('Delete')
    await until(async () => (await count()) === before, 'the skip is cut, and its sum gone')
    // Nudged, and put back.
    await key('Escape')
    for (let i = 0; i < 2; i++) await key('ArrowRight')
    const arrange = page.getByTestId('arrange')
    expect(await arrange.isEnabled()).toBe(false)
    await key('Control+ArrowDown')
    await until(() => arrange.isEnabled(), 'it is out of its place')
    await key('Control+z')
    await until(async () => !(await arrange.isEnabled()), 'it is back')
    // The list of the selected layer, by the menu key.
    await key('Shift+F10')
    await page.getByTestId('canvas-menu-delete').waitFor()
    await key('Escape')

    // Train, and see it vanish.
    await key('Control+Enter')
    await bench.waitForState('finished')
    expect((await bench.diagnosis()).kind).toBe('vanishing')
    // Treat: to the remedies, switch one on with the space bar, and train again.
    await toPart('remedies')
    await tabTo('remedy-toggle-activation', 40)
    await key(' ')
    await until(async () => (await bench.remedies.state('activation')) === 'on', 'the remedy is on')
    await key('Control+Enter')
    await bench.waitForState('queued', 'starting', 'running')
    await bench.waitForState('finished')
    expect((await bench.diagnosis()).kind).not.toBe('vanishing')
    // Export what was recorded.
    const path = join(temporary(), 'frames.csv')
    await answer(launched, 'showSaveDialog', { filePath: path })
    expect(await shell.command('run views: gradients')).toBe('tab-gradients')
    await toPart('watch-dock')
    await tabTo('export-menu', 8)
    await key('Enter')
    await page.getByTestId('export-frames-csv').waitFor()
    await tabTo('export-frames-csv', 16)
    await key('Enter')
    const text = await until(() => {
      try {
        return readFileSync(path, 'utf8')
      } catch {
        return null
      }
    }, 'the table is written')
    expect(text.split('\n')[0]).toBe('step,layer_index,layer_id,layer_kind,statistic,value')
    expect(text.split('\n').length).toBeGreaterThan(1000)
    // Compare: the run that vanished beside the cured one, and their figures as a table.
    const figures = join(temporary(), 'figures.csv')
    await answer(launched, 'showSaveDialog', { filePath: figures })
    await key('Alt+9')
    await page.getByTestId('compare-figures').waitFor()
    // Out with the first of the runs and in again, which makes it the second; then the two change places.
    await toPart('compare-runs')
    expect(await focused()).toBe('compare-pick')
    await key(' ')
    await page.getByTestId('compare-empty').waitFor()
    await key(' ')
    await page.getByTestId('compare-figures').waitFor()
    expect(await page.locator('[data-testid=compare-runs] .dot').allInnerTexts()).toEqual(['B', 'A'])
    await toPart('compare-bar')
    await tabTo('compare-swap', 4)
    await key('Enter')
    expect(await page.locator('[data-testid=compare-runs] .dot').allInnerTexts()).toEqual(['A', 'B'])
    await toPart('compare-pictures')
    await toPart('compare-tables-card')
    await toPart('compare-bar')
    await tabTo('compare-export', 6)
    await key('Enter')
    await page.getByTestId('compare-tables').waitFor()
    await tabTo('compare-tables', 16)
    await key('Enter')
    const told = await until(() => {
      try {
        return readFileSync(figures, 'utf8')
      } catch {
        return null
      }
    }, 'the figures are written')
    expect(told.split('\n').find((l) => l.startsWith('Findings'))).toMatch(/Vanishing.*,Healthy/)
  })
})
