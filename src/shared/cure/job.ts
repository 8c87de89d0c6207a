import type { Text } from '../base/text'
import type { Experiment } from '../experiment/types'
import type { Finding } from '../run/types'
import type { Trial } from './types'

/** Recorded steps of a whole training: enough for every rule, and cheap. */
const FRAMES = 50

/** One training to be made. */
export interface Job {
  /** Sparsely recorded, with its seed and its remedies. */
  experiment: Experiment
  /** Id of the candidate; absent: untreated. */
  candidate?: string
  /** Steps after which it ends; absent: all. */
  until?: number
  /** Of a candidate: the untreated training that it is compared with, of the same seed and as many steps. */
  untreated?: Experiment
}
/** What a training tells a search. */
export interface JobResult {
  trial: Trial
  findings: Finding[]
  /** Of a candidate trained on a machine that computes other bits: the untreated training there. */
  against?: Trial
  /** Quantiles of the global norm of its gradients. */
  norms?: { half: number; tenth: number }
  /** What a forecast that learns nothing has of the goal's metric. */
  baseline?: { name: Text; value: number }
  /** Examples that it was judged by. */
  judged?: number
}

/** An experiment recorded at some 50 of its steps, and at every 10th at most. */
export function sparse(experiment: Experiment): Experiment {
  const { steps } = experiment.training
  const every = Math.max(experiment.record.every, Math.min(10, Math.max(1, Math.floor(steps / FRAMES))))
  return { ...experiment, record: { ...experiment.record, every, keepEvery: 0 } }
}
