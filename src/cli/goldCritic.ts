import { criticExperiment } from '../shared/templates/critic'
import { FrameTable } from '../shared/run/frameTable'
import type { FrameBatch, RunSchema } from '../shared/run/types'
import { TrainerSession } from '../trainer/session'

/** One row of Gulrajani 2017, fig. 1b: the gradient's gain per hidden layer, on its way back through a trained 12-layer critic. */
export interface CriticRow {
  name: string
  /** c of the weight clipping; absent: gradient penalty. */
  limit?: number
  /** Where the gain must lie: what the figure shows, in numbers. */
  from: number
  to: number
}
export const criticRows: CriticRow[] = [
  { name: 'weights clipped, c = 0.001', limit: 0.001, from: 0, to: 0.05 },
  { name: 'weights clipped, c = 0.01', limit: 0.01, from: 0, to: 0.3 },
  { name: 'weights clipped, c = 0.1', limit: 0.1, from: 1.5, to: Infinity },
  { name: 'gradient penalty', from: 0.8, to: 1.25 }
]

/** Trains the critic of the gallery. @returns gain of the activation-gradient RMS per hidden layer at the last step. @throws Error in the trainer's words */
export async function criticGain(limit?: number): Promise<number> {
  let table: FrameTable | undefined
  let schema: RunSchema | undefined
  let failed: string | undefined
  const session: TrainerSession = new TrainerSession(criticExperiment(limit), {}, (event, payload) => {
    if (event === 'schema') table = new FrameTable((schema = payload as RunSchema))
    else if (event === 'frames') {
      table!.append(payload as FrameBatch)
      session.ack(1)
    } else if (event === 'failed') failed = (payload as { message: { en: string } }).message.en
  })
  await session.run()
  if (failed !== undefined || !table || !schema) throw new Error(failed ?? 'nothing was trained')
  const hidden = schema.layers.filter((l) => l.main).slice(0, -1)
  const rms = (at: number): number => table!.value(table!.length - 1, table!.column(hidden[at]!.index, 'activationGradientRms'))!
  return (rms(0) / rms(hidden.length - 1)) ** (1 / (hidden.length - 1))
}
