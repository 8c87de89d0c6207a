import type { Attachments } from '@shared/catalog/datasets'
import type { Experiment } from '@shared/experiment/types'
import type { StartOptions, TrainerProgress } from '@shared/ipc/trainer'
import { withCheckpoint } from '@shared/run/checkpoints'
import { FrameTable } from '@shared/run/frameTable'
import { type HistogramSet, withHistograms } from '@shared/run/histogram'
import type {
  Checkpoint,
  Evaluation,
  Failure,
  Finding,
  FrameBatch,
  Progress,
  RunEvent,
  RunRecord,
  RunSchema,
  RunState
} from '@shared/run/types'
import type { Child } from './child'
import { Feed, type Emit } from './feed'

const ENDED: readonly RunState[] = ['finished', 'stopped', 'failed']
/** Silent for this many seconds: worth telling. */
const WAITING = 5
const EMPTY: FrameBatch = { steps: new Int32Array(0), values: new Float32Array(0), scalars: new Float32Array(0) }

/** One run as main keeps it: the record grows here, whoever watches. */
export class Run {
  progress: Progress
  name: string
  schema?: RunSchema
  table?: FrameTable
  readonly evaluations: Evaluation[] = []
  findings: Finding[] = []
  histograms: HistogramSet[] = []
  events: RunEvent[] = []
  checkpoints: Checkpoint[] = []
  readonly feed: Feed
  child?: Child
  /** Somebody pressed Stop. */
  stopAsked = false
  private lastSign = 0
  private readonly createdAt = new Date().toISOString()

  constructor(
    readonly id: string,
    /** Changes only while it waits. */
    public experiment: Experiment,
    readonly files: Attachments,
    private readonly emit: Emit,
    readonly options: StartOptions = {}
  ) {
    this.progress = { state: 'queued', step: options.from?.checkpoint.step ?? 0, steps: experiment.training.steps }
    this.name = options.name ?? experiment.name
    this.feed = new Feed(this, emit)
  }
  get over(): boolean {
    return ENDED.includes(this.progress.state)
  }
  /** Takes up a core. */
  get busy(): boolean {
    return this.progress.state === 'starting' || this.progress.state === 'running'
  }
  /** Its turn is still to come. */
  get waits(): boolean {
    return this.progress.state === 'queued'
  }
  /** A run that was paused waits for a core, doesn't any more, or has got one. */
  back(state: 'queued' | 'paused' | 'running'): void {
    this.progress = { ...this.progress, state }
    this.feed.notify('progress')
  }
  /** The child lives. */
  sign(now: number): void {
    this.lastSign = now
    if (this.progress.waiting !== undefined) {
      this.progress = { ...this.progress, waiting: undefined }
      this.feed.notify('progress')
    }
  }
  /** Tells of a child that has been silent for long: one step may take that long, or a native call hangs. */
  checkSigns(now: number): void {
    const silent = Math.floor((now - this.lastSign) / 1000)
    if (!this.busy || silent < WAITING) return
    this.progress = { ...this.progress, waiting: silent }
    this.feed.notify('progress')
  }
  setSchema(schema: RunSchema): void {
    this.schema = schema
    this.table = new FrameTable(schema)
    this.emit('runSchema', { id: this.id, schema })
  }
  /** @throws RangeError when the frames don't fit the schema */
  addFrames(frames: FrameBatch): void {
    if (!this.table) throw new RangeError('frames came before their schema')
    this.table.append(frames)
    this.feed.notify('frames')
  }
  addEvaluation(evaluation: Evaluation): void {
    this.evaluations.push(evaluation)
    this.feed.notify('evaluation')
  }
  setFindings(findings: Finding[]): void {
    this.findings = findings
    this.feed.notify('findings')
  }
  /** Told at once: they are few. */
  addHistograms(set: HistogramSet): void {
    this.histograms = withHistograms(this.histograms, set)
    this.emit('runHistograms', { id: this.id, histograms: set })
  }
  setEvents(events: RunEvent[]): void {
    this.events = events
    this.emit('runEvents', { id: this.id, events })
  }
  addCheckpoint(checkpoint: Checkpoint, kept: number[]): void {
    this.checkpoints = withCheckpoint(this.checkpoints, checkpoint, kept)
    this.emit('runCheckpoint', { id: this.id, checkpoint, kept })
  }
  /** What the trainer says of its progress; the end is told by `end` alone. */
  setProgress({ state, step, steps, rate }: TrainerProgress): void {
    if (this.over) return
    const ended = state === 'finished' || state === 'stopped'
    this.progress = { state: ended ? this.progress.state : state, step, steps, ...(rate !== undefined && { rate }) }
    this.feed.notify('progress')
  }
  begin(now: number): void {
    this.lastSign = now
    this.progress = { ...this.progress, state: 'starting' }
    this.feed.notify('progress')
  }
  end(state: 'finished' | 'stopped' | 'failed', failure?: Failure): void {
    if (this.over) return
    const { step, steps } = this.progress
    this.progress = { state, step, steps, ...(failure && { failure }) }
    this.feed.notify('progress')
  }
  record(): RunRecord {
    return {
      id: this.id,
      name: this.name,
      experiment: this.experiment,
      createdAt: this.createdAt,
      progress: this.progress,
      ...(this.schema && { schema: this.schema }),
      frames: this.table?.toBatch() ?? EMPTY,
      evaluations: [...this.evaluations],
      findings: this.findings,
      ...(this.histograms.length && { histograms: this.histograms }),
      events: this.events,
      checkpoints: this.checkpoints,
      ...(this.options.from && {
        continuedFrom: {
          run: this.options.from.run,
          name: this.options.from.name,
          step: this.options.from.checkpoint.step
        }
      })
    }
  }
}
