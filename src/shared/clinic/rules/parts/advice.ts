import { parseSpec, paramsOf, type Spec } from '../../../base/params'
import { contradict, effectiveExperiment, remedyBlocked } from '../../../experiment/effective'
import { lookup } from '../../../experiment/lookup'
import { planExperiment } from '../../../experiment/plan'
import { remedies } from '../../../experiment/remedies'
import { takeAdvice } from '../../../experiment/take'
import type { Experiment } from '../../../experiment/types'
import type { RunView, Verdict } from '../types'
import { causes } from './causes'
import { RANKED } from './ranking'
import { hasKind } from './view'

/** A remedy to advise: its id, or its id with the parameters that differ from the defaults. */
export type Wanted = string | Spec | Together
/** A remedy that helps only together with others. Those that this network can't have are left out. */
export interface Together {
  choice: Spec
  on: readonly Spec[]
}
/** What a finding says to try. */
export type Advice = Pick<Verdict, 'advice' | 'choices' | 'along'>
/** A remedy as it is advised. */
interface Plan {
  choice: Spec
  on: Spec[]
  off: string[]
}

const whole = (choice: Spec): Spec => parseSpec('remedies', choice, '', [], lookup)
/** Hooks that contradict a remedy. What another kind of remedy has made of a network can't be taken out of it. */
function contradicted({ training }: Experiment, { id }: Spec): string[] {
  return training.hooks.map((h) => h.id).filter((h) => contradict(id, h))
}
/** Whether remedies can be switched on, do something, and leave a network that can be trained. */
function changes(experiment: Experiment, choices: readonly Spec[], off: readonly string[], view: RunView): boolean {
  const { info } = view.schema
  if (choices.some((c) => experiment.remedies.some((r) => r.id === c.id))) return false
  const before = takeAdvice(experiment, [], off)
  if (choices.some((c) => remedyBlocked(before, c, info))) return false
  const { experiment: after, problems } = effectiveExperiment({ ...before, remedies: [...choices] }, info)
  if (problems.length || planExperiment(after, info).problems.some((p) => p.severity !== 'warning')) return false
  const trained = ({ network, training, data }: Experiment): string => JSON.stringify([network.nodes, training, data])
  return trained(after) !== trained(experiment)
}
/** The remedies to switch on and off so that this one works here; undefined where it can't. */
function planned(view: RunView, experiment: Experiment, { choice, on }: Together): Plan | undefined {
  if (!remedies.find(choice.id)) return undefined
  const off = contradicted(experiment, choice)
  if (!changes(experiment, [whole(choice)], off, view)) return undefined
  const beside = on.filter(
    (o) =>
      o.id !== choice.id &&
      remedies.find(o.id) &&
      changes(experiment, [whole(o)], off, view) &&
      changes(experiment, [whole(choice), whole(o)], off, view)
  )
  return { choice, on: beside, off }
}
type Answers = Map<string, Plan | undefined>
const known = new WeakMap<Experiment, Answers>()
/** Those of the networks that were asked about last, whatever their seed, by all that a plan hangs on. */
const shared = new Map<string, Answers>()
/** Networks whose answers are kept: the seeds of a candidate come one after the other. */
const NETWORKS = 16

function answersOf(experiment: Experiment, { schema }: RunView): Answers {
  const own = known.get(experiment)
  if (own) return own
  const key = JSON.stringify([{ ...experiment, seed: 0, name: '' }, schema.info])
  const answers: Answers = shared.get(key) ?? new Map()
  shared.delete(key)
  shared.set(key, answers)
  for (const oldest of shared.keys()) if (shared.size > NETWORKS) shared.delete(oldest)
  known.set(experiment, answers)
  return answers
}
function fitting(view: RunView, wanted: Together): Plan | undefined {
  const { experiment } = view
  const { id } = wanted.choice
  if (!experiment) {
    const norm = hasKind(view, 'batchNorm') || hasKind(view, 'layerNorm')
    const had = (norm && (id === 'batchNorm' || id === 'layerNorm')) || (id === 'residual' && hasKind(view, 'add'))
    return had || !remedies.find(id) ? undefined : { ...wanted, on: [...wanted.on], off: [] }
  }
  const answers = answersOf(experiment, view)
  const key = JSON.stringify(wanted)
  if (!answers.has(key)) answers.set(key, planned(view, experiment, wanted))
  return answers.get(key)
}
const together = (w: Wanted): Together =>
  typeof w === 'string' ? { choice: { id: w }, on: [] } : 'choice' in w ? (w as Together) : { choice: w, on: [] }

/**
 * What a finding advises. The remedies of its causes (the scale of the data, the output layer) come first, all at
 * once. Then come those of `wanted` in their order. Remedies that are switched on already, are refused or change
 * nothing on this network are left out.
 */
export function advise(view: RunView, ...wanted: readonly Wanted[]): Advice {
  const behind = causes(view).map((c) => together(c).choice)
  const first = behind.map((choice): Together => ({ choice, on: behind.filter((o) => o !== choice) }))
  const list = [...first, ...wanted.map(together)]
  const chosen = list
    .filter((w, i) => list.findIndex((o) => o.choice.id === w.choice.id) === i)
    .flatMap((w) => fitting(view, w) ?? [])
  const choices = chosen.map(({ choice }) => [choice.id, paramsOf(choice)] as const)
  const withParams = choices.filter(([, p]) => Object.keys(p).length)
  const along = chosen
    .filter(({ on, off }) => on.length || off.length)
    .map(({ choice, on, off }) => [choice.id, { ...(on.length && { on }), ...(off.length && { off }) }] as const)
  return {
    advice: chosen.map(({ choice }) => choice.id),
    ...(withParams.length && { choices: Object.fromEntries(withParams) }),
    ...(along.length && { along: Object.fromEntries(along) })
  }
}
/** The same for a gradient. A critic gets the remedies made for critics first, and no batch norm. */
export const adviseGradient = (view: RunView, ...wanted: readonly Wanted[]): Advice =>
  view.schema.info.task === 'critic'
    ? advise(view, ...RANKED.critic, ...wanted.filter((id) => id !== 'batchNorm'))
    : advise(view, ...wanted)
