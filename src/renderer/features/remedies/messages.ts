export default {
  en: {
    title: 'Remedies',
    count: '{n} on',
    countPreview: '{n} on · 1 preview',
    none: 'none on',
    show: 'Show what changes',
    hide: 'Hide changes',
    copy: 'Try in a copy',
    preview: 'preview',
    advised: 'advised',
    backfires: 'When it backfires',
    settings: 'Settings',
    nothing: 'It changes nothing here.',
    live: 'acts at once',
    anew: 'needs a new run',
    since: 'on since step {step}',
    group: { architecture: 'Architecture', activation: 'Activation', initialisation: 'Initialisation', normalisation: 'Normalisation', gradient: 'Gradient', weights: 'Weights', training: 'Training' }
  },
  zh: {
    title: '对策',
    count: '{n} 项启用',
    countPreview: '{n} 项启用 · 1 项预览',
    none: '均未启用',
    show: '显示改动',
    hide: '隐藏改动',
    copy: '在副本中试验',
    preview: '预览',
    advised: '建议',
    backfires: '何时适得其反',
    settings: '设置',
    nothing: '在此不改变任何东西。',
    live: '立即生效',
    anew: '需要新的运行',
    since: '自第 {step} 步起启用',
    group: { architecture: '结构', activation: '激活', initialisation: '初始化', normalisation: '归一化', gradient: '梯度', weights: '权重', training: '训练' }
  }
}
