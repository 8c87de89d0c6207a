import { csvCell } from './csvCell'
import { FLOAT32_BYTES, putFloat32, putWhole } from './float32Text'
import { bitsOf, MISSING } from './frameTable'
import type { Column, FrameBatch, RunSchema } from './types'

/** Columns that every `frames.csv` begins with. */
export const FRAMES_COLUMNS = 'step,layer_index,layer_id,layer_kind,statistic,value'
/** First line of `frames.csv` of a run without recurrent layers. */
export const FRAMES_HEADER = `${FRAMES_COLUMNS}\n`
/** Bytes of a step number at most. */
const STEP_BYTES = 16

/**
 * Writes the lines of `frames.csv`, in UTF-8: one for each recorded value, in recorded order, exact to the last bit;
 * empty where nothing was measured. With recurrent layers in the run there is a last column `time`, from 1; it is empty
 * for what has one value per layer. What stands around the values is made once for all frames.
 */
export class FrameLines {
  readonly header: string
  /** Place in a frame, what stands between step and value, and what ends the line. */
  private readonly cells: { at: number; head: Uint8Array; end: Uint8Array }[] = []
  /** Bytes of a frame at most. */
  private readonly frameBytes: number
  private readonly width: number
  private buffer = new Uint8Array(0)

  /** @param statistics only these, when given */
  constructor(columns: readonly Column[], layers: RunSchema['layers'], statistics?: readonly string[]) {
    const timed = columns.some((c) => c.time !== undefined)
    this.header = timed ? `${FRAMES_COLUMNS},time\n` : FRAMES_HEADER
    this.width = columns.length
    const byIndex = new Map(layers.map((l) => [l.index, l]))
    const utf8 = new TextEncoder()
    columns.forEach((c, at) => {
      if (statistics && !statistics.includes(c.statistic)) return
      const l = byIndex.get(c.layer)
      const head = [c.layer, l?.id ?? '', l?.kind ?? '', c.statistic].map(csvCell).join(',')
      const end = timed ? `,${c.time ?? ''}\n` : '\n'
      this.cells.push({ at, head: utf8.encode(`,${head},`), end: utf8.encode(end) })
    })
    this.frameBytes = this.cells.reduce((n, c) => n + STEP_BYTES + c.head.length + FLOAT32_BYTES + c.end.length, 0)
  }
  /** @returns the lines of some frames: a view that holds until the next call */
  of({ steps, values }: Pick<FrameBatch, 'steps' | 'values'>): Uint8Array {
    const most = steps.length * this.frameBytes
    if (this.buffer.length < most) this.buffer = new Uint8Array(most)
    const { buffer, cells, width } = this
    const bits = bitsOf(values)
    const number = new Uint8Array(STEP_BYTES)
    let to = 0
    for (let f = 0; f < steps.length; f++) {
      const digits = putWhole(steps[f]!, number, 0)
      for (const { at, head, end } of cells) {
        for (let i = 0; i < digits; i++) buffer[to++] = number[i]!
        for (let i = 0; i < head.length; i++) buffer[to++] = head[i]!
        const value = f * width + at
        if (bits[value] !== MISSING) to = putFloat32(values[value]!, buffer, to)
        for (let i = 0; i < end.length; i++) buffer[to++] = end[i]!
      }
    }
    return buffer.subarray(0, to)
  }
}
