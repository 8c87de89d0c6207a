import type { DataInfo } from '../catalog/datasets/types'
import { diffExperiments } from '../experiment/diff'
import { readExperiment } from '../experiment/parse'
import { effectiveExperiment } from '../experiment/effective'
import type { Experiment, RemedyChoice } from '../experiment/types'
import { remedies } from '../experiment/remedies'
import { problem, InputError, type Problem } from '../base/problems'
import type { Text } from '../base/text'
import type { RunChange, RunEvent, ScheduledChange } from './types'

/** Settings that can change between two steps: none of them touches the weights, their shapes, or what is measured. */
const LIVE =
  /^training\.(optimizer\.learningRate|batchSize|schedule(\..+)?|hooks(\..+)?)$|^network\.nodes\..+\.params\.l2$/
const same = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b)

/**
 * Makes a change to an experiment. Remedies that stay keep their places, new ones come last: the order in which they
 * were switched on.
 */
export function changed(experiment: Experiment, change: RunChange): Experiment {
  const next = { ...experiment }
  if (change.learningRate !== undefined)
    next.training = {
      ...experiment.training,
      optimizer: { ...experiment.training.optimizer, learningRate: change.learningRate }
    }
  if (change.remedies) {
    const wanted = new Map(change.remedies.map((r) => [r.id, r]))
    const stay = experiment.remedies.flatMap((r) => wanted.get(r.id) ?? [])
    next.remedies = [...stay, ...change.remedies.filter((r) => !stay.includes(r))]
  }
  return next
}

/** A number as it is written in a sentence. */
export const figure = (x: unknown): string =>
  typeof x === 'number' && x !== 0 && (Math.abs(x) < 1e-3 || Math.abs(x) >= 1e6)
    ? x.toExponential().replace('e+', 'e')
    : String(x)
function nameOf(id: string): Text {
  return remedies.find(id)?.name ?? { en: id, zh: id }
}
/** What differs between two experiments of one run, as events. */
function eventsOf(before: Experiment, after: Experiment, step: number): RunEvent[] {
  const out: RunEvent[] = []
  const [a, b] = [
    before.training.optimizer['learningRate'] as number,
    after.training.optimizer['learningRate'] as number
  ]
  if (!Object.is(a, b))
    out.push({
      step,
      kind: 'learningRate',
      text: { en: `learning rate ${figure(a)} → ${figure(b)}`, zh: `学习率 ${figure(a)} → ${figure(b)}` },
      before: a,
      after: b
    })
  for (const r of before.remedies)
    if (!after.remedies.some((o) => o.id === r.id))
      out.push({
        step,
        kind: 'remedyOff',
        text: { en: `${nameOf(r.id).en} off`, zh: `关闭${nameOf(r.id).zh}` },
        remedy: r.id,
        before: r
      })
  for (const r of after.remedies) {
    const old = before.remedies.find((o) => o.id === r.id)
    if (!old)
      out.push({
        step,
        kind: 'remedyOn',
        text: { en: `${nameOf(r.id).en} on`, zh: `启用${nameOf(r.id).zh}` },
        remedy: r.id,
        after: r
      })
    else if (!same(old, r)) {
      const keys = Object.keys(r).filter((k) => !same(old[k], r[k]) && typeof r[k] !== 'object')
      const label = (k: string): Text => remedies.find(r.id)?.fields[k]?.label ?? { en: k, zh: k }
      const words = (l: keyof Text): string =>
        keys.map((k) => `${label(k)[l]} ${figure(old[k])} → ${figure(r[k])}`).join(l === 'en' ? ', ' : '，')
      out.push({
        step,
        kind: 'remedyChanged',
        text: {
          en: `${nameOf(r.id).en}: ${words('en') || 'changed'}`,
          zh: `${nameOf(r.id).zh}：${words('zh') || '已更改'}`
        },
        remedy: r.id,
        before: old,
        after: r
      })
    }
  }
  return out
}

const needsNewRun = (before: Experiment, after: Experiment): string[] =>
  diffExperiments(before, after)
    .map((c) => c.path)
    .filter((p) => !LIVE.test(p))
/** The part of a run, in words, that these changes would touch and that cannot change. */
function what(paths: readonly string[]): Text {
  if (paths.some((p) => p.startsWith('network'))) return { en: 'the network', zh: '网络' }
  if (paths.some((p) => p.startsWith('data') || p === 'seed')) return { en: 'the data', zh: '数据' }
  return { en: 'the training settings', zh: '训练设置' }
}

/** What a change makes of a run. */
export interface LiveChange {
  /** From the step on: as chosen, and with its remedies applied. */
  experiment: Experiment
  effective: Experiment
  events: RunEvent[]
  /** Why the change needs a new run, by remedy. */
  problems: Problem[]
}
/**
 * What a change means for a run that is at a step. Learning rate, schedule, batch size, penalties and everything that
 * hooks into the step can change; what would change the network or the data can't.
 * @param experiment as it runs now, remedies listed
 */
export function liveChange(experiment: Experiment, change: RunChange, info: DataInfo, step: number): LiveChange {
  const now = effectiveExperiment(experiment, info).experiment
  const read = readExperiment(changed(experiment, change))
  const next = read.experiment
  const applied = effectiveExperiment(next, info)
  const events = eventsOf(experiment, next, step)
  const problems = [...read.problems, ...applied.problems]
  const paths = problems.length ? [] : needsNewRun(now, applied.experiment)
  if (paths.length) {
    // A remedy is blamed when it alone would need a new run.
    const blamed = events.filter(
      (e) =>
        e.remedy &&
        needsNewRun(
          now,
          effectiveExperiment(changed(experiment, { remedies: withOnly(experiment, e) }), info).experiment
        ).length
    )
    const touched = what(paths)
    for (const e of blamed) {
      const name = nameOf(e.remedy!)
      problems.push(
        problem(
          `remedies.${e.remedy}`,
          `“${name.en}” changes ${touched.en}, which a run keeps: start a new run`,
          `“${name.zh}”会改变${touched.zh}，运行中不能更改：请开始新的运行`
        )
      )
    }
    if (!blamed.length)
      problems.push(
        problem(
          'remedies',
          `this changes ${touched.en}, which a run keeps: start a new run`,
          `这会改变${touched.zh}，运行中不能更改：请开始新的运行`
        )
      )
  }
  return { experiment: next, effective: applied.experiment, events, problems }
}
/** The remedies as they are when only one event has happened to them. */
function withOnly(experiment: Experiment, e: RunEvent): RemedyChoice[] {
  const others = experiment.remedies.filter((r) => r.id !== e.remedy)
  if (e.kind === 'remedyOff') return others
  const choice = e.after as RemedyChoice
  return e.kind === 'remedyOn' ? [...others, choice] : experiment.remedies.map((r) => (r.id === e.remedy ? choice : r))
}

/** What a run trains from a step on: its experiment with all changes made up to there. */
export function experimentAt(experiment: Experiment, events: readonly RunEvent[], step = Infinity): Experiment {
  let now = experiment
  for (const e of events) {
    if (e.step > step) continue
    if (e.kind === 'learningRate') now = changed(now, { learningRate: e.after as number })
    else if (e.kind === 'remedyOn' || e.kind === 'remedyOff' || e.kind === 'remedyChanged')
      now = changed(now, { remedies: withOnly(now, e) })
  }
  return now
}
/** The changes among a run's events, by step, so that the run can be repeated. */
export function scheduleOf(experiment: Experiment, events: readonly RunEvent[]): ScheduledChange[] {
  const steps = [...new Set(events.filter((e) => e.kind === 'learningRate' || e.remedy).map((e) => e.step))]
  return steps.map((step) => {
    const { training, remedies: list } = experimentAt(experiment, events, step)
    return { step, learningRate: training.optimizer['learningRate'] as number, remedies: list }
  })
}

/**
 * Reads one `STEP:WHAT=VALUE`: `100:learningRate=0.01`, `100:clipByNorm=on`, `=off`, `100:clipByNorm.maxNorm=2`.
 * @param experiment as it is before that step
 * @throws InputError for a text of another form, an unknown remedy, and a setting of a remedy that is off
 */
export function readScheduled(text: string, experiment: Experiment): ScheduledChange {
  const bad = (en: string, zh: string): InputError => new InputError([problem(`--at ${text}`, en, zh)])
  const m = /^(\d{1,9}):([A-Za-z]\w*)(?:\.([A-Za-z]\w*))?=(.+)$/.exec(text)
  if (!m)
    throw bad(
      'must be STEP:learningRate=VALUE, STEP:REMEDY=on, STEP:REMEDY=off or STEP:REMEDY.FIELD=VALUE',
      '应为 STEP:learningRate=VALUE、STEP:REMEDY=on、STEP:REMEDY=off 或 STEP:REMEDY.FIELD=VALUE'
    )
  const [step, id, field, value] = [Number(m[1]), m[2]!, m[3], m[4]!]
  let json: unknown = value
  try {
    json = JSON.parse(value)
  } catch {
    // Not JSON: the text itself.
  }
  if (id === 'learningRate' && !field && typeof json === 'number') return { step, learningRate: json }
  const entry = remedies.find(id)
  if (!entry)
    throw bad(
      `"${id}" is not a remedy; known: ${remedies.ids().join(', ')}`,
      `“${id}” 不是对策；已知：${remedies.ids().join(', ')}`
    )
  const others = experiment.remedies.filter((r) => r.id !== id)
  const on = experiment.remedies.find((r) => r.id === id)
  if (!field && value === 'off') return { step, remedies: others }
  if (!field && value === 'on') return { step, remedies: on ? experiment.remedies : [...others, { id }] }
  if (!field) throw bad('must be on or off', '必须为 on 或 off')
  if (!on) throw bad(`"${id}" is not on at that step: switch it on first`, `该步时“${id}”未启用：请先启用`)
  return { step, remedies: experiment.remedies.map((r) => (r.id === id ? { ...r, [field]: json } : r)) }
}
