import { counted } from '../base/text'
import { datasets } from '../catalog/datasets'
import { rowLabel, rowValue } from '../clinic/settingWords'
import { settingRows } from '../run/compare'
import { dataUrl, html, type Html } from './html'
import type { ReportInput } from './types'
import { metricName } from '../cure/words'
import { duration, thousands, type Say } from './words'

/** What `compare.…` stands for in the labels of settings. */
const LABELS: Readonly<Record<string, (say: Say, of: Record<string, unknown>) => string>> = {
  'compare.in': (say, { nodes }) => say(`in ${String(nodes)}`, `位于 ${String(nodes)}`),
  'compare.andMore': (say, { head, n }) =>
    say(`${String(head)} and ${String(n)} more`, `${String(head)} 等（另有 ${String(n)} 个）`),
  'compare.remedies': (say) => say('Remedies', '对策'),
  'compare.layersOf': (say, { name }) => say(`Layers: ${String(name)}`, `层：${String(name)}`),
  'compare.copies': (say) => say('Copies', '重复次数'),
  'compare.connections': (say) => say('Connections', '连接'),
  'compare.rewired': (say, { n }) => say(`${String(n)} rewired`, `${String(n)} 处改接`)
}

/** The settings that differ between two runs, remedies applied; undefined of a single run. */
export function differences({ runs }: ReportInput, names: readonly string[], say: Say): Html | undefined {
  if (runs.length < 2) return undefined
  const effective = runs.map((r) => r.effective)
  const rows = settingRows(
    runs.map((r) => r.experiment),
    effective
  )
  const of = (key: string, more: Record<string, unknown> = {}): string => LABELS[key]?.(say, more) ?? key
  const text = (t: { en: string; zh: string } | undefined): string => (t ? say.text(t) : '')
  const body = rows.map((r) => {
    const { name, where } = rowLabel(r, effective, text, of)
    const values = r.values.map((v) => rowValue(r, v, effective, text, of))
    return html`<tr>
      <td>${name}${where ? html` <small>${where}</small>` : ''}</td>
      <td class="a">${values[0]}</td>
      <td class="b">${values[1]}</td>
    </tr>`
  })
  const counts = runs.map((r) => thousands(r.schema.paramCount))
  const parameters =
    counts[0] === counts[1]
      ? ''
      : html`<tr>
          <td>${say('Parameters', '参数')}</td>
          <td class="a">${counts[0]}</td>
          <td class="b">${counts[1]}</td>
        </tr>`
  return html`<table class="top2">
    <tr>
      <th>${say('Setting', '设置')}</th>
      <th class="a">${names[0]}</th>
      <th class="b">${names[1]}</th>
    </tr>
    ${body}${parameters}
    <tr>
      <td colspan="3">
        ${rows.length ? say('All other settings are equal.', '其余设置全部相同。') : say('The settings are the same, to the last one.', '所有设置完全相同。')}
      </td>
    </tr>
  </table>`
}

/** A text that a shell takes as one word. */
const quoted = (text: string): string => (/^[\w./=:-]+$/.test(text) ? text : `'${text.replace(/'/g, `'\\''`)}'`)

/** The commands that do it again with the experiment that is inside the page. */
function commands({ runs, search, sweep }: ReportInput): string[] {
  const clinic = 'npm run --silent clinic --'
  if (search) {
    const { goal, case: c } = search.prescription
    const sign = goal.better === 'higher' ? '>=' : '<='
    const goalText = goal.target === undefined ? goal.metric : `${goal.metric}${sign}${goal.target}`
    return [
      [
        `${clinic} prescribe experiment.json --out search`,
        `--seeds ${c.seeds.length}`,
        `--goal ${quoted(goalText)}`,
        ...(search.consider ? [`--consider ${quoted(search.consider.join(','))}`] : [])
      ].join(' \\\n  ')
    ]
  }
  if (sweep) return [`${clinic} sweep plan.json --out sweep`]
  const [first, second] = runs
  return [first, second].flatMap((run, k) => {
    if (!run) return []
    const threads = run.schema.versions['threads']
    const file = runs.length > 1 ? `experiment-${'ab'[k]!}.json` : 'experiment.json'
    return [
      `${clinic} run ${file} --out run${runs.length > 1 ? `-${'ab'[k]!}` : ''}${threads ? ` --threads ${threads}` : ''}`
    ]
  })
}
/** The plan of a sweep, written back from its points. */
function planOf({ sweep }: ReportInput): unknown {
  if (!sweep) return undefined
  const all = [...sweep.points, ...sweep.blocked]
  const unique = <T>(values: readonly T[]): T[] => [...new Map(values.map((v) => [JSON.stringify(v), v])).values()]
  const paths = Object.keys(all[0]?.settings ?? {})
  const { metric, target, better } = sweep.goal
  return {
    experiment: sweep.experiment,
    settings: Object.fromEntries(paths.map((p) => [p, unique(all.map((a) => a.settings[p]))])),
    remedies: unique(all.map((a) => a.remedies)),
    seeds: sweep.seeds,
    goal: target === undefined ? metric : `${metric}${better === 'higher' ? '>=' : '<='}${target}`,
    trainings: all.length * sweep.seeds.length
  }
}
const json = (value: unknown): string => dataUrl('application/json', JSON.stringify(value, null, 2) + '\n')

/** Files inside the page that do it again: experiments, or the plan of a sweep. */
function files(input: ReportInput): [name: string, url: string][] {
  const { runs, search, sweep } = input
  if (search) return [['experiment.json', json(search.experiment)]]
  if (sweep) return [['plan.json', json(planOf(input))]]
  return runs.map((r, k) => [runs.length > 1 ? `experiment-${'ab'[k]!}.json` : 'experiment.json', json(r.experiment)])
}

const onAll = (seeds: number): string => (seeds === 1 ? 'one seed' : `all ${seeds} seeds`)
/** How a search or a sweep chose, and within which bounds. */
function selection({ search, sweep }: ReportInput, say: Say): string | undefined {
  if (search) {
    const { goal, trainings, case: c, blocked, verdict } = search.prescription
    const candidates = search.prescription.candidates.filter((o) => o.seeds.length)
    const metric = say.text(metricName(goal.metric))
    const dropped = candidates.filter((o) => o.group === 'dropped').length
    if (verdict.state === 'healthy')
      return say(
        `Untreated on ${onAll(c.seeds.length)}, which ${c.seeds.length === 1 ? 'needs' : 'need'} no cure; then ${counted(candidates.length, 'candidate')} over a few steps of one seed each, for the time of a step. ${counted(blocked.length, 'remedy', 'remedies')} not possible, ${counted(trainings, 'training')}.`,
        `未治疗网络在全部 ${c.seeds.length} 个种子上训练，无需治疗；随后 ${candidates.length} 个候选各用一个种子训练数步，以测量每步用时。不可用的对策 ${blocked.length} 个，共训练 ${trainings} 次。`
      )
    const short = candidates.flatMap((o) => o.seeds).find((t) => t.steps < c.steps)?.steps
    const raced = {
      en:
        short === undefined
          ? ''
          : `; other candidates raced over ${short} of ${counted(c.steps, 'step')} (successive halving), the better half on all seeds`,
      zh:
        short === undefined
          ? ''
          : `；其余候选先以 ${c.steps} 步中的 ${short} 步竞赛（逐次减半），较优的一半再用全部种子训练`
    }
    const target = goal.target === undefined ? '' : say(`, target ${goal.target}`, `，目标 ${goal.target}`)
    return say(
      `Untreated and what the findings advise on ${onAll(c.seeds.length)}${raced.en}; pairs of what helped where nothing cured. Ranked by seeds repaired, then ${metric}; of those that can’t be told apart, by step time × changes${target}. ${counted(candidates.length, 'candidate')}, ${dropped} dropped early, ${counted(blocked.length, 'remedy', 'remedies')} not possible, ${counted(trainings, 'training')}.`,
      `未治疗网络与诊断所建议的对策在全部 ${c.seeds.length} 个种子上训练${raced.zh}；无单独治愈者时再试有帮助者的两两组合。按恢复的种子数、其次按${metric}排序；无法区分者按每步用时 × 改动数排序${target}。候选 ${candidates.length} 个，提前淘汰 ${dropped} 个，不可用的对策 ${blocked.length} 个，共训练 ${trainings} 次。`
    )
  }
  if (!sweep) return undefined
  return say(
    `Every combination on the same ${counted(sweep.seeds.length, 'seed')}; nothing was dropped. ${counted(sweep.points.length, 'point')}, ${sweep.blocked.length} not possible, ${counted(sweep.trainings, 'training')}. The first shown is the best by the mean, which was chosen by these very seeds.`,
    `每种组合使用相同的 ${sweep.seeds.length} 个种子，未淘汰任何组合。共 ${sweep.points.length} 个组合，${sweep.blocked.length} 个不可用，训练 ${sweep.trainings} 次。首行为均值最优者，且由同一批种子选出。`
  )
}

/** Milliseconds that the steps of all trainings take, undisturbed; undefined where none was measured. */
function stepTime({ search, sweep, runs }: ReportInput): number | undefined {
  const trials = search
    ? [search.prescription.case.untreated.seeds, ...search.prescription.candidates.map((o) => o.seeds)].flat()
    : sweep
      ? sweep.points.flatMap((p) => p.seeds)
      : []
  const ms = trials.length
    ? trials.reduce((sum, t) => sum + (Number.isFinite(t.stepMs) ? t.stepMs * t.steps : 0), 0)
    : 1000 * runs.reduce((sum, r) => sum + (r.seconds ?? 0), 0)
  return ms > 0 ? ms : undefined
}

/**
 * What it takes to repeat what a report shows. Source: the reproducibility checklist of the ACL.
 * @param tables links to the values inside the page
 */
export function reproduce(input: ReportInput, tables: Html, say: Say): Html {
  const { runs, search, sweep, remarks, dataSum } = input
  const first = runs[0]!
  const { schema, effective } = first
  const { versions } = schema
  const { data, training } = effective
  const seeds = search?.prescription.case.seeds ?? sweep?.seeds ?? [...new Set(runs.map((r) => r.experiment.seed))]
  const name = say.text(datasets.get(data.dataset.id).name)
  const held = schema.validationCount
  const time = stepTime(input)
  const machine = ['cpu', 'platform'].flatMap((k) => versions[k] ?? [])
  const threads = versions['threads']
  const program = Object.entries(versions).filter(
    ([k]) => !['cpu', 'platform', 'threads', 'gradient-clinic'].includes(k)
  )
  const params = [...new Set(runs.map((r) => thousands(r.schema.paramCount)))]
  const rows: [string, Html | string | undefined][] = [
    [say('Seeds', '种子'), seeds.join(' ')],
    [
      say('Data', '数据'),
      html`${name}${input.files.map(([n, sum]) => html`<br />${n} <span class="mono">sha256 ${sum}</span>`)}${
        dataSum ? html`<br /><span class="mono">${say('all examples', '全部样本')}: sha256 ${dataSum}</span>` : ''
      }`
    ],
    [
      say('Split', '划分'),
      held
        ? say(
            `${thousands(schema.trainCount)} training + ${thousands(held)} held out, ${schema.info.inOrder ? 'the last in time' : 'drawn by the seed'}`,
            `训练 ${thousands(schema.trainCount)} + 留出 ${thousands(held)}，${schema.info.inOrder ? '取时间上最后的部分' : '由种子抽取'}`
          )
        : say(
            `${thousands(schema.trainCount)} training, nothing held out`,
            `训练 ${thousands(schema.trainCount)}，未留出`
          )
    ],
    [
      say('Preparation', '预处理'),
      [
        data.standardize
          ? say('standardised by the training part', '按训练集标准化')
          : say('as it is, not standardised', '保持原样，未标准化'),
        ...(training.classWeights === 'balanced' ? [say('balanced class weights', '类别权重均衡')] : [])
      ].join(say(', ', '，'))
    ],
    [
      say('Left out', '排除'),
      remarks.length
        ? html`${remarks.map((r, i) => html`${i ? html`<br />` : ''}${say.text(r)}`)}`
        : say('nothing', '无')
    ],
    [
      say('Versions', '版本'),
      [`Gradient Clinic ${versions['gradient-clinic'] ?? input.version}`, ...program.map(([k, v]) => `${k} ${v}`)].join(
        ', '
      )
    ],
    [
      say('Machine', '机器'),
      [
        ...machine,
        ...(threads ? [say(`${threads} ${threads === '1' ? 'thread' : 'threads'}`, `${threads} 线程`)] : []),
        'CPU, float32'
      ].join(', ')
    ],
    [
      say('Run time', '运行时间'),
      time === undefined
        ? say('not recorded', '未记录')
        : say(`${duration(time / 1000, say)} of steps`, `步的总用时 ${duration(time / 1000, say)}`)
    ],
    [say('Parameters', '参数'), params.join(' → ')],
    [say('Selection', '选择方法'), selection(input, say)]
  ]
  return html`<div class="box">
    <dl>
      ${rows.map(([k, v]) =>
        v === undefined
          ? ''
          : html`<dt>${k}</dt>
              <dd>${v}</dd>`
      )}
    </dl>
    ${commands(input).map((c) => html`<pre>${c}</pre>`)}
    <div class="acts">${files(input).map(([n, url]) => html`<a download="${n}" href="${url}">${n}</a>`)}${tables}</div>
  </div>`
}
