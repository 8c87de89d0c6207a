import type { Rule, RunView } from './types'
import { advise } from './parts/advice'
import { badStart } from './parts/cells'
import { sumsGrow } from './parts/farStart'
import { lower, rateAt } from './parts/rate'
import { RANKED } from './parts/ranking'
import { startsExplodingInTime } from './parts/time'
import { called, few, last, S, show } from './parts/view'

const broken = (view: RunView, i: number): string[] =>
  view.main.filter((l) => (view.value(i, l.index, S.weightNonFinite) ?? 0) > 0).map((l) => l.id)

/** Frame, layer and learning rate it began with. */
interface Beginning {
  frame: number
  layer: string
  rate: number
}
/** With the frame it was last seen at: frames between may no longer be at hand. */
const begun = new WeakMap<RunView, Beginning & { seen: number }>()
function beginning(view: RunView): Beginning {
  const end = last(view)
  const known = begun.get(view)
  let i = end
  while (i > 0 && i - 1 !== known?.seen && broken(view, i - 1).length) i--
  const same = known && (known.seen === end || known.seen === i - 1)
  const start = same ? known : { frame: i, layer: broken(view, i)[0]!, rate: rateAt(view, i) }
  begun.set(view, { ...start, seen: end })
  return start
}

const isBadStart = (view: RunView): boolean =>
  !Number.isFinite(view.scalar(0, 'loss')) || startsExplodingInTime(view) || sumsGrow(view)

const weightsNaN: Rule = {
  id: 'weightsNaN',
  kind: 'weightsNaN',
  short: { en: 'Weights NaN', zh: '权重为 NaN' },
  name: { en: 'Weights are NaN', zh: '权重为 NaN' },
  doc: {
    en: 'A weight is NaN or infinite: nothing it touches can recover.',
    zh: '某个权重为 NaN 或无穷大：与之相关的一切都无法恢复。'
  },
  fields: {},
  measures: {
    step: { en: 'since step', zh: '起始步' },
    weights: { en: 'weights', zh: '权重数' }
  },
  judge(view) {
    const end = last(view)
    const ids = broken(view, end)
    if (!ids.length) return undefined
    const { frame, layer, rate } = beginning(view)
    const step = view.step(frame)
    const [origin, now] = [called(view, layer), few(view, ids)]
    const count = view.main.reduce((a, l) => a + (view.value(end, l.index, S.weightNonFinite) ?? 0), 0)
    return {
      severity: 'bad',
      layers: ids,
      measured: { step, weights: count },
      threshold: { weights: 0 },
      text: {
        en: `${count.toLocaleString('en')} ${count === 1 ? 'weight is' : 'weights are'} NaN or infinite, from step ${step} on, first in ${origin.en}; now in ${now.en}. Learning rate at that step: ${show(rate)}.`,
        zh: `自第 ${step} 步起有 ${count.toLocaleString('en')} 个权重为 NaN 或无穷大，最早在 ${origin.zh}；现在涉及 ${now.zh}。该步学习率 ${show(rate)}。`
      },
      // Weights that a NaN loss has spoilt in the first step: the start is to blame.
      ...advise(view, ...(isBadStart(view) ? badStart(view) : [lower(view), ...RANKED.badStep])),
      since: step
    }
  }
}
export default weightsNaN
