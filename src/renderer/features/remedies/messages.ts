export default {
  en: {
    title: 'Remedies',
    counts: '{on} on',
    preview: 'preview',
    show: 'Show what changes',
    hide: 'Hide changes',
    nothing: 'Changes nothing here.',
    backfires: 'When it backfires:',
    more: '+ {n} more',
    nextRun: 'Takes effect on the next run.',
    again: 'Train again',
    hook: 'Acts in every training step, between backpropagation and the update.',
    added: 'added',
    removed: 'removed',
    params: 'Parameters: {before} → {after}',
    noParams: 'Parameters: no change',
    switch: 'Switch {name} on or off',
    groups: {
      architecture: 'Architecture', activation: 'Activation', initialisation: 'Initialisation', normalisation: 'Normalisation',
      gradient: 'Gradient', weights: 'Weights', training: 'Training'
    }
  },
  zh: {
    title: '对策',
    counts: '{on} 项启用',
    preview: '预览',
    show: '显示改动',
    hide: '隐藏改动',
    nothing: '在此没有任何改动。',
    backfires: '何时适得其反：',
    more: '另有 {n} 项',
    nextRun: '将在下一次运行时生效。',
    again: '重新训练',
    hook: '作用于每个训练步：在反向传播之后、更新之前。',
    added: '新增',
    removed: '移除',
    params: '参数：{before} → {after}',
    noParams: '参数：不变',
    switch: '开启或关闭{name}',
    groups: {
      architecture: '结构', activation: '激活', initialisation: '初始化', normalisation: '归一化',
      gradient: '梯度', weights: '权重', training: '训练'
    }
  }
}
