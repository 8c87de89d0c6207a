import { thingsChanged } from '../cure/outcome'
import { groupName, calledBy, metricName, toldFigure } from '../cure/words'
import { interval95, mean } from '../cure/statistics'
import type { Goal, Group, Outcome, Trial } from '../cure/types'
import type { SweepOutcome } from '../cure/sweep'
import { html, type Html } from './html'
import { size, plusMinus, type Say } from './words'
import type { ReportInput } from './types'

/** A line of the table of a search or a sweep. */
interface Arm {
  name: string
  seeds: readonly Trial[]
  mean: number
  interval: readonly [number, number]
  rank?: number
  cost?: number
  changes?: number
  look: '' | 'best' | 'un' | 'no'
  tag?: string
}
const PLOT = 150
/** Where values lie in the plots of a table, 0 … 1. */
function placesOf(goal: Goal, trials: readonly Trial[]): { at: (v: number) => number; ends: [number, number] } {
  const values = trials.map((t) => t.value).filter((v) => Number.isFinite(v))
  const [low, high] = goal.metric === 'accuracy' || !values.length ? [0, 1] : [Math.min(...values), Math.max(...values)]
  return { at: (v) => Math.max(0, Math.min(1, (v - low) / (high - low || 1))), ends: [low, high] }
}
const COLOURS = { '': '#454E5B', best: '#00757A', un: '#A34A0A', no: '#7A8494' }

/** Mean, interval and single seeds of an arm on one line. */
function dots(goal: Goal, { seeds, mean: m, interval, look }: Arm, at: (v: number) => number): Html {
  const X = (v: number): string => (6 + (PLOT - 12) * at(v)).toFixed(1)
  const colour = COLOURS[look]
  const ticks = seeds
    .filter((t) => Number.isFinite(t.value))
    .map((t) => html`<path d="M${X(t.value)} 6v10" stroke="${colour}" opacity=".45" />`)
  const said = seeds.map((t) => `${t.seed}: ${t.state === 'diverged' ? 'NaN' : toldFigure(goal, t.value)}`).join(', ')
  const middle = Number.isFinite(m)
    ? html`<path d="M${X(interval[0])} 11H${X(interval[1])}" stroke="${colour}" stroke-width="2" /><circle
          cx="${X(m)}"
          cy="11"
          r="3.5"
          fill="${colour}"
        />`
    : ''
  return html`<svg width="${PLOT}" height="22" role="img" aria-label="${said}">
    <title>${said}</title>
    ${ticks}${middle}
  </svg>`
}

/** Mean difference from untreated, seed by seed, with half its 95 % interval. */
function against(goal: Goal, seeds: readonly Trial[], untreated: readonly Trial[]): string {
  const d = seeds.flatMap((t) => {
    const u = untreated.find((o) => o.seed === t.seed && o.steps === t.steps)
    return u ? [t.value - u.value] : []
  })
  if (d.length < 2 || !d.every(Number.isFinite)) return '–'
  const text = plusMinus(goal, mean(d), interval95(d), d.length)
  return mean(d) > 0 ? `+${text}` : text.replace(/^-/, '−')
}
function row(goal: Goal, arm: Arm, untreated: readonly Trial[], at: (v: number) => number): Html {
  const repaired = arm.seeds.filter((t) => t.repaired).length
  const gradient = [...arm.seeds].map((t) => t.gradient?.first).filter((v): v is number => v !== undefined)
  gradient.sort((a, b) => a - b)
  return html`<tr class="${arm.look}">
    <td>${arm.rank ?? ''}</td>
    <td>${arm.name} ${arm.tag ? html`<span class="tag">${arm.tag}</span>` : ''}</td>
    <td class="r">${plusMinus(goal, arm.mean, arm.interval, arm.seeds.length)}</td>
    <td>${dots(goal, arm, at)}</td>
    <td class="r">${arm.look === 'un' ? '' : against(goal, arm.seeds, untreated)}</td>
    <td class="r">${size(gradient[gradient.length >> 1])}</td>
    <td class="r">${repaired}/${arm.seeds.length}</td>
    <td class="r">${arm.cost !== undefined && Number.isFinite(arm.cost) ? `× ${arm.cost.toFixed(2)}` : ''}</td>
    <td class="r">${arm.changes ?? ''}</td>
  </tr>`
}
function table(goal: Goal, say: Say, first: string, body: Html, ends: [number, number]): Html {
  const metric = say.text(metricName(goal.metric))
  return html`<table class="rank top2">
    <thead>
      <tr>
        <th></th>
        <th>${first}</th>
        <th class="r">${metric}<br />${say('mean ± 95 %', '均值 ± 95 %')}</th>
        <th>
          <svg width="${PLOT}" height="14">
            <text x="0" y="12">${toldFigure(goal, ends[0])}</text>
            <text x="${PLOT}" y="12" text-anchor="end">${toldFigure(goal, ends[1])}</text>
          </svg>
        </th>
        <th class="r">${say('gain,', '增益，')}<br />${say('paired', '配对')}</th>
        <th class="r">∂L/∂h₁<br />${say('median', '中位数')}</th>
        <th class="r">${say('repaired', '已修复')}</th>
        <th class="r">${say('step time', '每步用时')}</th>
        <th class="r">${say('changes', '改动')}</th>
      </tr>
    </thead>
    <tbody>
      ${body}
    </tbody>
  </table>`
}
const ORDER: readonly Group[] = ['cures', 'helps', 'none', 'backfires', 'dropped']

/** The table of a search or a sweep; undefined where there is neither. */
export function armsTable({ search, sweep }: ReportInput, say: Say): Html | undefined {
  if (search) {
    const { goal, candidates, case: c } = search.prescription
    const tried = candidates.filter((o) => o.seeds.length)
    const { at, ends } = placesOf(goal, [c.untreated.seeds, ...tried.map((o) => o.seeds)].flat())
    const arm = (o: Outcome): Arm => ({
      name: say.text(calledBy(o)),
      seeds: o.seeds,
      mean: o.mean,
      interval: o.interval,
      cost: o.stepCost,
      changes: thingsChanged(o),
      look: o === tried[0] && o.rank ? 'best' : o.rank ? '' : 'no',
      ...(o.rank && { rank: o.rank }),
      ...(o.smallest && { tag: say('smallest change', '改动最小') }),
      ...(o.identical && { tag: say('same bits as untreated', '与未治疗逐位相同') })
    })
    const untreated: Arm = { name: say('Untreated', '未治疗'), ...c.untreated, look: 'un' }
    const groups = ORDER.flatMap((group) => {
      const all = tried.filter((o) => o.group === group)
      const names = [...new Set(all.map((o) => say.text(groupName(o))))]
      return names.flatMap((name) => [
        html`<tr class="g">
          <td colspan="9">${name}</td>
        </tr>`,
        ...all.filter((o) => say.text(groupName(o)) === name).map((o) => row(goal, arm(o), c.untreated.seeds, at))
      ])
    })
    return table(
      goal,
      say,
      say('Treatment', '治疗'),
      html`${groups}${row(goal, untreated, c.untreated.seeds, at)}`,
      ends
    )
  }
  if (!sweep) return undefined
  const { goal, points } = sweep
  const sorted = [...points].sort((a, b) => (goal.better === 'higher' ? b.mean - a.mean : a.mean - b.mean))
  const { at, ends } = placesOf(
    goal,
    points.flatMap((p) => p.seeds)
  )
  const reference = points[0]!
  const arm = (p: SweepOutcome, i: number): Arm => ({
    name: p.id,
    seeds: p.seeds,
    mean: p.mean,
    interval: p.interval,
    cost: p.stepCost,
    changes: p.changes.length,
    rank: i + 1,
    look: p === reference ? 'un' : i ? '' : 'best'
  })
  const body = html`${sorted.map((p, i) => row(goal, arm(p, i), reference.seeds, at))}`
  return table(goal, say, say('Point', '组合'), body, ends)
}
