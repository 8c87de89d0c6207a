import type { Plan } from '@shared/experiment/plan'
import type { Experiment } from '@shared/experiment/types'
import { predictGains } from '@shared/theory'
import { colourOf, css } from '@/charts/scales'

/** Size of the gradient that a loss usually hands to the output, for pictures of theory alone. */
const AT_OUTPUT = 0.03

/** Colours of each kernel layer's gradient at initialisation as theory has it, first layer first. */
export function theoryProfile(experiment: Experiment, plan: Plan): string[] {
  const predictions = predictGains(plan, { batchSize: experiment.training.batchSize })
  return plan.layers.flatMap((l, i) => {
    const p = predictions[i]?.profile
    // Where theory does not reach there is no colour.
    return l.main ? [p === undefined ? 'var(--empty-2)' : css(colourOf(p * AT_OUTPUT, 'log', [-14, 2]))] : []
  })
}
