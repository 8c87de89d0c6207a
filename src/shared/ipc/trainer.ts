import * as v from 'valibot'
import type { Attachments } from '../catalog/datasets/types'
import type { Experiment } from '../experiment/types'
import type { Checkpoint, RunChange, ScheduledChange } from '../run/types'
import { runMessage } from '../run/update'
import type { Client, Contract } from './contract'

const any = <T>(): v.GenericSchema<T> => v.any() as unknown as v.GenericSchema<T>

/** How a run is started, apart from what it trains. */
export interface StartOptions {
  /** Changes that the trainer makes by itself, each before its step. */
  changes?: ScheduledChange[]
  /** Name of the run, when it is not that of its experiment. */
  name?: string
  /** Ends after this many steps; each is what it would be in the whole run. */
  until?: number
  /** Id of the search for a cure that it is a training of: it does not take its turn in the queue. */
  search?: string
  /** Path of a recording of another program, which is followed in place of a training. */
  recording?: string
  /** A checkpoint of another run, which this run continues. */
  from?: { run: string; name: string; checkpoint: Checkpoint }
}
/** main (or the command line, in-process) ▶ trainer. One trainer trains one run at a time. */
export const trainerContract = {
  calls: {
    /** Loads TensorFlow ahead of the press of Train. */
    warmUp: { args: any<[]>(), result: any<{ versions: Record<string, string> }>() },
    /** Prepares a run ahead of the press of Train. What is wrong with the experiment is told by `start`. */
    getReady: { args: any<[Experiment, Attachments]>(), result: any<void>() },
    /** Starts the run. Its id names it in its updates. */
    start: { args: any<[string, Experiment, Attachments, StartOptions?]>(), result: any<void>() },
    pause: { args: any<[]>(), result: any<void>() },
    resume: { args: any<[]>(), result: any<void>() },
    step: { args: any<[]>(), result: any<void>() },
    stop: { args: any<[]>(), result: any<void>() },
    /**
     * Asks for the distributions of the next step; they come as a `histograms` update, if the time that it takes
     * allows.
     */
    inspect: { args: any<[]>(), result: any<void>() },
    /**
     * Makes a change between two steps. Rejects, and changes nothing, when it needs a new run. @returns the first step
     * that has it
     */
    change: { args: any<[RunChange]>(), result: any<{ step: number }>() },
    /** Keeps the run as it is now. @returns the step it can be continued from */
    checkpoint: { args: any<[]>(), result: any<{ step: number }>() },
    /** This many frame batches were taken; at most a few may be under way (back-pressure). */
    ack: { args: any<[number]>(), result: any<void>() }
  },
  events: {
    /**
     * One update of the run, from its first `progress` to `done` or `failure`. A process that exits before has crashed.
     */
    runUpdate: runMessage,
    /** About once a second, so that a hung native call can be told from a slow one. */
    heartbeat: any<{ step: number }>()
  }
} satisfies Contract
/** The calling side of the trainer's contract. */
export type TrainerApi = Client<typeof trainerContract>
