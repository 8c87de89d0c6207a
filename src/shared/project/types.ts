import type { Attachments } from '../catalog/datasets/types'
import type { Experiment } from '../experiment/types'
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
  /** Attached files by name: tables as text, others as bytes. */
  files: Attachments
  /** Keys a newer minor version may have added; kept as they are. */
  extra?: Record<string, unknown>
}

/** What a person has set for the application, apart from any project. */
export interface Settings {
  theme: 'system' | 'light' | 'dark'
  language: 'system' | 'en' | 'zh'
  /** Sizes of panels and such, by the renderer's own keys. */
  layout: Record<string, number | boolean | string>
}
