import type { Advised } from '../recording/changes'
import type { Problem } from '../base/problems'
import type { Text } from '../base/text'
import type { Experiment } from '../experiment/types'
import type { TargetId } from '../takehome/targets'

/** A run that is to be taken home. */
export interface HomeOrder {
  /** With its remedies. */
  experiment: Experiment
  /** The same without what cured it; absent: there is nothing to compare. */
  before?: Experiment
  /** After which the weights are taken. */
  step: number
  /** What the run recorded, as a table; empty: nothing. */
  lossTable: string
  /** Threads that the run was trained with; absent: one for each core. */
  threads?: number
}
/** One file of a project. */
export interface HomeFile {
  name: string
  bytes: number
  /** Absent for a file that is no text. */
  text?: string
}
/** A project that is ready to be saved, or why it can't be written. */
export type HomeProject =
  | {
      ok: true
      files: HomeFile[]
      /** The same files of the experiment before its cure, where they are code. */
      before?: Record<string, string>
      /** What the cure changes in the person's own code, of a model of another program. */
      own?: Advised[]
    }
  | { ok: false; problems: Problem[] }
/** A run that was taken home. */
export interface HomeTaken {
  id: string
  /** After which the weights are: the one asked for, or the last. */
  step: number
  projects: Record<TargetId, HomeProject>
  /** The first step whose loss differs from what the run recorded: it was made elsewhere, or changed. */
  differs?: number
}
/** What `check.py` said on this machine. */
export type HomeCheck = {
  /** The Python that the person chose, where another one was taken, or none: why it was not. */
  passed?: PassedOver
} & (
  | {
      state: 'checked'
      /** Largest differences, as shares of what was recorded. */
      losses: string
      gradients: string
      /** The library and its version. */
      with: string
    }
  /** It ran to its end, and the figures differ: what it said. */
  | { state: 'failed'; text: string }
  /** It did not come to its end: its last lines, or why it could not even begin. */
  | { state: 'broken'; text: string | Text }
  /** The person stopped it. */
  | { state: 'stopped' }
  /** It was ended after so many minutes. */
  | { state: 'slow'; minutes: number }
  /** No Python has what it needs. */
  | {
      state: 'missing'
      /** What it needs: names of modules. */
      modules: string[]
      /** The Python that lacks the least; absent: there is none at all. */
      nearest?: { python: string; lacks: Lack[] }
    }
)
/** A Python that was not used, and why. */
export type PassedOver = { python: string } & (
  | { why: 'lacks'; lacks: Lack[] }
  /** There is no such program, or none that this machine can start; or it hangs. */
  | { why: 'absent' | 'denied' | 'hangs' }
  /** It did not run what it was given: what it said, which may be nothing. */
  | { why: 'fails'; text: string }
)
/** A module that a Python has not, or has in a version that is too old. */
export interface Lack {
  module: string
  least: string
  /** The version that is there; absent: none. */
  version?: string
}
