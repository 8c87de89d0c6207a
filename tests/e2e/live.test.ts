import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { answer, launchApp, temporary, until, type Launched } from './harness'
import { Workbench } from './pages/workbench'

const LONG = 100_000
async function going(launched: Launched, steps = LONG): Promise<Workbench> {
  const bench = await Workbench.of(launched.page)
  await bench.inspector.fill('training.steps', steps)
  await bench.train.click()
  await until(async () => Number(await bench.runState.getAttribute('data-step')) > 10, 'some steps have been made')
  return bench
}
/** The record of the newest run, as main keeps it. */
const newest = (launched: Launched) =>
  launched.page.evaluate(async () => {
    const list = await window.clinic.listRuns()
    const r = (await window.clinic.getRun(list[list.length - 1]!.id))!
    const names = r.schema?.scalars ?? []
    const steps = [...r.frames.steps]
    return {
      id: r.id,
      runs: list.length,
      state: r.progress.state,
      events: r.events ?? [],
      experiment: r.experiment,
      rateAt: Object.fromEntries(
        steps.map((s, i) => [s, r.frames.scalars[i * names.length + names.indexOf('learningRate')]!])
      ) as Record<number, number>
    }
  })

describe('while a run goes on', () => {
  it('its learning rate changes from the next step on, marked at exactly that step, and comes along when saved', async () => {
    const launched = await launchApp()
    const { page } = launched
    const bench = await going(launched)
    const before = await bench.live.rate
    await bench.live.setRate(2e-6)
    const mark = await bench.live.mark(/→ 2e-6/)
    expect(mark.step).toBeGreaterThan(10)
    await until(async () => Number(await bench.runState.getAttribute('data-step')) > mark.step + 5, 'it goes on')
    await page.getByTestId('pause').click()
    await bench.waitForState('paused')
    const run = await newest(launched)
    expect(run.events).toMatchObject([{ step: mark.step, kind: 'learningRate', before, after: 2e-6 }])
    expect(run.rateAt[mark.step - 1]).toBe(Math.fround(before))
    expect(run.rateAt[mark.step]).toBe(Math.fround(2e-6))
    // The experiment has it too, so that nothing is left to be trained again.
    expect(await bench.inspector.value('training.optimizer.learningRate')).toBe('2e-6')
    expect(await page.getByTestId('stale-pill').count()).toBe(0)

    // A click on the mark shows that step; over its line the words appear.
    await page.getByTestId('time-mark').click()
    await until(
      async () => (await page.getByTestId('pin-pill').getAttribute('data-step')) === String(mark.step),
      'the step of the mark is shown'
    )
    const dir = temporary()
    await answer(launched, 'showSaveDialog', { canceled: false, filePath: join(dir, 'events.csv') })
    await page.getByTestId('export-menu').click()
    await page.getByTestId('export-events-csv').click()
    await until(() => {
      try {
        return readFileSync(join(dir, 'events.csv'), 'utf8').includes('0.000002')
      } catch {
        return false
      }
    }, 'the events are written')
    expect(readFileSync(join(dir, 'events.csv'), 'utf8').split('\n')[1]).toMatch(
      new RegExp(`^${mark.step},learningRate,,${before},0\\.000002,`)
    )
    await page.keyboard.press('Escape')
    const file = join(dir, 'p.gclinic')
    await answer(launched, 'showSaveDialog', { canceled: false, filePath: file })
    await page.getByTestId('stop').click()
    await bench.waitForState('stopped')
    await bench.fromProjectMenu('project-save')
    await bench.dirty.waitFor({ state: 'detached' })
    await page.reload()
    const again = await Workbench.of(page)
    expect((await again.live.mark(/→ 2e-6/)).step).toBe(mark.step)
  })
  it('a remedy of the step acts at once; its line in the heatmap says so; off again is another mark', async () => {
    const launched = await launchApp()
    const { page } = launched
    const bench = await going(launched)
    expect(await bench.live.acts('clipByGlobalNorm')).toBe('live')
    expect(await bench.live.acts('batchNorm')).toBe('anew')
    await bench.remedies.toggle('clipByGlobalNorm', true)
    const on = await bench.live.mark(/on$/)
    await page
      .getByTestId('remedy-clipByGlobalNorm')
      .getByTestId('acts')
      .filter({ hasText: `on since step ${on.step}` })
      .waitFor()
    await bench.remedies.toggle('clipByGlobalNorm', false)
    const off = await bench.live.mark(/off$/)
    expect(off.step).toBeGreaterThanOrEqual(on.step)
    const { events, runs } = await newest(launched)
    expect(runs).toBe(1)
    expect(events.map((e) => [e.step, e.kind, e.remedy])).toEqual([
      [on.step, 'remedyOn', 'clipByGlobalNorm'],
      [off.step, 'remedyOff', 'clipByGlobalNorm']
    ])
    await page.getByTestId('stop').click()
    await bench.waitForState('stopped')
    // Along the upper edge of the heatmap, over the line of the first mark.
    const heat = (await bench.watch.heatmap.boundingBox())!
    const tip = page.getByTestId('mark-tip')
    for (let x = 20; x < heat.width - 60 && !(await tip.count()); x += 3) await page.mouse.move(heat.x + x, heat.y + 8)
    expect(await tip.innerText()).toContain(`${on.step}`)
  })
  it('a remedy that would be another network offers a new run, and starts it', async () => {
    const launched = await launchApp()
    const { page } = launched
    const bench = await going(launched)
    await bench.remedies.toggle('batchNorm', true)
    const toast = page
      .getByTestId('toast-info')
      .filter({ hasText: /changes the network, which a run keeps: start a new run/ })
    // It goes by itself, but not while the pointer is at it.
    await toast.hover()
    expect((await newest(launched)).events).toEqual([])
    await toast.getByTestId('toast-action').click()
    await until(async () => (await newest(launched)).runs === 2, 'there is a new run')
    await until(async () => (await newest(launched)).state === 'running', 'it runs')
    expect((await newest(launched)).experiment.remedies.map((r) => r.id)).toEqual(['batchNorm'])
    await page.getByTestId('stop').click()
    await bench.waitForState('stopped')
  })
  it('edits are taken over on request, and undone edits too', async () => {
    const launched = await launchApp()
    const { page } = launched
    const bench = await going(launched)
    const before = Number(await bench.inspector.value('training.optimizer.learningRate'))
    await bench.inspector.fill('training.optimizer.learningRate', 3e-6)
    await bench.live.applyEdits.click()
    await bench.live.mark(/→ 3e-6/)
    await page.getByTestId('stale-pill').waitFor({ state: 'detached' })
    expect(await bench.live.rate).toBe(3e-6)
    await bench.builder.undo()
    await bench.live.applyEdits.click()
    await until(async () => (await bench.live.rate) === before, 'the rate is as it was')
    expect((await newest(launched)).events.length).toBe(2)
    // What would be another run can't be taken over.
    await bench.inspector.fill('training.batchSize', 7)
    await page.getByTestId('train-again').waitFor()
    expect(await bench.live.applyEdits.count()).toBe(0)
    await page.getByTestId('stop').click()
    await bench.waitForState('stopped')
  })
})

describe('the first NaN', () => {
  it('is a mark at its step', async () => {
    const launched = await launchApp()
    const { page } = launched
    const bench = await Workbench.of(page)
    await bench.builder.openTemplate('exploding')
    await bench.inspector.fill('training.optimizer.learningRate', 10)
    await bench.trainToTheEnd()
    const mark = await bench.live.mark(/NaN/)
    const run = await newest(launched)
    expect(run.events).toMatchObject([{ kind: 'nan', step: mark.step }])
  })
})

describe('a kept step', () => {
  it('can be continued from, bit for bit, also after the project was saved and opened again', async () => {
    const launched = await launchApp()
    const { page } = launched
    const bench = await Workbench.of(page)
    await bench.inspector.fill('training.steps', 80)
    await bench.inspector.fill('record.keepEvery', 30)
    expect(await bench.trainToTheEnd()).toBe('finished')
    expect(await bench.live.kept()).toEqual([30, 60, 80])
    const frames = (id: string) =>
      page.evaluate(async (id) => {
        const r = (await window.clinic.getRun(id))!
        const width = r.schema!.columns.length
        const at = r.frames.steps.indexOf(30)
        return {
          steps: [...r.frames.steps.slice(at)],
          bits: [...new Uint32Array(r.frames.values.slice(at * width).buffer)],
          from: r.continuedFrom?.step,
          events: r.events?.map((e) => e.kind)
        }
      }, id)
    const first = (await newest(launched)).id
    const whole = await frames(first)

    await page.getByTestId('time-slider').fill('45')
    await until(async () => (await bench.live.continueStep()) === 30, 'the kept step before is offered')
    await bench.live.continue('same')
    await until(async () => (await newest(launched)).runs === 2, 'there is another run')
    await until(async () => (await newest(launched)).state === 'finished', 'it has finished')
    const rest = await frames((await newest(launched)).id)
    expect(rest.from).toBe(30)
    expect(rest.events).toEqual(['continued'])
    expect(rest.steps).toEqual(whole.steps)
    expect(rest.bits).toEqual(whole.bits)
    expect((await bench.live.mark(/continues/)).step).toBe(30)

    // In another session, with other settings.
    const file = join(temporary(), 'kept.gclinic')
    await answer(launched, 'showSaveDialog', { canceled: false, filePath: file })
    await bench.fromProjectMenu('project-save')
    await bench.dirty.waitFor({ state: 'detached' })
    await launched.close()
    const second = await launchApp({ args: [file] })
    const again = await Workbench.of(second.page)
    await second.page.getByTestId('time-slider').waitFor()
    expect((await again.live.kept()).length).toBeGreaterThan(0)
    await again.inspector.fill('training.optimizer.learningRate', 2e-6)
    await again.live.continue('changed')
    await until(async () => (await newest(second)).runs === 1, 'it goes on from the file')
    await until(async () => (await newest(second)).state === 'finished', 'it has finished')
    const beyond = await newest(second)
    expect(beyond.experiment.training).toMatchObject({ steps: 160, optimizer: { learningRate: 2e-6 } })
    expect(Object.keys(beyond.rateAt).map(Number)).toEqual(Array.from({ length: 80 }, (_, i) => 80 + i))
  })
  it('can be asked for while a run goes on', async () => {
    const launched = await launchApp()
    const { page } = launched
    const bench = await going(launched)
    await page.getByTestId('pause').click()
    await bench.waitForState('paused')
    const step = Number(await bench.runState.getAttribute('data-step'))
    await page.getByTestId('keep').click()
    const mark = await bench.live.mark(/kept/)
    expect(mark.step).toBe(step)
    await until(async () => (await bench.live.kept()).includes(step), 'it is kept')
    await bench.live.continue('same')
    await until(async () => (await newest(launched)).runs === 2, 'there is another run')
    await until(async () => Object.keys((await newest(launched)).rateAt)[0] === String(step), 'it starts there')
    await page.getByTestId('stop').click()
    await bench.waitForState('stopped')
  })
})
