import { closeSync, openSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import type { Experiment } from '../shared/experiment'
import { eventsCsv, lossCsv } from '../shared/run/csv'
import { FrameLines } from '../shared/run/frameLines'
import { RunLog } from '../shared/run/runLog'
import type { RunSchema } from '../shared/run/types'
import type { RunUpdate } from '../shared/run/update'
import { writeWhole } from './disk'

const NOTHING = new Float32Array(0)

/**
 * Writes a run into a folder as it grows. Values of frames, which may be many, and checkpoints are not kept in memory.
 */
export class Recorder {
  /** The run without its columns. */
  readonly log: RunLog
  schema: RunSchema | undefined
  private file: number | undefined
  private lines: FrameLines | undefined

  constructor(
    private readonly dir: string,
    experiment: Experiment,
    createdAt: string
  ) {
    this.log = new RunLog({ id: 'run', name: experiment.name, experiment, createdAt })
  }
  take(update: RunUpdate): void {
    if (update.kind === 'schema') this.open(update.schema)
    else if (update.kind === 'frames') {
      this.write(this.lines!.of(update.frames))
      this.log.apply({ kind: 'frames', frames: { ...update.frames, values: NOTHING } })
    } else if (update.kind !== 'checkpoint') this.log.apply(update)
  }
  close(): void {
    if (this.file === undefined) return
    closeSync(this.file)
    this.file = undefined
    const { table, evaluations, events } = this.log
    writeWhole(this.dir, 'loss.csv', lossCsv(table!, evaluations))
    writeWhole(this.dir, 'events.csv', eventsCsv(events))
  }
  private open(schema: RunSchema): void {
    this.schema = schema
    this.log.apply({ kind: 'schema', schema: { ...schema, columns: [] } })
    this.file = openSync(join(this.dir, 'frames.csv'), 'w')
    this.lines = new FrameLines(schema.columns, schema.layers)
    this.write(Buffer.from(this.lines.header))
  }
  /** A full disk may take a part of it and say so the next time. */
  private write(bytes: Uint8Array): void {
    for (let at = 0; at < bytes.length;) at += writeSync(this.file!, bytes, at)
  }
}
