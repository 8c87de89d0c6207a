import type { DataInfo } from '../catalog/datasets/types'
import type { Experiment } from '../experiment/types'
import { candidatesFor, pairOf } from './candidates'
import { costSteps, heatOf } from './heat'
import { isHopeless, Search, type SearchOptions } from './underWay'
import { good } from './outcome'
import { mean } from './statistics'
import type { Candidate, Goal, Prescription, Trial } from './types'

/** Advised candidates that are trained on all seeds at once, before anything races. */
const ADVISED_FIRST = 2
/**
 * Finalists that a race leaves room for, where nothing cures yet, and where something does; and that it lets through at
 * least, as far as there is room. Beyond these, the better half.
 */
const FINALISTS = 3
const RIVALS = 2

/** Those that a race over a part of the steps leaves in it, the best first, and what they were held against. */
async function race(
  search: Search,
  candidates: readonly Candidate[],
  goal: Goal,
  racing: readonly number[],
  until: number
): Promise<{ alive: Candidate[]; before: Trial[] }> {
  const before: Trial[] = []
  const [, ...results] = await Promise.all([
    search.train(undefined, racing, until, (r) => void before.push(r.trial)),
    ...candidates.map((c) => search.race(c, racing, until))
  ])
  const alive: { candidate: Candidate; score: number[] }[] = []
  candidates.forEach((candidate, i) => {
    const trials = results[i]!
    if (trials.length < racing.length) search.done(candidate, 'budget', before)
    else if (before.length && isHopeless(goal, trials, before)) search.done(candidate, 'hopeless', before)
    else
      alive.push({
        candidate,
        score: [
          trials.filter((t) => t.repaired).length,
          mean(trials.map((t) => good(goal, t.value))),
          -mean(trials.map((t) => t.span))
        ]
      })
  })
  alive.sort((a, b) => b.score.map((v, i) => v - a.score[i]!).find((d) => d !== 0) ?? 0)
  return { alive: alive.map((o) => o.candidate), before }
}
/** Trains candidates on all seeds, the best first, as far as there is room. @returns those that are left */
async function settle(search: Search, candidates: readonly Candidate[], most: number): Promise<Candidate[]> {
  const left = [...candidates]
  let more = most
  while (left.length && more > 0) {
    const wave = left.splice(0, Math.min(more, Math.floor(search.room)))
    if (!wave.length) break
    more -= wave.length
    await Promise.all(wave.map((c) => search.settle(c)))
  }
  return left
}

/**
 * Searches for what cures an experiment. Every candidate is trained with the same seeds as the untreated network, on
 * the same data: what findings advise first, on all seeds; the rest in a race over a part of the steps (successive
 * halving, Jamieson and Talwalkar 2016), whose better half goes on to all seeds; then pairs of what helped, when
 * nothing cures alone. What is claimed rests on whole trainings with all seeds, never on the race.
 * @param info of the experiment's data
 */
export async function searchCure(
  experiment: Experiment,
  info: DataInfo,
  options: SearchOptions
): Promise<Prescription> {
  const { goal, seeds } = options
  const search = new Search(experiment, info, options)
  await search.trainUntreated()
  const { candidates, blocked } = candidatesFor(
    experiment,
    { info, findings: search.findings, norms: search.plain.find((r) => r.norms)?.norms },
    options.consider
  )
  search.blocked = blocked
  search.expect(candidates)
  const { steps } = experiment.training
  if (search.healthy) {
    // Nothing is to be cured: a few steps tell what each remedy would cost.
    const few = costSteps({ steps, seeds: seeds.length, runners: candidates.length })
    await Promise.all(
      candidates.map(async (c) => {
        await search.race(c, seeds.slice(0, 1), few)
        search.done(c, 'cost')
      })
    )
    return search.end()
  }
  const first = candidates.filter((c) => c.advised).slice(0, ADVISED_FIRST)
  await Promise.all(first.map((c) => search.settle(c)))
  const others = candidates.filter((c) => !first.includes(c))
  const least = search.hasCure ? RIVALS : FINALISTS
  let alive = others
  let before: Trial[] | undefined
  if (others.length > least) {
    const room = search.room - least
    const heat = heatOf({ steps, seeds: seeds.length, runners: others.length + 1, room })
    ;({ alive, before } = await race(search, others, goal, seeds.slice(0, heat.seeds), heat.until))
  }
  const through = Math.max(least, Math.ceil(alive.length / 2))
  // Nothing cures yet: what leads is proven before anything else.
  const lead = search.hasCure ? 0 : 1
  let left = await settle(search, alive, lead)
  left = await settle(search, left, through - lead)
  if (!search.hasCure) {
    await pairs(search, experiment, info, options, candidates)
    if (!search.hasCure) left = await settle(search, left, left.length)
  }
  for (const candidate of left) search.done(candidate, search.spent ? 'budget' : 'outraced', before)
  return search.end()
}

/** Tries pairs of what helped, the best first; one lucky seed is no proof, but worth a try. */
async function pairs(
  search: Search,
  experiment: Experiment,
  info: DataInfo,
  options: SearchOptions,
  candidates: readonly Candidate[]
): Promise<void> {
  const helped = search
    .ranked()
    .filter((o) => o.group === 'helps' || (o.group === 'none' && o.repaired.share > 0))
    .map((o) => candidates.find((c) => c.id === o.id)!)
  const all = helped.flatMap((a, i) => helped.slice(i + 1).map((b) => pairOf(experiment, a, b, info)))
  const tried = all
    .filter((p): p is Candidate => p !== undefined)
    .slice(0, Math.min(options.pairs, Math.floor(search.room)))
  search.expect(tried)
  await Promise.all(tried.map((p) => search.settle(p)))
}
