import type { Sweep } from '../cure/sweep'
import type { Prescription } from '../cure/types'
import type { Sums } from '../experiment/attached'
import type { Experiment } from '../experiment/types'
import type { FrameReader } from '../run/frameTable'
import type { Evaluation, Finding, Progress, RunEvent, RunSchema, RunVerdict } from '../run/types'
import type { Text } from '../base/text'

/** A run as a report shows it. */
export interface ReportRun {
  name: string
  /** As it was started: its remedies listed. */
  experiment: Experiment
  /** With its remedies applied. */
  effective: Experiment
  schema: RunSchema
  frames: FrameReader
  evaluations: readonly Evaluation[]
  findings: readonly Finding[]
  events: readonly RunEvent[]
  verdict?: RunVerdict
  progress: Pick<Progress, 'state' | 'step' | 'steps'>
  /** From its first step to its end. */
  seconds?: number
  /** Of the attached files that it was trained with, where they are known. */
  sums?: Sums
}
/** A search with what it was asked. */
export interface ReportSearch {
  prescription: Prescription
  /** Untreated, as it was put to the search. */
  experiment: Experiment
  /** Ids of the only remedies that were tried; absent: all. */
  consider?: readonly string[]
  /** Milliseconds that it took. */
  time?: number
}
/** All that a report is made of. */
export interface ReportInput {
  /** One run; or two that are compared, of a search or a sweep untreated and treated. */
  runs: readonly ReportRun[]
  search?: ReportSearch
  sweep?: Sweep
  /** Names of the files that were trained on, and the SHA-256 of each. */
  files: readonly (readonly [name: string, sum: string])[]
  /** SHA-256 of all examples, inputs before targets, as little-endian float32; absent where they are not at hand. */
  dataSum?: string
  /** What was left out of the data or guessed. */
  remarks: readonly Text[]
  /** Of the program that wrote the report. */
  version: string
  /** When it is made, ISO 8601. */
  made: string
}
