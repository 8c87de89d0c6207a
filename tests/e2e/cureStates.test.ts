import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Page } from 'playwright'
import { describe, expect, it } from 'vitest'
import { HEALTHY, hopeless } from './cureCases'
import { launchApp, resize, temporary, trainers, until, withTrainersHeld, type Launched } from './harness'
import { askCure, curePhase } from './pages/cure'
import { Workbench } from './pages/workbench'

/** A window on page Cure, with an experiment, few seeds, and these groups of remedies left out. */
async function begin(
  experiment?: { name: string },
  leftOut?: readonly string[]
): Promise<{ launched: Launched; page: Page; bench: Workbench }> {
  const file = join(temporary(), 'experiment.gclinic')
  if (experiment) writeFileSync(file, JSON.stringify(experiment))
  const launched = await launchApp({ size: { width: 1440, height: 900 }, args: experiment ? [file] : [] })
  const { page } = launched
  const bench = await Workbench.of(page)
  // A file that is opened comes in the place of what the window opens with.
  if (experiment) await bench.experimentName.filter({ hasText: experiment.name }).waitFor()
  else await bench.inspector.fill('training.steps', 150)
  await askCure(page, leftOut)
  return { launched, page, bench }
}
/**
 * Members of the page's head that are not on its one line, or outside of it; words beyond the table's axis; and tags of
 * which a part is to be seen.
 */
const astray = (page: Page): Promise<string[]> =>
  page.getByTestId('cure-page').evaluate((root) => {
    const box = (e: Element): DOMRect => e.getBoundingClientRect()
    const bar = root.querySelector('.bar')!
    const axis = root.querySelector('.axis')
    const members = [...bar.children].filter((e) => box(e).width > 1)
    const words = axis ? [...axis.querySelectorAll('.base, .aim')] : []
    const isCut = (tag: Element): boolean => {
      const [a, b] = [box(tag), box(tag.parentElement!)]
      const within = a.left >= b.left - 1 && a.right <= b.right + 1 && a.top >= b.top - 1 && a.bottom <= b.bottom + 1
      const isOut = a.right <= b.left || a.left >= b.right || a.top >= b.bottom - 1 || a.bottom <= b.top
      return (!within && !isOut) || tag.scrollWidth > tag.clientWidth
    }
    return [
      ...[...root.querySelectorAll('.bar .tag, .nm .tag')].filter(isCut),
      ...[...root.querySelectorAll('.reason')].filter((e) => e.scrollWidth > e.clientWidth),
      ...members.filter((e) => box(e).top < box(bar).top || box(e).bottom > box(bar).top + 44),
      ...members.filter((e) => box(e).right > box(bar).right + 1),
      ...words.filter((e) => box(e).left < box(axis!).left - 1 || box(e).right > box(axis!).right + 1)
    ].map((e) => `${e.textContent?.trim() ?? ''} in ${innerWidth} × ${innerHeight}`)
  })
const SIZES = [
  { width: 900, height: 575 },
  { width: 1024, height: 700 },
  { width: 1366, height: 768 }
]
const ids = (page: Page): Promise<(string | null)[]> =>
  page.getByTestId('cure-row').evaluateAll((rows) => rows.map((r) => r.getAttribute('data-id')))

describe('page Cure', () => {
  it('says of each candidate before the search what it changes, and which findings advise it', async () => {
    const { page, bench } = await begin(undefined, [])
    const detail = page.getByTestId('cure-detail')
    await detail.waitFor()
    expect(await detail.getByTestId('cure-advised-by').count()).toBe(0)
    const [first, second] = await ids(page)
    expect(await detail.getAttribute('data-id')).toBe(first)
    await page.getByTestId('cure-row').nth(1).click()
    await page.locator(`[data-testid=cure-detail][data-id="${second!}"]`).waitFor()
    expect(await detail.getByTestId('cure-changes').locator('li').count()).toBeGreaterThan(0)
    // What can be looked at only once there is a run is not offered.
    for (const button of ['cure-compare', 'cure-open', 'cure-home'])
      expect(await page.getByTestId(button).count()).toBe(0)

    await page.getByTestId('page-build').click()
    expect(await bench.trainToTheEnd()).toBe('finished')
    await page.getByTestId('page-cure').click()
    const head = page.locator('[data-testid=cure-row]').first()
    await head.click()
    const advice = detail.getByTestId('cure-advised-by')
    await advice.waitFor()
    expect(await advice.innerText()).toMatch(/RMS gradient/)
    expect(await head.innerText()).toMatch(/advised/)
    const best = await detail.getAttribute('data-id')
    await page.getByTestId('cure-apply').click()
    await page.getByTestId('page-build').click()
    expect(await bench.remedies.state(best!)).toBe('on')
  })

  it('says why a search has failed and what to do, and goes on with it', async () => {
    const { launched, page } = await begin(HEALTHY, [
      'activation',
      'architecture',
      'initialisation',
      'normalisation',
      'training',
      'weights'
    ])
    // One that is ready would be through before it is killed; another takes longer to start than this looks away.
    await withTrainersHeld(launched, async () => {
      await page.getByTestId('cure-find').click()
      await until(async () => {
        for (const pid of await trainers(launched))
          try {
            process.kill(pid, 'SIGKILL')
          } catch {
            // It has ended since.
          }
        return (await page.getByTestId('cure-page').getAttribute('data-phase')) === 'failed'
      }, 'the search gives up')
    })
    expect(await page.getByTestId('cure-failure').innerText()).toMatch(/ended twice.*memory.*kept.*go on/s)
    expect(await page.getByTestId('cure-progress').innerText()).toMatch(/0 trainings in .*ended with an error/s)
    expect(await page.getByTestId('cure-verdict').innerText()).toMatch(/ended twice/)
    for (const size of SIZES) {
      await resize(launched, size)
      expect(await astray(page)).toEqual([])
    }
    await page.getByTestId('cure-go-on').click()
    await curePhase(page, 'healthy')
    expect(await page.getByTestId('cure-failure').count()).toBe(0)
    for (const size of SIZES) {
      await resize(launched, size)
      await until(async () => !(await astray(page)).length, `all is in its place at ${size.width}`)
    }
  })

  it('says of a healthy network that there is nothing to cure, and what each remedy would cost', async () => {
    const { page } = await begin(HEALTHY, [])
    await page.getByTestId('cure-find').click()
    await curePhase(page, 'healthy')
    expect(await page.getByTestId('cure-page').locator('h1').innerText()).toBe('There is nothing to cure')
    expect(await page.getByTestId('cure-verdict').getAttribute('data-verdict')).toBe('healthy')
    const costs = page.locator('[data-testid=cure-row][data-group=costs]')
    expect(await costs.count()).toBe(await page.getByTestId('cure-row').count())
    expect(await costs.count()).toBeGreaterThan(10)
    expect(await costs.locator('.c-time').allInnerTexts()).toEqual(
      (await costs.locator('.c-time').allInnerTexts()).map(() => expect.stringMatching(/^× \d/) as string)
    )
  })

  it('says that nothing helped, and what in the data looks wrong, each with a button', async () => {
    const { launched, page } = await begin(hopeless(2, 100), [
      'activation',
      'architecture',
      'initialisation',
      'normalisation',
      'weights'
    ])
    await page.getByTestId('cure-find').click()
    await curePhase(page, 'nothing')
    expect(await page.getByTestId('cure-verdict').innerText()).toMatch(/^Nothing helped\./)
    for (const size of SIZES) {
      await resize(launched, size)
      await until(async () => !(await astray(page)).length, `all is in its place at ${size.width}`)
    }
    const card = page.getByTestId('cure-nothing')
    expect(await card.getByRole('button').count()).toBeGreaterThan(0)
    expect(await card.innerText()).toMatch(/\d/)
    expect(await page.locator('[data-testid=cure-row][data-group=cures]').count()).toBe(0)
  })

  it('is used by keys; rows are sorted inside their groups; trainings are opened, compared, continued', async () => {
    const { launched, page, bench } = await begin()
    const table = page.getByTestId('cure-table')
    await page.getByTestId('cure-find').click()
    // Esc asks, and goes on when it was not meant.
    await page.getByTestId('cure-row').first().waitFor()
    const made = (): Promise<number> => page.evaluate(async () => (await window.clinic.cureState())!.kept.length)
    await until(async () => (await made()) > 0, 'a training is finished')
    await withTrainersHeld(launched, async () => {
      await table.focus()
      await page.keyboard.press('Escape')
      await page.getByTestId('question-cancel').click()
      await curePhase(page, 'running')
      await table.focus()
      await page.keyboard.press('Escape')
      await page.getByTestId('question-stop').click()
    })
    await curePhase(page, 'stopped')
    await page.getByTestId('cure-go-on').click()
    await curePhase(page, 'done')

    const ranked = await ids(page)
    expect(ranked.length).toBeGreaterThan(1)
    await table.focus()
    await page.keyboard.press('End')
    const selected = (): Promise<string | null> =>
      page.locator('[data-testid=cure-row][aria-selected=true]').getAttribute('data-id')
    expect(await selected()).toBe(ranked.at(-1))
    await page.keyboard.press('ArrowUp')
    expect(await selected()).toBe(ranked.at(-2))
    await page.keyboard.press('Home')
    expect(await selected()).toBe(ranked[0])
    const group = (await page.getByTestId('cure-row').first().getAttribute('data-group'))!
    await page.keyboard.press('e')
    expect(await page.locator(`[data-testid=cure-row][data-group=${group}]`).count()).toBe(0)
    await page.getByTestId(`cure-group-${group}`).click()
    expect(await ids(page)).toEqual(ranked)

    for (const name of ['name', 'value', 'gradient', 'cost', 'changed']) {
      const head = page.getByTestId(`cure-sort-${name}`)
      await head.click()
      expect(await head.locator('..').getAttribute('aria-sort')).toBe('ascending')
      expect([...(await ids(page))].sort()).toEqual([...ranked].sort())
      await head.click()
      expect(await ids(page)).toEqual(ranked)
    }
    // The seed that is pointed at, and no other, stands out among the curves.
    await page.getByTestId('cure-row').first().locator('[data-seed]').first().hover()
    await until(async () => (await page.locator('.loss [data-pointed]').count()) > 0, 'a curve stands out')
    const seed = await page.getByTestId('cure-row').first().locator('[data-seed]').first().getAttribute('data-seed')
    for (const path of await page.locator('.loss [data-pointed]').all())
      expect(await path.getAttribute('data-seed')).toBe(seed)

    await page.getByTestId('cure-row').first().click()
    await table.focus()
    await page.keyboard.press('c')
    await page.getByTestId('compare-figures').waitFor()
    await page.getByTestId('page-cure').click()
    await table.focus()
    await page.keyboard.press('Enter')
    await page.getByTestId('page-build').click()
    expect(await bench.remedies.state('batchNorm')).toBe('on')
    await page.getByTestId('page-cure').click()
    await page.getByTestId('cure-open').click()
    await page.getByTestId('run-state').waitFor()
    expect(await page.getByTestId('run-state').getAttribute('data-state')).toBe('finished')
    // It goes on from its end.
    expect(await page.getByTestId('continue').getAttribute('data-step')).toBe('150')
    expect(await page.getByTestId('continue').isEnabled()).toBe(true)
  })
})
