import { countField, noiseField } from './toy/common'
import { criticInfo, generatorFields, generatorOf, realPoints } from './toy/critic'
import type { Dataset } from './types'

const eightGaussians: Dataset = {
  id: 'eightGaussians',
  name: { en: '8 Gaussians', zh: '8 个高斯' },
  doc: {
    en: 'Eight narrow clouds on a circle, for a critic and a generator: one sees at once which clouds the generator finds and which it leaves out.',
    zh: '圆周上的八个窄点云，供评论家与生成器使用：一眼可见生成器找到了哪些、漏掉了哪些。'
  },
  fields: { count: countField(2000), noise: noiseField(0.02), ...generatorFields },
  standardize: false,
  python: 'values',
  describe: criticInfo,
  load: (p, { seed }) =>
    realPoints(p, seed, 'eightGaussians', (rng) => {
      const turn = (Math.PI / 4) * rng.below(8)
      return [
        Math.SQRT2 * Math.cos(turn) + (p.noise as number) * rng.normal(),
        Math.SQRT2 * Math.sin(turn) + (p.noise as number) * rng.normal()
      ]
    }),
  generator: (p) => generatorOf(p, 2)
}
export default eightGaussians
