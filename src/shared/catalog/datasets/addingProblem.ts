import type { Params } from '../../base/params'
import { between, bounded, lengthField, sequences, sequencesField } from './sequence/common'
import type { DataInfo, Dataset } from './types'

const describe = (p: Params): DataInfo =>
  bounded({
    inputShape: [p.length as number, 2],
    targetShape: [1],
    task: 'regression',
    count: p.count as number,
    timeAxis: true,
    featureNames: ['value', 'marker']
  })

const addingProblem: Dataset = {
  id: 'addingProblem',
  name: { en: 'Adding problem', zh: '加法问题' },
  doc: {
    en: 'Two numbers per step: a value from [0, 1), and a marker that is 1 at one step of the first half and at one of the second. The target is the sum of the two marked values (Hochreiter & Schmidhuber 1997, as Le 2015 poses it). Who always answers 1 has a mean squared error of 1/6: only a memory of T/2 steps or more does better.',
    zh: '每步两个数：取自 [0, 1) 的数值，以及标记；标记在前半段与后半段各有一步为 1。目标是两个被标记数值之和（Hochreiter & Schmidhuber 1997，按 Le 2015 的设定）。总回答 1 的均方误差为 1/6：只有跨越约 T/2 步的记忆才能更好。'
  },
  fields: { count: sequencesField(2000), length: lengthField(50) },
  standardize: false,
  python: 'values',
  describe,
  load: (p, { seed }) =>
    sequences(describe(p), seed, 'addingProblem', (x, y, rng) => {
      const T = p.length as number
      for (let t = 0; t < T; t++) x[2 * t] = rng.uniform()
      const half = Math.ceil(T / 2)
      for (const t of [between(rng, 0, half), between(rng, half, T)]) {
        x[2 * t + 1] = 1
        y[0]! += x[2 * t]!
      }
    })
}
export default addingProblem
