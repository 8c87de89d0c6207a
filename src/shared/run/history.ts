import type { Gap, RunView } from './view'
import { bitsOf, FrameTable, MISSING } from './frameTable'
import type { Experiment } from '../experiment/types'
import type { Evaluation, RunLayer, RunSchema } from './types'

/** Frames from the first on whose values are kept. */
const HEAD = 64
/** Bytes of the values of the newest frames. */
const BYTES = 64e6

/** Steps whose loss there is room for at first. */
const ROOM = 1024

/**
 * The run so far as rules see it, in bounded memory: every step's loss, every recorded step's scalars, but
 * per-layer values of the first and the newest frames only. Values of the frames between are undefined.
 */
export class RunHistory implements RunView {
  readonly evaluations: Evaluation[] = []
  readonly trials: Evaluation[]
  readonly main: RunLayer[]
  twins?: readonly RunLayer[]
  readonly gaps: Gap[] = []
  private readonly scalarTable: FrameTable
  private readonly places: FrameTable
  /**
   * Values of the first frames, and of the newest in a ring. They are copies: arrays that are kept for a while and then
   * released pile up.
   */
  private readonly head: Float32Array
  private readonly tail: Float32Array
  private readonly headBits: Uint32Array
  private readonly tailBits: Uint32Array
  private readonly tailSize: number
  private readonly width: number
  /** Of every step from the first that was observed on. */
  private losses = new Float32Array(ROOM)
  private firstStep: number | undefined
  private steps = 0

  constructor(
    readonly schema: RunSchema,
    public learningRate: number,
    public experiment?: Experiment
  ) {
    this.trials = schema.judged?.part === 'training' ? [] : this.evaluations
    this.main = schema.layers.filter((l) => l.main)
    this.scalarTable = new FrameTable({ columns: [], scalars: schema.scalars })
    this.places = new FrameTable(schema, undefined, 1)
    this.tailSize = Math.max(64, Math.min(1024, Math.floor(BYTES / 4 / Math.max(1, schema.columns.length))))
    this.width = schema.columns.length
    this.head = new Float32Array(HEAD * this.width)
    this.tail = new Float32Array(this.tailSize * this.width)
    this.headBits = bitsOf(this.head)
    this.tailBits = bitsOf(this.tail)
  }
  get length(): number {
    return this.scalarTable.length
  }
  append(step: number, values: Float32Array, scalars: Float32Array): void {
    const i = this.length
    this.scalarTable.append({ steps: Int32Array.of(step), values: new Float32Array(0), scalars })
    if (i < HEAD) this.head.set(values, i * this.width)
    this.tail.set(values, (i % this.tailSize) * this.width)
  }
  /** Takes the loss of a step, which need not be recorded. Steps follow each other. */
  observe(step: number, loss: number): void {
    this.firstStep ??= step
    if (this.steps === this.losses.length) {
      const more = new Float32Array(2 * this.steps)
      more.set(this.losses)
      this.losses = more
    }
    this.losses[this.steps++] = loss
  }
  lossAt(step: number): number | undefined {
    const at = this.firstStep === undefined ? -1 : step - this.firstStep
    return at >= 0 && at < this.steps ? this.losses[at] : undefined
  }
  step(i: number): number {
    return this.scalarTable.steps[i]!
  }
  value(i: number, layer: number, statistic: string): number | undefined {
    const at = this.places.column(layer, statistic)
    return at < 0 ? undefined : this.at(i, at)
  }
  times(i: number, layer: number, statistic: string): number[] | undefined {
    const places = this.places.timeColumns(layer, statistic)
    return places.length && this.has(i) ? places.map((k) => this.at(i, k)!) : undefined
  }
  private has(i: number): boolean {
    return i >= 0 && i < this.length && (i < HEAD || i >= this.length - this.tailSize)
  }
  private at(i: number, column: number): number | undefined {
    if (!this.has(i)) return undefined
    const early = i < HEAD
    const k = (early ? i : i % this.tailSize) * this.width + column
    return (early ? this.headBits : this.tailBits)[k] === MISSING ? undefined : (early ? this.head : this.tail)[k]
  }
  scalar(i: number, name: string): number | undefined {
    return this.scalarTable.scalar(i, this.scalarTable.scalarColumn(name))
  }
}
