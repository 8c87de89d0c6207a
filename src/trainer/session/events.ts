import type { RunEvent, RunEventKind } from '../../shared/run/types'
import type { RunUpdate } from '../../shared/run/update'

/** Takes the updates of one run, in order. */
export type Emit = (update: RunUpdate) => void

/** The events of a run: each is emitted as it happens. */
export class Events {
  private readonly list: RunEvent[] = []

  constructor(private readonly emit: Emit) {}

  add(...events: RunEvent[]): void {
    for (const event of events) this.emit({ kind: 'event', event, index: this.list.push(event) - 1 })
  }
  /** @param step any step when absent */
  has(kind: RunEventKind, step?: number): boolean {
    return this.list.some((e) => e.kind === kind && (step === undefined || e.step === step))
  }
}
