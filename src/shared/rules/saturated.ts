import type { Rule } from './types'
import { advise, few, S } from './parts/view'
import { overShare, percent } from './parts/shares'

const LIMIT = 0.5
const NEARLY_ALL = 0.9

const saturated: Rule = {
  id: 'saturated',
  kind: 'saturated',
  name: { en: 'Saturated units', zh: '激活饱和' },
  doc: {
    en: 'More than half of a hidden layer’s pre-activations lie where the activation’s slope is under 5 % of its maximum, over recent steps: hardly any gradient passes.',
    zh: '近几步中，某隐藏层超过一半的预激活值处于激活函数斜率低于最大值 5 % 的区域：几乎没有梯度通过。'
  },
  fields: { share: { type: 'number', default: LIMIT, min: 0, max: 1, label: { en: 'Share of pre-activations', zh: '预激活占比' } } },
  judge(view) {
    const found = overShare(view, S.saturated, () => LIMIT)
    const worst = found[0]
    if (!worst) return undefined
    const ids = found.map((f) => f.layer.id)
    return {
      severity: worst.share > NEARLY_ALL ? 'bad' : 'warn',
      layers: ids,
      measured: { saturatedShare: worst.share },
      threshold: { saturatedShare: LIMIT },
      text: {
        en: `${percent(worst.share)} of the pre-activations of ${worst.layer.id} (${worst.layer.activation ?? worst.layer.kind}) are saturated${ids.length > 1 ? `; over the limit: ${few(ids)}` : ''}.`,
        zh: `${worst.layer.id}（${worst.layer.activation ?? worst.layer.kind}）有 ${percent(worst.share)} 的预激活值饱和${ids.length > 1 ? `；超过界限的层：${few(ids)}` : ''}。`
      },
      advice: advise(view, 'batchNorm', 'initializer', 'activation', 'learningRate')
    }
  }
}
export default saturated
