import { computed, type ComputedRef, type ShallowRef } from 'vue'
import type { BriefRun } from '@shared/run/brief'
import { RunLog } from '@shared/run/runLog'
import { nextRunName } from '@shared/run/names'
import type { RunStub } from '@shared/project/types'
import type { RunRecord } from '@shared/run/types'
import type { RunUpdate } from '@shared/run/update'
import { language } from '@/i18n'
import { attempt, bridge, failureOf, warn } from './bridge'
import type { Cursor } from './cursor'
import { makeGrowth } from './growth'
import { isActive, Recording, type Run } from './run'

/** Which runs there are. */
export interface Collection {
  active: ComputedRef<Run[]>
  find(id: string): Recording | undefined
  add(log: RunLog): Recording
  /** The name with the next number that no run has. */
  nextName(name: string): string
  /**
   * Subscribes to the updates of the main process and takes over the runs that it has. Only the first call does
   * anything.
   */
  connect(): Promise<void>
  /** Gives a run this name, with a number when another run has it. */
  rename(id: string, name: string): void
  /** Moves a run among those that wait in the queue. @param by −1: sooner, 1: later */
  move(id: string, by: number): Promise<void>
  /** Stops a run that is still active and forgets it, here and in the main process. */
  remove(id: string): void
  /** Calls back whenever a run has gone on: it has done a step, or something is known of it that was not. */
  onNews(hear: () => void): void
  /** Forgets all runs. */
  clear(): void
  /** All runs as the project file keeps them. */
  toRecords(): RunRecord[]
  /** The same in brief, for the main process, which may have the rest. */
  toBriefs(): BriefRun[]
  /** What main does not know of the runs that it has. */
  toStubs(): RunStub[]
  /**
   * Replaces all runs by those of a project. A run that was saved while it was active is shown as interrupted there.
   */
  fromRecords(records: RunRecord[]): void
}

/** Id of the newest run that is no training of a search. */
const newest = (runs: readonly Pick<RunRecord, 'id' | 'search'>[]): string | null =>
  runs.filter((r) => r.search === undefined).pop()?.id ?? null

/** @param runs all runs, oldest first; replaced here alone */
export function makeCollection(runs: ShallowRef<Recording[]>, cursor: Cursor): Collection {
  const byId = new Map<string, Recording>()
  /** Runs that were removed, whose updates may still be under way. */
  const removed = new Set<string>()
  /** Updates of runs whose record is being fetched, to be applied on top of it. */
  const pending = new Map<string, RunUpdate[]>()
  const growth = makeGrowth()

  const namesBut = (but?: Run): string[] => runs.value.filter((r) => r !== but).map((r) => r.name)
  const nextName = (name: string): string => nextRunName(name, namesBut(), language())
  function freeName(name: string, but?: Run): string {
    const taken = namesBut(but)
    return taken.includes(name) ? nextRunName(name, taken, language()) : name
  }

  function add(log: RunLog): Recording {
    const run = new Recording(log)
    const known = byId.has(run.id)
    byId.set(run.id, run)
    runs.value = known ? runs.value.map((r) => (r.id === run.id ? run : r)) : [...runs.value, run]
    return run
  }
  let hear = (): void => undefined
  function take(run: Recording, update: RunUpdate): void {
    const { state, step } = run.progress
    const part = run.apply(update)
    if (part && (part !== 'progress' || run.progress.state !== state || run.progress.step !== step)) hear()
    // A batch that brought nothing new is acknowledged, too.
    if (update.kind === 'frames') growth.add(run, 1)
    else if (part === 'evaluations') growth.add(run, 0)
    else if (part === 'progress' && run.progress.state !== 'running') growth.flush(run)
  }
  /** Fetches what the main process keeps of a run, such as one from before the window was reloaded. */
  async function reattach(id: string): Promise<void> {
    if (removed.has(id) || pending.has(id)) return
    const updates: RunUpdate[] = []
    pending.set(id, updates)
    try {
      const record = await bridge().getRun(id)
      if (!record || removed.has(id)) return
      const known = byId.get(id)
      const longer = record.frames.steps.length >= (known?.frames?.length ?? 0)
      const run = known && !longer ? known : add(RunLog.from({ ...record, name: known?.name ?? freeName(record.name) }))
      for (const update of updates) take(run, update)
      if (!cursor.currentId.value && run.search === undefined) cursor.show(id)
    } finally {
      pending.delete(id)
    }
  }
  /** Passes an update on to its run, which may have to be fetched first. */
  function receive(id: string, update: RunUpdate): void {
    if (removed.has(id)) return
    const run = byId.get(id)
    if (!run && !pending.has(id))
      void reattach(id).catch((error) => warn(`run ${id} could not be fetched: ${failureOf(error).message.en}`))
    const updates = pending.get(id)
    if (updates) updates.push(update)
    else if (run) take(run, update)
  }
  async function subscribe(): Promise<void> {
    bridge().on('runUpdate', ({ id, update }) => receive(id, update))
    for (const { id } of await bridge().listRuns()) await reattach(id)
  }
  let connected: Promise<void> | undefined

  function remove(id: string): void {
    const run = byId.get(id)
    if (!run) return
    void attempt('dropRun', id)
    removed.add(id)
    byId.delete(id)
    runs.value = runs.value.filter((r) => r !== run)
    if (cursor.currentId.value === id) cursor.show(newest(runs.value))
  }
  function clear(): void {
    for (const r of [...runs.value]) remove(r.id)
    cursor.followLive()
    cursor.selectLayer(null)
  }
  return {
    active: computed(() => runs.value.filter((r) => r.search === undefined && isActive(r.progress.state))),
    find: (id) => byId.get(id),
    add,
    nextName,
    connect: () => (connected ??= subscribe()),
    rename(id, name) {
      const run = byId.get(id)
      if (!run) return
      run.name = freeName(name, run)
      // Rejected for a run of a project file, which the main process doesn't know.
      void bridge()
        .renameRun(id, run.name)
        .catch(() => undefined)
    },
    async move(id, by) {
      const waiting = runs.value.filter((r) => r.progress.state === 'queued')
      const at = waiting.findIndex((r) => r.id === id)
      const to = Math.max(0, Math.min(waiting.length - 1, at + by))
      if (at < 0 || to === at) return
      waiting.splice(to, 0, ...waiting.splice(at, 1))
      const next = [...waiting]
      runs.value = runs.value.map((r) => (waiting.includes(r) ? next.shift()! : r))
      await bridge()
        .orderRuns(waiting.map((r) => r.id))
        .catch((error: unknown) => warn(`order: ${failureOf(error).message.en}`))
    },
    remove,
    onNews: (listener) => (hear = listener),
    clear,
    toStubs: () =>
      runs.value.map(({ id, name, seconds, experiment }) => ({
        id,
        name,
        ...(seconds !== undefined && { seconds }),
        experiment: experiment.name
      })),
    toRecords: () => runs.value.map((r) => r.toRecord()),
    toBriefs: () => runs.value.map((r) => r.toBrief()),
    fromRecords(records) {
      clear()
      for (const record of records) {
        removed.delete(record.id)
        const { progress } = record
        add(
          RunLog.from(
            isActive(progress.state)
              ? { ...record, progress: { ...progress, state: 'stopped', interrupted: true } }
              : record
          )
        )
      }
      cursor.show(newest(records))
    }
  }
}
