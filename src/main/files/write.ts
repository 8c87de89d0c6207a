import type { Project } from '@shared/project/types'
import { decodeProject, encodeProject } from '@shared/project'
import { sum } from './read'
import { safeWrite } from './safeWrite'

/** What becomes of the `.bak` of an earlier file: see `safeWrite`. */
export type Backup = true | 'aside'

/** Writes a project file. @returns the sum of its content. @throws TextError and InputError; the old file stays then */
export type WriteProject = (project: Project, path: string, backup: Backup) => Promise<string>

export const writeProject: WriteProject = async (project, path, backup) => {
  const bytes = encodeProject(project)
  // What can't be opened again is not worth the old file.
  decodeProject(bytes)
  await safeWrite(path, bytes, { backup })
  return sum(bytes)
}
