import { useThreads } from '../../trainer/tensorflow'
import { makeOrder } from '../elsewhere/order'
import { sayError } from '../disk'
import { readAttached, readGiven } from '../input'
import { sumsOf, type JobContext } from './address'
import { runJob } from './job'
import type { FromWorker, ToWorker, WorkerSetup } from './pool'

/** A process that trains what its parent sends, until the parent is gone. */
export function work(version: string): Promise<number> {
  const say = (message: FromWorker): void => void process.send!(message)
  let setup: WorkerSetup
  let context: JobContext | undefined
  return new Promise((resolve) => {
    // A terminal sends Ctrl+C to all that it runs. The parent decides what becomes of it: what is under way ends.
    process.on('SIGINT', () => {})
    process.on('disconnect', () => {
      resolve(0)
      // Nobody waits for a training that is under way.
      process.exit()
    })
    process.on('message', (message: ToWorker) => {
      if ('setup' in message) {
        setup = message.setup
        useThreads(setup.threads)
        return
      }
      Promise.resolve()
        .then(async () => {
          if ('order' in message) return (await makeOrder(message.order, version, message.untreatedBy)).record
          const { job } = message
          if (!context) {
            // All jobs of a search are about the same files.
            const files = readAttached(job.experiment, setup.file, readGiven(setup.file).files)
            context = { ...setup, version, files, sums: sumsOf(files) }
          }
          return runJob(job, context)
        })
        .then(
          (record) => say({ record }),
          (error: unknown) => say({ error: sayError(error) })
        )
    })
  })
}
