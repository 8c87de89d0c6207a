import { markRaw } from 'vue'
import type { Column, FrameBatch } from '@shared/run/types'
import type { FrameReader, FrameTable } from '@shared/run/frameTable'

/**
 * The recorded frames of a run, read reactively: whatever reads something that later frames can change is run again
 * when they have come, also
 * when it reads through a reference kept from before. The table itself stays inside, so a read can't miss them.
 * Recorded frames never change,
 * so reads of these are not tracked.
 */
export class Frames implements FrameReader {
  readonly #table: FrameTable
  readonly #track: () => void

  /** @param track registers the reader that is running with what tells of new frames. */
  constructor(table: FrameTable, track: () => void) {
    this.#table = table
    this.#track = track
    markRaw(this)
  }
  /** The table, for a read that the next frame may change. */
  get #growing(): FrameTable {
    this.#track()
    return this.#table
  }
  /** The table, for a read of one frame. */
  #at(frame: number): FrameTable {
    return frame < this.#table.length ? this.#table : this.#growing
  }
  /** The table, for a read that depends on the frames up to a step. */
  #upTo(step: number): FrameTable {
    const last = this.#table.lastStep
    return last !== undefined && step <= last ? this.#table : this.#growing
  }

  get gaps(): true {
    return this.#table.gaps
  }
  get columns(): readonly Column[] {
    return this.#table.columns
  }
  get scalarNames(): readonly string[] {
    return this.#table.scalarNames
  }
  get width(): number {
    return this.#table.width
  }
  get scalarWidth(): number {
    return this.#table.scalarWidth
  }
  get statistics(): string[] {
    return this.#table.statistics
  }
  column(layer: number, statistic: string): number {
    return this.#table.column(layer, statistic)
  }
  timeColumns(layer: number, statistic: string): readonly number[] {
    return this.#table.timeColumns(layer, statistic)
  }
  scalarColumn(name: string): number {
    return this.#table.scalarColumn(name)
  }

  get length(): number {
    return this.#growing.length
  }
  get steps(): Int32Array {
    return this.#growing.steps
  }
  get values(): Float32Array {
    return this.#growing.values
  }
  get scalars(): Float32Array {
    return this.#growing.scalars
  }
  get firstStep(): number | undefined {
    return this.#at(0).firstStep
  }
  get lastStep(): number | undefined {
    return this.#growing.lastStep
  }
  step(frame: number): number | undefined {
    return this.#at(frame).step(frame)
  }
  value(frame: number, column: number): number | undefined {
    return this.#at(frame).value(frame, column)
  }
  scalar(frame: number, column: number): number | undefined {
    return this.#at(frame).scalar(frame, column)
  }
  frameAt(step: number): number {
    return this.#upTo(step).frameAt(step)
  }
  frameOf(step: number): number {
    return this.#upTo(step).frameOf(step)
  }
  toBatch(): FrameBatch {
    return this.#growing.toBatch()
  }
}
