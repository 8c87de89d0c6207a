import { codingField, countField, noiseField, planeInfo, points } from './toy/common'
import type { Dataset } from './types'
import type { Params } from '../../base/params'

const describe = (p: Params) => planeInfo(p, ['light', 'dark'])
const checkerboard: Dataset = {
  id: 'checkerboard',
  name: { en: 'Checkerboard', zh: '棋盘格' },
  doc: {
    en: 'Points of a square; the class is the colour of the field they fell on.',
    zh: '正方形内的点；类别是所落格子的颜色。'
  },
  fields: {
    count: countField(1000),
    noise: noiseField(0),
    fields: {
      type: 'number',
      default: 4,
      integer: true,
      min: 2,
      max: 20,
      label: { en: 'Fields per side', zh: '每边格数' }
    },
    coding: codingField
  },
  standardize: true,
  python: 'values',
  describe,
  load: (p, { seed }) =>
    points(describe(p), p, seed, 'checkerboard', (_k, rng, at) => {
      const n = p.fields as number
      const [u, v] = [rng.uniform(), rng.uniform()]
      at[0] = 2 * u - 1
      at[1] = 2 * v - 1
      return (Math.floor(u * n) + Math.floor(v * n)) % 2
    })
}
export default checkerboard
