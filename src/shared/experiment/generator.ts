import { datasets } from '../catalog/datasets'
import type { Generator } from '../catalog/datasets/types'
import { losses } from '../catalog/losses'
import { parseExperiment } from './parse'
import { planNetwork, type Plan } from './plan'
import type { Experiment } from './types'

/** What a critic is trained against; undefined for every other task. */
export function generatorOf({ data, training }: Experiment): Generator | undefined {
  const { id, ...params } = data.dataset
  return losses.get(training.loss.id).tasks.includes('critic') ? datasets.get(id).generator?.(params) : undefined
}
/** The generator's network, laid out; undefined where points are real ones and noise. */
export const planGenerator = ({ network, latent }: Generator): Plan | undefined =>
  network && planNetwork(parseExperiment({ network }).network, [latent])
