import * as v from 'valibot'
import type { Attachments } from '../catalog/datasets/types'
import type { Experiment } from '../experiment/types'
import type { HistogramSet } from '../run/histogram'
import type {
  Checkpoint,
  Evaluation,
  Finding,
  FrameBatch,
  RunChange,
  RunEvent,
  RunSchema,
  ScheduledChange
} from '../run/types'
import type { Problem, Text } from '../base/text'
import type { Client, Contract } from './contract'

const any = <T>(): v.GenericSchema<T> => v.any() as unknown as v.GenericSchema<T>

export interface TrainerProgress {
  state: 'starting' | 'running' | 'paused' | 'finished' | 'stopped'
  step: number
  steps: number
  rate?: number
}
/** How a run is started, beside what it trains. */
export interface StartOptions {
  /** Made by themselves, each before its step. */
  changes?: ScheduledChange[]
  /** What the run is called, when not like its experiment. */
  name?: string
  /** Goes on from here instead of from the beginning: a checkpoint of that run. */
  from?: { run: string; name: string; checkpoint: Checkpoint }
}
/** main (or the command line, in-process) ▶ trainer. One trainer trains one run and exits. */
export const trainerContract = {
  calls: {
    /** Loads TensorFlow ahead of the press of Train. */
    warmUp: { args: any<[]>(), result: any<{ versions: Record<string, string> }>() },
    /** Makes a run of this ready ahead of the press of Train. What is wrong with it is told by `start`. */
    getReady: { args: any<[Experiment, Attachments]>(), result: any<void>() },
    start: { args: any<[Experiment, Attachments, StartOptions?]>(), result: any<void>() },
    pause: { args: any<[]>(), result: any<void>() },
    resume: { args: any<[]>(), result: any<void>() },
    step: { args: any<[]>(), result: any<void>() },
    stop: { args: any<[]>(), result: any<void>() },
    /** Asks for the distributions of the next step; what comes is a `histograms` event, if the time it takes allows. */
    inspect: { args: any<[]>(), result: any<void>() },
    /** Made between two steps. Rejects, and changes nothing, when it needs a new run. @returns the first step that has it */
    change: { args: any<[RunChange]>(), result: any<{ step: number }>() },
    /** Keeps the run as it is now. @returns the step it can be continued from */
    checkpoint: { args: any<[]>(), result: any<{ step: number }>() },
    /** This many frame batches were taken; at most a few may be under way (back-pressure). */
    ack: { args: any<[number]>(), result: any<void>() }
  },
  events: {
    schema: any<RunSchema>(),
    progress: any<TrainerProgress>(),
    frames: any<FrameBatch>(),
    evaluation: any<Evaluation>(),
    findings: any<Finding[]>(),
    histograms: any<HistogramSet>(),
    /** The full current list. */
    events: any<RunEvent[]>(),
    /** One that is kept from now on, and the steps of all that are; the others are to be forgotten. */
    checkpoint: any<{ checkpoint: Checkpoint; kept: number[] }>(),
    /** Bad input or a native failure, in words; the run is over. `log` is what a library said, for the log alone. */
    failed: any<{ message: Text; problems?: Problem[]; log?: string }>(),
    /** About once a second, so that a hung native call can be told from a slow one. */
    heartbeat: any<{ step: number }>(),
    /** The in-band word that all is sent; without it an exit is a crash. */
    done: any<{ state: 'finished' | 'stopped' }>()
  }
} satisfies Contract
export type TrainerApi = Client<typeof trainerContract>
