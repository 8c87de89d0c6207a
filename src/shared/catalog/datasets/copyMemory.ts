import type { Params } from '../../base/params'
import {
  between,
  bounded,
  lengthField,
  putSymbol,
  sequences,
  sequencesField,
  symbolField,
  symbolInfo,
  wholeField
} from './sequence/common'
import type { DataInfo, Dataset } from './types'

const describe = (p: Params): DataInfo => {
  const [symbols, items, delay] = [p.symbols as number, p.items as number, p.delay as number]
  const names = Array.from({ length: symbols }, (_, i) => String(i + 1))
  const steps = delay + 2 * items
  return bounded({
    ...symbolInfo(p, steps, ['blank', ...names, 'go']),
    targetShape: [steps, symbols + 1],
    task: 'multiclass',
    count: p.count as number,
    classes: ['blank', ...names],
    scoredSteps: items
  })
}
const copyMemory: Dataset = {
  id: 'copyMemory',
  name: { en: 'Copy memory', zh: '复制记忆' },
  doc: {
    en: 'A few symbols, then blanks, the last of which is a “go” sign; then the symbols are to be repeated in order (Hochreiter & Schmidhuber 1997, as Arjovsky 2016 poses it). A target at each step, blank until the sign. Who has no memory scores a loss of items · ln symbols / steps; the accuracy counts the steps of the answer only.',
    zh: '先是若干符号，然后是空白，其中最后一个为“开始”信号；随后要按顺序复述这些符号（Hochreiter & Schmidhuber 1997，按 Arjovsky 2016 的设定）。每步都有目标，信号之前为空白。没有记忆者的损失为 个数 · ln 符号数 / 步数；准确率只统计作答的那些步。'
  },
  fields: {
    count: sequencesField(2000),
    symbols: wholeField('Kinds of symbols', '符号种类', 8, 2, 100),
    items: wholeField('Symbols to remember', '要记住的符号数', 5, 1, 1000),
    delay: {
      ...lengthField(20, 1, {
        en: 'Steps from the last symbol until the answer begins.',
        zh: '从最后一个符号到开始作答的步数。'
      }),
      label: { en: 'Delay', zh: '间隔步数' }
    },
    coding: symbolField
  },
  standardize: false,
  python: 'values',
  describe,
  load(p, { seed }) {
    const info = describe(p)
    const [items, delay] = [p.items as number, p.delay as number]
    const classes = info.targetShape[1]!
    return sequences(info, seed, 'copyMemory', (x, y, rng) => {
      for (let t = 0; t < info.inputShape[0]!; t++) {
        const symbol = t < items ? between(rng, 1, classes) : 0
        // The sign is the symbol behind all those that can be an answer.
        putSymbol(info, x, t, t === items + delay - 1 ? classes : symbol)
        if (t < items) y[(t + items + delay) * classes + symbol] = 1
        if (t < items + delay) y[t * classes] = 1
      }
    })
  }
}
export default copyMemory
