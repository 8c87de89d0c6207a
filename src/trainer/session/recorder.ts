import { Judge } from '../../shared/clinic/judge'
import { FrameTable } from '../../shared/run/frameTable'
import { RunHistory } from '../../shared/run/history'
import type { Evaluation } from '../../shared/run/types'
import type { Batch } from '../engine'
import type { Emit } from './events'
import type { Training } from './training'

/**
 * Milliseconds between two batches of frames: more than two batches for each picture of a screen, so that a late one
 * meets the next picture.
 */
const FRAME_PACE = 6
/** Milliseconds between two looks at the findings. */
const FINDINGS_PACE = 250
/** Frame batches that may be under way unacknowledged. */
const CREDITS = 4

/** Records frames and evaluations, judges them, and emits them at a pace that their consumer can follow. */
export class Recorder {
  /** What the rules see of the run. */
  readonly history: RunHistory
  private readonly judge: Judge
  /** Recorded and not emitted yet. */
  private readonly pending: FrameTable
  private underWay = 0
  private sentFrames = 0
  private sentFindings = { at: 0, text: '[]' }

  constructor(
    private readonly training: Training,
    private readonly emit: Emit
  ) {
    const { schema, effective } = training
    this.history = new RunHistory(schema, effective.training.optimizer['learningRate'] as number, training.treated)
    this.pending = new FrameTable(schema)
    this.judge = new Judge(this.history)
  }

  /**
   * Records the frame of a step.
   * @param batch what the step was trained on
   * @param flat what the step gave: the model's head, the measurements, then the output
   */
  record(step: number, batch: Batch, flat: Float32Array): void {
    const { model, metrics } = this.training
    const outputFrom = model.head.length + model.measurement.count
    const values = model.measurement.frame(flat, model.head.length)
    const measured = this.training.metricsOf(flat.subarray(outputFrom), batch.y, batch.count)
    const scalars = Float32Array.from([
      flat[0]!,
      ...metrics.map((_, i) => measured[i]!),
      flat[2]!,
      ...(model.generator ? [flat[3]!] : []),
      flat[1]!,
      model.learningRate(step + 1)
    ])
    this.pending.append({ steps: Int32Array.of(step), values, scalars })
    this.history.append(step, values, scalars)
    this.judge.look()
  }
  addEvaluation(evaluation: Evaluation): void {
    this.history.evaluations.push(evaluation)
    this.emit({ kind: 'evaluation', evaluation })
  }
  /** @param count frame batches that the consumer has taken. @param now emit what is pending in any case */
  acknowledge(count: number, now: boolean): void {
    this.underWay = Math.max(0, this.underWay - count)
    this.flush(now)
  }
  /**
   * Emits frames and findings. @param now false: only at their pace, and frames only while few batches are under way
   */
  flush(now: boolean): void {
    const time = Date.now()
    if (this.pending.length && (now || (time - this.sentFrames >= FRAME_PACE && this.underWay < CREDITS))) {
      const frames = this.pending.toBatch()
      this.pending.clear()
      this.underWay++
      this.sentFrames = time
      this.emit({ kind: 'frames', frames })
    }
    if (now || time - this.sentFindings.at >= FINDINGS_PACE) {
      const findings = this.judge.findings()
      const text = JSON.stringify(findings, (_k, v: unknown) => (typeof v === 'number' ? String(v) : v))
      if (text !== this.sentFindings.text) this.emit({ kind: 'findings', findings })
      this.sentFindings = { at: time, text }
    }
  }
  /** Judges the last frame and emits all that is pending. */
  finish(): void {
    this.judge.look(true)
    this.flush(true)
  }
}
