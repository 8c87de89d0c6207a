import { activations } from '../../catalog/activations'
import { layers } from '../../catalog/layers'
import type { Rule, RunView } from './types'
import { advise } from './parts/advice'
import { areInputsAlike } from './parts/alike'
import { lower, MOST, ratios } from './parts/rate'
import { RANKED } from './parts/ranking'
import { isHarmed } from './parts/progress'
import { coarseStart } from './parts/start'
import { passes } from './parts/passes'
import { called, few, learnsWell, median, oldest, S } from './parts/view'
import { overShare, percent } from './parts/shares'

const LIMIT = 0.5
const NEARLY_ALL = 0.9
/**
 * The share of the gradient that passes. Nets whose first layer passes 0.27 (three quarters saturated) learn well, and
 * some whose second one passes 0.08 at the start do; under 0.07 hardly anything comes through.
 */
const [LITTLE, HARDLY] = [0.2, 0.07]

/** Frames from the first on, whose steps have driven weights into saturation if they were longer than is safe. */
const FIRST = 10
/** Whether steps have saturated the layer: it was far from that at the start, and steps were too long. */
function isDriven(view: RunView, index: number): boolean {
  const frames = oldest(view, FIRST)
  const start = view.value(0, index, S.saturated) ?? NaN
  return start < LIMIT / 2 && median(ratios(view, frames)) > MOST
}

const saturated: Rule = {
  id: 'saturated',
  kind: 'saturated',
  short: { en: 'Saturated', zh: '饱和' },
  name: { en: 'Saturated units', zh: '激活饱和' },
  doc: {
    en: 'More than half of a hidden layer’s pre-activations lie where the activation’s slope is under 5 % of its maximum, over recent steps, and hardly any gradient is measured to pass. Silent once the network learns.',
    zh: '近几步中，某隐藏层超过一半的预激活值处于激活函数斜率低于最大值 5 % 的区域，且实测几乎没有梯度通过。网络学会后不再提示。'
  },
  fields: {
    share: {
      type: 'number',
      default: LIMIT,
      min: 0,
      max: 1,
      label: { en: 'Share of pre-activations', zh: '预激活占比' }
    }
  },
  measures: {
    saturatedShare: { en: 'saturated share', zh: '饱和占比' },
    passes: { en: 'share of the gradient that passes', zh: '通过的梯度占比' }
  },
  judge(view) {
    if (learnsWell(view) || areInputsAlike(view)) return undefined
    const harmed = isHarmed(view)
    const found = overShare(view, S.saturated, () => LIMIT)
      .map((f) => ({ ...f, passes: passes(view, f.layer) }))
      .filter((f) => f.passes < (harmed ? LITTLE : HARDLY))
    const worst = found[0]
    if (!worst) return undefined
    const coarse = coarseStart(
      view,
      found.map((s) => s.layer)
    )
    const ids = found.map((f) => f.layer.id)
    const [where, all] = [called(view, worst.layer.id), few(view, ids)]
    const f = activations.find(worst.layer.activation ?? '')?.name ?? layers.get(worst.layer.kind).name
    return {
      severity: harmed && worst.share > NEARLY_ALL ? 'bad' : 'warn',
      layers: ids,
      measured: { saturatedShare: worst.share, passes: worst.passes },
      threshold: { saturatedShare: LIMIT, passes: harmed ? LITTLE : HARDLY },
      text: {
        en: `${percent(worst.share)} of the pre-activations of ${where.en}, ${f.en}, are saturated, and ${percent(worst.passes)} of the gradient passes${ids.length > 1 ? `; over the limit: ${all.en}` : ''}.`,
        zh: `${where.zh}，${f.zh}，有 ${percent(worst.share)} 的预激活值饱和，只有 ${percent(worst.passes)} 的梯度通过${ids.length > 1 ? `；超过界限的层：${all.zh}` : ''}。`
      },
      ...advise(
        view,
        ...(coarse ? [coarse] : isDriven(view, worst.layer.index) ? [lower(view)] : []),
        ...RANKED.saturated
      )
    }
  }
}
export default saturated
