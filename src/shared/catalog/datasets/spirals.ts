import { codingField, countField, noiseField, numbered, planeInfo, points } from './toy/common'
import type { Dataset } from './types'
import type { Params } from '../../base/params'

const describe = (p: Params) => planeInfo(p, numbered(p.arms as number))
const spirals: Dataset = {
  id: 'spirals',
  name: { en: 'Spirals', zh: '螺旋' },
  doc: {
    en: 'Arms wound around one centre, one class each; hard for shallow networks.',
    zh: '绕同一中心旋转的旋臂，每条一类；对浅层网络很难。'
  },
  fields: {
    count: countField(600),
    noise: noiseField(0.03),
    arms: { type: 'number', default: 2, integer: true, min: 2, max: 10, label: { en: 'Arms', zh: '旋臂数' } },
    turns: { type: 'number', default: 1.25, above: 0, max: 10, label: { en: 'Turns', zh: '圈数' } },
    coding: codingField
  },
  standardize: true,
  python: 'values',
  describe,
  load: (p, { seed }) =>
    points(describe(p), p, seed, 'spirals', (k, rng, at) => {
      // Square root: points lie about evenly along the arm, not crowded at the centre.
      const r = 0.05 + 0.95 * Math.sqrt(rng.uniform())
      const turn = 2 * Math.PI * ((p.turns as number) * r + k / (p.arms as number))
      at[0] = r * Math.cos(turn)
      at[1] = r * Math.sin(turn)
    })
}
export default spirals
