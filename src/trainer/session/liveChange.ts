import { InputError } from '../../shared/base/problems'
import { liveChange } from '../../shared/run/change'
import type { RunHistory } from '../../shared/run/history'
import type { RunChange } from '../../shared/run/types'
import type { Events } from './events'
import type { Training } from './training'

/** The first step that has a change. */
export interface Changed {
  step: number
}

/**
 * Makes a change before the next step: values that are fed are fed anew, anything else builds another step around the
 * same variables.
 * @param history learns the new learning rate
 * @throws InputError when the change needs a new run; nothing has changed then
 */
export function applyChange(training: Training, history: RunHistory, events: Events, change: RunChange): Changed {
  const { step } = training
  const made = liveChange(training.experiment, change, training.data.info, step)
  if (made.problems.length) throw new InputError(made.problems)
  if (!made.events.length) return { step }
  if (!training.model.retune(made.effective)) training.rebuild(made.effective)
  training.experiment = made.experiment
  training.effective = made.effective
  history.experiment = training.treated
  history.learningRate = made.effective.training.optimizer['learningRate'] as number
  events.add(...made.events)
  return { step }
}

/** Changes that were asked for before there was anything to change. */
export class EarlyChanges {
  private waiting: { change: RunChange; done: (made: Changed) => void; refused: (why: unknown) => void }[] = []

  /** @returns what `settle` makes of the change. Rejects with what it throws, or with the error of `refuse` */
  add(change: RunChange): Promise<Changed> {
    return new Promise((done, refused) => this.waiting.push({ change, done, refused }))
  }
  /** Makes the changes in order. */
  settle(apply: (change: RunChange) => Changed): void {
    for (const { change, done, refused } of this.waiting.splice(0)) {
      try {
        done(apply(change))
      } catch (error) {
        refused(error)
      }
    }
  }
  refuse(error: Error): void {
    for (const { refused } of this.waiting.splice(0)) refused(error)
  }
}
