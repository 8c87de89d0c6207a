import digits from './digits'
import type { Params } from '../../base/params'
import type { DataInfo, Dataset } from './types'

const shape = (p: Params): number[] => (p.step === 'pixel' ? [64, 1] : [8, 8])
const describe = (p: Params): DataInfo => {
  const info = digits.describe({}, { seed: 0 })
  const [, features] = shape(p)
  return {
    ...info,
    inputShape: shape(p),
    timeAxis: true,
    featureNames: Array.from({ length: features! }, (_, i) => `pixel${i}`)
  }
}
const digitRows: Dataset = {
  id: 'digitRows',
  name: { en: 'Digits, row by row', zh: '逐行手写数字' },
  doc: {
    en: 'The handwritten digits read as sequences: one row of 8 pixels per time step (T = 8), or one pixel per step (T = 64), after which the digit is to be told.',
    zh: '把手写数字当作序列读取：每个时间步一行 8 个像素（T = 8），或每步一个像素（T = 64），读完后判断是哪个数字。'
  },
  fields: {
    step: {
      type: 'choice',
      default: 'row',
      label: { en: 'One time step', zh: '一个时间步' },
      options: [
        { id: 'row', label: { en: 'A row of 8 pixels', zh: '一行 8 个像素' } },
        { id: 'pixel', label: { en: 'One pixel', zh: '一个像素' } }
      ]
    }
  },
  standardize: true,
  python: 'values',
  describe,
  load: (p, ctx) => ({ ...digits.load({}, ctx), ...describe(p) })
}
export default digitRows
