import { makeRng } from '../../base/random/rng'
import type { Dataset, DataInfo } from './types'
import type { Params } from '../../base/params'

const size = (en: string, zh: string, value: number, max: number) =>
  ({ type: 'number', default: value, integer: true, min: 1, max, log: true, label: { en, zh } }) as const
const describe = (p: Params): DataInfo => ({
  inputShape: [p.inputs as number],
  targetShape: [p.outputs as number],
  task: 'regression',
  count: p.count as number,
  fullBatch: true
})

const randomPairs: Dataset = {
  id: 'randomPairs',
  name: { en: 'Random pairs', zh: '随机配对' },
  doc: {
    en: 'Standard normal inputs and, independent of them, standard normal targets; all of them in each step. There is nothing to learn but the pairs themselves.',
    zh: '标准正态输入，以及与之独立的标准正态目标；每步使用全部样本。除了配对本身之外没有可学的规律。'
  },
  fields: {
    count: size('Pairs', '对数', 64, 100_000),
    inputs: size('Inputs', '输入数', 1000, 100_000),
    outputs: size('Outputs', '输出数', 10, 10_000)
  },
  standardize: false,
  python: 'values',
  describe,
  load(p, { seed }) {
    const info = describe(p)
    const normal = (stream: string, n: number): Float32Array => {
      const rng = makeRng(seed, stream)
      const out = new Float32Array(n)
      for (let i = 0; i < n; i++) out[i] = rng.normal()
      return out
    }
    return {
      ...info,
      x: normal('data/x', info.count * info.inputShape[0]!),
      y: normal('data/y', info.count * info.targetShape[0]!)
    }
  }
}
export default randomPairs
