import type { Params } from '../../base/params'
import {
  between,
  bounded,
  lengthField,
  putSymbol,
  sequences,
  sequencesField,
  symbolField,
  symbolInfo
} from './sequence/common'
import type { DataInfo, Dataset } from './types'

const SYMBOLS = ['A', 'B', 'c', 'd', 'e', 'f']
const describe = (p: Params): DataInfo =>
  bounded({
    ...symbolInfo(p, p.length as number, SYMBOLS),
    targetShape: [4],
    task: 'multiclass',
    count: p.count as number,
    classes: ['AA', 'AB', 'BA', 'BB']
  })

const temporalOrder: Dataset = {
  id: 'temporalOrder',
  name: { en: 'Temporal order', zh: '时间次序' },
  doc: {
    en: 'Symbols: noise from {c, d, e, f}, and A or B at one step in the second tenth of the sequence and at one in the sixth. The class is the order of the two: AA, AB, BA or BB (Hochreiter & Schmidhuber 1997; positions as in Pascanu 2013). Four tenths of the sequence lie between the last of them and the end.',
    zh: '符号序列：噪声取自 {c, d, e, f}，在序列的第二个十分之一与第六个十分之一处各有一步为 A 或 B。类别是二者的次序：AA、AB、BA 或 BB（Hochreiter & Schmidhuber 1997；位置按 Pascanu 2013）。其后还有四成的序列。'
  },
  fields: { count: sequencesField(2000), length: lengthField(50, 10), coding: symbolField },
  standardize: false,
  python: 'values',
  describe,
  load(p, { seed }) {
    const info = describe(p)
    return sequences(info, seed, 'temporalOrder', (x, y, rng, i) => {
      const T = p.length as number
      const put = (t: number, symbol: number): void => putSymbol(info, x, t, symbol)
      for (let t = 0; t < T; t++) put(t, between(rng, 2, 6))
      // The classes take turns, so that any stretch of examples holds them in equal parts.
      const k = i % 4
      const tenth = (n: number): number => Math.floor((n * T) / 10)
      put(between(rng, tenth(1), tenth(2)), k >> 1)
      put(between(rng, tenth(5), tenth(6)), k & 1)
      y[k] = 1
    })
  }
}
export default temporalOrder
