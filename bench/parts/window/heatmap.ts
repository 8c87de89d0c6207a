import type { Page } from 'playwright'
import { median, type Times } from '../rounds'
import { at, experiment, held, intervals, launch, rate, ROOT, stack } from './app'

/**
 * Zooms by the wheel. Each turn repaints the whole map.
 * @returns ms from the wheel to the next frame, which shows it
 */
async function zooming(page: Page): Promise<Times> {
  const box = (await page.getByTestId('heatmap').boundingBox())!
  await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2)
  const paints = page.evaluate(
    () =>
      new Promise<number[]>((resolve) => {
        const out: number[] = []
        let last = 0
        addEventListener('wheel', () => (last ||= performance.now()), { capture: true, passive: true })
        const tick = (): void => {
          if (last) {
            out.push(performance.now() - last)
            last = 0
          }
          if (out.length < 30) requestAnimationFrame(tick)
          else resolve(out)
        }
        requestAnimationFrame(tick)
      })
  )
  let done = false
  void paints.then(() => (done = true))
  for (let i = 0; !done; i++) {
    await page.mouse.wheel(0, i % 20 < 10 ? -120 : 120)
    await page.waitForTimeout(40)
  }
  return paints
}
/**
 * Goals in pictures per second: appending to the heatmap and repainting it.
 */
const GOAL = { append: 60, repaint: 30 }

/** Counts the pictures of a long run while it trains. */
export async function heatmap(): Promise<void> {
  const w = await launch(ROOT, experiment('heatmap', stack(99, 16), 20_000, 16))
  await w.page.getByTestId('train').waitFor()
  const rest = await intervals(w.page, 3000)
  const count = (key: 'frames' | 'appended'): Promise<number> =>
    w.page.evaluate(
      (key) => Number(document.querySelector<HTMLElement>('[data-testid="heatmap"]')?.dataset[key] ?? 0),
      key
    )
  const beyond = (n: number): Promise<unknown> =>
    w.page.waitForFunction(
      (n) => Number(document.querySelector<HTMLElement>('[data-testid="heatmap"]')?.dataset['frames']) > n,
      n,
      { timeout: 300_000 }
    )
  /** The window's own frames, pictures with new cells in them, and steps, a second. */
  const watched = async (ms: number): Promise<{ frames: Times; appended: number; steps: number }> => {
    const before = [await count('appended'), await count('frames'), performance.now()] as const
    const frames = await intervals(w.page, ms)
    const after = [await count('appended'), await count('frames'), performance.now()] as const
    const s = (after[2] - before[2]) / 1000
    return { frames, appended: (after[0] - before[0]) / s, steps: (after[1] - before[1]) / s }
  }
  await w.page.getByTestId('train').click()
  await beyond(50)
  const early = await watched(3000)
  await beyond(5000)
  const late = await watched(5000)
  const zoom = await zooming(w.page)
  const running = (await w.page.getByTestId('run-state').getAttribute('data-state')) === 'running'
  if (!running) throw new Error('the run ended before all was measured: give it more steps')
  const said = (v: typeof early): string =>
    `${rate(v.frames)}, ${v.appended.toFixed(0)} of them with new cells, ${v.steps.toFixed(0)} steps/s`
  console.log(`heatmap    100 layers, training, at the start: ${said(early)}`)
  console.log(
    `           beyond 5,000 steps: ${said(late)}${held('', late.appended, GOAL.append)} (goal ${GOAL.append}); the same window at rest: ${rate(rest)}`
  )
  console.log(
    `           zooming meanwhile: ${median(zoom).toFixed(0)} ms from the wheel to the picture (slowest 5 %: ${at(zoom, 0.95).toFixed(0)} ms)${held('', 1000 / median(zoom), GOAL.repaint)} (goal ${(1000 / GOAL.repaint).toFixed(0)} ms)`
  )
  await w.close()
}
