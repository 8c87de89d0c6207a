import type { Attachments } from '../shared/catalog/datasets'
import type { Experiment } from '../shared/experiment'
import { RunLog } from '../shared/run/runLog'
import { TrainerSession, type SessionOptions } from './session/session'

/**
 * Trains to the end in this process.
 * @param files the files that the experiment names
 * @returns the run
 * @throws Error in the trainer's words when the run failed
 */
export async function trainRun(
  experiment: Experiment,
  { files = {}, ...options }: SessionOptions & { files?: Attachments } = {}
): Promise<RunLog> {
  const log = new RunLog({ id: 'run', name: experiment.name, experiment, createdAt: '' })
  const session: TrainerSession = new TrainerSession(
    experiment,
    files,
    (update) => {
      log.apply(update)
      if (update.kind === 'frames') session.ack(1)
    },
    options
  )
  await session.run()
  const { failure } = log.progress
  if (failure) throw new Error(failure.message.en)
  return log
}
