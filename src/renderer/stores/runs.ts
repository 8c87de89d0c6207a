import { defineStore } from 'pinia'
import { computed, markRaw, ref, shallowReactive, shallowRef, triggerRef } from 'vue'
import type { Attachments } from '@shared/catalog/datasets'
import type { Experiment } from '@shared/experiment/types'
import type { AppApi } from '@shared/ipc/app'
import type { StartOptions } from '@shared/ipc/trainer'
import type { FrameTable } from '@shared/run/frameTable'
import type { HistogramSet } from '@shared/run/histogram'
import { changed, experimentAt } from '@shared/run/change'
import { nextTowardsLoss } from '@shared/run/path'
import { continuedName, nextRunName } from '@shared/run/names'
import { RunLog, type RunPart } from '@shared/run/runLog'
import type {
  Checkpoint,
  Evaluation,
  Failure,
  Finding,
  Plane,
  Progress,
  RunChange,
  RunEvent,
  RunLayer,
  RunRecord,
  RunSchema,
  RunState
} from '@shared/run/types'
import type { RunUpdate } from '@shared/run/update'
import { statistics } from '@shared/catalog/statistics'
import type { Text } from '@shared/base/text'
import { language } from '@/i18n'
import { fit, RangeTracker, type Range } from '@/charts/range'
import { makePace } from '@/timing/pace'
import { DerivedFrames } from '@/charts/source'
import type { FrameSource } from '@shared/run/frameTable'

/** A run as the window holds it. Shallow: watch `revision` for growth of `table` and `evaluations`. */
export interface Run {
  readonly id: string
  name: string
  /** As it was started; `experimentAt(experiment, events)` is what it trains now. */
  experiment: Experiment
  readonly createdAt: string
  /** The run as its updates make it; the members below show its parts to the views. */
  readonly log: RunLog
  progress: Progress
  schema?: RunSchema
  /** Recorded frames; not reactive, grows in place. */
  table?: FrameTable
  /** Grows in place. */
  evaluations: Evaluation[]
  findings: Finding[]
  /** By step. Replaced when one is added. */
  histograms: HistogramSet[]
  /** What happened to it, in order. Replaced when it grows. */
  events: readonly RunEvent[]
  /** What it can be continued from, rising steps. Replaced when there are others. */
  checkpoints: readonly Checkpoint[]
  continuedFrom?: RunRecord['continuedFrom']
  /** Rises when frames or evaluations were added, at a pace at which the views that read it leave the window free. */
  revision: number
  /** Rises with them at every animation frame: for what can be brought up to date in a millisecond. */
  growth: number
}
/** The rows of a picture of one statistic, forward order, and where their values are. */
export interface Rows {
  layers: RunLayer[]
  /** Time of each row, from 1, where they are the time steps of one recurrent layer. */
  times?: number[]
  /** Place of each row's value in a frame of `source`. */
  columns: Int32Array
  source: FrameSource
}
const NO_ROWS: readonly RunLayer[] = []
/** What `derive`d statistics come from. */
const BASE = 'activationGradientRms'

const ACTIVE: readonly RunState[] = ['queued', 'starting', 'running', 'paused']
export const isActive = (state: RunState): boolean => ACTIVE.includes(state)
/** What to call the state of a run: one whose process came to an end by itself, or was ended, has crashed; one that was refused has failed. */
export const stateWord = ({ state, failure }: Progress): RunState | 'crashed' =>
  state === 'failed' && failure && (failure.signal || failure.exitCode !== undefined) ? 'crashed' : state
const plain = <T>(value: T): T => JSON.parse(JSON.stringify(value)) as T
const newId = (): string =>
  'run-' + [...crypto.getRandomValues(new Uint8Array(12))].map((b) => b.toString(16).padStart(2, '0')).join('')

/** A rejected call of the bridge is a plain object with `text` and `problems`. */
function failureOf(error: unknown): Failure {
  const e = error as { message?: string; text?: Text; problems?: Failure['problems'] } | undefined
  const message = e?.message || String(error)
  return { message: e?.text ?? { en: message, zh: message }, ...(e?.problems?.length ? { problems: e.problems } : {}) }
}

/** Calls `work` at the next animation frame, or after 250 ms when the window is hidden and has none. */
function nextFrame(work: () => void): void {
  let done = false
  const once = (): void => {
    if (done) return
    done = true
    work()
  }
  requestAnimationFrame(once)
  setTimeout(once, 250)
}

/** Runs of this window: their frames as they come, what is on screen of them, and how to steer them. */
export const useRuns = defineStore('runs', () => {
  const api = (): AppApi => window.clinic
  const runs = shallowRef<Run[]>([])
  const currentId = ref<string | null>(null)
  const pinnedStep = ref<number | null>(null)
  const selectedLayerId = ref<string | null>(null)
  const byId = new Map<string, Run>()
  const dropped = new Set<string>()
  const trackers = new WeakMap<Run, Map<string, RangeTracker>>()
  const rowsCache = new WeakMap<FrameTable, Map<string, Rows>>()
  /** What main said of runs whose record is being fetched, to be heeded afterwards. */
  const waiting = new Map<string, ((run: Run) => void)[]>()

  const current = computed(() => runs.value.find((r) => r.id === currentId.value))
  const active = computed(() => runs.value.filter((r) => isActive(r.progress.state)))
  /** Newest recorded step of the current run. */
  const liveStep = computed(() =>
    current.value && current.value.revision >= 0 ? current.value.table?.lastStep : undefined
  )
  const following = computed(() => pinnedStep.value === null)
  /** The step that every view shows: the pinned one, or the newest. */
  const shownStep = computed(() => pinnedStep.value ?? liveStep.value)
  const selectedLayer = computed(() => current.value?.schema?.layers.find((l) => l.id === selectedLayerId.value))

  const find = (id: string): Run | undefined => byId.get(id)
  const namesBut = (but?: Run): string[] => runs.value.filter((r) => r !== but).map((r) => r.name)
  /** This name, or the next number of it when another run has it. */
  function freeName(name: string, but?: Run): string {
    const taken = namesBut(but)
    return taken.includes(name) ? nextRunName(name, taken, language()) : name
  }

  function add(run: Omit<Run, 'revision' | 'growth'>): Run {
    const entry = shallowReactive<Run>({
      ...run,
      log: markRaw(run.log),
      experiment: markRaw(run.experiment),
      revision: 0,
      growth: 0
    })
    byId.set(run.id, entry)
    runs.value = [...runs.value.filter((r) => r.id !== run.id), entry]
    return entry
  }
  // Growth is told once per animation frame; only then are the batches acknowledged, so that a slow window is sent less.
  const grown = new Map<Run, number>()
  let scheduled = false
  const pace = makePace(() => {
    for (const run of unseen) run.revision++
    unseen.clear()
  })
  /** Runs that have grown since `revision` last told so. */
  const unseen = new Set<Run>()
  function see(run: Run): void {
    unseen.add(run)
    pace(true)
  }
  function tell(run: Run, batches: number): void {
    grown.set(run, (grown.get(run) ?? 0) + batches)
    if (scheduled) return
    scheduled = true
    nextFrame(() => {
      scheduled = false
      const now = [...grown]
      grown.clear()
      for (const [r, n] of now) {
        r.growth++
        unseen.add(r)
        if (n)
          void api()
            .ackFrames(r.id, n)
            .catch(() => undefined)
      }
      pace()
    })
  }
  /** Applies an update to its run, and shows the part that has changed. */
  function take(run: Run, update: RunUpdate): void {
    const part = run.log.apply(update)
    if (part) refresh(run, part)
    if (update.kind === 'frames') tell(run, 1)
  }
  function refresh(run: Run, part: RunPart): void {
    const { log } = run
    if (part === 'schema') {
      trackers.delete(run)
      run.schema = markRaw(log.schema!)
      run.table = markRaw(log.table!)
      run.revision++
    } else if (part === 'progress') {
      run.progress = log.progress
      // Who looks at a run that stands still sees all of it.
      if (run.progress.state !== 'running') see(run)
    } else if (part === 'evaluations') tell(run, 0)
    else if (part === 'findings') run.findings = markRaw([...log.findings])
    else if (part === 'histograms') run.histograms = markRaw([...log.histograms])
    else if (part === 'checkpoints') run.checkpoints = markRaw([...log.checkpoints])
    else if (part === 'events') run.events = markRaw([...log.events])
  }

  /** Shows the run of a log. */
  function addLog(log: RunLog): Run {
    const { id, name, experiment, createdAt, continuedFrom } = log.head
    const run = add({
      id,
      name,
      experiment,
      createdAt,
      log,
      progress: log.progress,
      evaluations: markRaw(log.evaluations),
      findings: markRaw([...log.findings]),
      histograms: markRaw([...log.histograms]),
      events: markRaw([...log.events]),
      checkpoints: markRaw([...log.checkpoints]),
      ...(continuedFrom ? { continuedFrom } : {})
    })
    if (log.schema) refresh(run, 'schema')
    return run
  }
  const fromRecord = (record: RunRecord): Run => addLog(RunLog.from(record))

  /** Fetches what main keeps of a run that this window doesn't know (one from before a reload). */
  async function reattach(id: string): Promise<void> {
    if (dropped.has(id) || waiting.has(id)) return
    const said: ((run: Run) => void)[] = []
    waiting.set(id, said)
    try {
      const record = await api().getRun(id)
      if (!record || dropped.has(id)) return
      const known = byId.get(id)
      const longer = record.frames.steps.length >= (known?.table?.length ?? 0)
      const run = known && !longer ? known : fromRecord({ ...record, name: known?.name ?? freeName(record.name) })
      // What the record already holds is skipped.
      for (const use of said) use(run)
      if (!currentId.value) show(id)
    } finally {
      waiting.delete(id)
    }
  }
  /** Passes an event on to its run, which may have to be fetched first. */
  function to(id: string, use: (run: Run) => void): void {
    if (dropped.has(id)) return
    const said = waiting.get(id)
    const run = byId.get(id)
    if (said) said.push(use)
    else if (run) use(run)
    else {
      void reattach(id).catch((error) => warn(`run ${id} could not be fetched: ${failureOf(error).message.en}`))
      waiting.get(id)?.push(use)
    }
  }
  const warn = (text: string): void =>
    void api()
      .log('warn', text)
      .catch(() => undefined)

  let connected: Promise<void> | undefined
  /** Subscribes to main's events and takes over the runs it already has. Call once at start; again does nothing. */
  function connect(): Promise<void> {
    return (connected ??= (async () => {
      const clinic = api()
      clinic.on('runUpdate', ({ id, update }) => to(id, (run) => take(run, update)))
      for (const { id } of await clinic.listRuns()) await reattach(id)
    })())
  }

  /**
   * Starts a run of this experiment and shows it, following live.
   * @param files attached files by name.
   * @param from the checkpoint to go on from.
   * @param shown false: what is on screen stays there.
   * @param called name of the run; the experiment's unless given.
   * @returns the run; a refusal by main is its `failed` state with the problems.
   */
  async function start(
    experiment: Experiment,
    files: Attachments = {},
    from?: { run: Run; checkpoint: Checkpoint },
    shown = true,
    called?: string
  ): Promise<Run> {
    const copy = plain(experiment)
    const run = addLog(
      new RunLog({
        id: newId(),
        name: nextRunName(
          from ? continuedName(from.run.name, from.checkpoint.step) : (called ?? copy.name),
          namesBut(),
          language()
        ),
        experiment: copy,
        createdAt: new Date().toISOString(),
        ...(from ? { continuedFrom: { run: from.run.id, name: from.run.name, step: from.checkpoint.step } } : {})
      })
    )
    if (shown || !current.value) {
      show(run.id)
      followLive()
    }
    try {
      await connect()
      const options: StartOptions = {
        ...(run.name !== copy.name && { name: run.name }),
        ...(from && { from: { run: from.run.id, name: from.run.name, checkpoint: from.checkpoint } })
      }
      await (Object.keys(options).length
        ? api().startRun(run.id, copy, { ...files }, options)
        : api().startRun(run.id, copy, { ...files }))
    } catch (error) {
      take(run, { kind: 'failure', failure: failureOf(error), step: run.progress.step })
    }
    return run
  }
  /** Steers a run; one that has ended meanwhile can't be steered, which is no fault of the person who tried. */
  async function steer(
    call: 'pauseRun' | 'resumeRun' | 'stepRun' | 'stopRun' | 'inspectRun' | 'dropRun',
    id: string | null
  ): Promise<void> {
    if (!id) return
    try {
      await api()[call](id)
    } catch (error) {
      warn(`${call} ${id}: ${failureOf(error).message.en}`)
    }
  }
  const pause = (id = currentId.value): Promise<void> => steer('pauseRun', id)
  const resume = (id = currentId.value): Promise<void> => steer('resumeRun', id)
  /** One step, then paused. */
  const step = (id = currentId.value): Promise<void> => steer('stepRun', id)
  const stop = (id = currentId.value): Promise<void> => steer('stopRun', id)

  /** Asks for the distributions of the next step. */
  const inspect = (id = currentId.value): Promise<void> => steer('inspectRun', id)
  /**
   * Changes learning rate or remedies of a run while it goes on.
   * @returns the first step that has the change, or why it needs a new run.
   */
  async function change(
    what: RunChange,
    id = currentId.value
  ): Promise<{ ok: true; step: number } | { ok: false; failure: Failure }> {
    const run = id ? byId.get(id) : undefined
    try {
      const { step: from, anew } = await api().changeRun(id ?? '', plain(what))
      if (run && anew) run.experiment = markRaw(changed(run.experiment, plain(what)))
      return { ok: true, step: from }
    } catch (error) {
      return { ok: false, failure: failureOf(error) }
    }
  }
  /** Keeps a run as it is now. @returns the step it can be continued from, or why it can't be kept */
  async function keep(id = currentId.value): Promise<{ ok: true; step: number } | { ok: false; failure: Failure }> {
    try {
      return { ok: true, ...(await api().checkpointRun(id ?? '')) }
    } catch (error) {
      return { ok: false, failure: failureOf(error) }
    }
  }
  /** What a run trains now: what it was started with, and all that was changed since. */
  const experimentOf = (run: Run): Experiment => experimentAt(run.experiment, run.events)

  function show(id: string | null): void {
    currentId.value = id
    const last = current.value?.table?.lastStep
    if (pinnedStep.value !== null && (last === undefined || pinnedStep.value > last)) pinnedStep.value = null
  }
  /** Every view shows this step (or the last recorded one before it) until `followLive`. */
  function pin(at: number): void {
    const table = current.value?.table
    const frame = table?.frameAt(at) ?? -1
    if (table && frame >= 0) pinnedStep.value = table.steps[frame]!
  }
  function followLive(): void {
    pinnedStep.value = null
  }
  /** @param id expanded layer id (`hidden.3.dense`), or null. */
  function selectLayer(id: string | null): void {
    selectedLayerId.value = id
  }
  function rename(id: string, name: string): void {
    const run = byId.get(id)
    if (run) {
      run.name = freeName(name, run)
      triggerRef(runs)
      // Main doesn't know those that came with a project file.
      void api()
        .renameRun(id, run.name)
        .catch(() => undefined)
    }
  }
  /** Another place in the queue, among the runs that wait. @param by −1: sooner, 1: later */
  async function move(id: string, by: number): Promise<void> {
    const waiting = runs.value.filter((r) => r.progress.state === 'queued')
    const at = waiting.findIndex((r) => r.id === id)
    const to = Math.max(0, Math.min(waiting.length - 1, at + by))
    if (at < 0 || to === at) return
    waiting.splice(to, 0, ...waiting.splice(at, 1))
    const next = [...waiting]
    runs.value = runs.value.map((r) => (waiting.includes(r) ? next.shift()! : r))
    await api()
      .orderRuns(waiting.map((r) => r.id))
      .catch((error: unknown) => warn(`order: ${failureOf(error).message.en}`))
  }
  /** Stops the run if it still goes, and forgets it, here and in main. */
  function remove(id: string): void {
    const run = byId.get(id)
    if (!run) return
    void steer('dropRun', id)
    dropped.add(id)
    byId.delete(id)
    runs.value = runs.value.filter((r) => r !== run)
    if (currentId.value === id) show(runs.value[runs.value.length - 1]?.id ?? null)
  }
  /** Forgets all runs (a new project). */
  function clear(): void {
    for (const r of [...runs.value]) remove(r.id)
    pinnedStep.value = null
    selectedLayerId.value = null
  }

  /** Rows of a statistic: the layers it is recorded for or can be derived for; by default those with a kernel. Same object while nothing changes. */
  function rowsOf(statistic: string, mainOnly = true, run = current.value, timeLayer?: string): Rows | undefined {
    const { schema, table } = run ?? {}
    if (!run || !schema || !table) return undefined
    let all = rowsCache.get(table)
    if (!all) rowsCache.set(table, (all = new Map()))
    const timed = timeLayersOf(statistic, run)
    const over = timed.find((l) => l.id === timeLayer) ?? timed[0]
    const key = `${statistic} ${over ? over.id : mainOnly}`
    let rows = all.get(key)
    if (!rows && over) {
      const columns = table.timeColumns(over.index, statistic)
      rows = {
        layers: columns.map(() => over),
        times: columns.map((_, i) => i + 1),
        columns: Int32Array.from(columns),
        source: table
      }
      all.set(key, rows)
    }
    if (!rows) {
      const derive = table.statistics.includes(statistic) ? undefined : statistics.find(statistic)?.derive
      const layers = schema.layers.filter(
        (l) => (l.main || !mainOnly) && table.column(l.index, derive ? BASE : statistic) >= 0
      )
      if (derive) {
        // The topmost has no neighbour towards the loss, nor has a shortcut.
        const pairs = layers.flatMap((layer) => {
          const next = nextOf(run, layer.index)
          return next ? [{ layer, own: layer.index, next: next.index }] : []
        })
        rows = {
          layers: pairs.map((p) => p.layer),
          columns: Int32Array.from(pairs.keys()),
          source: markRaw(new DerivedFrames(table, pairs, derive))
        }
      } else rows = { layers, columns: Int32Array.from(layers, (l) => table.column(l.index, statistic)), source: table }
      all.set(key, rows)
    }
    return rows
  }
  /** The layers that have this statistic for each of their time steps. */
  const timeLayersOf = (statistic: string, run = current.value): RunLayer[] =>
    run?.schema?.layers.filter((l) => run.table?.timeColumns(l.index, statistic).length) ?? []
  const rowsFor = (
    statistic: string,
    { mainOnly = true, run = current.value }: { mainOnly?: boolean; run?: Run } = {}
  ): readonly RunLayer[] => rowsOf(statistic, mainOnly, run)?.layers ?? NO_ROWS
  /** The next layer towards the loss with an activation gradient. */
  function nextOf(run: Run, layer: number): RunLayer | undefined {
    const { schema, table } = run
    const own = schema?.layers.find((l) => l.index === layer)
    return own && nextTowardsLoss(schema!.layers, own, (l) => (table?.column(l.index, BASE) ?? -1) >= 0)
  }
  /** Value in frame `frame` (an index, not a step), derived where the statistic isn't recorded as such. */
  function valueIn(run: Run, frame: number, layer: number, statistic: string): number | undefined {
    const { table } = run
    if (!table) return undefined
    const column = table.column(layer, statistic)
    if (column >= 0) return table.value(frame, column)
    const derive = statistics.find(statistic)?.derive
    const next = derive && nextOf(run, layer)
    return (
      next &&
      derive(
        (s) => table.value(frame, table.column(layer, s)),
        (s) => table.value(frame, table.column(next.index, s))
      )
    )
  }
  /** Exact recorded value of a layer at a step (default: the shown one; between recorded steps the last before). */
  function valueAt(layer: number, statistic: string, at = shownStep.value, run = current.value): number | undefined {
    if (!run?.table || at === undefined || run.revision < 0) return undefined
    return valueIn(run, run.table.frameAt(at), layer, statistic)
  }
  function scalarAt(name: string, at = shownStep.value, run = current.value): number | undefined {
    if (!run?.table || at === undefined || run.revision < 0) return undefined
    return run.table.scalar(run.table.frameAt(at), run.table.scalarColumn(name))
  }
  const lossAt = (at = shownStep.value, run = current.value): number | undefined => scalarAt('loss', at, run)
  /** Newest evaluation at or before a step. */
  function evaluationAt(at = shownStep.value, run = current.value): Evaluation | undefined {
    if (!run || at === undefined || run.revision < 0) return undefined
    for (let i = run.evaluations.length - 1; i >= 0; i--) if (run.evaluations[i]!.step <= at) return run.evaluations[i]
    return undefined
  }
  /** Newest picture of a critic over the plane at or before a step. */
  function planeAt(at = shownStep.value, run = current.value): (Evaluation & { plane: Plane }) | undefined {
    if (!run || at === undefined || run.revision < 0) return undefined
    for (let i = run.evaluations.length - 1; i >= 0; i--) {
      const e = run.evaluations[i]!
      if (e.plane && e.step <= at) return e as Evaluation & { plane: Plane }
    }
    return undefined
  }
  /**
   * Colour range of a statistic in a run: its default, widened to what was measured. Shared by canvas, heatmap and profile.
   * @param own fitted to what was measured instead.
   */
  function rangeOf(statistic: string, run = current.value, own = false): Range {
    const scale = statistics.find(statistic)?.scale ?? 'log'
    if (!run?.table || run.revision < 0) return new RangeTracker(scale).range
    let all = trackers.get(run)
    if (!all) trackers.set(run, (all = new Map()))
    let tracker = all.get(statistic)
    if (!tracker) all.set(statistic, (tracker = new RangeTracker(scale)))
    const rows = rowsOf(statistic, false, run)
    // One scale for all recurrent layers.
    if (rows?.times)
      tracker.scan(
        rows.source,
        timeLayersOf(statistic, run).flatMap((l) => run.table!.timeColumns(l.index, statistic))
      )
    else if (rows) tracker.scan(rows.source, rows.columns)
    return own ? fit(scale, tracker.extent) : tracker.range
  }

  /** All runs as the project file keeps them. */
  function toRecords(): RunRecord[] {
    return runs.value.map((r) => ({
      id: r.id,
      name: r.name,
      experiment: r.experiment,
      createdAt: r.createdAt,
      progress: r.progress,
      ...(r.schema ? { schema: r.schema } : {}),
      frames: r.table?.toBatch() ?? {
        steps: new Int32Array(0),
        values: new Float32Array(0),
        scalars: new Float32Array(0)
      },
      evaluations: [...r.evaluations],
      findings: [...r.findings],
      ...(r.histograms.length ? { histograms: r.histograms } : {}),
      ...(r.events.length ? { events: [...r.events] } : {}),
      ...(r.checkpoints.length ? { checkpoints: [...r.checkpoints] } : {}),
      ...(r.continuedFrom ? { continuedFrom: r.continuedFrom } : {})
    }))
  }
  /** Replaces all runs by a project's. A run saved while it went on is shown as stopped there. */
  function fromRecords(records: RunRecord[]): void {
    clear()
    for (const record of records) {
      dropped.delete(record.id)
      fromRecord(
        isActive(record.progress.state) ? { ...record, progress: { ...record.progress, state: 'stopped' } } : record
      )
    }
    show(records[records.length - 1]?.id ?? null)
  }

  return {
    runs,
    currentId,
    current,
    active,
    pinnedStep,
    liveStep,
    shownStep,
    following,
    selectedLayerId,
    selectedLayer,
    connect,
    start,
    pause,
    resume,
    step,
    stop,
    inspect,
    change,
    keep,
    experimentOf,
    show,
    pin,
    followLive,
    selectLayer,
    rename,
    move,
    remove,
    clear,
    find,
    rowsOf,
    timeLayersOf,
    rowsFor,
    nextOf,
    valueIn,
    valueAt,
    scalarAt,
    lossAt,
    evaluationAt,
    planeAt,
    rangeOf,
    toRecords,
    fromRecords
  }
})
