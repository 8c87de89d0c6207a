import { allBehind } from '../../run/layers'
import type { Rule } from './types'
import { advise } from './parts/advice'
import { areInputsAlike } from './parts/alike'
import { revived } from './parts/biases'
import { constantLayer } from './parts/constant'
import { lower } from './parts/rate'
import { RANKED } from './parts/ranking'
import { called, few, S } from './parts/view'
import { overShare, percent } from './parts/shares'

const LIMIT = 0.75
const ALL = 0.95

const dead: Rule = {
  id: 'dead',
  kind: 'dead',
  short: { en: 'Dead units', zh: '死亡单元' },
  name: { en: 'Dead units', zh: '神经元死亡' },
  doc: {
    en: 'More than three quarters of a layer’s units are 0 for every example of the batch, over recent steps. Half of them are no fault: deep down a ReLU net, inputs look alike, and a unit is on for all of them or for none.',
    zh: '近几步中，某层超过四分之三的单元对批次中所有样本输出 0。一半并非故障：在很深的 ReLU 网络中，各输入彼此相似，单元要么全开要么全关。'
  },
  fields: {
    share: { type: 'number', default: LIMIT, min: 0, max: 1, label: { en: 'Share of units', zh: '单元占比' } }
  },
  measures: {
    deadShare: { en: 'dead share', zh: '死亡占比' }
  },
  judge(view) {
    // Narrow layers stray further from a half by chance: four standard deviations of a fair coin's share are 2/√n.
    const found = overShare(view, S.dead, (l) =>
      Math.min(ALL, Math.max(LIMIT, 0.5 + 2 / Math.sqrt(l.outputShape[l.outputShape.length - 1] ?? 1)))
    )
    const worst = found[0]
    // Behind a layer that gives the same for all, a unit is on for all of them or for none.
    if (!worst || constantLayer(view) || areInputsAlike(view)) return undefined
    // The same holds behind a layer whose units are all dead.
    const behind = worst.share === 1 ? allBehind(view.schema.layers, worst.layer) : undefined
    const ids = found.map((f) => f.layer.id).filter((id) => !behind?.has(id))
    const born = revived(view)
    const [where, all] = [called(view, worst.layer.id), few(view, ids)]
    return {
      severity: worst.share > ALL ? 'bad' : 'warn',
      layers: ids,
      measured: { deadShare: worst.share },
      threshold: { deadShare: worst.limit },
      text: {
        en: `${percent(worst.share)} of the units of ${where.en} are 0 for every example${ids.length > 1 ? `; over the limit: ${all.en}` : ''}.`,
        zh: `${where.zh} 有 ${percent(worst.share)} 的单元对所有样本输出 0${ids.length > 1 ? `；超过界限的层：${all.zh}` : ''}。`
      },
      // A unit that was off before the first step was not killed by one.
      ...advise(view, ...(born.length ? born : [lower(view), ...RANKED.dead]))
    }
  }
}
export default dead
