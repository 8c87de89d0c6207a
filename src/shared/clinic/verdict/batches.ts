import type { Text } from '../../base/text'
import type { Finding, RunVerdict } from '../../run/types'
import type { RunView } from '../../run/view'
import { median, show } from '../rules/parts/view'
import type { Case } from './beats'
import { BY_HEART } from './heart'
import { FELL, lossesOf, newestLosses, RECENT } from './losses'

/** Share of the first loss under which a loss of changing batches has fallen: there is nothing better to go by. */
const BATCHES_FELL = 0.9
const NO_LOSS: Text = {
  en: 'No loss was seen: the recorder takes it from loss.backward(), which this training does not call. Findings are of gradients and weights alone.',
  zh: '没有看到损失：记录器从 loss.backward() 取得损失，而此训练没有调用它。诊断仅依据梯度与权重。'
}

/** Whether the loss of changing batches still fell over the newest quarter of what was recorded, against the second. */
function stillFell(view: RunView): boolean {
  const quarter = Math.floor(view.length / 4)
  const middle = (from: number): number =>
    median(Array.from({ length: quarter }, (_, i) => view.scalar(from + i, 'loss') ?? NaN))
  return quarter < RECENT || middle(view.length - quarter) < (1 - FELL) * middle(quarter)
}
/** Of a recording without evaluations: the loss of changing batches, which proves little. */
export function ofBatches({ view }: Case, open: Finding | undefined): Omit<RunVerdict, 'baseline'> {
  const first = median([0, 1, 2].filter((i) => i < view.length).map((i) => view.scalar(i, 'loss') ?? NaN))
  const losses = newestLosses(lossesOf(view))
  const now = median(losses)
  const since = view.length ? view.step(0) : 0
  if (view.length && !losses.length) return { state: 'unclear', text: NO_LOSS, measured: {}, since }
  const measured: Record<string, number> = view.length ? { trainingLoss: now, trainingLossAtStart: first } : {}
  if (!(view.length > RECENT && now < BATCHES_FELL * first))
    return {
      state: 'unclear',
      text: {
        en: 'No examples were evaluated at both ends, and the loss of changing batches does not fall.',
        zh: '首尾没有对同一批样本评估，各批次的损失也没有下降。'
      },
      measured,
      since
    }
  // A start is far above what guessing has: the first steps take the loss there in a network that learns nothing.
  if (open && now > BY_HEART * first && !stillFell(view))
    return {
      state: 'notLearning',
      text: {
        en: `The loss fell from ${show(first)} to ${show(now)} in the first steps and stands since: that may be no more than guessing.`,
        zh: `损失在最初几步由 ${show(first)} 降到 ${show(now)}，此后不再下降：这可能只是猜测的水平。`
      },
      measured,
      since
    }
  return {
    state: 'learning',
    text: {
      en: `The loss falls from ${show(first)} to ${show(now)}, of changing batches: no examples were evaluated at both ends.`,
      zh: `损失由 ${show(first)} 降到 ${show(now)}，但来自不同批次：首尾没有对同一批样本评估。`
    },
    measured,
    since
  }
}
