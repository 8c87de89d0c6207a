// Longer than 300 lines, because every kind of update is taken here.
import { withCheckpoint } from './checkpoints'
import { FrameTable } from './frameTable'
import { type HistogramSet, withHistograms } from './histogram'
import type {
  Checkpoint,
  Evaluation,
  Finding,
  FrameBatch,
  Progress,
  RunEvent,
  RunRecord,
  RunSchema,
  RunVerdict
} from './types'
import { isLive } from './state'
import type { RunUpdate } from './update'

/** What is known of a run before its first update. Name and experiment may be replaced while it waits. */
export type RunHead = Pick<
  RunRecord,
  'id' | 'name' | 'experiment' | 'createdAt' | 'seconds' | 'continuedFrom' | 'search' | 'sums' | 'watched'
>
/** What an update can change; `progress` includes the end of the run. */
export type RunPart =
  'schema' | 'frames' | 'evaluations' | 'findings' | 'verdict' | 'histograms' | 'checkpoints' | 'events' | 'progress'
/** How far a consumer has been told: a position in each part. Only `RunLog` makes and reads the numbers. */
export type Cursor = Readonly<Record<RunPart, number>>
/** How much of a run `since` gives at once. */
export interface Room {
  /** Batches of frames. */
  batches?: number
  /** Numbers in one batch of frames; a batch has one frame at least. */
  numbers?: number
  evaluations?: number
}

/** The cursor of a consumer that knows the head of a run alone. */
export const START: Cursor = {
  schema: 0,
  frames: 0,
  evaluations: 0,
  findings: 0,
  verdict: 0,
  histograms: 0,
  checkpoints: 0,
  events: 0,
  progress: 0
}
/** The same cursor, except that one part is to be told again. */
export const again = (cursor: Cursor, part: RunPart): Cursor => ({ ...cursor, [part]: 0 })

const NO_FRAMES: FrameBatch = { steps: new Int32Array(0), values: new Float32Array(0), scalars: new Float32Array(0) }
const UNKNOWN = { message: { en: 'the cause is not known', zh: '原因不明' } }

/**
 * One run: the sum of its updates. Every consumer of updates (main, the window, the command line, tests) keeps a run as
 * a `RunLog`, and a log is a producer in turn: `since` gives what another consumer is missing. An update that was
 * applied before changes nothing, so streams may overlap. Lists other than `evaluations` are replaced, not changed in
 * place; frames and evaluations grow in place.
 */
export class RunLog {
  schema: RunSchema | undefined
  /** All recorded frames; there from the schema on. */
  table: FrameTable | undefined
  progress: Progress
  /** Rising steps. */
  readonly evaluations: Evaluation[] = []
  findings: readonly Finding[] = []
  verdict: RunVerdict | undefined
  /** Rising steps. */
  histograms: readonly HistogramSet[] = []
  /** In the order in which they happened. */
  events: readonly RunEvent[] = []
  /** Rising steps. */
  checkpoints: readonly Checkpoint[] = []
  /** Where each part ends. */
  private readonly ends: Record<RunPart, number> = { ...START, progress: 1 }
  /**
   * Positions of histogram sets and checkpoints in their parts: the lists lose members, so places in them say nothing.
   */
  private readonly places = new WeakMap<HistogramSet | Checkpoint, number>()
  /** The last live set that only removed the live set before it, because its step had a kept one. */
  private removal: HistogramSet | undefined

  /** @param head members may be replaced by the owner of the log, and are part of its record */
  constructor(readonly head: RunHead) {
    const { continuedFrom, experiment } = head
    this.progress = { state: 'queued', step: continuedFrom?.step ?? 0, steps: experiment.training.steps }
  }
  /** The run of a record. */
  static from(record: RunRecord): RunLog {
    const { progress, schema, frames, evaluations, findings, ...more } = record
    const { verdict, histograms = [], events = [], checkpoints = [], ...head } = more
    const log = new RunLog(head)
    if (schema) {
      log.apply({ kind: 'schema', schema })
      log.apply({ kind: 'frames', frames })
    }
    for (const evaluation of evaluations) log.apply({ kind: 'evaluation', evaluation })
    if (findings.length) log.apply({ kind: 'findings', findings })
    if (verdict) log.apply({ kind: 'verdict', verdict })
    for (const set of histograms) log.apply({ kind: 'histograms', histograms: set })
    events.forEach((event, index) => log.apply({ kind: 'event', event, index }))
    const kept = checkpoints.map((c) => c.step)
    for (const checkpoint of checkpoints) log.apply({ kind: 'checkpoint', checkpoint, kept })
    log.setProgress(progress)
    return log
  }

  /** The run has ended. */
  get over(): boolean {
    return !isLive(this.progress.state)
  }

  /**
   * Adds an update to the run.
   * @returns the part that it changed; undefined when it changed nothing, because it was applied before or comes after
   *   the end
   * @throws RangeError for frames before their schema, frames that don't fit it, and an event whose predecessor is
   *   missing
   */
  apply(update: RunUpdate): RunPart | undefined {
    switch (update.kind) {
      case 'schema':
        return this.setSchema(update.schema)
      case 'frames':
        return this.addFrames(update.frames)
      case 'evaluation':
        return this.addEvaluation(update.evaluation)
      case 'findings':
        this.findings = update.findings
        this.ends.findings++
        return 'findings'
      case 'verdict':
        this.verdict = update.verdict
        this.ends.verdict++
        return 'verdict'
      case 'histograms':
        return this.addHistograms(update.histograms)
      case 'checkpoint':
        this.checkpoints = withCheckpoint(this.checkpoints, update.checkpoint, update.kept)
        this.places.set(update.checkpoint, ++this.ends.checkpoints)
        return 'checkpoints'
      case 'event':
        return this.addEvent(update.event, update.index)
      default:
        return this.over ? undefined : this.setProgress(this.progressAfter(update))
    }
  }

  /** Whether `since` has anything for a consumer. */
  isAhead(cursor: Cursor): boolean {
    return (Object.keys(START) as RunPart[]).some((part) => cursor[part] < this.ends[part])
  }
  /**
   * What a consumer that stopped at a cursor is missing, as few updates as possible: frames in large batches, and of
   * what has been replaced only the newest. The end of the run is given last, when the room sufficed for all else.
   * @returns the updates, and the cursor to ask with the next time. Frames are copies
   */
  since(cursor: Cursor, room: Room = {}): { updates: RunUpdate[]; cursor: Cursor } {
    const { ends } = this
    const updates: RunUpdate[] = []
    const next = { ...ends }
    if (this.schema && cursor.schema < ends.schema) updates.push({ kind: 'schema', schema: this.schema })
    next.frames = this.framesSince(cursor.frames, room, updates)
    next.evaluations = Math.min(ends.evaluations, cursor.evaluations + (room.evaluations ?? Infinity))
    for (const evaluation of this.evaluations.slice(cursor.evaluations, next.evaluations))
      updates.push({ kind: 'evaluation', evaluation })
    this.events
      .slice(cursor.events)
      .forEach((event, i) => updates.push({ kind: 'event', event, index: cursor.events + i }))
    for (const set of this.histogramsSince(cursor.histograms)) updates.push({ kind: 'histograms', histograms: set })
    const kept = this.checkpoints.map((c) => c.step)
    for (const checkpoint of this.checkpoints)
      if (this.places.get(checkpoint)! > cursor.checkpoints) updates.push({ kind: 'checkpoint', checkpoint, kept })
    if (cursor.findings < ends.findings) updates.push({ kind: 'findings', findings: [...this.findings] })
    if (this.verdict && cursor.verdict < ends.verdict) updates.push({ kind: 'verdict', verdict: this.verdict })
    if (cursor.progress < ends.progress) {
      if (this.over && (next.frames < ends.frames || next.evaluations < ends.evaluations))
        next.progress = cursor.progress
      else updates.push(this.lastProgress())
    }
    return { updates, cursor: next }
  }

  /**
   * The progress that a consumer is missing, which may be told ahead of all else. The end may not: `since` alone gives
   * it.
   */
  progressSince(cursor: Cursor): { updates: RunUpdate[]; cursor: Cursor } {
    const { progress } = this.ends
    if (this.over || cursor.progress >= progress) return { updates: [], cursor }
    return { updates: [this.lastProgress()], cursor: { ...cursor, progress } }
  }

  /** All that is kept of the run. Frames are copied, all else is shared. */
  toRecord(): RunRecord {
    return {
      ...this.toHead(),
      ...(this.schema && { schema: this.schema }),
      frames: this.toBatch(),
      evaluations: [...this.evaluations],
      ...(this.histograms.length && { histograms: [...this.histograms] }),
      ...(this.checkpoints.length && { checkpoints: [...this.checkpoints] })
    }
  }
  /** The same without what grows with the run. */
  toHead(): Omit<RunRecord, 'schema' | 'frames' | 'evaluations' | 'histograms' | 'checkpoints'> {
    const { id, name, experiment, createdAt, seconds, continuedFrom, search, sums, watched } = this.head
    return {
      id,
      name,
      experiment,
      createdAt,
      ...(seconds !== undefined && { seconds }),
      progress: this.progress,
      findings: [...this.findings],
      ...(this.verdict && { verdict: this.verdict }),
      ...(this.events.length && { events: [...this.events] }),
      ...(continuedFrom && { continuedFrom }),
      ...(search !== undefined && { search }),
      ...(sums && { sums }),
      ...(watched !== undefined && { watched })
    }
  }
  /** A copy of the first frames. @param frames all unless given; at most as many as there are */
  toBatch(frames?: number): FrameBatch {
    return this.table?.toBatch(frames) ?? NO_FRAMES
  }

  private setSchema(schema: RunSchema): RunPart | undefined {
    if (this.schema) return undefined
    this.schema = schema
    this.table = new FrameTable(schema)
    this.ends.schema = 1
    return 'schema'
  }
  private addFrames(frames: FrameBatch): RunPart | undefined {
    if (!this.table) throw new RangeError('frames came before their schema')
    if (!this.table.append(frames)) return undefined
    this.ends.frames = this.table.length
    return 'frames'
  }
  private addEvaluation(evaluation: Evaluation): RunPart | undefined {
    const last = this.evaluations[this.evaluations.length - 1]
    if (last && last.step >= evaluation.step) return undefined
    this.ends.evaluations = this.evaluations.push(evaluation)
    return 'evaluations'
  }
  private addHistograms(set: HistogramSet): RunPart | undefined {
    if (this.histograms.includes(set)) return undefined
    const sets = withHistograms(this.histograms, set)
    const isAdded = sets.includes(set)
    if (!isAdded && sets.length === this.histograms.length) return undefined
    if (!isAdded) this.removal = set
    this.histograms = sets
    this.places.set(set, ++this.ends.histograms)
    return 'histograms'
  }
  /** In the order in which they were applied. */
  private histogramsSince(place: number): HistogramSet[] {
    const placeOf = (set: HistogramSet): number => this.places.get(set)!
    return [...this.histograms, ...(this.removal ? [this.removal] : [])]
      .filter((set) => placeOf(set) > place)
      .sort((a, b) => placeOf(a) - placeOf(b))
  }
  private addEvent(event: RunEvent, index: number): RunPart | undefined {
    if (index > this.events.length)
      throw new RangeError(`event ${index} came after ${this.events.length} events: one is missing`)
    if (index < this.events.length) return undefined
    this.events = [...this.events, event]
    this.ends.events = this.events.length
    return 'events'
  }
  private progressAfter(update: Extract<RunUpdate, { kind: 'progress' | 'failure' | 'done' }>): Progress {
    if (update.kind === 'progress') return update.progress
    const { steps } = this.progress
    return update.kind === 'done'
      ? { state: update.state, step: update.step, steps, ...(update.interrupted && { interrupted: true }) }
      : { state: 'failed', step: update.step, steps, failure: update.failure }
  }
  private setProgress(progress: Progress): RunPart {
    this.progress = progress
    this.ends.progress++
    return 'progress'
  }
  private lastProgress(): RunUpdate {
    const { state, step, failure, interrupted, ...rest } = this.progress
    if (state === 'failed') return { kind: 'failure', failure: failure ?? UNKNOWN, step }
    if (state === 'finished' || state === 'diverged' || state === 'stopped')
      return { kind: 'done', state, step, ...(interrupted && { interrupted }) }
    return { kind: 'progress', progress: { state, step, ...rest } }
  }
  /** @returns the position after the frames that there was room for */
  private framesSince(from: number, { batches = Infinity, numbers = Infinity }: Room, out: RunUpdate[]): number {
    const { table } = this
    if (!table) return from
    const { width, scalarWidth, length } = table
    const perBatch = Math.max(1, Math.floor(numbers / (width + scalarWidth + 1)))
    for (let n = 0; from < length && n < batches; n++) {
      const to = Math.min(length, from + perBatch)
      out.push({
        kind: 'frames',
        frames: {
          steps: table.steps.slice(from, to),
          values: table.values.slice(from * width, to * width),
          scalars: table.scalars.slice(from * scalarWidth, to * scalarWidth)
        }
      })
      from = to
    }
    return from
  }
}
