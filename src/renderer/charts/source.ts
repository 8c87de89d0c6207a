import { MISSING, type FrameReader, type FrameSource } from '@shared/run/frameTable'
import type { Statistic } from '@shared/catalog/statistics/types'

/** A statistic that follows from recorded ones, one column per row, brought up to date as the table grows. */
export class DerivedFrames implements FrameSource {
  readonly gaps = true
  private data = new Float32Array(0)
  private bits = new Uint32Array(0)
  private done = 0

  /** @param rows layer index of each row and of the next one towards the loss (-1: none). */
  constructor(
    private readonly table: FrameReader,
    private readonly rows: readonly { own: number; next: number }[],
    private readonly derive: NonNullable<Statistic['derive']>
  ) {}
  get width(): number {
    return this.rows.length
  }
  get length(): number {
    return this.table.length
  }
  get steps(): Int32Array {
    return this.table.steps
  }
  get lastStep(): number | undefined {
    return this.table.lastStep
  }
  /** Value of a row in a frame; undefined where there is none. */
  value(frame: number, row: number): number | undefined {
    const { own, next } = this.rows[row]!
    const of = (layer: number) => (s: string) => this.table.value(frame, this.table.column(layer, s))
    return this.derive(of(own), next < 0 ? () => undefined : of(next))
  }
  get values(): Float32Array {
    const { length, width } = this
    if (this.done < length) {
      if (this.data.length < length * width) {
        const bigger = new Float32Array(Math.max(64, 2 ** Math.ceil(Math.log2(length))) * width)
        new Uint32Array(bigger.buffer).set(this.bits.subarray(0, this.done * width))
        this.data = bigger
        this.bits = new Uint32Array(bigger.buffer)
      }
      for (let f = this.done; f < length; f++)
        for (let r = 0; r < width; r++) {
          const v = this.value(f, r)
          if (v === undefined) this.bits[f * width + r] = MISSING
          else this.data[f * width + r] = v
        }
      this.done = length
    }
    return this.data.subarray(0, length * width)
  }
}
