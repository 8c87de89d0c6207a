import type { Spec } from '../base/params'
import type { Experiment, RemedyChoice } from './types'

/** What is changed along with an advised remedy, which would not help without it. */
export interface Along {
  /** Remedies that are switched on with it, with the parameters that differ from their defaults. */
  on?: Spec[]
  /** Ids of remedies and hooks that contradict it, which are switched off. */
  off?: string[]
}

/**
 * The experiment as a finding advises it: what contradicts the remedy is switched off, the remedy and what it needs
 * beside it are switched on. Pure.
 * @param choices with all their parameters, in the order in which they are to be applied
 */
export function takeAdvice(
  experiment: Experiment,
  choices: readonly RemedyChoice[],
  off: readonly string[]
): Experiment {
  const gone = new Set([...off, ...choices.map((c) => c.id)])
  const { training } = experiment
  return {
    ...experiment,
    training: { ...training, hooks: training.hooks.filter((h) => !off.includes(h.id)) },
    remedies: [...experiment.remedies.filter((r) => !gone.has(r.id)), ...choices]
  }
}
