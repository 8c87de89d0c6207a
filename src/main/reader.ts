/** Entry of the process that reads files: what is wrong with one may end this process, never the app. */
import '@shared/clinic/remedies'
import { errorToData } from '@shared/ipc/errors'
import { readers, type Readers } from './files/read'

/** The one thing of Electron that is known here. */
interface ParentPort {
  once(event: 'message', listener: (event: { data: { kind: keyof Readers; paths: string[] } }) => void): void
  postMessage(message: unknown): void
}
const { parentPort } = process as unknown as { parentPort: ParentPort }

// It is ended by its parent, so that the answer surely comes before the end.
parentPort.once('message', ({ data: { kind, paths } }) => {
  readers[kind](paths).then(
    (value) => parentPort.postMessage({ value }),
    (error: unknown) => parentPort.postMessage({ error: errorToData(error) })
  )
})
