import { counted } from '../../base/text'
import type { RunVerdict } from '../../run/types'
import { median, show } from '../rules/parts/view'
import type { Case } from './beats'
import { aboveSince, lossesOf, newestLosses, outSince, RECENT } from './losses'

/** How many times the loss of its start, and the baseline's, a run has diverged above. */
const ABOVE = 3

/** The loss that a run has diverged above: of its start, and of the baseline. */
function ceilingOf({ view, baselines: [best] }: Case): number {
  const first = view.lossAt?.(view.step(0)) ?? view.scalar(0, 'loss') ?? NaN
  return ABOVE * Math.max(first, best?.trainingLoss ?? 0)
}
/** A loss that is no number, or far above where it began. */
export function divergence(of: Case): Pick<RunVerdict, 'text' | 'since' | 'measured'> | undefined {
  const { view, trials } = of
  const losses = lossesOf(view)
  const now = newestLosses(losses)
  const [loss] = now
  if (loss !== undefined && !Number.isFinite(loss)) {
    const since = outSince(losses, (l) => !Number.isFinite(l))
    const value = show(view.lossAt?.(since) ?? loss)
    return {
      text: { en: `The loss is ${value} from step ${since} on.`, zh: `自第 ${since} 步起损失为 ${value}。` },
      since,
      measured: { trainingLoss: loss }
    }
  }
  const trial = trials[trials.length - 1]
  const [step, held] = [trial?.step ?? 0, trial?.metrics['loss'] ?? 0]
  if (!Number.isFinite(held))
    return {
      text: {
        en: `The loss after ${counted(step, 'step')} is ${show(held)} on the examples it is judged by.`,
        zh: `${step} 步之后，评判样本上的损失为 ${show(held)}。`
      },
      since: step,
      measured: {}
    }
  const ceiling = ceilingOf(of)
  const middle = median(now)
  // A critic's loss has no bounds: it is as large as the points are apart.
  if (view.schema.info.task === 'critic' || now.length < RECENT || !(middle > ceiling)) return undefined
  const since = aboveSince(losses, ceiling)
  return {
    text: {
      en: `The training loss is ${show(middle)}, more than ${ABOVE} × what it was at the start and what the baseline has (since step ${since}).`,
      zh: `训练损失为 ${show(middle)}，超过开始时与基线的 ${ABOVE} 倍（自第 ${since} 步起）。`
    },
    since,
    measured: { trainingLoss: middle }
  }
}
