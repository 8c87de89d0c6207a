import { codingField, countField, noiseField, planeInfo, points } from './toy/common'
import type { Dataset } from './types'
import type { Params } from '../../base/params'

const describe = (p: Params) => planeInfo(p, ['same sign', 'different sign'])
const xor: Dataset = {
  id: 'xor',
  name: { en: 'XOR', zh: '异或' },
  doc: {
    en: 'Points of a square; the class is whether their two coordinates differ in sign.',
    zh: '正方形内的点；类别取决于两个坐标是否异号。'
  },
  fields: { count: countField(500), noise: noiseField(0.05), coding: codingField },
  standardize: true,
  python: 'values',
  describe,
  load: (p, { seed }) =>
    points(describe(p), p, seed, 'xor', (k, rng, at) => {
      const sign = rng.uniform() < 0.5 ? -1 : 1
      at[0] = sign * rng.uniform()
      at[1] = (k ? -sign : sign) * rng.uniform()
    })
}
export default xor
