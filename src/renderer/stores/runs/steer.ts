import type { Attachments } from '@shared/catalog/datasets'
import { sumsOf } from '@shared/experiment/attached'
import type { Experiment } from '@shared/experiment/types'
import type { StartOptions } from '@shared/ipc/trainer'
import { changed } from '@shared/run/change'
import { continuedName } from '@shared/run/names'
import { RunLog } from '@shared/run/runLog'
import type { Checkpoint, Failure, RunChange } from '@shared/run/types'
import { attempt, bridge, failureOf } from './bridge'
import type { Collection } from './collection'
import type { Cursor } from './cursor'
import type { Run } from './run'

/** What to start. */
export interface Start {
  experiment: Experiment
  /** Attached files by name. */
  files?: Attachments
  /** The checkpoint to continue from. */
  from?: { run: Run; checkpoint: Checkpoint } | undefined
  /** Path of the recording that is followed instead of a training. */
  recording?: string
  /** Name of the run; the experiment's by default. */
  name?: string
  /** Id of a search that it is a training of: it is not listed, does not wait in the queue, and is not shown. */
  search?: string
  /** Whether the run is shown at once, following live; default true. The first run always is. */
  shown?: boolean
}
/** The step from which something holds, or why it was refused. */
export type Answer = { ok: true; step: number } | { ok: false; failure: Failure }

/** How runs are started and steered. Calls that take an id are about the current run by default. */
export interface Steer {
  /** @returns the run; when the main process refuses it, its state is `failed` and holds the problems */
  start(what: Start): Promise<Run>
  pause(id?: string | null): Promise<void>
  resume(id?: string | null): Promise<void>
  /** Makes one step, then pauses. */
  step(id?: string | null): Promise<void>
  stop(id?: string | null): Promise<void>
  /** Asks for the distributions of the next step. */
  inspect(id?: string | null): Promise<void>
  /**
   * Changes learning rate or remedies of an active run. @returns the first step with the change, or why it needs a new
   * run
   */
  change(what: RunChange, id?: string | null): Promise<Answer>
  /** Keeps a run as it is now. @returns the step it can be continued from */
  keep(id?: string | null): Promise<Answer>
}

const plain = <T>(value: T): T => JSON.parse(JSON.stringify(value)) as T
const newId = (): string =>
  'run-' + [...crypto.getRandomValues(new Uint8Array(12))].map((b) => b.toString(16).padStart(2, '0')).join('')

export function makeSteer(collection: Collection, cursor: Cursor): Steer {
  const { currentId } = cursor

  async function start({ experiment, files = {}, from, recording, name, search, shown = true }: Start): Promise<Run> {
    const copy = plain(experiment)
    const sums = sumsOf(files)
    const run = collection.add(
      new RunLog({
        id: newId(),
        name: collection.nextName(from ? continuedName(from.run.name, from.checkpoint.step) : (name ?? copy.name)),
        experiment: copy,
        createdAt: new Date().toISOString(),
        ...(recording !== undefined && { watched: recording }),
        ...(search !== undefined && { search }),
        ...(sums.length && { sums }),
        ...(from && { continuedFrom: { run: from.run.id, name: from.run.name, step: from.checkpoint.step } })
      })
    )
    if (search === undefined && (shown || !cursor.current.value)) {
      cursor.show(run.id)
      cursor.followLive()
    }
    try {
      await collection.connect()
      const options: StartOptions = {
        ...(run.name !== copy.name && { name: run.name }),
        ...(recording !== undefined && { recording }),
        ...(search !== undefined && { search }),
        ...(from && { from: { run: from.run.id, name: from.run.name, checkpoint: from.checkpoint } })
      }
      await (Object.keys(options).length
        ? bridge().startRun(run.id, copy, { ...files }, options)
        : bridge().startRun(run.id, copy, { ...files }))
    } catch (error) {
      run.apply({ kind: 'failure', failure: failureOf(error), step: run.progress.step })
    }
    return run
  }
  async function answer(call: () => Promise<number>): Promise<Answer> {
    try {
      return { ok: true, step: await call() }
    } catch (error) {
      return { ok: false, failure: failureOf(error) }
    }
  }
  return {
    start,
    pause: (id = currentId.value) => attempt('pauseRun', id),
    resume: (id = currentId.value) => attempt('resumeRun', id),
    step: (id = currentId.value) => attempt('stepRun', id),
    stop: (id = currentId.value) => attempt('stopRun', id),
    inspect: (id = currentId.value) => attempt('inspectRun', id),
    change: (what, id = currentId.value) =>
      answer(async () => {
        const { step, anew } = await bridge().changeRun(id ?? '', plain(what))
        const run = id ? collection.find(id) : undefined
        // A run that waits is not changed at a step: it starts as another experiment.
        if (run && anew) run.experiment = changed(run.experiment, plain(what))
        return step
      }),
    keep: (id = currentId.value) => answer(async () => (await bridge().checkpointRun(id ?? '')).step)
  }
}
