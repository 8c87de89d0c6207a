import { median, shown, type Times } from '../rounds'
import { experiment, finished, held, launch, ROOT, stack } from './app'

/** Times Train to the first picture. */
export async function first(rounds: number): Promise<void> {
  const STEPS = 2000
  /**
   * Milliseconds for which a finished run stays on screen before the next. The next trainer warms up meanwhile, which
   * takes about 2 s of a core here.
   */
  const LOOKED = 3000
  const w = await launch(ROOT, experiment('first', stack(29, 64), STEPS, 64))
  const times: Times = []
  /** Half a second and ten steps of the same run, with its pictures. */
  const bounds: Times = []
  for (let r = 0; r < rounds; r++) {
    await w.page.locator('[data-testid="train"]:not([disabled])').waitFor()
    if (!r) await w.page.waitForTimeout(LOOKED)
    const ms = await w.page.evaluate(async () => {
      const begin = performance.now()
      document.querySelector<HTMLElement>('[data-testid="train"]')!.click()
      // Removes the picture of the last run.
      await new Promise((done) => requestAnimationFrame(done))
      for (;;) {
        const map = document.querySelector<HTMLElement>('[data-testid="heatmap"]')
        const state = document.querySelector<HTMLElement>('[data-testid="run-state"]')?.dataset['state']
        if (map && Number(map.dataset['frames']) > 0 && (state === 'running' || state === 'finished'))
          return performance.now() - begin
        await new Promise((done) => requestAnimationFrame(done))
      }
    })
    times.push(ms)
    const began = performance.now()
    await finished(w.page)
    bounds.push(500 + (10 * (performance.now() - began)) / STEPS)
    await w.page.waitForTimeout(LOOKED)
  }
  console.log(
    `first      Train to the first frame on screen, 30 layers × 64: ${shown(times)} ms${held('', median(bounds) / median(times), 1)} (goal: half a second and ten steps, ${median(bounds).toFixed(0)} ms)`
  )
  await w.close()
}
