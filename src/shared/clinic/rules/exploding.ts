import { counted } from '../../base/text'
import type { Rule, RunView, Verdict } from './types'
import { adviseGradient, type Advice } from './parts/advice'
import { causes } from './parts/causes'
import { sumsGrow } from './parts/farStart'
import { factorClause, factorsOf, FACTOR_MEASURES } from './parts/factors'
import { onceFor } from './parts/once'
import { currentProfile, profileOf } from './parts/profile'
import { isFarAboveGuess } from './parts/progress'
import { RANKED } from './parts/ranking'
import { lower } from './parts/rate'
import { thrown } from './parts/thrown'
import { EXPLODES_IN_TIME, timeProfiles } from './parts/time'
import { called, few, hasKind, last, lossesAt, newest, oldest, parts, S, show, WINDOW } from './parts/view'

/** First ÷ last hidden layer at the start; healthy nets start within 1e-2 … 1e2. */
const LIMIT = 200
/** Later: in nets that learn well the ratio grows (up to 119 in 250 healthy runs), so more is asked for. */
const LATE_LIMIT = 1000
/**
 * The limit while the loss stays far above that of a guess. Clipping may hold the gradient down, so that a smaller
 * ratio is enough of a reason.
 */
const MASKED_LIMIT = 10
const EARLY = 30
const FEW_FRAMES = 3
const CERTAIN = 5

/** The ratio over the first frames, where it says most about the network itself. */
const startRatio = onceFor(
  (view) => Math.min(WINDOW, view.length),
  (view) => profileOf(view, oldest(view, WINDOW))?.ratio ?? NaN
)
/** A sound start that a step has spoilt needs shorter steps. */
const advice = (view: RunView): Advice =>
  adviseGradient(
    view,
    ...(thrown(view) ? [lower(view)] : []),
    ...(hasKind(view, 'batchNorm') ? RANKED.explodingNorm : sumsGrow(view) ? RANKED.explodingSums : RANKED.exploding)
  )
/** A gradient that is no longer a number although the loss still is. */
function overflow(view: RunView): Verdict | undefined {
  const i = last(view)
  if (!Number.isFinite(view.scalar(i, 'loss'))) return undefined
  const hit = parts(view).hidden.filter((l) => {
    const g = view.value(i, l.index, S.gradient)
    return g !== undefined && !Number.isFinite(g)
  })
  if (!hit.length) return undefined
  const ids = hit.map((l) => l.id)
  const where = few(view, ids)
  const value = view.value(i, hit[0]!.index, S.gradient)!
  return {
    severity: 'bad',
    layers: ids,
    measured: { first: value },
    threshold: {},
    text: {
      en: `The gradient at ${where.en} is ${show(value)}: too large for 32-bit numbers.`,
      zh: `${where.zh} 的梯度为 ${show(value)}：超出 32 位浮点数的范围。`
    },
    ...advice(view)
  }
}

const exploding: Rule = {
  id: 'exploding',
  kind: 'exploding',
  short: { en: 'Exploding', zh: '梯度爆炸' },
  name: { en: 'Exploding gradient', zh: '梯度爆炸' },
  doc: {
    en: 'The activation gradient of the first hidden layer is more than 200 × that of the last one at the start, or 1000 × later (medians over recent steps; 10 × while the loss stays above 3 × that of a guess), or it is infinite.',
    zh: '第一个隐藏层的激活梯度在开始时超过最后一个隐藏层的 200 倍，或之后超过 1000 倍（取近几步的中位数；损失一直高于猜测时的 3 倍时为 10 倍），或为无穷大。'
  },
  fields: {
    ratio: {
      type: 'number',
      default: LIMIT,
      above: 1,
      log: true,
      label: { en: 'First ÷ last hidden layer, at the start', zh: '首层 ÷ 末隐藏层，开始时' }
    },
    lateRatio: { type: 'number', default: LATE_LIMIT, above: 1, log: true, label: { en: 'Later', zh: '之后' } }
  },
  measures: {
    ratio: { en: 'first ÷ last', zh: '首层 ÷ 末层' },
    gainPerLayer: { en: 'gain per layer', zh: '每层增益' },
    first: { en: 'first layer', zh: '首层' },
    last: { en: 'last hidden layer', zh: '最后隐藏层' },
    ...FACTOR_MEASURES
  },
  judge(view) {
    const over = overflow(view)
    if (over) return over
    const p = currentProfile(view)
    if (!p || lossesAt(view, newest(view, 1)).some((l) => !Number.isFinite(l))) return undefined
    // What a recurrent layer sends back has grown through its time steps, not from layer to layer.
    const inTime = timeProfiles(view).some((t) => t.ratio > EXPLODES_IN_TIME && p.layers.slice(1).includes(t.layer))
    if (inTime) return undefined
    const usual = view.length <= EARLY || startRatio(view) > LIMIT ? LIMIT : LATE_LIMIT
    const isMasked = isFarAboveGuess(view) || (sumsGrow(view) && view.length < FEW_FRAMES)
    const limit = startRatio(view) > MASKED_LIMIT && isMasked && !causes(view).length ? MASKED_LIMIT : usual
    const isSure = p.frames >= FEW_FRAMES || p.ratio >= limit * CERTAIN || (sumsGrow(view) && view.length < FEW_FRAMES)
    if (!(p.ratio > limit) || !isSure) return undefined
    const [first, end] = [p.rms[0]!, p.rms[p.rms.length - 1]!]
    const far = p.layers
      .map((l, i) => ({ id: l.id, rms: p.rms[i]! }))
      .filter((l) => l.rms > limit * end)
      .sort((a, b) => b.rms - a.rms)
    const [a, b] = [called(view, p.places[0]!.id), called(view, p.places[p.places.length - 1]!.id)]
    const measured = { ratio: p.ratio, gainPerLayer: p.gain, first, last: end, ...factorsOf(view, p) }
    const why = factorClause(measured)
    return {
      severity: 'bad',
      layers: far.map((l) => l.id),
      measured,
      threshold: { ratio: limit },
      text: {
        en: `${a.en} receives an RMS gradient of ${show(first)}; ${b.en}, the last hidden layer, ${show(end)}: measured × ${show(p.gain)} per layer over ${counted(p.steps, 'layer')}${why.en}.`,
        zh: `${a.zh} 收到的梯度 RMS 为 ${show(first)}，最后一个隐藏层 ${b.zh} 为 ${show(end)}：实测每层 × ${show(p.gain)}，共 ${p.steps} 层${why.zh}。`
      },
      ...advice(view)
    }
  }
}
export default exploding
