import type { Attachments } from '@shared/catalog/datasets'
import { parseExperiment } from '@shared/experiment'
import type { SearchOrder, SearchState } from '@shared/cure/state'
import { Sitting, type CureHostOptions } from './sitting'

/** Searches for cures, one at a time, whose trainings are runs of the run host. */
export class CureHost {
  private sitting: Sitting | undefined

  constructor(private readonly options: CureHostOptions) {
    options.host.onEnd(({ log, stepMs }) => this.sitting?.ended(log, stepMs))
  }
  /**
   * Starts a search, or goes on with one. One that goes on is stopped.
   * @param order its experiment is checked
   * @param past what was trained before, and for how long
   * @param queueUrl of a broker whose workers train; absent: this machine does
   */
  start(
    id: string,
    order: SearchOrder,
    files: Attachments,
    past: Pick<SearchState, 'kept' | 'time'>,
    queueUrl?: string
  ): void {
    this.stop()
    const checked = { ...order, experiment: parseExperiment(order.experiment) }
    const state: SearchState = { id, order: checked, state: 'running', ...past, kept: [...past.kept], ongoing: [] }
    const sitting = new Sitting(state, files, this.options, queueUrl)
    this.sitting = sitting
    void sitting.run()
  }
  stop(): void {
    if (this.sitting?.isRunning) this.sitting.stop()
  }
  /** The search on screen, for a window that was reloaded. */
  get state(): SearchState | null {
    return this.sitting?.state ?? null
  }
  /** Forgets the search. */
  forget(): void {
    this.stop()
    this.sitting = undefined
  }
}
