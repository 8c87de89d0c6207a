import { HEALTHY, rules } from './rules'
import { lookAt } from './rules/parts/once'
import { isFarAboveGuess, isSureOfWrong } from './rules/parts/progress'
import { median, newest, S, valuesAt } from './rules/parts/view'
import type { Rule, RunView, Verdict } from './rules/types'
import { rounded } from '../base/rounded'
import type { Text } from '../base/text'
import { layerLabel } from '../run/names'
import { mainPath } from '../run/path'
import type { Finding, RunVerdict, Severity } from '../run/types'
import { verdictOf } from './verdict'

const RANK: Severity[] = ['ok', 'info', 'warn', 'bad']
const worse = (a: Severity, b: Severity): boolean => RANK.indexOf(a) > RANK.indexOf(b)
/** Names put into a Chinese sentence leave spaces where there are none: between two of its own signs. */
const closeUp = (zh: string): string => zh.replace(/([\u4e00-\u9fff）、，]) (?=[\u4e00-\u9fff])/g, '$1')
/** A fault that pauses for no more frames than this is still the same finding. */
const GAP = 25
/** Later pauses are overlooked, lest a flickering fault fill the list. */
const MOST_PER_RULE = 12
/** Frames without a fault after which a run counts as settled. */
const SETTLED = 20
/** Every frame is judged at first, later each fifth: rules look at stretches of frames anyway. */
const due = (i: number): boolean => i < 200 || i % 5 === 0

interface Open {
  finding: Finding
  /** Frame at which it last held. */
  last: number
}

/**
 * Judges a run frame by frame and keeps the list of its findings: one per rule and stretch of steps. A pure function of
 * the frames.
 */
export class Judge {
  private readonly closed: Finding[] = []
  private readonly open = new Map<string, Open>()
  private readonly counts = new Map<string, number>()
  private lastFault = -1
  private judged = -1

  constructor(
    private readonly view: RunView,
    private readonly all: readonly Rule[] = rules.all
  ) {}

  /** Looks at the newest frame. @param force also when it wouldn't be its turn (the last frame of a run) */
  look(force = false): void {
    const i = this.view.length - 1
    if (i < 0 || i === this.judged || !(force || due(i))) return
    this.judged = i
    lookAt(this.view, () => {
      for (const rule of this.all) {
        const verdict = rule.judge(this.view)
        if (verdict) this.fired(rule, verdict, i)
      }
    })
  }
  private fired(rule: Rule, verdict: Verdict, i: number): void {
    const step = this.view.step(i)
    const { since = step, ...told } = verdict
    const now = { ...told, text: { en: told.text.en, zh: closeUp(told.text.zh) } }
    const { severity } = verdict
    if (worse(severity, 'info')) this.lastFault = i
    const open = this.open.get(rule.id)
    const count = this.counts.get(rule.id) ?? 0
    const same = rule.lasting && open?.finding.text.en === now.text.en
    if (open && (same || i - open.last <= GAP || count >= MOST_PER_RULE)) {
      // The worst it was is what is told; among equals the newest.
      if (rule.softens || !worse(open.finding.severity, severity)) {
        delete open.finding.choices
        delete open.finding.along
        delete open.finding.changes
        Object.assign(open.finding, now)
      }
      open.finding.to = step
      open.last = i
      return
    }
    if (open) this.closed.push(open.finding)
    this.counts.set(rule.id, count + 1)
    this.open.set(rule.id, { finding: { rule: rule.id, kind: rule.kind, from: since, to: step, ...now }, last: i })
  }

  /** All findings, oldest first; `healthy` last, when the run has settled without a fault and learns. */
  findings(): Finding[] {
    const list = this.faults()
    const healthy = this.healthy(verdictOf(this.view, list))
    return healthy ? [...list, healthy] : list
  }
  /** Whether the run has learnt. */
  verdict(): RunVerdict {
    return verdictOf(this.view, this.faults())
  }

  private faults(): Finding[] {
    return [...this.closed, ...[...this.open.values()].map((o) => o.finding)]
      .sort((a, b) => a.from - b.from)
      .map((f) => ({ ...f }))
  }
  private healthy({ state, measured }: RunVerdict): Finding | undefined {
    const { view } = this
    const last = view.length - 1
    if (last - this.lastFault < SETTLED || (state !== 'learned' && state !== 'learning')) return undefined
    if (isFarAboveGuess(view) || isSureOfWrong(view)) return undefined
    const from = this.lastFault + 1
    // The same examples at both ends; without them, batches.
    const [a, b] = [
      measured['lossAtStart'] ?? measured['trainingLossAtStart']!,
      measured['loss'] ?? measured['trainingLoss']!
    ]
    // Many are answered rightly, but with more loss than by a guess, and than at the start.
    if (b > a && b > (view.schema.baselines?.[0]?.metrics['loss'] ?? Infinity)) return undefined
    const withGradient = mainPath(view.schema.layers).filter(
      (l) => l.main && view.value(last, l.index, S.gradient) !== undefined
    )
    const [first, end] = [withGradient[0], withGradient[withGradient.length - 1]]
    const frames = newest(view)
    const g = (l: typeof first): number => (l ? median(valuesAt(view, frames, l.index, S.gradient)) : NaN)
    const ratio = g(first) / g(end)
    const show = (x: number): string => String(rounded(x, 3))
    const loss: Text = { en: `loss ${show(a)} → ${show(b)}`, zh: `损失 ${show(a)} → ${show(b)}` }
    const compare = first && end && first !== end && Number.isFinite(ratio)
    const called = (l: NonNullable<typeof first>): Text => layerLabel(view.schema.layers, l)
    return {
      rule: HEALTHY,
      kind: HEALTHY,
      severity: 'ok',
      from: view.step(from),
      to: view.step(last),
      layers: [],
      measured: { loss: b, ...(compare && { firstToLast: ratio }) },
      threshold: {},
      text: compare
        ? {
            en: `No fault: the activation gradient at ${called(first).en} is ${show(ratio)} × that at ${called(end).en}; ${loss.en}.`,
            zh: closeUp(
              `未见故障：${called(first).zh} 的激活梯度为 ${called(end).zh} 的 ${show(ratio)} 倍；${loss.zh}。`
            )
          }
        : { en: `No fault; ${loss.en}.`, zh: `未见故障；${loss.zh}。` },
      advice: []
    }
  }
}
