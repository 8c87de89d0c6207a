import { makeRng, type Rng } from '@shared/base/random/rng'
import { parseExperiment, type Experiment } from '@shared/experiment'
import '@shared/clinic/remedies'
import { bases } from './bases'
import { faults } from './faults'
import { variations } from './variations'
import type { Base, Case, Draft, Wish } from './types'

export type * from './types'
export { faults, variations }

const experimentOf = (name: string, seed: number, { data, nodes, training }: Draft): Experiment =>
  parseExperiment({ name, seed, data, network: { nodes }, training })
/** The same table and the same choices for a case and its twin. */
const drawn = (base: Base, seed: number): Rng => makeRng(seed, `corpus/${base.id}`)

/** Ids of all that could be in the corpus with this seed: each still has to fail, or to learn, when it is run. */
export function candidates(seed: number): string[] {
  return bases.flatMap((b) => [
    ...variations.filter((v) => v.suits(b)).map((v) => `${b.id}/${v.id}/${seed}`),
    ...faults.filter((f) => f.suits(b)).map((f) => `${b.id}/${f.id}/${seed}`)
  ])
}
/** The training of this id: a pure function of it. @throws Error when there is no such base or fault */
export function caseOf(id: string): Case {
  const [baseId, what, text] = id.split('/')
  const base = bases.find((b) => b.id === baseId)
  const seed = Number(text)
  const variation = variations.find((v) => v.id === what)
  const fault = faults.find((f) => f.id === what)
  if (!base || (!variation && !fault)) throw new Error(`The corpus has no ${id}.`)
  const choices = makeRng(seed, `corpus/${baseId}/${what}`)
  const draw = (wish: Wish): Draft => base.make(drawn(base, seed), wish)
  if (variation) {
    const draft = draw(variation.wish?.(choices) ?? {})
    variation.change(draft, choices, base)
    return { id, base, experiment: experimentOf(id, seed, draft), files: draft.files }
  }
  const wish = fault!.wish?.(choices) ?? {}
  const [draft, twin] = [draw(wish), draw(fault!.twin ?? wish)]
  for (const d of [draft, twin]) fault!.setting?.(d, makeRng(seed, `corpus/${baseId}/${what}/setting`))
  const label = fault!.inject(draft, choices, base)
  return {
    id,
    base,
    label,
    experiment: experimentOf(id, seed, draft),
    files: draft.files,
    twin: { experiment: experimentOf(`${id}, twin`, seed, twin), files: twin.files }
  }
}
