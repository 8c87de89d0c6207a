/** Entry of the process that follows a recording: what is wrong with one may end this process, never the app. */
import '@shared/clinic/remedies'
import { serve, type Port } from '@shared/ipc/rpc'
import { trainerContract } from '@shared/ipc/trainer'
import { Follower } from './follower'

/** The one thing of Electron that is known here. */
interface ParentPort {
  on(event: 'message', listener: (event: { data: unknown }) => void): void
  postMessage(message: unknown): void
}
const { parentPort } = process as unknown as { parentPort: ParentPort }
const port: Port = {
  post: (message) => parentPort.postMessage(message),
  onMessage: (listener) => parentPort.on('message', (event) => listener(event.data)),
  // When the parent ends, Electron ends this process with it.
  onClose: () => undefined
}
const server = serve(trainerContract, port, new Follower((event, payload) => void server.emit(event, payload)), {
  onMalformed: (why) => console.error(`recording: a message was refused: ${why}`)
})
