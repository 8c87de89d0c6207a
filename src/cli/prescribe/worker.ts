import { useThreads } from '../../trainer/tensorflow'
import { readAttached, readGiven } from '../input'
import { runJob, type JobContext } from './job'
import type { FromWorker, ToWorker } from './pool'

/** A process that trains what its parent sends, until the parent is gone. */
export function work(version: string): Promise<number> {
  const say = (message: FromWorker): void => void process.send!(message)
  let context: JobContext | undefined
  let files: JobContext['files'] = {}
  let file = ''
  return new Promise((resolve) => {
    process.on('disconnect', () => resolve(0))
    process.on('message', (message: ToWorker) => {
      if ('setup' in message) {
        const { goal, runs, threads } = message.setup
        file = message.setup.file
        useThreads(threads)
        files = readGiven(file).files
        context = { files, goal, runs, version, threads }
        return
      }
      const { job } = message
      Promise.resolve()
        .then(() => runJob(job, { ...context!, files: readAttached(job.experiment, file, files) }))
        .then(
          (result) => say({ result }),
          (error: unknown) => say({ error: error instanceof Error ? error.message : String(error) })
        )
    })
  })
}
