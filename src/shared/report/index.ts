import { datasets } from '../catalog/datasets'
import { optimizers } from '../catalog/optimizers'
import { prescriptionCsv } from '../cure/csv'
import { shownCandidate } from '../cure/middle'
import { bestPoint } from '../cure/sweep'
import { calledBy, metricName, toldFigure } from '../cure/words'
import { rounded } from '../base/rounded'
import { counted, type Language, type Text } from '../base/text'
import { HEALTHY, kindName } from '../clinic/rules'
import { VERDICTS } from '../clinic/verdict'
import { remedies } from '../experiment/remedies'
import { armsTable } from './arms'
import { caseFigure, chainTable, curvesFigure, pairFigure, type Shown } from './figures'
import { dataUrl, html, raw, type Html } from './html'
import { SCRIPT, STYLE } from './page'
import { decadesOf } from './plots'
import { differences, reproduce } from './reproduce'
import { gradientsOf, perLayer, rowsOf } from './rows'
import { curvesCsv, gradientsCsv } from './tables'
import type { ReportInput, ReportRun } from './types'
import { plusMinus, sayIn, size, thousands, type Say } from './words'

export type { ReportInput, ReportRun } from './types'

const LOGO = raw(
  '<svg width="16" height="14" viewBox="0 0 18 16" aria-hidden="true"><g fill="#1A1F27"><rect y="10" width="3" height="6" rx="1" opacity=".35"/><rect x="5" y="7" width="3" height="9" rx="1" opacity=".55"/><rect x="10" y="4" width="3" height="12" rx="1" opacity=".8"/><rect x="15" width="3" height="16" rx="1" fill="#2F58C9"/></g></svg>'
)
const SEVERITIES = ['bad', 'warn', 'info', 'ok']
const told = ({ findings }: ReportRun): ReportRun['findings'] =>
  [...findings]
    .filter((f) => f.kind !== HEALTHY)
    .sort((a, b) => SEVERITIES.indexOf(a.severity) - SEVERITIES.indexOf(b.severity))

/** The metric that a run is told by; undefined where it has none but the loss. */
function metricOf({ search, sweep, runs }: ReportInput): string | undefined {
  const goal = search?.prescription.goal ?? sweep?.goal
  if (goal) return goal.metric
  const measured = runs[0]!.evaluations[0]?.metrics ?? {}
  return ['accuracy', 'r2', 'wasserstein'].find((m) => m in measured)
}
const final = ({ evaluations }: ReportRun, metric: string): number | undefined =>
  evaluations[evaluations.length - 1]?.metrics[metric]

/** What the report says first, in a sentence or two. */
function verdict({ search, sweep, runs }: ReportInput, say: Say): string {
  if (search) return say.text(search.prescription.verdict.text)
  if (sweep) {
    const { goal, points, seeds } = sweep
    const best = bestPoint(sweep)
    const figure = plusMinus(goal, best.mean, best.interval, best.seeds.length)
    const metric = say.text(metricName(goal.metric))
    return say(
      `Of ${counted(points.length, 'combination')}, ${best.id} has the best ${metric}: ${figure} over ${counted(seeds.length, 'seed')}.`,
      `在 ${points.length} 个组合中，${best.id} 的${metric}最好：${seeds.length} 个种子上为 ${figure}。`
    )
  }
  const line = (run: ReportRun): string => {
    const { verdict: v } = run
    return v
      ? `${say.text(VERDICTS[v.state])}${say('. ', '。')}${say.text(v.text)}`
      : say(`The run is ${run.progress.state}.`, `运行状态：${run.progress.state}。`)
  }
  return runs.length > 1 ? runs.map((r) => `${r.name}: ${line(r)}`).join(' ') : line(runs[0]!)
}
/** What is wrong with the untreated run, in short. */
function headline({ runs, search }: ReportInput, say: Say): string {
  const kind = search?.prescription.case.findings.find((k) => k !== HEALTHY) ?? told(runs[0]!)[0]?.kind
  if (kind !== undefined) return say.text(kindName(kind)).toLowerCase()
  const state = runs[0]!.verdict?.state
  return state ? say.text(VERDICTS[state]).toLowerCase() : ''
}

const remedyName = (id: string): Text => remedies.find(id)?.name ?? { en: id, zh: id }
/** The figures that matter, untreated → treated. */
function keys(input: ReportInput, shown: readonly Shown[], say: Say): Html {
  const { search, sweep, runs } = input
  const metric = metricOf(input)
  const goal = search?.prescription.goal ?? sweep?.goal ?? { metric: metric ?? 'loss', better: 'higher' as const }
  const pair = (values: readonly (string | undefined)[]): Html | undefined => {
    const known = values.filter((v): v is string => v !== undefined)
    if (known.length < values.length || !known.length) return undefined
    return html`<span class="a">${known[0]}</span
      >${known.length > 1 ? html`<i>→</i><span class="b">${known[1]}</span>` : ''}`
  }
  const best = search && shownCandidate(search.prescription)
  const means = search
    ? [search.prescription.case.untreated.mean, ...(best ? [best.mean] : [])]
    : sweep
      ? [sweep.points[0]!.mean, bestPoint(sweep).mean]
      : runs.map((r) => (metric ? final(r, metric) : undefined))
  const all: [Html | undefined, string][] = [
    [
      pair(shown.map(({ run, rows }) => gradientsOf(run, rows)[0]).map((v) => (v === undefined ? undefined : size(v)))),
      say('gradient at layer 1, RMS, last step', '第 1 层梯度，均方根，最后一步')
    ],
    [
      pair(runs.map(perLayer).map((v) => (v === undefined ? undefined : `× ${rounded(v, 3)}`))),
      say('gradient per layer, geometric mean', '每层梯度倍数，几何平均')
    ],
    [
      metric ? pair(means.map((v) => (v === undefined ? undefined : toldFigure(goal, v)))) : undefined,
      `${say.text(metricName(metric ?? ''))}${say(', held out', '（留出样本）')}`
    ],
    [
      best
        ? html`${best.seeds.filter((t) => t.repaired).length} <i>${say('of', '/')}</i> ${best.seeds.length}`
        : undefined,
      say('seeds repaired', '已修复的种子')
    ]
  ]
  return html`<div class="keys">
    ${all.map(([v, l]) =>
      v
        ? html`<div>
            <div class="v">${v}</div>
            <div class="l">${l}</div>
          </div>`
        : ''
    )}
  </div>`
}
const link = (id: string, name: string, content: string): Html =>
  html`<a id="${id}" download="${name}" href="${dataUrl('text/csv', content)}">${name}</a>`

/**
 * A report as one page of HTML, which needs nothing but itself: styles, pictures, values and a small script that reads
 * them out are inside; links go to data inside, none to elsewhere. It reads the same without the script, and in print.
 * @param input at least one run
 */
export function reportHtml(input: ReportInput, language: Language): string {
  const say = sayIn(language)
  const { runs, search, sweep } = input
  const best = search && shownCandidate(search.prescription)
  const points = sweep && [sweep.points[0]!.id, bestPoint(sweep).id]
  const names = points
    ? points.slice(0, runs.length)
    : runs.length < 2
      ? [search ? say('Untreated', '未治疗') : runs[0]!.name]
      : search && best
        ? [say('Untreated', '未治疗'), say.text(calledBy(best))]
        : runs.map((r) => r.name)
  const shown = runs.map((run, k): Shown => ({ run, rows: rowsOf(run), name: names[k]! }))
  const drawn = shown.filter(({ run, rows }) => rows.layers.length > 0 && run.frames.length > 0)
  const scale = decadesOf(drawn)
  const [a, b] = drawn.length === runs.length ? shown : []
  const first = runs[0]!
  const { training, data } = first.effective
  const seeds = search?.prescription.case.seeds ?? sweep?.seeds ?? [...new Set(runs.map((r) => r.experiment.seed))]
  const head = headline(input, say)
  const name = search?.experiment.name ?? sweep?.name ?? runs.map((r) => r.name).join(say(' against ', ' 对比 '))
  const isSaid = name.toLowerCase().includes(head)
  const title = head && !isSaid && runs.length < 2 + Number(Boolean(search)) ? `${name}: ${head}` : name
  const depth = first.schema.layers.filter((l) => l.main).length
  const by = [
    say.text(datasets.get(data.dataset.id).name),
    say(
      `${counted(depth, 'layer')}, ${thousands(first.schema.paramCount)} ${first.schema.paramCount === 1 ? 'parameter' : 'parameters'}`,
      `${depth} 层，${thousands(first.schema.paramCount)} 个参数`
    ),
    say(
      `${optimizers.get(training.optimizer.id).name.en}, learning rate ${String(training.optimizer['learningRate'] ?? '–')}, batch ${training.batchSize || 'all'}, ${counted(training.steps, 'step')}`,
      `${optimizers.get(training.optimizer.id).name.zh}，学习率 ${String(training.optimizer['learningRate'] ?? '–')}，批大小 ${training.batchSize || '全部'}，${training.steps} 步`
    ),
    say(`${seeds.length === 1 ? 'seed' : 'seeds'} ${seeds.join(' ')}`, `种子 ${seeds.join(' ')}`)
  ].join(' · ')
  let n = 0
  const heading = (text: string): Html => html`<h2><span>${++n}</span>${text}</h2>`
  const findings = told(first).slice(0, 4)
  const table = armsTable(input, say)
  const differs = differences(input, names, say)
  const blocked = search?.prescription.blocked.length
    ? say(
        `Not possible here: ${search.prescription.blocked.map((x) => say.text(remedyName(x.remedy))).join(', ')}.`,
        `此处不可用：${search.prescription.blocked.map((x) => say.text(remedyName(x.remedy))).join('、')}。`
      )
    : ''
  const tables = html`${drawn.length === runs.length && a ? link('gradients-a', 'gradients-a.csv', gradientsCsv(a.run, a.rows)) : ''}${b ? link('gradients-b', 'gradients-b.csv', gradientsCsv(b.run, b.rows)) : ''}${link('curves', 'curves.csv', curvesCsv(runs, ['a', 'b']))}${search ? link('candidates', 'prescription.csv', prescriptionCsv(search.prescription)) : ''}`
  const body = html`<div class="kick">
      <b>${LOGO}Gradient Clinic</b
      ><span
        >${say(`Report · ${input.made.slice(0, 16).replace('T', ' ')} UTC · this file needs no network`, `报告 · ${input.made.slice(0, 16).replace('T', ' ')} UTC · 本文件无需网络`)}</span
      >
    </div>
    <h1>${title}</h1>
    <div class="by">${by}</div>
    <div class="verdict">${verdict(input, say)}</div>
    ${keys(input, shown, say)} ${heading(runs.length > 1 && !search && !sweep ? names[0]! : say('The case', '病例'))}
    ${findings.length ? findings.map((f) => html`<p><b>${say.text(kindName(f.kind))}.</b> ${say.text(f.text)}</p>`) : html`<p>${say('Nothing was found to be wrong with its gradients.', '未发现梯度异常。')}</p>`}
    ${a ? caseFigure(a, scale, say) : html`<p>${say('The gradients of its layers were not recorded.', '未记录各层梯度。')}</p>`}
    ${
      table
        ? html`${heading(search ? say('The cure', '治疗') : say('The sweep', '扫描'))}
            <p>
              ${say(`Each was trained from the same ${counted(seeds.length, 'seed')} on the same data. Dot: mean; bar: 95 % interval (Student’s t); ticks: single seeds; the gain is the mean difference from ${search ? 'untreated' : 'the first point'}, seed by seed. A run that ended in NaN counts as chance.`, `每一项都用相同的 ${seeds.length} 个种子、相同的数据训练。点：均值；线段：95 % 区间（学生 t）；刻线：单个种子；增益为与${search ? '未治疗' : '第一个组合'}逐种子之差的均值。以 NaN 结束的运行按随机水平计。`)}
              ${blocked}
            </p>
            ${table}`
        : ''
    }
    ${a && b ? html`${table ? '' : heading(names[1]!)}${pairFigure(a, b, scale, say)}` : a ? html`${table ? '' : heading(say('Curves', '曲线'))}${curvesFigure(a, metricOf(input), say)}` : ''}
    ${a && a.rows.layers.length > 1 ? html`${heading(say('The chain in numbers', '链式法则的数值'))}${chainTable(b && b.rows.layers.length > 1 ? [a, b] : [a], scale, say)}` : ''}
    ${differs ? html`${heading(say('What differs', '差异'))}${differs}` : ''}
    ${heading(say('To reproduce', '如何复现'))}${reproduce(input, tables, say)}
    <div class="fin">
      <span
        >Gradient Clinic ${input.version} ·
        ${say('experiment, figures and values are inside this file; nothing is loaded from elsewhere.', '实验、图与数值都在本文件内，不从别处加载任何内容。')}</span
      >
    </div>`
  return `<!doctype html>
${
  html`<html lang="${language === 'en' ? 'en' : 'zh-CN'}">
    <head>
      <meta charset="utf-8" />
      <title>${title} · Gradient Clinic</title>
      <meta name="viewport" content="width=device-width" />
      <style>
        ${raw(STYLE)}
      </style>
    </head>
    <body>
      <main class="page">${body}</main>
      <div class="tip" id="tip" role="status"></div>
      <script>
        ${raw(SCRIPT)}
      </script>
    </body>
  </html>`.markup
}
`
}
