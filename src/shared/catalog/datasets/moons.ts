import { codingField, countField, noiseField, planeInfo, points } from './toy/common'
import type { Dataset } from './types'
import type { Params } from '../../base/params'

const describe = (p: Params) => planeInfo(p, ['upper', 'lower'])
const moons: Dataset = {
  id: 'moons',
  name: { en: 'Moons', zh: '双月' },
  doc: { en: 'Two half rings that reach into each other.', zh: '两个相互嵌入的半圆环。' },
  fields: { count: countField(500), noise: noiseField(0.1), coding: codingField },
  standardize: true,
  python: 'values',
  describe,
  load: (p, { seed }) =>
    points(describe(p), p, seed, 'moons', (k, rng, at) => {
      const turn = Math.PI * rng.uniform()
      // The lower one is the upper one turned by 180° about (1/2, 1/4).
      at[0] = k ? 1 - Math.cos(turn) : Math.cos(turn)
      at[1] = k ? 0.5 - Math.sin(turn) : Math.sin(turn)
    })
}
export default moons
