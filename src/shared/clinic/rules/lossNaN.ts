import type { Rule, RunView, Verdict } from './types'
import { advise } from './parts/advice'
import { badStart } from './parts/cells'
import { sumsGrow } from './parts/farStart'
import { onceFor } from './parts/once'
import { lower, rateAt } from './parts/rate'
import { RANKED } from './parts/ranking'
import { startsExplodingInTime } from './parts/time'
import { called, last, S, show } from './parts/view'

/** First frame of the newest stretch whose loss is no number. */
function began(view: RunView): number {
  let i = last(view)
  while (i > 0 && !Number.isFinite(view.scalar(i - 1, 'loss'))) i--
  return i
}
/** First step of that stretch: those between two frames have a loss, too, where it is known. */
function stepOf(view: RunView, frame: number): number {
  const isOut = (step: number): boolean => {
    const loss = view.lossAt?.(step)
    return loss !== undefined && !Number.isFinite(loss)
  }
  let step = view.step(frame)
  while (isOut(step - 1)) step--
  return step
}
/** A loss that was no number for a few steps, all of them between the last two frames. */
function between(view: RunView): number | undefined {
  const end = last(view)
  if (end < 1 || !view.lossAt) return undefined
  for (let step = view.step(end - 1) + 1; step < view.step(end); step++)
    if (!Number.isFinite(view.lossAt(step) ?? 0)) return step
  return undefined
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

/** The loss is a number again. */
function passing(view: RunView, step: number): Verdict {
  const loss = view.lossAt!(step)!
  const rate = show(rateAt(view, last(view)))
  return {
    severity: 'bad',
    layers: [],
    measured: { step, loss },
    threshold: {},
    text: {
      en: `The loss was ${show(loss)} at step ${step}, and is a number again since; learning rate ${rate}.`,
      zh: `第 ${step} 步的损失为 ${show(loss)}，之后恢复为数值；学习率 ${rate}。`
    },
    ...advise(view, lower(view), ...RANKED.badStep),
    since: step
  }
}

/** What is told of a loss that is no number now, by the frame at which that began. */
const lasting = onceFor(began, (view, i): Verdict => {
  const step = stepOf(view, i)
  const value = view.lossAt?.(step) ?? view.scalar(i, 'loss')!
  // The first layer whose output is not a number any more is where it comes from.
  const source = view.schema.layers.filter((l) => (view.value(i, l.index, S.activationNonFinite) ?? 0) > 0)
  const where = source[0] && called(view, source[0].id)
  const norm = growth(view, i)
  const rate = show(rateAt(view, i))
  const rise = norm && norm.peak > 10 * norm.first
  return {
    severity: 'bad',
    layers: source.map((l) => l.id),
    measured: { step, loss: value, ...(norm && { gradientNormBefore: norm.peak }) },
    threshold: {},
    text: {
      en: `The loss is ${show(value)} from step ${step} on${where ? `, first in the output of ${where.en}` : ''}${rise ? `; before, the gradient’s global norm grew from ${show(norm.first)} to ${show(norm.peak)}` : ''}; learning rate ${rate}.`,
      zh: `自第 ${step} 步起损失为 ${show(value)}${where ? `，最早出现在 ${where.zh} 的输出` : ''}${rise ? `；此前梯度的全局范数从 ${show(norm.first)} 增至 ${show(norm.peak)}` : ''}；学习率 ${rate}。`
    },
    ...advise(
      view,
      ...(i === 0 || startsExplodingInTime(view) || sumsGrow(view) ? badStart(view) : [lower(view), ...RANKED.badStep])
    ),
    since: step
  }
})

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
    if (now === undefined) return undefined
    if (Number.isFinite(now)) {
      const step = between(view)
      return step === undefined ? undefined : passing(view, step)
    }
    return lasting(view)
  }
}
export default lossNaN
