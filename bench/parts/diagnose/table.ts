import { PEERS } from './peers'
import { marksOf, peerShares, shareOf, wilson, type Marks, type Share } from './score'
import type { Part } from '../../../tests/corpus/manifest'
import { faultsOf, type Answer } from './work'

const percent = (v: number): string => `${(100 * v).toFixed(1)} %`
/** `96.2 % (92.4–98.1 %), 125 of 130`. */
const shown = (s: Share): string => {
  const [low, high] = wilson(s)
  return s.n ? `${percent(s.k / s.n)} (${(100 * low).toFixed(1)}–${percent(high)}), ${s.k} of ${s.n}` : '–'
}
const row = (...cells: string[]): string => `| ${cells.join(' | ')} |`

/** The results of one part of the corpus. */
export interface Results {
  title: string
  part: Part
  answers: readonly Answer[]
}
interface Sorted {
  marks: Marks[]
  failing: Answer[]
  healthy: Answer[]
}
function sorted({ part, answers }: Results): Sorted {
  const known = new Map(answers.map((a) => [a.id, a]))
  const there = (list: { id: string }[]): Answer[] => list.flatMap((e) => known.get(e.id) ?? [])
  const failing = there(part.failing)
  const entries = new Map(part.failing.map((e) => [e.id, e]))
  return { failing, healthy: there(part.healthy), marks: failing.map((a) => marksOf(a, entries.get(a.id)!)) }
}
const ours = ({ marks, healthy }: Sorted): [string, string, Share][] => [
  ['detected', '≥ 97 %', shareOf(marks, (m) => m.detected)],
  ['fault named', '≥ 95 %', shareOf(marks, (m) => m.named)],
  [
    'layer named',
    '≥ 95 %',
    shareOf(
      marks.filter((m) => m.layer !== undefined),
      (m) => m.layer!
    )
  ],
  [
    'told within 10 steps',
    'all',
    shareOf(
      marks.filter((m) => m.prompt !== undefined),
      (m) => m.prompt!
    )
  ],
  ['first advice repairs', '≥ 95 %', shareOf(marks, (m) => m.repaired)],
  ['false alarms', '≤ 1 %', shareOf(healthy, (a) => faultsOf(a.said!).length > 0)],
  ['of these “bad”', 'none', shareOf(healthy, (a) => a.said!.some((f) => f.severity === 'bad'))]
]

/** The tables of `docs/diagnosis.md`, in Markdown. */
export function tables(results: readonly Results[]): string {
  const all = results.map(sorted)
  const ask = all.map(ours)
  const summary = [
    row('', 'goal', ...results.map((r) => r.title)),
    row('---', '---', ...results.map(() => '---')),
    ...ask[0]!.map(([name, goal], i) => row(name, goal, ...ask.map((rows) => shown(rows[i]![2]))))
  ]
  const peers = all.map((s) => peerShares(s.failing, s.healthy))
  const beside = results.flatMap((r, i) => [
    row(`on the ${r.title} seeds`, 'detected', 'fault named', 'false alarms'),
    row('---', '---', '---', '---'),
    row('Gradient Clinic', shown(ask[i]![0]![2]), shown(ask[i]![1]![2]), shown(ask[i]![5]![2])),
    ...PEERS.map((p) => row(p, ...(['detected', 'named', 'falseAlarms'] as const).map((k) => shown(peers[i]![p][k])))),
    ''
  ])
  const faults = [...new Set(all.flatMap((s) => s.marks.map((m) => m.fault)))]
  const byFault = [
    row('fault', 'cases', 'detected', 'named', 'layer', 'within 10', 'repaired'),
    row('---', '---:', '---:', '---:', '---:', '---:', '---:'),
    ...faults.map((fault) => {
      const m = all.flatMap((s) => s.marks.filter((x) => x.fault === fault))
      const of = (value: (x: Marks) => boolean | undefined): string => {
        const asked = m.filter((x) => value(x) !== undefined)
        return asked.length ? `${asked.filter((x) => value(x)).length}/${asked.length}` : '–'
      }
      return row(
        fault,
        String(m.length),
        of((x) => x.detected),
        of((x) => x.named),
        of((x) => x.layer),
        of((x) => x.prompt),
        of((x) => x.repaired)
      )
    })
  ]
  return [...summary, '', ...beside, ...byFault].join('\n')
}
/** Every case that falls short, one a line. */
export function misses(results: readonly Results[]): string {
  return results
    .flatMap((r) => {
      const { marks, healthy } = sorted(r)
      const short = marks.filter((m) => !m.named || m.layer === false || m.prompt === false || !m.repaired)
      const flags = (m: Marks): string =>
        [
          !m.detected ? 'MISSED' : !m.named ? 'misnamed' : '',
          m.layer === false ? 'layer' : '',
          m.prompt === false ? 'late' : '',
          m.repaired ? '' : 'not repaired'
        ]
          .filter(Boolean)
          .join(', ')
      const alarms = healthy.filter((a) => faultsOf(a.said!).length)
      return [
        ...short.map((m) => `${m.id}: ${flags(m)}; ${m.said.join('; ') || 'nothing said'}; ${m.remedy ?? 'no advice'}`),
        ...alarms.map(
          (a) =>
            `${a.id}: FALSE ALARM; ${faultsOf(a.said!)
              .map((f) => `${f.severity} ${f.kind}@${f.from}: ${f.text}`)
              .join('; ')}`
        )
      ]
    })
    .join('\n')
}
