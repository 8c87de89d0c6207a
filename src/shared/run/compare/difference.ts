import type { Scale } from '../../catalog/statistics/types'
import { MISSING, type FrameSource } from '../frameTable'

/** There is nothing to compare here. */
export const NOTHING = MISSING
/** Stands for a factor that no number says: something against exactly zero. Further than any scale reaches. */
export const BEYOND = 1000

/** How two values of a statistic are compared: magnitudes by the power of ten between them, others by subtraction. */
export const comparedByFactor = (scale: Scale): boolean => scale === 'log' || scale === 'ratio'

/**
 * B against A in one number: log₁₀(|b| ÷ |a|) or b − a.
 * @returns NaN where either is NaN, ±Infinity where one of them is infinite, ±BEYOND where one alone is exactly zero; 0
 *   where they are equal.
 */
export function difference(a: number, b: number, factor: boolean): number {
  if (Number.isNaN(a) || Number.isNaN(b)) return NaN
  if (Object.is(a, b) || a === b) return 0
  if (!factor) return b - a
  const [x, y] = [Math.abs(a), Math.abs(b)]
  if (x === y) return 0
  if (!Number.isFinite(y)) return Infinity
  if (!Number.isFinite(x)) return -Infinity
  if (x === 0) return BEYOND
  if (y === 0) return -BEYOND
  return Math.log10(y) - Math.log10(x)
}

/** The differences of two growing runs, one column per pair of layers, at the steps that both have recorded. */
export class DifferenceFrames implements FrameSource {
  readonly gaps = true
  private stepData = new Int32Array(64)
  private data: Float32Array
  private bits: Uint32Array
  private count = 0
  /** Frames of A and B looked at so far. */
  private inA = 0
  private inB = 0
  private most = 0

  /** @param pairs place in a frame of A and of B; -1 where there is none. */
  constructor(
    private readonly a: FrameSource,
    private readonly b: FrameSource,
    private readonly pairs: readonly { a: number; b: number }[],
    private readonly factor: boolean
  ) {
    this.data = new Float32Array(64 * pairs.length)
    this.bits = new Uint32Array(this.data.buffer)
  }
  get width(): number {
    return this.pairs.length
  }
  get length(): number {
    this.update()
    return this.count
  }
  get steps(): Int32Array {
    this.update()
    return this.stepData.subarray(0, this.count)
  }
  get values(): Float32Array {
    this.update()
    return this.data.subarray(0, this.count * this.width)
  }
  get lastStep(): number | undefined {
    return this.length ? this.stepData[this.count - 1] : undefined
  }
  /** Largest finite difference so far, either way; 0 when there is none. */
  get reach(): number {
    this.update()
    return this.most
  }

  private update(): void {
    const { a, b, pairs, width } = this
    const [ends, endsB] = [a.length, b.length]
    if (this.inA >= ends || this.inB >= endsB) return
    const [stepsA, stepsB, valuesA, valuesB] = [a.steps, b.steps, a.values, b.values]
    const bitsA = a.gaps ? new Uint32Array(valuesA.buffer, valuesA.byteOffset, valuesA.length) : undefined
    const bitsB = b.gaps ? new Uint32Array(valuesB.buffer, valuesB.byteOffset, valuesB.length) : undefined
    while (this.inA < ends && this.inB < endsB) {
      const [s, z] = [stepsA[this.inA]!, stepsB[this.inB]!]
      if (s < z) this.inA++
      else if (z < s) this.inB++
      else {
        this.reserve(this.count + 1)
        this.stepData[this.count] = s
        const at = this.count * width
        for (let r = 0; r < width; r++) {
          const p = pairs[r]!
          const [i, j] = [this.inA * a.width + p.a, this.inB * b.width + p.b]
          if (p.a < 0 || p.b < 0 || bitsA?.[i] === NOTHING || bitsB?.[j] === NOTHING) this.bits[at + r] = NOTHING
          else {
            const d = difference(valuesA[i]!, valuesB[j]!, this.factor)
            this.data[at + r] = d
            if (Number.isFinite(d) && Math.abs(d) > this.most && !(this.factor && Math.abs(d) === BEYOND))
              this.most = Math.abs(d)
          }
        }
        this.count++
        this.inA++
        this.inB++
      }
    }
  }
  private reserve(frames: number): void {
    if (frames <= this.stepData.length) return
    const size = 2 * this.stepData.length
    const steps = new Int32Array(size)
    steps.set(this.stepData)
    this.stepData = steps
    const bits = new Uint32Array(size * this.width)
    // As bits: copying floats may quieten the NaN that means nothing.
    bits.set(this.bits)
    this.bits = bits
    this.data = new Float32Array(bits.buffer)
  }
}

/** The symmetric end of a colour scale on which differences up to `reach` fit, with round marks at its half. */
export function differenceReach(reach: number, scale: Scale): number {
  if (scale === 'share') return 1
  if (comparedByFactor(scale)) return reach <= 1 ? 1 : 2 * Math.ceil(Math.min(reach, 90) / 2)
  if (!(reach > 0)) return 1
  const unit = 10 ** Math.floor(Math.log10(reach))
  return unit * [1, 2, 5, 10].find((n) => n * unit >= reach * (1 - 1e-9))!
}
