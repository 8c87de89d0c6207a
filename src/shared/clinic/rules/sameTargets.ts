import type { Rule } from './types'
import { advise } from './parts/advice'
import { areTargetsAlike } from './parts/alike'
import { show } from './parts/view'

const sameTargets: Rule = {
  id: 'sameTargets',
  kind: 'sameTargets',
  short: { en: 'Same targets', zh: '目标相同' },
  name: { en: 'Every example has the same target', zh: '所有样本的目标相同' },
  doc: {
    en: 'No target differs from one training example to the next: a constant answers all of them, there is nothing to learn of the inputs, and neither network nor learning rate is to blame. Known before the first step.',
    zh: '训练样本之间目标没有任何不同：一个常数即可回答全部，输入中没有可学的内容，问题不在网络或学习率。第一步之前即可得知。'
  },
  fields: {},
  measures: {
    examples: { en: 'training examples', zh: '训练样本数' },
    target: { en: 'their target, as it is fed', zh: '其目标（输入网络的值）' }
  },
  asks: 'data',
  judge(view) {
    if (!view.length || !areTargetsAlike(view)) return undefined
    const { trainCount, data } = view.schema
    const isScaled = !!view.experiment?.data.standardize && view.schema.info.task === 'regression'
    const value = data!.target.min
    return {
      severity: 'bad',
      layers: [],
      measured: { examples: trainCount, target: value },
      threshold: {},
      text: {
        en: `All ${trainCount.toLocaleString('en')} training examples have the same target (${show(value)}${isScaled ? ' once standardised' : ''}): there is nothing to learn of the inputs. Look at which column is the target, and whether it varies.`,
        zh: `全部 ${trainCount.toLocaleString('en')} 个训练样本的目标相同（${isScaled ? '标准化后' : ''}为 ${show(value)}）：输入中没有可学的内容。请检查哪一列是目标，以及它是否有变化。`
      },
      ...advise(view)
    }
  }
}
export default sameTargets
