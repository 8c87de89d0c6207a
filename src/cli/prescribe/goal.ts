import type { DataInfo } from '../../shared/catalog/datasets/types'
import { defaultGoal, goalRefused, lossCompares } from '../../shared/cure/trial'
import type { Goal } from '../../shared/cure/types'
import type { Experiment } from '../../shared/experiment'
import { metricNames } from '../../trainer/metrics'
import { bad } from '../args'

/**
 * The goal that was asked for, or the usual one of the task. @param where it was asked for
 * @throws InputError when it is not measured here, or does not compare
 */
export function checkGoal(goal: Goal | undefined, experiment: Experiment, info: DataInfo, where = '--goal'): Goal {
  if (!goal) return defaultGoal({ info })
  const metrics = ['loss', ...metricNames(info)]
  if (!metrics.includes(goal.metric))
    throw bad(
      where,
      `"${goal.metric}" is not measured here; there are: ${metrics.join(', ')}`,
      `此处没有指标“${goal.metric}”；现有：${metrics.join(', ')}`
    )
  if (goal.metric === 'loss' && !lossCompares(experiment))
    throw bad(
      where,
      'this loss grows with the number of examples: it does not compare remedies that change the batch; choose a metric',
      '该损失随样本数增长，无法比较改变批大小的对策：请改用其他指标'
    )
  const why = goalRefused(goal)
  if (why) throw bad(where, why.en, why.zh)
  return goal
}
