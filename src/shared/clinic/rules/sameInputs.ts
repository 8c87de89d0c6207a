import type { Rule } from './types'
import { advise } from './parts/advice'
import { areInputsAlike } from './parts/alike'

const sameInputs: Rule = {
  id: 'sameInputs',
  kind: 'sameInputs',
  short: { en: 'Same inputs', zh: '输入相同' },
  name: { en: 'Every example has the same inputs', zh: '所有样本的输入相同' },
  doc: {
    en: 'No input differs from one training example to the next, as where every column is constant: there is nothing to tell targets by, units are on for all examples or for none, and no layer is to blame. Known before the first step.',
    zh: '训练样本之间没有任何输入不同（例如每一列都是常数）：没有东西可用来区分目标，单元对所有样本要么全开要么全关，问题不在任何层。第一步之前即可得知。'
  },
  fields: {},
  measures: {
    examples: { en: 'training examples', zh: '训练样本数' },
    different: { en: 'different ones', zh: '不同的样本数' }
  },
  asks: 'data',
  judge(view) {
    if (!view.length || !areInputsAlike(view)) return undefined
    const { trainCount } = view.schema
    return {
      severity: 'bad',
      layers: [],
      measured: { examples: trainCount, different: 1 },
      threshold: { different: 2 },
      text: {
        en: `All ${trainCount.toLocaleString('en')} training examples have the same inputs: the network can only give all of them the same answer. Look at which columns are read, and whether they vary.`,
        zh: `全部 ${trainCount.toLocaleString('en')} 个训练样本的输入相同：网络只能对它们给出同一个回答。请检查读取了哪些列，以及它们是否有变化。`
      },
      ...advise(view)
    }
  }
}
export default sameInputs
