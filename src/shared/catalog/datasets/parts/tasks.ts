import type { Text } from '../../../base/text'
import type { Task } from '../types'

export const taskNames: Record<Task, Text> = {
  regression: { en: 'regression', zh: '回归任务' },
  binary: { en: 'two-class classification', zh: '二分类任务' },
  multiclass: { en: 'classification into several classes', zh: '多分类任务' },
  critic: { en: 'a critic', zh: '评论家任务' }
}
