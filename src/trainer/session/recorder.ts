import { Judge } from '../../shared/clinic/judge'
import { FrameTable } from '../../shared/run/frameTable'
import { RunHistory } from '../../shared/run/history'
import type { Evaluation } from '../../shared/run/types'
import type { Batch } from '../engine'
import type { Emit } from './events'
import type { Training } from './training'
import { Twins } from './twins'

/**
 * Milliseconds between two batches of frames: more than two batches for each picture of a screen, so that a late one
 * meets the next picture.
 */
const FRAME_PACE = 6
/** Milliseconds between two looks at the findings. */
const FINDINGS_PACE = 250
/** Frame batches that may be under way unacknowledged. */
const CREDITS = 4
/**
 * A loss so many times that of the first step, or of the baseline, is looked into: the next step is recorded out of
 * turn. Then it has to rise by as much again, and that often at most.
 */
const [ALARMING, ALARMS] = [3, 16]
/** Steps from the first on that are judged, recorded or not, and how many more, evenly spread, in the whole run. */
const [FIRST_LOOKS, LOOKS] = [9, 64]
/** Steps, from one look at a norm's running averages to the next: so many times as many. */
const GAP_PACE = 1.2

/** JSON in which NaN and ±Inf stay apart. */
const textOf = (value: unknown): string =>
  JSON.stringify(value, (_k, v: unknown) => (typeof v === 'number' ? String(v) : v))

/** Records frames and evaluations, judges them, and emits them at a pace that their consumer can follow. */
export class Recorder {
  /** What the rules see of the run. */
  readonly history: RunHistory
  private readonly judge: Judge
  private readonly twins: Twins
  private readonly hasBatchNorm: boolean
  /** Recorded and not emitted yet. */
  private readonly pending: FrameTable
  private underWay = 0
  private sentFrames = 0
  private sentFindings = { at: 0, text: '[]' }
  private sentVerdict = ''
  /** What a loss has to exceed for the next step to be recorded out of turn, and how often that may still be. */
  private alarm = { above: Infinity, left: ALARMS }
  private isAlarmed = false

  constructor(
    private readonly training: Training,
    private readonly emit: Emit
  ) {
    const { schema, effective } = training
    this.history = new RunHistory(schema, effective.training.optimizer['learningRate'] as number, training.treated)
    this.pending = new FrameTable(schema)
    this.judge = new Judge(this.history)
    this.twins = new Twins(training)
    this.hasBatchNorm = schema.info.task !== 'critic' && schema.layers.some((l) => l.kind === 'batchNorm')
  }

  /**
   * Records the frame of a step, or only judges it.
   * @param batch what the step was trained on
   * @param flat what the step gave: the model's head, the measurements, then the output
   * @param used what the network makes of the batch before the step, as in use after training, where that was asked for
   * @param isKept whether the run is to hold the frame, not only the rules
   */
  record(step: number, batch: Batch, flat: Float32Array, used: Float32Array | undefined, isKept: boolean): void {
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
    if (isKept) this.pending.append({ steps: Int32Array.of(step), values, scalars })
    this.history.append(step, values, scalars)
    if (used)
      this.history.gaps.push({
        step,
        trained: { loss: flat[0]!, ...Object.fromEntries(metrics.map((name, i) => [name, measured[i]!])) },
        used: this.training.score(used, batch.y, batch.count)
      })
    const frames = this.history.length
    if (frames < 4 || (frames & (frames - 1)) === 0) this.history.twins = this.twins.look()
    this.judge.look()
  }
  /**
   * Whether a recorded step is to be answered as in use, too: now and then, where a norm makes that another answer.
   */
  wantsGap(step: number): boolean {
    const { gaps } = this.history
    const last = gaps[gaps.length - 1]
    return this.hasBatchNorm && (!last || step >= GAP_PACE * (last.step + 1))
  }
  /**
   * Whether the rules are to see a step that is not recorded: what is judged does not depend on what is recorded.
   * @param made steps made so far
   * @param steps steps of the whole run
   */
  wantsLook(made: number, step: number, steps: number): boolean {
    return made < FIRST_LOOKS || step % Math.max(1, Math.floor(steps / LOOKS)) === 0
  }
  /** Whether the next step is to be recorded out of turn, because of the loss of the one before. */
  get wantsNext(): boolean {
    return this.isAlarmed
  }
  /** Takes the loss of every step: what is judged does not depend on what is recorded. */
  observe(step: number, loss: number): void {
    const { history, alarm } = this
    const before = history.lossAt(step - 1)
    history.observe(step, loss)
    if (before === undefined)
      alarm.above = ALARMING * Math.max(loss, this.training.schema.baselines?.[0]?.trainingLoss ?? 0)
    const isFinite = Number.isFinite(loss)
    const isNew = isFinite ? loss > alarm.above : before === undefined || Number.isFinite(before)
    this.isAlarmed = isNew && alarm.left > 0
    if (!this.isAlarmed) return
    alarm.left--
    if (isFinite) alarm.above = ALARMING * loss
  }
  addEvaluation(evaluation: Evaluation): void {
    this.history.trials.push(evaluation)
    // Nobody asked for those of the training part: they are for the verdict.
    if (this.training.schema.judged?.part === 'validation') this.emit({ kind: 'evaluation', evaluation })
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
    const time = performance.now()
    if (this.pending.length && (now || (time - this.sentFrames >= FRAME_PACE && this.underWay < CREDITS))) {
      const frames = this.pending.toBatch()
      this.pending.clear()
      this.underWay++
      this.sentFrames = time
      this.emit({ kind: 'frames', frames })
    }
    if (now || time - this.sentFindings.at >= FINDINGS_PACE) {
      const findings = this.judge.findings()
      const text = textOf(findings)
      if (text !== this.sentFindings.text) this.emit({ kind: 'findings', findings })
      this.sentFindings = { at: time, text }
      this.sendVerdict()
    }
  }
  /**
   * Judges the last frame and emits all that is pending.
   * @returns whether the run has diverged
   */
  finish(): boolean {
    this.judge.look(true)
    this.flush(true)
    return this.judge.verdict().state === 'diverged'
  }
  private sendVerdict(): void {
    const verdict = this.judge.verdict()
    const text = textOf(verdict)
    if (text !== this.sentVerdict) this.emit({ kind: 'verdict', verdict })
    this.sentVerdict = text
  }
}
