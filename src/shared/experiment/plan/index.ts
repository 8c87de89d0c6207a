import { problem } from '../../base/problems'
import { taskNames } from '../../catalog/datasets/parts/tasks'
import type { DataInfo } from '../../catalog/datasets/types'
import type { Shape } from '../../catalog/layers/types'
import { losses } from '../../catalog/losses'
import { memoryProblem, recordProblem, USUAL_MEMORY } from '../memory'
import { outputProblems } from '../output'
import { remedies } from '../remedies'
import type { Experiment } from '../types'
import { trainCount } from './counts'
import { biasProblems, droppedOutputProblems, loneNormProblems, mismatch, symbolProblems } from './fit'
import { planNetwork } from './network'
import { pathOf } from './path'
import type { Plan } from './types'

export { heldCount, trainCount } from './counts'
export { planNetwork } from './network'
export type { Plan, PlanLayer } from './types'

const shown = (s: Shape): string => `[${s.join(' × ')}]`

/**
 * The plan of a whole experiment (remedies already applied): also checks that network, data and loss fit each other,
 * and the machine.
 * @param memory bytes that it has, for training and for what is recorded
 */
export function planExperiment(experiment: Experiment, info: DataInfo, memory = USUAL_MEMORY): Plan {
  const plan = planNetwork(experiment.network, info.inputShape)
  const { problems } = plan
  const outNode = plan.layers.find((l) => l.id === plan.output)?.node
  if (plan.outputShape && plan.outputShape.join() !== info.targetShape.join()) {
    const cure = mismatch(plan.outputShape, info)
    problems.push(
      problem(
        pathOf(outNode ?? ''),
        `the output has shape ${shown(plan.outputShape)}, the target ${shown(info.targetShape)}: ${cure.en}`,
        `输出形状为 ${shown(plan.outputShape)}，目标为 ${shown(info.targetShape)}：${cure.zh}`,
        { node: outNode }
      )
    )
  }
  // What is not complete has a message already.
  if (plan.output !== undefined && !plan.paramCount)
    problems.push(
      problem(
        'network.nodes',
        'has no weights, so there is nothing to train: add a layer that has some, such as Dense',
        '没有可训练的权重：请添加带权重的层，例如全连接层'
      )
    )
  const loss = losses.find(experiment.training.loss.id)
  if (loss && !loss.tasks.includes(info.task)) {
    const fit = losses.all.filter((l) => l.tasks.includes(info.task)).map((l) => l.name)
    const task = taskNames[info.task]
    problems.push(
      problem(
        'training.loss',
        `“${loss.name.en}” does not suit ${task.en}; use: ${fit.map((n) => n.en).join(', ')}`,
        `“${loss.name.zh}”不适合${task.zh}；请用：${fit.map((n) => n.zh).join('、')}`
      )
    )
  }
  const last = plan.layers.find((l) => l.id === plan.output)
  const end = last && (last.activation ?? last.kind.within?.(last.params))
  if (end && loss)
    problems.push(...outputProblems(experiment, info, loss, { path: pathOf(last.node), node: last.node }, end))
  problems.push(...biasProblems(plan), ...loneNormProblems(plan), ...droppedOutputProblems(plan))
  if (experiment.training.classWeights && info.task !== 'binary' && info.task !== 'multiclass')
    problems.push(
      problem(
        'training.classWeights',
        `weigh classes, but the task is ${taskNames[info.task].en}: set it to none`,
        `用于类别，而任务是${taskNames[info.task].zh}：请设为“无”`
      )
    )
  // A hook may stand in the file itself, or be overtaken by a remedy behind it.
  experiment.training.hooks.forEach(({ id, ...params }, i) => {
    const message = remedies.find(id)?.blocked?.(experiment, params, info)
    if (message) problems.push({ path: `training.hooks.${i}`, message })
  })
  const train = trainCount(experiment, info)
  if (train < 1)
    problems.push(
      problem(
        'data.validation',
        `leaves no example of ${info.count} to train on: lower it`,
        `${info.count} 个样本全被留出：请调低`
      )
    )
  if (experiment.training.batchSize > train)
    problems.push(
      problem(
        'training.batchSize',
        `is ${experiment.training.batchSize}, but there are only ${train} training examples: lower it, or 0 for all`,
        `为 ${experiment.training.batchSize}，但训练样本只有 ${train} 个：请调低，或用 0 表示全部`
      )
    )
  problems.push(...symbolProblems(plan, experiment, info))
  // A critic sees as many generated examples beside.
  const examples = (experiment.training.batchSize || train) * (info.task === 'critic' ? 2 : 1)
  const blocked = new Set<string>()
  for (const l of plan.layers) {
    const message = l.kind.blocked?.(l.params, l.inputShapes, examples)
    if (message && !blocked.has(l.node)) problems.push({ path: pathOf(l.node), message, node: l.node })
    if (message) blocked.add(l.node)
  }
  const heavy = memoryProblem(plan, experiment, train, memory, info)
  if (heavy) problems.push(heavy)
  const long = recordProblem(plan, experiment, memory)
  if (long) problems.push(long)
  return plan
}
