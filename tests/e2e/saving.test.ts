import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { parseExperiment } from '@shared/experiment'
import { decodeProject, encodeProject, projectOf } from '@shared/project'
import { sumOfWords } from '@shared/run/frameTable'
import { CHANNEL } from '@shared/ipc/channel'
import { readLog, runsIn } from '../../src/main/files/journal/read'
import { answer, launchApp, menu, temporary, until, type Launched } from './harness'
import { Workbench } from './pages/workbench'

const STEPS = 1200
const dense = (id: string, units: number): object => ({ id, kind: 'dense', params: { units, activation: 'relu' } })
/** Deep and narrow: more than 4 MB of frames, so that a process of its own writes it, after a few seconds. */
const deep = parseExperiment({
  name: 'deep',
  data: { dataset: { id: 'randomPairs', count: 16, inputs: 8, outputs: 2 }, validation: 0, standardize: false },
  network: { nodes: [{ id: 'hidden', kind: 'repeat', times: 60, body: [dense('dense', 8)] }, dense('out', 2)] },
  training: { steps: STEPS, batchSize: 0, optimizer: { id: 'sgd', learningRate: 1e-3 } }
})

/** How a run came to main: in brief, with so many frames, or whole. */
type Came = number | 'whole'
/** Notes how the runs of each save come to main. */
const watchSaves = ({ app }: Launched): Promise<void> =>
  app.evaluate(({ ipcMain }, channel) => {
    const seen: Came[][] = ((globalThis as Record<string, unknown>)['saves'] = [])
    ipcMain.on(channel, (_event, m: { name?: string; args?: [{ runs: { marks?: { frames: number } }[] }] }) => {
      if (m.name === 'saveProject') seen.push(m.args![0].runs.map((r) => r.marks?.frames ?? 'whole'))
    })
  }, CHANNEL)
/** What came since the last time. */
const saves = ({ app }: Launched): Promise<Came[][]> =>
  app.evaluate(() => (globalThis as unknown as { saves: Came[][] }).saves.splice(0))

async function save(launched: Launched): Promise<void> {
  const bench = new Workbench(launched.page)
  await bench.dirty.waitFor()
  await menu(launched, 'save')
  await bench.dirty.waitFor({ state: 'detached' })
}
/** The folders in which main keeps what is on screen. */
const journals = ({ userData }: Launched): string[] =>
  readdirSync(join(userData, 'backup')).map((name) => join(userData, 'backup', name))
/** Whether main has all of the only run on disk: its last words are there. */
const onDisk = async (launched: Launched): Promise<boolean> => {
  const found = await Promise.all(
    journals(launched).map(async (folder) => {
      const [id] = await runsIn(folder)
      return id !== undefined && (await readLog(folder, id))?.over
    })
  )
  return found.includes(true)
}
/** The runs of a file: recorded steps, and sums of their values and scalars. */
const inFile = (file: string): unknown[][] =>
  decodeProject(readFileSync(file)).runs.map(({ frames, evaluations, checkpoints = [] }) => [
    frames.steps.length,
    sumOfWords(frames.values),
    sumOfWords(frames.scalars),
    evaluations.length,
    checkpoints.map((c) => [c.step, sumOfWords(c.values)])
  ])

describe('a save of a run', () => {
  it('that main has takes its frames from there; of one that it has not, from the window', async () => {
    const dir = temporary()
    const file = join(dir, 'p.gclinic')
    writeFileSync(file, encodeProject(projectOf(deep)))
    const launched = await launchApp({ args: [file] })
    const { page } = launched
    const bench = await Workbench.of(page)
    await page.getByTestId('experiment-name').filter({ hasText: 'deep' }).waitFor()
    await watchSaves(launched)
    expect(await bench.trainToTheEnd()).toBe('finished')
    await save(launched)
    expect(await saves(launched)).toEqual([[STEPS]])
    const whole = inFile(file)
    expect(whole.map(([frames]) => frames)).toEqual([STEPS])
    const { id } = (await page.evaluate(() => window.clinic.listRuns()))[0]!
    const values = await page.evaluate(async (id) => {
      const { frames } = (await window.clinic.getRun(id))!
      return [...new Int32Array(frames.values.slice().buffer)]
    }, id)
    expect(sumOfWords(Int32Array.from(values))).toBe(whole[0]![1])

    // A page that was reloaded has the run from main, which still has it.
    await page.reload()
    await Workbench.of(page)
    await bench.waitForState('finished')
    await bench.rename('reloaded')
    await save(launched)
    expect(await saves(launched)).toEqual([[STEPS]])
    expect(inFile(file)).toEqual(whole)

    // Main forgets the runs of a project that goes; what a file brings is on disk, and in the window.
    await menu(launched, 'new')
    await until(async () => (await page.evaluate(() => window.clinic.listRuns())).length === 0, 'main has no run')
    await answer(launched, 'showOpenDialog', { filePaths: [file] })
    await menu(launched, 'open')
    await bench.waitForState('finished')
    await until(() => onDisk(launched), 'main has it on disk')
    await bench.rename('opened')
    await save(launched)
    expect(await saves(launched)).toEqual([[STEPS]])
    expect(inFile(file)).toEqual(whole)

    // One of each kind.
    await bench.inspector.fill('training.steps', 50)
    expect(await bench.trainToTheEnd()).toBe('finished')
    await save(launched)
    expect(await saves(launched)).toEqual([[STEPS, 50]])
    expect(inFile(file)[0]).toEqual(whole[0])
    expect(inFile(file).map(([frames]) => frames)).toEqual([STEPS, 50])

    // The window sends the run when it is not on disk as it should be.
    const [journal] = journals(launched)
    const run = readdirSync(journal!).find((n) => n.endsWith('.run') && statSync(join(journal!, n)).size > 4e6)!
    writeFileSync(join(journal!, run), readFileSync(join(journal!, run)).subarray(0, 1e6))
    await bench.rename('damaged')
    await save(launched)
    expect(await saves(launched)).toEqual([
      [STEPS, 50],
      ['whole', 'whole']
    ])
    expect(inFile(file)[0]).toEqual(whole[0])
    expect(inFile(file).map(([frames]) => frames)).toEqual([STEPS, 50])
  })
  it('that goes on has what the window had when it was asked for', async () => {
    const file = join(temporary(), 'p.gclinic')
    const steps = 200_000
    writeFileSync(file, encodeProject(projectOf({ ...deep, training: { ...deep.training, steps } })))
    const launched = await launchApp({ args: [file] })
    const { page } = launched
    const bench = await Workbench.of(page)
    await page.getByTestId('experiment-name').filter({ hasText: 'deep' }).waitFor()
    await watchSaves(launched)
    await bench.train.click()
    for (let last = 0; last < 1200;) {
      await until(async () => Number(await bench.runState.getAttribute('data-step')) > last + 300, 'it has gone on')
      await menu(launched, 'save')
      const [[sent]] = (await until(async () => {
        const seen = await saves(launched)
        return seen.length > 0 && seen
      }, 'it is being saved')) as [[number]]
      expect(sent).toBeGreaterThan(last)
      last = sent
      await until(() => inFile(file)[0]?.[0] === sent, 'it is saved, to the frame')
    }
    await page.getByTestId('stop').click()
    await bench.waitForState('stopped')
  })
})
