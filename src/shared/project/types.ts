import type { Attachments } from '../catalog/datasets/types'
import type { Experiment } from '../experiment/types'
import type { SearchState } from '../cure/state'
import type { BriefRun } from '../run/brief'
import type { RunRecord } from '../run/types'

/** What a project file holds. */
export interface Project {
  format: 'gradient-clinic/project'
  version: number
  name: string
  experiments: Experiment[]
  /** Index into experiments of the one on screen. */
  current: number
  runs: RunRecord[]
  /** The newest search for a cure, and the trainings of all of them. */
  search?: SearchState
  /** Attached files by name: tables as text, others as bytes. */
  files: Attachments
  /** Keys a newer minor version may have added; kept as they are. */
  extra?: Record<string, unknown>
}

/** A project on its way to be saved. */
export interface SentProject extends Omit<Project, 'runs'> {
  /** In brief where main may have the rest. */
  runs: (RunRecord | BriefRun)[]
}
/** A run as the window names it to main, which has the rest. */
export interface RunStub {
  id: string
  name: string
  seconds?: number
  /** Name of its experiment. */
  experiment?: string
}
/** What the window tells main of the project after each change: no more than what may have changed. */
export interface Outline extends Omit<Project, 'runs' | 'files'> {
  /** Distinguishes the projects of a session. */
  key?: string
  /** Key of the project that was on screen before, and that may go: the person was asked. */
  replaces?: string
  /** In full only where main has asked for it. */
  runs: (RunStub | RunRecord)[]
  /** Absent: as they were told before. */
  files?: Attachments
}

/** What a person has set for the application, apart from any project. */
export interface Settings {
  theme: 'system' | 'light' | 'dark'
  language: 'system' | 'en' | 'zh'
  /** Sizes of panels and such, by the renderer's own keys. */
  layout: Record<string, number | boolean | string>
}
