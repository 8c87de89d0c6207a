import { InputError, problem } from '@shared/base/problems'
import type { SentProject } from '@shared/project/types'
import { decodeProject, encodeProject } from '@shared/project'
import { type BriefRun, wholeOf } from '@shared/run/brief'
import type { RunRecord } from '@shared/run/types'
import { readLog } from './journal/read'
import { sum } from './read'
import { safeWrite } from './safeWrite'

/** What becomes of the `.bak` of an earlier file: see `safeWrite`. */
export type Backup = true | 'aside'

/**
 * Writes a project file. @param journal folder that holds what was sent in brief. @returns the sum of its content.
 * @throws TextError and InputError, with the code `notWhole` when a run there is another than was sent; the old file
 *   stays then
 */
export type WriteProject = (project: SentProject, path: string, backup: Backup, journal?: string) => Promise<string>

/** The run that a brief one stands for, as it is on disk. @throws InputError */
async function fromJournal(run: BriefRun, journal = ''): Promise<RunRecord> {
  const log = await readLog(journal, run.id)
  const record = log && wholeOf(run, log)
  if (record) return record
  const [en, zh] = ['was not found in the backup as it is on screen', '备份中的内容与屏幕上的不同']
  throw new InputError([problem(run.name, en!, zh!, { code: 'notWhole' })])
}
export const writeProject: WriteProject = async (project, path, backup, journal) => {
  const runs: RunRecord[] = []
  for (const run of project.runs) runs.push('marks' in run ? await fromJournal(run, journal) : run)
  const bytes = encodeProject({ ...project, runs })
  let written = ''
  await safeWrite(path, bytes, {
    backup,
    meanwhile() {
      // What can't be opened again is not worth the old file.
      decodeProject(bytes)
      written = sum(bytes)
    }
  })
  return written
}
