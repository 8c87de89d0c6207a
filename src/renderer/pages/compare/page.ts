import type { Page } from '@/pages'
import { later } from '@/timing/later'

/** Several runs side by side. */
export default {
  id: 'compare',
  title: { en: 'Compare', zh: '对比' },
  command: { en: 'Page: compare runs', zh: '页面：对比运行' },
  words: 'compare runs A/B 对比',
  icon: 'table',
  order: 3,
  keys: ['Alt+9'],
  component: later(() => import('./ComparePage.vue')),
  parts: [
    '[data-testid=compare-runs]',
    '[data-testid=compare-bar]',
    '[data-testid=compare-pictures]',
    '[data-testid=compare-plots]',
    '[data-testid=compare-tables-card]',
    '[data-testid=compare-page] .time'
  ]
} satisfies Page
