import type { Column, FrameBatch, RunSchema } from './types'

/**
 * Bits of a float32 NaN that no measurement yields: nothing was measured here, such as a gain of nothing over nothing.
 */
export const MISSING = 0xffffffff
/** The bits of float32 values: a view of the same memory. */
export const bitsOf = (values: Float32Array): Uint32Array =>
  new Uint32Array(values.buffer, values.byteOffset, values.length)

/** What the sum of no words is: the offset of FNV-1a. */
const SUM = 0x811c9dc5
/**
 * FNV-1a over 32-bit words instead of bytes: tells arrays apart that are not made to look alike.
 * @param sum of the words before. @returns an unsigned 32-bit number
 */
export function sumOfWords(words: Int32Array | Float32Array, sum: number = SUM): number {
  const bits = new Uint32Array(words.buffer, words.byteOffset, words.length)
  let h = sum
  for (let i = 0; i < bits.length; i++) h = Math.imul(h ^ bits[i]!, 0x01000193)
  return h >>> 0
}

const grow = <T extends Int32Array | Float32Array>(old: T, size: number, make: new (n: number) => T): T => {
  const next = new make(size)
  next.set(old as never)
  return next
}

/** Recorded values as a picture reads them: frames after one another, each of `width` values. May grow in place. */
export interface FrameSource {
  /** Values per frame. */
  readonly width: number
  /** Number of frames. */
  readonly length: number
  /** Step of each frame, strictly rising. */
  readonly steps: Int32Array
  /** length × width. */
  readonly values: Float32Array
  readonly lastStep: number | undefined
  /** Some values may be missing: their bits are `MISSING`. */
  readonly gaps?: boolean
}
/** All reads of a `FrameTable`, without its sums and what changes it. */
export type FrameReader = Pick<FrameTable, Exclude<keyof FrameTable, 'append' | 'clear' | 'sumOf'>>

/**
 * The recorded frames of one run, in arrays that double as they grow. Values are kept bit for bit.
 * Frame i is row i; steps rise strictly; a value's place in its row is its column in the schema.
 */
export class FrameTable implements FrameSource {
  /** Some values may be missing: their bits are `MISSING`. */
  readonly gaps = true
  readonly columns: readonly Column[]
  readonly scalarNames: readonly string[]
  private count = 0
  private stepData: Int32Array
  private valueData: Float32Array
  private valueBits: Uint32Array
  private scalarData: Float32Array
  /** What `sumOf` has found of so many frames. */
  private summed: { frames: number; sums: readonly [number, number, number] } = { frames: 0, sums: [SUM, SUM, SUM] }
  private readonly places = new Map<string, Int32Array>()
  /** `statistic/layer` → places by time, from 1. */
  private readonly timePlaces = new Map<string, number[]>()

  constructor(schema: Pick<RunSchema, 'columns' | 'scalars'>, frames?: FrameBatch, capacity = 64) {
    this.columns = schema.columns
    this.scalarNames = schema.scalars
    const size = Math.max(capacity, frames?.steps.length ?? 0, 1)
    this.stepData = new Int32Array(size)
    this.valueData = new Float32Array(size * this.width)
    this.valueBits = bitsOf(this.valueData)
    this.scalarData = new Float32Array(size * this.scalarWidth)
    schema.columns.forEach((c, i) => {
      if (c.time !== undefined) {
        const key = `${c.statistic}/${c.layer}`
        const byTime = this.timePlaces.get(key) ?? []
        byTime[c.time - 1] = i
        this.timePlaces.set(key, byTime)
        return
      }
      let byLayer = this.places.get(c.statistic)
      if (!byLayer || byLayer.length <= c.layer) {
        const wider = new Int32Array(c.layer + 1).fill(-1)
        if (byLayer) wider.set(byLayer)
        this.places.set(c.statistic, (byLayer = wider))
      }
      byLayer[c.layer] = i
    })
    if (frames) this.append(frames)
  }

  /** Number of recorded frames. */
  get length(): number {
    return this.count
  }
  /** Values per frame. */
  get width(): number {
    return this.columns.length
  }
  get scalarWidth(): number {
    return this.scalarNames.length
  }
  /** Step numbers of the frames, a view. */
  get steps(): Int32Array {
    return this.stepData.subarray(0, this.count)
  }
  /** Step of a frame; undefined outside. */
  step(frame: number): number | undefined {
    return frame < this.count ? this.stepData[frame] : undefined
  }
  /** length × width, a view. */
  get values(): Float32Array {
    return this.valueData.subarray(0, this.count * this.width)
  }
  /** length × scalarWidth, a view. */
  get scalars(): Float32Array {
    return this.scalarData.subarray(0, this.count * this.scalarWidth)
  }
  get firstStep(): number | undefined {
    return this.count ? this.stepData[0] : undefined
  }
  get lastStep(): number | undefined {
    return this.count ? this.stepData[this.count - 1] : undefined
  }
  /** Ids of the statistics recorded once per layer, in schema order. */
  get statistics(): string[] {
    return [...this.places.keys()]
  }

  /**
   * Adds frames; those at or before the last recorded step (a snapshot and an event told of them both) are skipped.
   * @returns how many were added. @throws RangeError when the arrays don't fit the schema.
   */
  append(batch: FrameBatch): number {
    const n = batch.steps.length
    const { width, scalarWidth } = this
    if (batch.values.length !== n * width || batch.scalars.length !== n * scalarWidth)
      throw new RangeError(
        `${n} frames of ${width} values and ${scalarWidth} scalars were expected, got ${batch.values.length} and ${batch.scalars.length} numbers`
      )
    const last = this.lastStep
    let from = 0
    if (last !== undefined) while (from < n && batch.steps[from]! <= last) from++
    for (let i = from + 1; i < n; i++)
      if (batch.steps[i]! <= batch.steps[i - 1]!)
        throw new RangeError(`steps must rise: ${batch.steps[i - 1]} is followed by ${batch.steps[i]}`)
    const added = n - from
    this.reserve(this.count + added)
    this.stepData.set(batch.steps.subarray(from), this.count)
    this.valueData.set(batch.values.subarray(from * width), this.count * width)
    this.scalarData.set(batch.scalars.subarray(from * scalarWidth), this.count * scalarWidth)
    this.count += added
    return added
  }

  /** Place of a layer's statistic in a frame, or -1 when it isn't recorded. */
  column(layer: number, statistic: string): number {
    return this.places.get(statistic)?.[layer] ?? -1
  }
  /** Places of a layer's statistic by time, the first of time 1; none when it isn't recorded by time. */
  timeColumns(layer: number, statistic: string): readonly number[] {
    return this.timePlaces.get(`${statistic}/${layer}`) ?? []
  }
  /** Place of a scalar in a frame, or -1. */
  scalarColumn(name: string): number {
    return this.scalarNames.indexOf(name)
  }
  /** Value of frame `frame` in column `column`; undefined outside, and where nothing was measured. */
  value(frame: number, column: number): number | undefined {
    const at = frame * this.width + column
    return frame < 0 || frame >= this.count || column < 0 || column >= this.width || this.valueBits[at] === MISSING
      ? undefined
      : this.valueData[at]
  }
  scalar(frame: number, column: number): number | undefined {
    return frame < 0 || frame >= this.count || column < 0 || column >= this.scalarWidth
      ? undefined
      : this.scalarData[frame * this.scalarWidth + column]
  }
  /** Index of the last frame recorded at or before `step`, or -1. */
  frameAt(step: number): number {
    let low = 0
    let high = this.count
    while (low < high) {
      const mid = (low + high) >>> 1
      if (this.stepData[mid]! <= step) low = mid + 1
      else high = mid
    }
    return low - 1
  }
  /** Index of the frame of exactly this step, or -1. */
  frameOf(step: number): number {
    const i = this.frameAt(step)
    return i >= 0 && this.stepData[i] === step ? i : -1
  }
  /** Forgets all frames. The room they had stays. */
  clear(): void {
    this.count = 0
    this.summed = { frames: 0, sums: [SUM, SUM, SUM] }
  }
  /** A copy of the first frames, of exact size. @param frames all unless given; at most as many as there are */
  toBatch(frames = this.count): FrameBatch {
    return {
      steps: this.steps.slice(0, frames),
      values: this.values.slice(0, frames * this.width),
      scalars: this.scalars.slice(0, frames * this.scalarWidth)
    }
  }
  /**
   * Sums of all bits of the first frames: of their steps, values and scalars. Frames that were summed the last time are
   * not read again. @param frames at most as many as there are
   */
  sumOf(frames: number): readonly [number, number, number] {
    const known = this.summed.frames <= frames ? this.summed : { frames: 0, sums: [SUM, SUM, SUM] as const }
    const more = (data: Int32Array | Float32Array, width: number, sum: number): number =>
      sumOfWords(data.subarray(known.frames * width, frames * width), sum)
    const sums = [
      more(this.stepData, 1, known.sums[0]),
      more(this.valueData, this.width, known.sums[1]),
      more(this.scalarData, this.scalarWidth, known.sums[2])
    ] as const
    this.summed = { frames, sums }
    return sums
  }

  private reserve(frames: number): void {
    if (frames <= this.stepData.length) return
    let size = this.stepData.length
    while (size < frames) size *= 2
    this.stepData = grow(this.stepData, size, Int32Array)
    this.valueData = grow(this.valueData, size * this.width, Float32Array)
    this.valueBits = bitsOf(this.valueData)
    this.scalarData = grow(this.scalarData, size * this.scalarWidth, Float32Array)
  }
}
