import type { Page } from 'playwright'
import type { Project } from '@shared/project/types'
import { PROJECT_VERSION } from '@shared/project'
import { parseExperiment } from '@shared/experiment'
import { RunLog } from '@shared/run/runLog'
import type { Progress, RunState } from '@shared/run/types'
import type { RunUpdate } from '@shared/run/update'

/** What a rejected call of `window.clinic` is. */
export interface Rejected {
  name: string
  message: string
  text: { en: string; zh: string }
  problems: { path: string; message: { en: string } }[]
}
const dense = (id: string, units: number, activation: string): object => ({
  id,
  kind: 'dense',
  params: { units, activation }
})

/** A small experiment of this many steps, as plain JSON. */
export const smallExperiment = (steps: number, more: object = {}): object => ({
  name: 'small',
  seed: 7,
  data: { dataset: { id: 'randomPairs', count: 64, inputs: 20, outputs: 3 }, validation: 0, standardize: false },
  network: { nodes: [dense('a', 30, 'sigmoid'), dense('b', 30, 'sigmoid'), dense('c', 3, 'linear')] },
  training: { steps, batchSize: 32, optimizer: { id: 'sgd', learningRate: 0.01 } },
  ...more
})

/** What main has told a page of a run. */
interface Told {
  log: RunLog
  /** Every recorded step, and every state, in the order in which they were told. */
  steps: number[]
  states: RunState[]
  batches: number
}
const pages = new WeakMap<Page, Map<string, Told>>()
/** Where a page keeps the updates of its runs until they are taken. */
type Keeps = { updates: Record<string, RunUpdate[]> }

/** Starts a run past the user interface, straight through the bridge, and keeps on the page what main tells of it. */
export async function startRun(page: Page, id: string, experiment: object): Promise<void> {
  const head = { id, name: id, experiment: parseExperiment(experiment), createdAt: '' }
  if (!pages.has(page)) pages.set(page, new Map())
  pages.get(page)!.set(id, { log: new RunLog(head), steps: [], states: [], batches: 0 })
  await page.evaluate(
    async ({ id, experiment }) => {
      const w = window as unknown as Keeps
      w.updates ??= {}
      const updates: RunUpdate[] = (w.updates[id] = [])
      window.clinic.on('runUpdate', (e) => {
        if (e.id !== id) return
        updates.push(e.update)
        if (e.update.kind === 'frames') void window.clinic.ackFrames(id, 1)
      })
      await window.clinic.startRun(id, experiment as never, {}).catch((e: Rejected) => {
        throw new Error(e.message)
      })
    },
    { id, experiment }
  )
}
/** What main has told so far of a run that was started with `startRun`. */
export async function told(page: Page, id: string): Promise<Told> {
  const all = pages.get(page)!.get(id)!
  for (const update of await page.evaluate((id) => (window as unknown as Keeps).updates[id]!.splice(0), id)) {
    if (update.kind === 'frames') {
      all.steps.push(...update.frames.steps)
      all.batches++
    }
    if (all.log.apply(update) === 'progress') all.states.push(all.log.progress.state)
  }
  return all
}
export const progressOf = async (page: Page, id: string): Promise<Progress> =>
  (await page.evaluate(async (id) => (await window.clinic.listRuns()).find((r) => r.id === id), id))!.progress
/** The run's record as main keeps it, with its recorded steps as a list. */
export const recordOf = (page: Page, id: string) =>
  page.evaluate(async (id) => {
    const r = (await window.clinic.getRun(id))!
    return {
      ...r,
      frames: undefined,
      steps: [...r.frames.steps],
      values: [...r.frames.values].slice(0, 1000),
      finite: r.frames.values.every((x) => Number.isFinite(x))
    }
  }, id)
/** The error of a call that is expected to be refused. */
export const rejection = (page: Page, call: string, ...args: unknown[]): Promise<Rejected | null> =>
  page.evaluate(
    ({ call, args }) =>
      (window.clinic as unknown as Record<string, (...a: unknown[]) => Promise<unknown>>)[call]!(...args).then(
        () => null,
        (e: Rejected) => e
      ),
    { call, args }
  )

/** A project around one experiment, as the page would send it. */
export const project = (name: string, experiment: object): Project => ({
  format: 'gradient-clinic/project',
  version: PROJECT_VERSION,
  name,
  experiments: [experiment as never],
  current: 0,
  runs: [],
  files: {}
})
