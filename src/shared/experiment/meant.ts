import { losses } from '../catalog/losses'
import type { DataContext } from '../catalog/datasets/types'
import type { Spec } from '../base/params'
import { sinkOf } from './edit/scope'
import { isBlock, type Experiment } from './types'

/** Outputs that are probabilities: what they are held against is classes, whatever the loss. */
const PROBABILITIES = new Set(['softmax', 'sigmoid'])

/**
 * What a target of whole numbers is to this experiment: classes to a cross-entropy, numbers to a loss of differences
 * whose output is one number; undefined where loss and output leave it open.
 */
export function meantTask(experiment: Experiment): DataContext['meant'] {
  const loss = losses.find(experiment.training.loss.id)
  if (!loss) return undefined
  if (!loss.tasks.includes('regression')) return loss.tasks.includes('critic') ? undefined : 'classification'
  const out = sinkOf(experiment.network.nodes)
  if (!out || isBlock(out) || out.kind !== 'dense' || out.params['units'] !== 1) return undefined
  return PROBABILITIES.has((out.params['activation'] as Spec | undefined)?.id ?? '') ? undefined : 'regression'
}
