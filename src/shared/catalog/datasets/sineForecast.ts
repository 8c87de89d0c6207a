import type { Params } from '../../base/params'
import { noiseField } from './toy/common'
import { answerField, bounded, lengthField, sequences, sequencesField, wholeField } from './sequence/common'
import type { DataInfo, Dataset } from './types'

const describe = (p: Params): DataInfo => {
  const T = p.length as number
  return bounded({
    inputShape: [T, 1],
    targetShape: p.target === 'each' ? [T, 1] : [1],
    task: 'regression',
    count: p.count as number,
    timeAxis: true,
    featureNames: ['x'],
    lastValue: 0
  })
}
const sineForecast: Dataset = {
  id: 'sineForecast',
  name: { en: 'Sine forecast', zh: '正弦预测' },
  doc: {
    en: 'Sines of random period (8 to 40 steps), phase and height (½ to 1), with noise; to be foretold some steps ahead, after the last step or after each.',
    zh: '周期（8 到 40 步）、相位与振幅（½ 到 1）随机的正弦波，加噪声；在最后一步之后或每一步之后预测若干步以后的值。'
  },
  fields: {
    count: sequencesField(1000),
    length: lengthField(50),
    horizon: wholeField('Steps ahead', '预测步数', 1, 1, 1000),
    noise: noiseField(0.05),
    target: answerField
  },
  standardize: false,
  python: 'values',
  describe,
  load: (p, { seed }) =>
    sequences(describe(p), seed, 'sineForecast', (x, y, rng) => {
      const [T, horizon, noise] = [p.length as number, p.horizon as number, p.noise as number]
      const turn = (2 * Math.PI) / (8 + 32 * rng.uniform())
      const phase = 2 * Math.PI * rng.uniform()
      const height = 0.5 + 0.5 * rng.uniform()
      for (let t = 0; t < T + horizon; t++) {
        const v = height * Math.sin(turn * t + phase)
        if (t < T) x[t] = v + (noise ? noise * rng.normal() : 0)
        // The target is the sine itself: its noise can't be foretold.
        if (p.target === 'each' && t >= horizon) y[t - horizon] = v
        if (p.target !== 'each' && t === T + horizon - 1) y[0] = v
      }
    })
}
export default sineForecast
