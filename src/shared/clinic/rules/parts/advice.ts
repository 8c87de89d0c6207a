import { parseSpec, paramsOf, type Spec } from '../../../base/params'
import { effectiveExperiment, remedyBlocked } from '../../../experiment/effective'
import { lookup } from '../../../experiment/lookup'
import { planExperiment } from '../../../experiment/plan'
import { remedies } from '../../../experiment/remedies'
import type { Experiment } from '../../../experiment/types'
import type { RunView, Verdict } from '../types'
import { causes } from './causes'
import { RANKED } from './ranking'
import { hasKind } from './view'

/** A remedy to advise: its id, or a choice of it with the parameters that differ from its defaults. */
export type Wanted = string | Spec

/** Whether a remedy can be switched on, does something, and leaves a network that can be trained. */
function changes(experiment: Experiment, choice: Spec, view: RunView): boolean {
  const { info } = view.schema
  if (experiment.remedies.some((r) => r.id === choice.id)) return false
  if (remedyBlocked(experiment, choice, info)) return false
  const { experiment: after, problems } = effectiveExperiment({ ...experiment, remedies: [choice] }, info)
  if (problems.length || planExperiment(after, info).problems.some((p) => p.severity !== 'warning')) return false
  const trained = ({ network, training, data }: Experiment): string => JSON.stringify([network.nodes, training, data])
  return trained(after) !== trained(experiment)
}
const known = new WeakMap<Experiment, Map<string, boolean>>()
function fits(view: RunView, wanted: Spec): boolean {
  const { experiment } = view
  if (!remedies.find(wanted.id)) return false
  if (!experiment) {
    const norm = hasKind(view, 'batchNorm') || hasKind(view, 'layerNorm')
    return (
      !(norm && (wanted.id === 'batchNorm' || wanted.id === 'layerNorm')) &&
      !(wanted.id === 'residual' && hasKind(view, 'add'))
    )
  }
  const answers = known.get(experiment) ?? new Map<string, boolean>()
  known.set(experiment, answers)
  const key = JSON.stringify(wanted)
  const before = answers.get(key)
  if (before !== undefined) return before
  const answer = changes(experiment, parseSpec('remedies', wanted, '', [], lookup), view)
  answers.set(key, answer)
  return answer
}

/**
 * What a finding advises: first what cures a cause that lies behind it (the scale of the data, the output layer), then
 * `wanted` in this order, without what is switched on, refused or changes nothing on this network.
 */
export function advise(view: RunView, ...wanted: readonly Wanted[]): Pick<Verdict, 'advice' | 'choices'> {
  const list = [...causes(view), ...wanted].map((w): Spec => (typeof w === 'string' ? { id: w } : w))
  const chosen = list.filter((w, i) => list.findIndex((o) => o.id === w.id) === i && fits(view, w))
  const withParams = chosen.map((w) => [w.id, paramsOf(w)] as const).filter(([, p]) => Object.keys(p).length)
  return {
    advice: chosen.map((w) => w.id),
    ...(withParams.length && { choices: Object.fromEntries(withParams) })
  }
}
/** The same for a gradient; for a critic's first what was made for it, and no batch norm. */
export const adviseGradient = (view: RunView, ...wanted: readonly Wanted[]): Pick<Verdict, 'advice' | 'choices'> =>
  view.schema.info.task === 'critic'
    ? advise(view, ...RANKED.critic, ...wanted.filter((id) => id !== 'batchNorm'))
    : advise(view, ...wanted)
