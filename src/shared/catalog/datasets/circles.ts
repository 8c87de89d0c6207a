import { codingField, countField, noiseField, planeInfo, points } from './toy/common'
import type { Dataset } from './types'
import type { Params } from '../../base/params'

const describe = (p: Params) => planeInfo(p, ['outer', 'inner'])
const circles: Dataset = {
  id: 'circles',
  name: { en: 'Circles', zh: '同心圆' },
  doc: {
    en: 'Two rings around one centre; no straight line parts them.',
    zh: '同一圆心的两个圆环；没有直线能把它们分开。'
  },
  fields: {
    count: countField(500),
    noise: noiseField(0.08),
    factor: {
      type: 'number',
      default: 0.5,
      above: 0,
      below: 1,
      label: { en: 'Inner radius', zh: '内圆半径' },
      help: { en: 'The outer radius is 1.', zh: '外圆半径为 1。' }
    },
    coding: codingField
  },
  standardize: true,
  python: 'values',
  describe,
  load: (p, { seed }) =>
    points(describe(p), p, seed, 'circles', (k, rng, at) => {
      const turn = 2 * Math.PI * rng.uniform()
      const r = k ? (p.factor as number) : 1
      at[0] = r * Math.cos(turn)
      at[1] = r * Math.sin(turn)
    })
}
export default circles
