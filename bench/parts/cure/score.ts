import { interval95, mean, wilson95 } from '../../../src/shared/cure/statistics'
import { makeRng, permutation } from '../../../src/shared/base/random/rng'
import type { Answer, Cost, Exhaustive } from './work'

/** Share of the seeds that a cure repairs, as the search claims it. */
const CURES = 0.8
/** Orders in which random search is tried. */
const ORDERS = 200

const curable = ({ state, all, claim }: Answer): boolean => state !== 'healthy' && (!!claim || all.some((c) => c.cures))
const ill = ({ state }: Answer): boolean => state !== 'healthy'

/** What trying candidates one by one, each on all seeds, comes to within a budget of steps. */
function oneByOne(order: readonly Exhaustive[], untreated: Cost, budget: number): { cured: boolean; first?: number } {
  let spent = untreated.steps
  for (const c of order) {
    spent += c.cost.steps
    if (spent > budget) return { cured: false }
    if (c.cures) return { cured: true, first: spent }
  }
  return { cured: false }
}
/** Of random orders: share that finds a cure, and steps until the first one, of those that do. */
function random({ id, all, untreated, planned, whole }: Answer): { cured: number; first: number[] } {
  const rng = makeRng(1, `cure-bench/${id}`)
  const outcomes = Array.from({ length: ORDERS }, () =>
    oneByOne(
      Array.from(permutation(all.length, rng), (i) => all[i]!),
      untreated,
      whole.steps
    )
  )
  return {
    cured: mean(outcomes.map((o) => Number(o.cured))),
    first: outcomes.flatMap((o) => (o.first === undefined ? [] : [o.first / planned]))
  }
}

const percent = (v: number): string => `${(100 * v).toFixed(0)} %`
const share = (k: number, n: number): string =>
  n
    ? `${k}/${n} (${wilson95(k, n)
        .map((v) => (100 * v).toFixed(0))
        .join('–')} %)`
    : '–'
const factor = (values: readonly number[]): string => {
  if (!values.length) return '–'
  const [low, high] = interval95(values)
  return `× ${mean(values).toFixed(1)} (${low.toFixed(1)}–${high.toFixed(1)})`
}
const most = (values: readonly number[]): string => (values.length ? `× ${Math.max(...values).toFixed(1)}` : '–')

/** What was measured, as figures and as a table in Markdown. */
export function score(answers: readonly Answer[], fresh: number): { figures: object; table: string } {
  const done = answers.filter((a) => !a.failure)
  const sick = done.filter(ill)
  const cures = sick.filter(curable)
  const claims = done.filter((a) => a.claim)
  // A claim fails where the share of fresh seeds that it repairs is below that of a cure by more than chance.
  const failed = claims.filter((a) => wilson95(a.claim!.fresh, fresh)[1] < CURES)
  const hopeless = sick.filter((a) => !curable(a))
  const silent = hopeless.filter((a) => a.state === 'nothing' || a.state === 'helped')
  // No remedy has anything to give to a net whose targets are drawn beside its inputs.
  const pure = hopeless.filter((a) => a.id.startsWith('nothing/'))
  const told = pure.filter((a) => a.state === 'nothing')
  const ratio = (of: (a: Answer) => Cost | undefined, unit: keyof Cost, list = sick): number[] =>
    list.flatMap((a) => {
      const cost = of(a)
      return cost ? [cost[unit] / a.untreated[unit]] : []
    })
  // An untreated run that diverges after a few steps says nothing of what a search costs: a cure has to be trained.
  const planned = (of: (a: Answer) => Cost | undefined): number[] =>
    sick.flatMap((a) => {
      const cost = of(a)
      return cost ? [cost.steps / a.planned] : []
    })
  const drawn = cures.map(random)
  const exhaustive = cures.map((a) => ({
    cured: oneByOne(a.all, a.untreated, a.whole.steps).cured,
    whole: (a.untreated.steps + a.all.reduce((s, c) => s + c.cost.steps, 0)) / a.planned
  }))
  const seeds = claims.reduce((sum, a) => sum + a.claim!.fresh, 0)
  const rows: [string, string, string][] = [
    [
      'First-ranked cures, of nets that any candidate cures',
      share(cures.filter((a) => a.claim).length, cures.length),
      '≥ 98 %'
    ],
    [
      'Steps to the first cure ÷ untreated',
      `${factor(planned((a) => a.first))}, at most ${most(planned((a) => a.first))}`,
      '≤ 3'
    ],
    [
      'Steps of the whole search ÷ untreated',
      `${factor(planned((a) => a.whole))}, at most ${most(planned((a) => a.whole))}`,
      '≤ 8'
    ],
    [
      'Steps to the first cure ÷ those that untreated runs made before they diverged',
      factor(ratio((a) => a.first, 'steps')),
      ''
    ],
    ['… of the whole search', factor(ratio((a) => a.whole, 'steps')), ''],
    ['Time to the first cure ÷ untreated', factor(ratio((a) => a.first, 'ms')), ''],
    ['Time of the whole search ÷ untreated', factor(ratio((a) => a.whole, 'ms')), ''],
    [`Claims that fail on ${fresh} fresh seeds`, share(failed.length, claims.length), '≤ 5 %'],
    ['Fresh seeds that claimed cures repair', share(seeds, fresh * claims.length), ''],
    ['No cure claimed where none was found', share(silent.length, hopeless.length), '100 %'],
    ['“Nothing helped” said of random targets', share(told.length, pure.length), '100 %'],
    ['Random search finds a cure, same budget', drawn.length ? percent(mean(drawn.map((d) => d.cured))) : '–', ''],
    [
      '… its steps to the first cure ÷ untreated',
      factor(drawn.flatMap((d) => (d.first.length ? [mean(d.first)] : []))),
      ''
    ],
    [
      'All in turn, no race: finds a cure, same budget',
      share(exhaustive.filter((e) => e.cured).length, exhaustive.length),
      ''
    ],
    ['… steps to the end ÷ untreated', factor(exhaustive.map((e) => e.whole)), '']
  ]
  return {
    figures: {
      nets: done.length,
      healthy: done.length - sick.length,
      curable: cures.length,
      rows: rows.map(([what, value, goal]) => ({ what, value, goal }))
    },
    table: ['| What | Measured | Goal |', '| --- | --- | --- |', ...rows.map((r) => `| ${r.join(' | ')} |`)].join('\n')
  }
}
/** One line of a net. */
export function lineOf({ id, failure, state, planned, first, whole, claim, all, trainings }: Answer): string {
  if (failure) return `${id}: ${failure.split('\n')[0]!}`
  const by = (c: Cost | undefined): string => (c ? (c.steps / planned).toFixed(1) : '–')
  const best = all.filter((c) => c.cures).map((c) => `${c.id}${c.advised ? '*' : ''}`)
  return `${id}: ${state}, ${claim ? `${claim.id} (fresh ${claim.fresh})` : '–'}; first × ${by(first)}, whole × ${by(whole)}, ${trainings} trainings; cures: ${best.join('; ') || 'none'}`
}
