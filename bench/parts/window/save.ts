import { mkdtempSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { median, shown, type Times } from '../rounds'
import { at, experiment, finished, held, intervals, launch, ROOT, scratch, stack } from './app'

/** Seconds that a save may take, and milliseconds between two pictures meanwhile: a longer pause is felt (RAIL). */
const GOAL = { save: 2, pause: 100 }
/** Layers and steps of the run that is saved: about 40 MB of frames. */
const RUN = { layers: 100, steps: 5000 }

/** Times saves from the keys until the window says that all is saved. @returns the last file */
async function timed(what: string, w: Awaited<ReturnType<typeof launch>>, rounds: number): Promise<string> {
  const app = w.page.getByTestId('app')
  const times: Times = []
  const pauses: Times = []
  let file = ''
  for (let r = 0; r < rounds; r++) {
    // The window that opens it is known by the project's name, which the file has too.
    file = join(mkdtempSync(join(scratch, 'saved-')), 'save.gclinic')
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
  }
  const [time, pause] = [median(times), median(pauses)]
  const size = (statSync(file).size / 1e6).toFixed(0)
  console.log(
    `save       ${RUN.layers} layers × ${RUN.steps} steps, ${size} MB, ${what}: ${shown(times)} s${held('', GOAL.save / time, 1)} (goal ${GOAL.save}); longest pause of the window meanwhile: ${shown(pauses)} ms${held('', GOAL.pause / pause, 1)} (goal ${GOAL.pause})`
  )
  return file
}

/** Times the save of a long run, of one that was trained in this session and of one that a file brought. */
export async function save(rounds: number): Promise<void> {
  const trained = await launch(ROOT, experiment('save', stack(RUN.layers - 1, 16), RUN.steps, 16))
  await trained.page.getByTestId('train').click()
  await finished(trained.page)
  const file = await timed('trained here', trained, rounds)
  await trained.close()
  const opened = await launch(ROOT, file)
  await finished(opened.page)
  await timed('opened', opened, rounds)
  await opened.close()
}
