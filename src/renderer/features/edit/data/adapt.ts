import type { DataInfo, Task } from '@shared/catalog/datasets'
import { changeNode, sinkOf } from '@shared/experiment/edit'
import { trainCount } from '@shared/experiment/plan'
import { nameText } from '@shared/experiment/names'
import { isBlock, type Experiment } from '@shared/experiment/types'
import { losses } from '@shared/catalog/losses'
import { lookup } from '@shared/experiment/lookup'
import { parseSpec, type Spec } from '@shared/base/params'
import { counted, type Text } from '@shared/base/text'

/** The loss made for a kind of task: of those that fit it, the one that fits the fewest others. */
export function lossFor(task: Task | undefined): Spec | undefined {
  const [fit] = losses.all.filter((l) => task && l.tasks.includes(task)).sort((a, b) => a.tasks.length - b.tasks.length)
  return fit && parseSpec('losses', fit.id, '', [], lookup)
}

/**
 * Fits an experiment to other data where there is only one sensible way: a loss for the task, as many outputs as the
 * target has, a batch no larger than the training part.
 * @param before the task of the data it was made for: for another kind of task the loss made for that kind is taken,
 *   not just one that fits.
 * @returns the experiment and what was changed, in words.
 */
export function adaptTo(
  experiment: Experiment,
  info: DataInfo,
  before?: Task
): { experiment: Experiment; changes: Text[] } {
  let e = experiment
  const changes: Text[] = []
  const current = losses.find(e.training.loss.id)
  if (!current?.tasks.includes(info.task) || (before && before !== info.task)) {
    const fit = lossFor(info.task)
    if (fit && fit.id !== current?.id) {
      e = { ...e, training: { ...e.training, loss: fit } }
      const { name } = losses.get(fit.id)
      changes.push({ en: `loss: ${name.en}`, zh: `损失：${name.zh}` })
    }
  }
  const out = sinkOf(e.network.nodes)
  const units = info.targetShape[info.targetShape.length - 1]!
  if (out && !isBlock(out) && out.kind === 'dense' && out.params['units'] !== units) {
    e = {
      ...e,
      network: changeNode(e.network, out.id, (n) => (isBlock(n) ? n : { ...n, params: { ...n.params, units } }))
    }
    const name = nameText(out.name ?? out.id, out.kind)
    changes.push({ en: `${name.en}: ${counted(units, 'unit')}`, zh: `${name.zh}：${units} 个单元` })
  }
  // A target at each time step, or one at the end: the last recurrent layer returns what it takes.
  const cells = e.network.nodes.filter((n) => !isBlock(n) && 'returnSequences' in n.params)
  cells.forEach((cell, i) => {
    const wanted = i < cells.length - 1 || info.targetShape.length === 2
    if (!info.timeAxis || isBlock(cell) || cell.params['returnSequences'] === wanted) return
    e = {
      ...e,
      network: changeNode(e.network, cell.id, (n) =>
        isBlock(n) ? n : { ...n, params: { ...n.params, returnSequences: wanted } }
      )
    }
    const name = nameText(cell.name ?? cell.id, cell.kind)
    changes.push(
      wanted
        ? { en: `${name.en}: returns its sequence`, zh: `${name.zh}：返回整个序列` }
        : { en: `${name.en}: returns its last state`, zh: `${name.zh}：返回最后的状态` }
    )
  })
  const train = trainCount(e, info)
  if (e.training.batchSize > train && train > 0) {
    e = { ...e, training: { ...e.training, batchSize: 0 } }
    changes.push({ en: 'batch: all examples', zh: '批：全部样本' })
  }
  return { experiment: e, changes }
}
