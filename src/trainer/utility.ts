/**
 * Entry of the trainer's process: an Electron utility process, or a plain Node child with `serialization: 'advanced'`.
 * Speaks `trainerContract` to its parent and ends when the parent is done with it.
 */
import { setPriority } from 'node:os'
import { serve, type Port } from '../shared/ipc/rpc'
import { trainerContract } from '../shared/ipc/trainer'
import { TrainerHost } from './host'
import { useThreads } from './tensorflow'

/** The one thing of Electron that is known here. */
interface ParentPort {
  on(event: 'message', listener: (event: { data: unknown }) => void): void
  postMessage(message: unknown): void
}
// Training takes every core there is; the window, which takes little, goes first (nice 5: a third of the weight).
// Threads started later inherit it.
try {
  setPriority(5)
} catch {
  // It trains all the same.
}

const parentPort = (process as unknown as { parentPort?: ParentPort }).parentPort
const port: Port = parentPort
  ? {
      post: (message) => parentPort.postMessage(message),
      onMessage: (listener) => parentPort.on('message', (event) => listener(event.data)),
      // When the parent ends, Electron ends this process with it.
      onClose: () => undefined
    }
  : {
      // Once the parent has let go there is nobody to tell, and nothing wrong with that.
      post: (message) => void (process.connected && process.send!(message, undefined, undefined, () => undefined)),
      onMessage: (listener) => void process.on('message', listener),
      onClose: (listener) =>
        void process.once('disconnect', () => {
          listener()
          process.exit(0)
        })
    }

const threads = Number(process.env['GRADIENT_CLINIC_THREADS'])
if (threads >= 1) useThreads(threads)

// Only the parent ends this process: it alone knows whether another run is on its way here.
const host = new TrainerHost((event, payload) => server.emit(event, payload), { histograms: true })
const server = serve(trainerContract, port, host, {
  onMalformed: (why) => console.error(`trainer: a message was refused: ${why}`)
})
