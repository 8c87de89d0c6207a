import { criticExperiment, type Held } from '../shared/clinic/templates/critic'
import { trainRun } from '../trainer/collect'

/**
 * One row of Gulrajani 2017, fig. 1b: the gradient's gain per hidden layer, on its way back through a trained 12-layer
 * critic.
 */
export interface CriticRow {
  name: string
  /** What holds the critic's slope. */
  held: Held
  /** Where the gain must lie: what the figure shows, in numbers. */
  from: number
  to: number
}
export const criticRows: CriticRow[] = [
  { name: 'weights clipped, c = 0.001', held: 0.001, from: 0, to: 0.05 },
  { name: 'weights clipped, c = 0.01', held: 0.01, from: 0, to: 0.3 },
  { name: 'weights clipped, c = 0.1', held: 0.1, from: 1.5, to: Infinity },
  { name: 'gradient penalty', held: 'gradientPenalty', from: 0.8, to: 1.25 },
  // No layer can stretch what passes it; ReLU alone takes it to 1/√2 at the start, and training makes up for part of
  // that.
  { name: 'spectral norm 1', held: 'spectralNorm', from: 0.8, to: 1 }
]

/**
 * Trains the critic of the gallery. @returns gain of the activation-gradient RMS per hidden layer at the last step.
 * @throws Error in the trainer's words
 */
export async function criticGain(held: Held): Promise<number> {
  const { table, schema } = await trainRun(criticExperiment(held))
  if (!table || !schema) throw new Error('nothing was trained')
  const hidden = schema.layers.filter((l) => l.main).slice(0, -1)
  const rms = (at: number): number =>
    table!.value(table!.length - 1, table!.column(hidden[at]!.index, 'activationGradientRms'))!
  return (rms(0) / rms(hidden.length - 1)) ** (1 / (hidden.length - 1))
}
