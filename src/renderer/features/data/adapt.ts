import type { DataInfo, Task } from '@shared/datasets'
import { changeNode, sinkOf } from '@shared/experiment/edit'
import { trainCount } from '@shared/experiment/plan'
import { isBlock, type Experiment } from '@shared/experiment/types'
import { losses } from '@shared/losses'
import { lookup } from '@shared/lookup'
import { parseSpec } from '@shared/params'
import type { Text } from '@shared/text'

/**
 * Fits an experiment to other data where there is only one sensible way: a loss for the task, as many outputs as the target has, a batch no
 * larger than the training part.
 * @param before the task of the data it was made for: for another kind of task the loss made for that kind is taken, not just one that fits.
 * @returns the experiment and what was changed, in words.
 */
export function adaptTo(experiment: Experiment, info: DataInfo, before?: Task): { experiment: Experiment; changes: Text[] } {
  let e = experiment
  const changes: Text[] = []
  const current = losses.find(e.training.loss.id)
  if (!current?.tasks.includes(info.task) || (before && before !== info.task)) {
    const [fit] = losses.all.filter((l) => l.tasks.includes(info.task)).sort((a, b) => a.tasks.length - b.tasks.length)
    if (fit && fit !== current) {
      e = { ...e, training: { ...e.training, loss: parseSpec('losses', fit.id, '', [], lookup) } }
      changes.push({ en: `loss: ${fit.name.en}`, zh: `损失：${fit.name.zh}` })
    }
  }
  const out = sinkOf(e.network.nodes)
  const units = info.targetShape.length === 1 ? info.targetShape[0]! : undefined
  if (out && !isBlock(out) && out.kind === 'dense' && units !== undefined && out.params['units'] !== units) {
    e = { ...e, network: changeNode(e.network, out.id, (n) => (isBlock(n) ? n : { ...n, params: { ...n.params, units } })) }
    changes.push({ en: `${out.name ?? out.id}: ${units} units`, zh: `${out.name ?? out.id}：${units} 个单元` })
  }
  const train = trainCount(e, info)
  if (e.training.batchSize > train && train > 0) {
    e = { ...e, training: { ...e.training, batchSize: 0 } }
    changes.push({ en: 'batch: all examples', zh: '批：全部样本' })
  }
  return { experiment: e, changes }
}
