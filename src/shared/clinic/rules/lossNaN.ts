import type { Rule, RunView, Verdict } from './types'
import { advise } from './parts/advice'
import { RANKED } from './parts/ranking'
import { called, last, S, show } from './parts/view'

/** First frame of the newest stretch whose loss is no number. */
function began(view: RunView): number {
  let i = last(view)
  while (i > 0 && !Number.isFinite(view.scalar(i - 1, 'loss'))) i--
  return i
}
/** Largest global gradient norm of the frames before, and the first one. */
function growth(view: RunView, before: number): { first: number; peak: number } | undefined {
  const norms: number[] = []
  for (let i = Math.max(0, before - 50); i < before; i++) {
    const n = view.scalar(i, 'gradientNorm')
    if (n !== undefined && Number.isFinite(n)) norms.push(n)
  }
  return norms.length ? { first: norms[0]!, peak: Math.max(...norms) } : undefined
}

/** What was found when it began: later the frames of that time may no longer be at hand. */
const told = new WeakMap<RunView, { frame: number; verdict: Verdict }>()

const lossNaN: Rule = {
  id: 'lossNaN',
  kind: 'lossNaN',
  short: { en: 'Loss NaN', zh: '损失为 NaN' },
  name: { en: 'Loss is NaN', zh: '损失为 NaN' },
  doc: { en: 'The loss is NaN or infinite.', zh: '损失为 NaN 或无穷大。' },
  fields: {},
  measures: {
    step: { en: 'since step', zh: '起始步' },
    loss: { en: 'loss', zh: '损失' },
    gradientNormBefore: { en: 'gradient norm before', zh: '此前梯度范数' }
  },
  judge(view) {
    const now = view.scalar(last(view), 'loss')
    if (now === undefined || Number.isFinite(now)) return undefined
    const i = began(view)
    const known = told.get(view)
    if (known?.frame === i) return known.verdict
    const step = view.step(i)
    const value = view.scalar(i, 'loss')!
    // The first layer whose output is not a number any more is where it comes from.
    const source = view.schema.layers.filter((l) => (view.value(i, l.index, S.activationNonFinite) ?? 0) > 0)
    const where = source[0] && called(view, source[0].id)
    const norm = growth(view, i)
    const rise = norm && norm.peak > 10 * norm.first
    const verdict: Verdict = {
      severity: 'bad',
      layers: source.map((l) => l.id),
      measured: { step, loss: value, ...(norm && { gradientNormBefore: norm.peak }) },
      threshold: {},
      text: {
        en: `The loss is ${show(value)} from step ${step} on${where ? `, first in the output of ${where.en}` : ''}${rise ? `; before, the gradient’s global norm grew from ${show(norm.first)} to ${show(norm.peak)}` : ''}; learning rate ${show(view.learningRate)}.`,
        zh: `自第 ${step} 步起损失为 ${show(value)}${where ? `，最早出现在 ${where.zh} 的输出` : ''}${rise ? `；此前梯度的全局范数从 ${show(norm.first)} 增至 ${show(norm.peak)}` : ''}；学习率 ${show(view.learningRate)}。`
      },
      ...advise(view, ...(i === 0 ? RANKED.badStart : RANKED.badStep))
    }
    told.set(view, { frame: i, verdict })
    return verdict
  }
}
export default lossNaN
