import { clone } from '../../base/clone'
import type { Remedy } from '../../experiment/remedies'

const classWeights: Remedy = {
  id: 'classWeights',
  name: { en: 'Balance the classes', zh: '平衡类别' },
  doc: {
    en: 'Examples of rare classes count more in the gradient, so that every class has the same say: always answering the most frequent one no longer pays.',
    zh: '少数类别的样本在梯度中的权重更大，使每个类别的影响相同：总是回答最常见的类别不再有利。'
  },
  words: 'class weights imbalance balanced minority rare class 类别权重 类别不平衡 少数类',
  backfires: {
    en: 'Accuracy may fall where it is what counts: rare classes are answered more often than they occur. A handful of rare examples makes large, noisy steps.',
    zh: '若准确率最重要，它可能下降：少数类别的回答多于其实际出现。少数类样本极少时，步长又大又不稳定。'
  },
  group: 'training',
  conflicts: [],
  fields: {},
  apply(experiment) {
    const next = clone(experiment)
    next.training.classWeights = 'balanced'
    return next
  },
  blocked(experiment, _p, info) {
    if (info.task !== 'binary' && info.task !== 'multiclass')
      return { en: 'The targets are not classes.', zh: '目标不是类别。' }
    return experiment.training.classWeights
      ? { en: 'The classes are balanced already.', zh: '类别已经平衡。' }
      : undefined
  }
}
export default classWeights
