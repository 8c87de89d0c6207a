import { countField, noiseField } from './toy/common'
import { criticInfo, generatorFields, generatorOf, realPoints } from './toy/critic'
import type { Dataset } from './types'

const swissRoll: Dataset = {
  id: 'swissRoll',
  name: { en: 'Swiss roll', zh: '瑞士卷' },
  doc: {
    en: 'Points on a rolled-up line, for a critic that tells them from generated ones: where deep critics with clipped weights were found to vanish and explode (Gulrajani 2017, fig. 1).',
    zh: '卷起的曲线上的点，供评论家与生成的点区分：正是在此发现权重裁剪的深层评论家梯度消失与爆炸（Gulrajani 2017，图 1）。'
  },
  fields: { count: countField(2000), noise: noiseField(0.03), ...generatorFields },
  standardize: false,
  python: 'values',
  describe: criticInfo,
  load: (p, { seed }) =>
    realPoints(p, seed, 'swissRoll', (rng) => {
      const turn = 1.5 * Math.PI * (1 + 2 * rng.uniform())
      // About 1 from the centre on average, as the paper scales it.
      const r = turn / 7.5
      return [
        r * Math.cos(turn) + (p.noise as number) * rng.normal(),
        r * Math.sin(turn) + (p.noise as number) * rng.normal()
      ]
    }),
  generator: (p) => generatorOf(p, 2)
}
export default swissRoll
