import { placeOf } from '../../shared/run/checkpoints'
import { isKeptStep, type HistogramSet } from '../../shared/run/histogram'
import type { Batch } from '../engine'
import { histogramsOf } from '../histograms'
import type { Model } from '../model'
import type { NamedArray } from '../../shared/takehome/types'
import { snapshot } from '../snapshot'
import { loadTensorFlow } from '../tensorflow'
import type { Emit } from './events'
import type { Training } from './training'

/** What is looked at beside the recorded statistics. */
export interface InspectionOptions {
  /** Distributions are counted at kept steps, and when somebody asks. */
  histograms?: boolean
  /** Steps to take a snapshot of. The number of steps means: after the last step. */
  snapshots?: readonly number[]
  /** Takes the snapshots. */
  onSnapshot?: (step: number, arrays: NamedArray[]) => void
}
/** Distributions of the first step that were counted before the run began; they hold for this model alone. */
export interface Ahead {
  model: Model
  set: HistogramSet
}

/** Distributions that were asked for take at most one part in so many of the time. */
const SHARE = 10

const arraysOf = ({ model, engine, step }: Training, batch: Batch): NamedArray[] =>
  snapshot(loadTensorFlow().tf, model, engine.read(), batch, step + 1)

/** Distributions of the weights before the next step and of what it makes of a batch. Nothing is changed. */
export const countHistograms = (training: Training, batch: Batch): HistogramSet =>
  histogramsOf(training.model, arraysOf(training, batch), training.step)

/**
 * Takes the snapshots and distributions of a session. Each shows the weights before a step and the batch that it sees,
 * as its frame does.
 */
export class Inspection {
  private isAsked = false
  private last = { at: 0, took: 0 }

  constructor(
    private readonly training: Training,
    private readonly emit: Emit,
    private readonly options: InspectionOptions,
    private ahead?: Ahead
  ) {}

  /** Asks for the distributions of the next step. */
  ask(): void {
    this.isAsked = true
  }
  /** Counts the distributions of a step that is kept; of one that was asked for, if the time that it takes allows. */
  count(batch: Batch): void {
    if (!this.options.histograms) return
    const { step, steps, model } = this.training
    const start = performance.now()
    const kept = isKeptStep(step, steps, model.plan.layers.length)
    const asked = this.isAsked && start - this.last.at >= SHARE * this.last.took
    if (!kept && !asked) return
    const ahead = step === 0 && this.ahead?.model === model ? this.ahead.set : undefined
    this.ahead = undefined
    const set = ahead ?? countHistograms(this.training, batch)
    this.emit({ kind: 'histograms', histograms: kept ? set : { ...set, live: true } })
    this.isAsked = false
    const now = performance.now()
    this.last = { at: now, took: now - start }
  }
  /** Takes a snapshot, if one of this step was asked for. @param drawn examples that were drawn before the batch */
  photograph(batch: Batch, drawn: number): void {
    const { snapshots, onSnapshot } = this.options
    const { step } = this.training
    if (!onSnapshot || !snapshots?.includes(step)) return
    const place = { name: 'place', shape: [3], data: placeOf(step, drawn) }
    onSnapshot(step, [...arraysOf(this.training, batch), place])
  }
}
