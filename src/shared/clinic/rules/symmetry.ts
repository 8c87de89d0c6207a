import type { Rule } from './types'
import { advise } from './parts/advice'
import { newStart, UPDATES } from './parts/twins'
import { called, few, last, learnsWell } from './parts/view'

const symmetry: Rule = {
  id: 'symmetry',
  kind: 'symmetry',
  short: { en: 'Symmetry', zh: '对称' },
  name: { en: 'Units are copies of each other', zh: '单元彼此相同' },
  doc: {
    en: 'All units of a layer start with equal weights (zeros, a constant) and every update has been the same for all of them: they do the work of a single unit, for as long as nothing tells them apart.',
    zh: '某层所有单元的初始权重相同（全零或常数），且每次更新也完全相同：只要没有东西区分它们，它们就只相当于一个单元。'
  },
  fields: {},
  measures: { units: { en: 'equal units', zh: '相同的单元' }, different: { en: 'different units', zh: '不同的单元' } },
  judge(view) {
    const found = view.length >= UPDATES ? (view.twins ?? []) : []
    const layer = found[0]
    if (!layer || !Number.isFinite(view.scalar(last(view), 'loss'))) return undefined
    const units = layer.outputShape[layer.outputShape.length - 1]!
    const ids = found.map((l) => l.id)
    const [where, all] = [called(view, layer.id), few(view, ids)]
    return {
      severity: learnsWell(view) ? 'warn' : 'bad',
      layers: ids,
      measured: { units, different: 1 },
      threshold: {},
      text: {
        en: `All ${units} units of ${where.en} started equal and got equal updates so far: they are one unit, ${units} times${ids.length > 1 ? `. Layers: ${all.en}` : ''}.`,
        zh: `${where.zh} 的全部 ${units} 个单元初始相同，至今的更新也相同：等于同一个单元重复 ${units} 次${ids.length > 1 ? `。涉及的层：${all.zh}` : ''}。`
      },
      ...advise(view, newStart(view)!)
    }
  }
}
export default symmetry
