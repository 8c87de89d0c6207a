import { counted } from '../../base/text'
import { activations } from '../../catalog/activations'
import type { RunView, Rule, Verdict } from './types'
import { adviseGradient } from './parts/advice'
import { areInputsAlike } from './parts/alike'
import { pairNorm } from './parts/constant'
import { factorClause, factorsOf, areNothing, FACTOR_MEASURES } from './parts/factors'
import { outputBlocks } from './parts/output'
import { currentProfile, type Profile } from './parts/profile'
import { RANKED } from './parts/ranking'
import { heldByRegularisation } from './parts/regularisation'
import { isAdaptive, lower } from './parts/rate'
import { thrown } from './parts/thrown'
import { called, examples, few, learnsWell, parts, show } from './parts/view'

/** First ÷ last hidden layer. Healthy nets start within 1e-2 … 1e2. */
const LIMIT = 5e-3
/** One or two frames are believed only when they are beyond doubt. */
const FEW_FRAMES = 3
const CERTAIN = 1e-2
const FEW_EXAMPLES = 8
/** Frames in which no gradient at all came back. */
const SILENT = 5

/** Squashing on both sides: its slope is below 1 nearly everywhere. */
const squashes = (view: RunView): boolean =>
  view.schema.layers.some((l) => {
    const entry = l.activation && !parts(view).ids.has(l.id) ? activations.find(l.activation) : undefined
    const regime = entry?.regime({})
    return regime?.saturatedBelow !== undefined && regime.saturatedAbove !== undefined
  })
const ranked = (view: RunView, measured: Readonly<Record<string, number>>): readonly string[] =>
  !squashes(view) || areNothing(measured)
    ? RANKED.vanishingWeights
    : isAdaptive(view)
      ? RANKED.vanishingAdaptive
      : RANKED.vanishing
/** No gradient comes back at all: the loss does not depend on any hidden layer. */
function silent(view: RunView, p: Profile): Verdict {
  const ids = p.layers.map((l) => l.id)
  const where = few(view, ids)
  return {
    severity: 'bad',
    layers: ids,
    measured: { gradient: 0, frames: p.frames },
    threshold: { frames: SILENT },
    text: {
      en: `The gradient is exactly 0 at every hidden layer (${where.en}) for ${counted(p.frames, 'recorded step')}: nothing of the loss reaches them.`,
      zh: `连续 ${p.frames} 个记录步中，所有隐藏层（${where.zh}）的梯度恰为 0：损失完全传不到那里。`
    },
    ...adviseGradient(view, ...RANKED.silent)
  }
}

const vanishing: Rule = {
  id: 'vanishing',
  kind: 'vanishing',
  short: { en: 'Vanishing', zh: '梯度消失' },
  name: { en: 'Vanishing gradient', zh: '梯度消失' },
  doc: {
    en: 'The activation gradient of the first hidden layer is under 0.005 of that of the last one (medians over recent steps): early layers hardly learn. Independent of the loss’s scale.',
    zh: '第一个隐藏层的激活梯度不足最后一个隐藏层的 0.005（取近几步的中位数）：前面的层几乎学不到东西。与损失的尺度无关。'
  },
  fields: {
    ratio: {
      type: 'number',
      default: LIMIT,
      above: 0,
      below: 1,
      log: true,
      label: { en: 'First ÷ last hidden layer', zh: '首层 ÷ 末隐藏层' }
    }
  },
  measures: {
    ratio: { en: 'first ÷ last', zh: '首层 ÷ 末层' },
    gainPerLayer: { en: 'gain per layer', zh: '每层增益' },
    first: { en: 'first layer', zh: '首层' },
    last: { en: 'last hidden layer', zh: '最后隐藏层' },
    gradient: { en: 'gradient', zh: '梯度' },
    frames: { en: 'recorded steps', zh: '记录步数' },
    ...FACTOR_MEASURES
  },
  judge(view) {
    const p = currentProfile(view)
    if (!p) return undefined
    const [first, end] = [p.rms[0]!, p.rms[p.rms.length - 1]!]
    if (outputBlocks(view) || areInputsAlike(view) || heldByRegularisation(view) || pairNorm(view)) return undefined
    // A few examples that are answered already send nothing back.
    if (examples(view) < FEW_EXAMPLES && learnsWell(view)) return undefined
    if (end === 0) return first === 0 && p.frames >= SILENT ? silent(view, p) : undefined
    // Copies of one unit, which often start at 0, send back little at first: their start is to blame.
    if (view.twins?.length && (first > 0 || p.frames < SILENT)) return undefined
    // A layer that starts at zero sends back nothing for a step, and trains perfectly well.
    if (!(p.ratio < LIMIT) || (p.frames < FEW_FRAMES && (first === 0 || p.ratio > LIMIT * CERTAIN))) return undefined
    const far = p.layers
      .map((l, i) => ({ id: l.id, rms: p.rms[i]! }))
      .filter((l) => l.rms < LIMIT * end)
      .sort((a, b) => a.rms - b.rms)
    const [a, b] = [called(view, p.places[0]!.id), called(view, p.places[p.places.length - 1]!.id)]
    const measured = {
      ratio: p.ratio,
      gainPerLayer: p.gain,
      first,
      last: end,
      ...(first > 0 && factorsOf(view, p))
    }
    const why = factorClause(measured)
    const lastZero = p.rms.lastIndexOf(0)
    const how =
      first === 0
        ? {
            en: `exactly 0 from ${called(view, p.layers[lastZero]!.id).en} down`,
            zh: `自 ${called(view, p.layers[lastZero]!.id).zh} 以下恰为 0`
          }
        : {
            en: `measured × ${show(p.gain)} per layer over ${counted(p.steps, 'layer')}${why.en}`,
            zh: `实测每层 × ${show(p.gain)}，共 ${p.steps} 层${why.zh}`
          }
    return {
      severity: learnsWell(view) ? 'warn' : 'bad',
      layers: far.map((l) => l.id),
      measured,
      threshold: { ratio: LIMIT },
      text: {
        en: `${a.en} receives an RMS gradient of ${show(first)}; ${b.en}, the last hidden layer, ${show(end)}: ${how.en}.`,
        zh: `${a.zh} 收到的梯度 RMS 为 ${show(first)}，最后一个隐藏层 ${b.zh} 为 ${show(end)}：${how.zh}。`
      },
      // A sound start that a step has spoilt needs shorter steps.
      ...adviseGradient(view, ...(thrown(view) ? [lower(view)] : []), ...ranked(view, measured))
    }
  }
}
export default vanishing
