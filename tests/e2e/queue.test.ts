import { describe, expect, it } from 'vitest'
import { sharedApp, until } from './harness'
import { Workbench } from './pages/workbench'

describe('the queue', () => {
  it('trains as many at once as was asked for, the others in the order they stand in', async () => {
    const { page } = await sharedApp()
    const bench = await Workbench.of(page)
    const { queue } = bench
    await bench.inspector.fill('training.steps', 100_000)
    await queue.atOnce(1)
    for (let i = 0; i < 4; i++) await queue.add()
    const [a, b, c, d] = (await queue.runs()).map((r) => r.id) as [string, string, string, string]
    await queue.waitFor(a, 'running')
    expect((await queue.runs()).map((r) => r.state)).toEqual(['running', 'queued', 'queued', 'queued'])
    expect(new Set((await queue.runs()).map((r) => r.name)).size).toBe(4)

    // Ctrl+Enter while one trains loses nothing, and says so.
    expect(await page.getByTestId('queue-open').innerText()).toMatch(/^Runs\s+4$/)
    await queue.close()
    await page.keyboard.press('Control+Enter')
    await page.getByTestId('toast-info').waitFor()
    expect((await queue.runs()).map((r) => r.state)).toEqual(['running', 'queued', 'queued', 'queued'])

    // Another order, another name; the one on screen stays until another is asked for.
    await queue.press(d, 'sooner')
    await queue.press(d, 'sooner')
    expect((await queue.runs()).map((r) => r.id)).toEqual([a, d, b, c])
    await queue.rename(c, 'Last of all')
    expect(await page.evaluate(async () => (await window.clinic.listRuns()).map((r) => r.name))).toContain(
      'Last of all'
    )

    await queue.press(a, 'stop')
    await queue.waitFor(d, 'running')
    expect((await queue.runs()).find((r) => r.id === b)?.state).toBe('queued')
    await queue.press(d, 'show')
    await until(async () => (await bench.state()) === 'running', 'the fourth is on screen')

    // A paused run gives its core away, and waits for one when it is to go on.
    await queue.press(d, 'pause')
    await queue.waitFor(b, 'running')
    await queue.press(d, 'resume')
    await queue.waitFor(d, 'queued')
    await queue.remove(b)
    await queue.waitFor(d, 'running')
    await queue.atOnce(2)
    await queue.waitFor(c, 'running')
    expect(
      (await queue.runs())
        .filter((r) => r.state === 'running')
        .map((r) => r.id)
        .sort()
    ).toEqual([c, d].sort())
    for (const id of [a, c, d]) await queue.remove(id)
    expect(await queue.runs()).toEqual([])
    expect(await page.evaluate(async () => (await window.clinic.listRuns()).length)).toBe(0)
    // Remembered for the next start.
    await queue.atOnce(1)
    await until(
      async () => (await page.evaluate(async () => (await window.clinic.getSettings()).layout['runsAtOnce'])) === 1,
      'it is remembered'
    )
  })
  it('shows how far each is and how long it takes', async () => {
    const { page } = await sharedApp()
    const bench = await Workbench.of(page)
    await bench.inspector.fill('training.steps', 100_000)
    await bench.queue.add()
    const row = page.getByTestId('queue-run')
    await row.getByText(/steps\/s · .*\d:\d\d left/).waitFor()
    await row.getByText(/^\d+ \/ 100000$/).waitFor()
    const [run] = await bench.queue.runs()
    await bench.queue.press(run!.id, 'stop')
    await bench.queue.waitFor(run!.id, 'stopped')
  })
})
