import { markRaw, shallowRef, triggerRef } from 'vue'
import type { Sums } from '@shared/experiment/attached'
import type { Experiment } from '@shared/experiment/types'
import { briefOf, type BriefRun } from '@shared/run/brief'
import type { HistogramSet } from '@shared/run/histogram'
import type { RunHead, RunLog, RunPart } from '@shared/run/runLog'
import type {
  Checkpoint,
  Evaluation,
  Finding,
  Progress,
  RunEvent,
  RunRecord,
  RunSchema,
  RunState,
  RunVerdict
} from '@shared/run/types'
import type { RunUpdate } from '@shared/run/update'
import { Frames } from './frames'

const ACTIVE: readonly RunState[] = ['queued', 'starting', 'running', 'paused']
/** Whether a run in this state has not come to its end. */
export const isActive = (state: RunState): boolean => ACTIVE.includes(state)
/**
 * The word for the state of a run: a run whose process died has crashed, one that was refused has failed, one that went
 * on when the app ended was interrupted.
 */
export const stateWord = ({ state, failure, interrupted }: Progress): RunState | 'crashed' | 'interrupted' =>
  interrupted
    ? 'interrupted'
    : state === 'failed' && failure && (failure.signal || failure.exitCode !== undefined)
      ? 'crashed'
      : state

/**
 * A run as views read it. Every read is reactive: what follows progress and findings is told at once, what follows
 * frames and evaluations
 * at the pace that leaves the window free.
 */
export interface Run {
  readonly id: string
  readonly createdAt: string
  /** Seconds from its first step to now, or to its end; undefined before it, and where the window didn't see both. */
  readonly seconds: number | undefined
  readonly continuedFrom: RunRecord['continuedFrom']
  /** Id of the search for a cure that it is a training of. */
  readonly search: string | undefined
  /** Of the attached files that it was trained with. */
  readonly sums: Sums | undefined
  /** Path of the recording that it is read from: it is a training in another program. */
  readonly watched: string | undefined
  readonly name: string
  /** As it was started; `experimentAt(experiment, events)` is what it trains now. */
  readonly experiment: Experiment
  readonly progress: Progress
  readonly schema: RunSchema | undefined
  /** Recorded frames; undefined until the schema is known. */
  readonly frames: Frames | undefined
  /** The same frames, for what is brought up to date at every animation frame and takes less than a millisecond. */
  readonly liveFrames: Frames | undefined
  readonly evaluations: readonly Evaluation[]
  readonly findings: readonly Finding[]
  /** Whether it has learnt, as far as that was judged. */
  readonly verdict: RunVerdict | undefined
  /** By step. */
  readonly histograms: readonly HistogramSet[]
  /** In order of steps. */
  readonly events: readonly RunEvent[]
  /** What the run can be continued from, in order of steps. */
  readonly checkpoints: readonly Checkpoint[]
}

/** What is told when a read of it has to be made again. */
class Signal {
  readonly #ref = shallowRef(0)
  track(): void {
    void this.#ref.value
  }
  tell(): void {
    triggerRef(this.#ref)
  }
}

/** A run as the store keeps it: a log, and who is told what of it when. */
export class Recording implements Run {
  readonly #log: RunLog
  /** Whatever is told at once. */
  readonly #head = new Signal()
  readonly #parts = new Map<RunPart, Signal>()
  /** Growth of frames and evaluations, at two paces. */
  readonly #growth = new Signal()
  readonly #liveGrowth = new Signal()
  #frames: Frames | undefined
  #liveFrames: Frames | undefined
  /** When it was first seen to run, in milliseconds. */
  #began: number | undefined

  constructor(log: RunLog) {
    this.#log = log
    markRaw(this)
  }
  /** The log, noted as read for one of its parts that is told at once. */
  #read(part: RunPart): RunLog {
    let signal = this.#parts.get(part)
    if (!signal) this.#parts.set(part, (signal = new Signal()))
    signal.track()
    return this.#log
  }
  #readHead(): RunHead {
    this.#head.track()
    return this.#log.head
  }

  get id(): string {
    return this.#log.head.id
  }
  get createdAt(): string {
    return this.#log.head.createdAt
  }
  get seconds(): number | undefined {
    const { state } = this.progress
    return this.#began !== undefined && isActive(state)
      ? (performance.now() - this.#began) / 1000
      : this.#log.head.seconds
  }
  get continuedFrom(): RunRecord['continuedFrom'] {
    return this.#log.head.continuedFrom
  }
  get search(): string | undefined {
    return this.#log.head.search
  }
  get sums(): Sums | undefined {
    return this.#log.head.sums
  }
  get watched(): string | undefined {
    return this.#log.head.watched
  }
  get name(): string {
    return this.#readHead().name
  }
  set name(name: string) {
    this.#log.head.name = name
    this.#head.tell()
  }
  get experiment(): Experiment {
    return this.#readHead().experiment
  }
  set experiment(experiment: Experiment) {
    this.#log.head.experiment = experiment
    this.#head.tell()
  }
  get progress(): Progress {
    return this.#read('progress').progress
  }
  get schema(): RunSchema | undefined {
    return this.#read('schema').schema
  }
  get frames(): Frames | undefined {
    const { table } = this.#read('schema')
    return (this.#frames ??= table && new Frames(table, () => this.#growth.track()))
  }
  get liveFrames(): Frames | undefined {
    const { table } = this.#read('schema')
    return (this.#liveFrames ??= table && new Frames(table, () => this.#liveGrowth.track()))
  }
  get evaluations(): readonly Evaluation[] {
    this.#growth.track()
    return this.#log.evaluations
  }
  get findings(): readonly Finding[] {
    return this.#read('findings').findings
  }
  get verdict(): RunVerdict | undefined {
    return this.#read('verdict').verdict
  }
  get histograms(): readonly HistogramSet[] {
    return this.#read('histograms').histograms
  }
  get events(): readonly RunEvent[] {
    return this.#read('events').events
  }
  get checkpoints(): readonly Checkpoint[] {
    return this.#read('checkpoints').checkpoints
  }

  /**
   * Adds an update, and tells of it at once unless frames or evaluations grew by it.
   * @returns the part of the run that it changed, if it changed any
   */
  apply(update: RunUpdate): RunPart | undefined {
    const part = this.#log.apply(update)
    if (part === 'progress') this.#clock()
    if (part) this.#parts.get(part)?.tell()
    return part
  }
  #clock(): void {
    const { progress, head } = this.#log
    if (progress.state === 'running') this.#began ??= performance.now()
    else if (!isActive(progress.state) && this.#began !== undefined)
      head.seconds = (performance.now() - this.#began) / 1000
  }
  /** Tells those who keep up with the screen that frames have come. */
  tellLive(): void {
    this.#liveGrowth.tell()
  }
  /** Tells everybody else that frames or evaluations have come. */
  tellGrowth(): void {
    this.#growth.tell()
  }
  toRecord(): RunRecord {
    return this.#log.toRecord()
  }
  toBrief(): BriefRun {
    return briefOf(this.#log)
  }
}
