/**
 * Entry of the process that reads files, and writes large projects: what is wrong with one may end this process, never
 * the app, and what takes long keeps this process busy, never the window.
 */
import '@shared/clinic/remedies'
import { errorToData } from '@shared/ipc/errors'
import type { SentProject } from '@shared/project/types'
import { readers, type Readers } from './files/read'
import { writeProject, type Backup } from './files/write'

type Question =
  | { kind: keyof Readers; paths: string[] }
  | { kind: 'save'; paths: [string]; project: SentProject; backup: Backup; journal?: string }

/** The one thing of Electron that is known here. */
interface ParentPort {
  once(event: 'message', listener: (event: { data: Question }) => void): void
  postMessage(message: unknown): void
}
const { parentPort } = process as unknown as { parentPort: ParentPort }

const answer = (question: Question): Promise<unknown> => {
  if (question.kind !== 'save') return readers[question.kind](question.paths)
  return writeProject(question.project, question.paths[0], question.backup, question.journal)
}
// It is ended by its parent, so that the answer surely comes before the end.
parentPort.once('message', ({ data }) => {
  answer(data).then(
    (value) => parentPort.postMessage({ value }),
    (error: unknown) => parentPort.postMessage({ error: errorToData(error) })
  )
})
