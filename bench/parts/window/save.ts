import { statSync } from 'node:fs'
import { join } from 'node:path'
import { median, shown, type Times } from '../rounds'
import { at, experiment, finished, held, intervals, launch, ROOT, scratch, stack } from './app'

/** Seconds that a save may take, and milliseconds between two pictures meanwhile: a longer pause is felt (RAIL). */
const GOAL = { save: 2, pause: 100 }
/** Layers and steps of the run that is saved: about 60 MB of frames. */
const RUN = { layers: 100, steps: 5000 }

/** Times the save of a long run, from the keys until the window says that all is saved, and what the window does. */
export async function save(rounds: number): Promise<void> {
  const w = await launch(ROOT, experiment('save', stack(RUN.layers - 1, 16), RUN.steps, 16))
  const app = w.page.getByTestId('app')
  await w.page.getByTestId('train').click()
  await finished(w.page)
  const times: Times = []
  const pauses: Times = []
  let size = 0
  for (let r = 0; r < rounds; r++) {
    const file = join(scratch, `saved-${r}.gclinic`)
    await w.app.evaluate(({ dialog }, filePath) => {
      dialog.showSaveDialog = (async () => ({ canceled: false, filePath })) as typeof dialog.showSaveDialog
    }, file)
    // Something to save: a clean window says nothing of when a save ends.
    await w.page.getByTestId('remedy-toggle-l2').click()
    await w.page.locator('[data-testid="app"][data-dirty="true"]').waitFor()
    const watched = intervals(w.page, GOAL.save * 2000)
    const from = performance.now()
    await w.page.keyboard.press('Control+Shift+s')
    while (!(statSync(file, { throwIfNoEntry: false })?.size && (await app.getAttribute('data-dirty')) === 'false'))
      await w.page.waitForTimeout(10)
    times.push((performance.now() - from) / 1000)
    pauses.push(at(await watched, 1))
    size = statSync(file).size
  }
  const [time, pause] = [median(times), median(pauses)]
  console.log(
    `save       ${RUN.layers} layers × ${RUN.steps} steps, ${(size / 1e6).toFixed(0)} MB: ${shown(times)} s${held('', GOAL.save / time, 1)} (goal ${GOAL.save}); longest pause of the window meanwhile: ${shown(pauses)} ms${held('', GOAL.pause / pause, 1)} (goal ${GOAL.pause})`
  )
  await w.close()
}
