import type { Text } from '../../../base/text'
import { hiddenLayers } from '../../../run/layers'
import { layerLabel, layerNumber } from '../../../run/names'
import type { RunLayer } from '../../../run/types'
import type { RunView } from '../types'
import type { Profile } from './profile'
import { median, newest, S, show, valuesAt } from './view'

/** The share of the whole from which on one factor alone is named. */
const ALONE = 0.75
/** What the gradient is multiplied by on its way back through a layer, and what theory expects of it. */
export const FACTOR_MEASURES: Record<string, Text> = {
  slope: { en: 'slope f′', zh: '斜率 f′' },
  weights: { en: 'weights', zh: '权重' },
  theory: { en: 'theory at the start', zh: '初始理论值' },
  steps: { en: 'layers', zh: '层数' }
}
const isFactor = (x: number | undefined): x is number => x !== undefined && x > 0 && Number.isFinite(x)
const mean = (factors: number[]): number => Math.exp(factors.reduce((a, x) => a + Math.log(x), 0) / factors.length)

/**
 * The gain per layer taken apart: ∂L/∂h_l = Wᵀ (f′ ⊙ ∂L/∂h_{l+1}), in RMS. Geometric means over the hidden layers of
 * the medians of the newest frames. Slope and weights are there where most layers read the one before and nothing else,
 * and `theory`, the gain expected at initialisation, where it reaches both ends.
 */
export function factorsOf(view: RunView, p: Profile): Record<string, number> {
  const frames = newest(view)
  const slopes: number[] = []
  const weights: number[] = []
  p.layers.slice(1).forEach((from, i) => {
    const isAlone = from === p.places[i + 1] && from.inputs.length === 1 && from.inputs[0] === p.places[i]!.id
    if (!isAlone) return
    const z = median(valuesAt(view, frames, from.index, S.slope))
    const [slope, weight] = [z / p.rms[i + 1]!, p.rms[i]! / z]
    if (isFactor(slope) && isFactor(weight)) {
      slopes.push(slope)
      weights.push(weight)
    }
  })
  const [first, end] = [p.places[0], p.places[p.places.length - 1]].map((l) => l?.theoryProfile)
  const theory = isFactor(first) && isFactor(end) ? (first / end) ** (1 / p.steps) : undefined
  return {
    steps: p.steps,
    ...(2 * slopes.length >= p.steps && { slope: mean(slopes), weights: mean(weights) }),
    ...(isFactor(theory) && { theory })
  }
}
/** The weights’ factor under which the ε of a batch norm, 1e-5, outweighs the variance of what they make. */
const HIDDEN = 0.003
/** Whether weights are so near to 0 that a norm’s ε leaves nothing of what they make: figures of a finding. */
export const areNothing = ({ weights }: Readonly<Record<string, number>>): boolean =>
  isFactor(weights) && weights < HIDDEN

/**
 * Which factor it is, from the figures of a finding: “slope f′ × 0.23 is small, weights × 1.02 are not”. Undefined
 * where they were not measured.
 */
function factorWords({ slope, weights }: Readonly<Record<string, number>>): Text | undefined {
  if (!isFactor(slope) || !isFactor(weights) || slope * weights === 1) return undefined
  const isSmall = slope * weights < 1
  const [en, zh] = isSmall ? ['small', '小'] : ['large', '大']
  const share = Math.log(slope) / Math.log(slope * weights)
  const [s, w] = [show(slope), show(weights)]
  if (share > ALONE)
    return { en: `slope f′ × ${s} is ${en}, weights × ${w} are not`, zh: `斜率 f′ × ${s} 偏${zh}，权重 × ${w} 不${zh}` }
  if (share < 1 - ALONE)
    return { en: `weights × ${w} are ${en}, slope f′ × ${s} is not`, zh: `权重 × ${w} 偏${zh}，斜率 f′ × ${s} 不${zh}` }
  return { en: `slope f′ × ${s} and weights × ${w} are both ${en}`, zh: `斜率 f′ × ${s} 与权重 × ${w} 均偏${zh}` }
}

/** What follows “measured × 0.23 per layer over 18 layers” in a finding: theory, then the factor. */
export function factorClause(measured: Readonly<Record<string, number>>): Text {
  const { theory } = measured
  const words = factorWords(measured)
  const expected = isFactor(theory)
    ? { en: `, in theory × ${show(theory)} at the start`, zh: `，初始理论值 × ${show(theory)}` }
    : { en: '', zh: '' }
  return {
    en: expected.en + (words ? `; ${words.en}` : ''),
    zh: expected.zh + (words ? `；${words.zh}` : '')
  }
}
/**
 * The same finding in one short sentence, for a line: layer, gradient, gain against theory, where, and which factor.
 * @param layers of the run's network
 * @returns undefined where the finding says nothing of factors
 */
export function factorLine(measured: Readonly<Record<string, number>>, layers: readonly RunLayer[]): Text | undefined {
  const words = factorWords(measured)
  const { first, gainPerLayer, theory } = measured
  const hidden = hiddenLayers(layers)
  const [start, end] = [hidden[0], hidden[hidden.length - 1]]
  if (!words || first === undefined || gainPerLayer === undefined || !start || !end) return undefined
  const layer = layerLabel(layers, start)
  const [from, to] = [layerNumber(layers, start), layerNumber(layers, end)]
  const [en, zh] = isFactor(theory) ? [` (theory × ${show(theory)})`, `（理论 × ${show(theory)}）`] : ['', '']
  return {
    en: `${layer.en} receives an RMS gradient of ${show(first)}: × ${show(gainPerLayer)} per layer${en} in layers ${from}–${to}; ${words.en}.`,
    zh: `${layer.zh} 收到的梯度 RMS 为 ${show(first)}：第 ${from}–${to} 层每层 × ${show(gainPerLayer)}${zh}；${words.zh}。`
  }
}
