import { losses } from '../../catalog/losses'
import type { Spec } from '../../base/params'
import type { Rule, RunView } from './types'
import { advise } from './parts/advice'
import { causes } from './parts/causes'
import { adaptiveSteps, raise, ratios, WORTH } from './parts/rate'
import { framesFor, lossesAt, newest, show } from './parts/view'
import { percent } from './parts/shares'

/** Share of the most frequent class from which on always answering it looks like success. */
const MAJORITY = 0.75
/** How far a metric may be from that of always answering with this class. */
const ROOM = 0.02
/** The loss against that of answering with the shares themselves: above this nothing has been learnt of the inputs. */
const NOTHING = 0.9
const [FRAMES, SEEN] = [50, 500]
/** What all steps together change the fastest layer by, as a share of its size, at least. */
const WHOLE = 3

/**
 * The examples that the run is judged by: whether they are answered better than by the majority, and their loss against
 * that of answering with the shares of the classes. They are always the same, where batches hold a rare class or not.
 */
function judged(view: RunView): { isBetter: boolean; share: number } | undefined {
  const base = view.schema.baselines?.find((b) => b.id === 'majority')?.metrics
  const trials = view.trials ?? view.evaluations
  const end = trials[trials.length - 1]?.metrics
  if (!base || !end) return undefined
  const [balanced, least] = [end['balancedAccuracy'], base['balancedAccuracy']]
  // With weighted classes the rare ones are answered at the cost of the frequent one.
  // Where all of them are of one class, they tell nothing of the others: the loss of the batches has to.
  if (view.schema.judged?.classes === 1) return undefined
  if (balanced !== undefined && least !== undefined) return { isBetter: balanced > least + 2 * ROOM, share: Infinity }
  const room = Math.min(2 * ROOM, (1 - base['accuracy']!) / 2)
  return { isBetter: end['accuracy']! > base['accuracy']! + room, share: end['loss']! / base['loss']! }
}

/** Share by which the loss of these examples still falls over the newer half of the steps of a network that learns. */
const FALLS = 0.02
/** Whether a network still learns. Most are slow to find a rare class, so it gets half of its steps. */
function isUnderWay(view: RunView): boolean {
  const trials = view.trials ?? view.evaluations
  const end = trials[trials.length - 1]
  if (!end || 2 * view.step(view.length - 1) >= (view.experiment?.training.steps ?? 0)) return false
  const before = [...trials].reverse().find((t) => t.step <= end.step / 2)
  return before !== undefined && end.metrics['loss']! < (1 - FALLS) * before.metrics['loss']!
}

/**
 * What makes steps long enough for the rare class to be learnt in the steps there are. Steps of the gradient’s size are
 * too short for it where they change no layer by three times itself in the whole run.
 */
function quicker(view: RunView): Spec[] {
  const fastest = Math.max(...ratios(view))
  if (!(fastest > 0)) return []
  const steps = adaptiveSteps(view)
  if (steps) return fastest * view.experiment!.training.steps < WHOLE ? [steps] : []
  const rate = raise(view, fastest, 1) as { id: string; factor: number }
  return rate.factor >= WORTH ? [rate] : []
}

const imbalance: Rule = {
  id: 'imbalance',
  kind: 'imbalance',
  short: { en: 'Majority class', zh: '多数类' },
  name: { en: 'Only the most frequent class', zh: '只回答多数类' },
  doc: {
    en: 'Three quarters or more of the training examples are of one class, and after many steps accuracy and loss are those of always answering it: the figure looks good, and nothing is learnt of the inputs.',
    zh: '四分之三以上的训练样本属于同一类，且多步之后准确率与损失仍等于总是回答该类：数字好看，却没有从输入学到任何东西。'
  },
  fields: {
    majority: {
      type: 'number',
      default: MAJORITY,
      min: 0,
      max: 1,
      label: { en: 'Share of the most frequent class', zh: '最常见类别的占比' }
    }
  },
  measures: {
    majority: { en: 'most frequent class', zh: '最常见类别' },
    accuracy: { en: 'accuracy', zh: '准确率' },
    loss: { en: 'loss', zh: '损失' }
  },
  judge(view) {
    const { data, info } = view.schema
    const shares = data?.classes
    const majority = shares ? Math.max(...shares) : 0
    const count = framesFor(view, FRAMES, SEEN)
    if (!shares || majority < MAJORITY || view.length < count || causes(view).length) return undefined
    const frames = newest(view, count)
    const hits = frames.map((i) => view.scalar(i, 'accuracy') ?? NaN)
    const accuracy = hits.reduce((a, v) => a + v / count, 0)
    // Rare examples carry most of the loss: a batch without one says little, and so does a median of batches.
    const loss = lossesAt(view, frames).reduce((a, v) => a + v / count, 0)
    const squashes = view.experiment && losses.find(view.experiment.training.loss.id)?.squashes
    const entropy = -shares.reduce((a, s) => a + (s > 0 ? s * Math.log(s) : 0), 0)
    const held = judged(view)
    if (!(Math.abs(accuracy - majority) < ROOM) || held?.isBetter || isUnderWay(view)) return undefined
    const guess = view.schema.baselines?.[0]?.trainingLoss ?? entropy
    const share = held?.share ?? (squashes ? loss / guess : Infinity)
    if (!(share > NOTHING)) return undefined
    const at = shares.indexOf(majority)
    const name = info.classes?.[at] ?? String(at)
    const faster = quicker(view)
    return {
      severity: 'warn',
      layers: [],
      measured: { majority, accuracy, loss },
      threshold: { majority: MAJORITY, ...(squashes && { loss: NOTHING * guess }) },
      text: {
        en: `An accuracy of ${percent(accuracy)} is what always answering “${name}” gets: ${percent(majority)} of the training examples are of that class. The loss, ${show(loss)}, says nothing is known of the inputs.`,
        zh: `准确率 ${percent(accuracy)} 就是总是回答“${name}”的结果：${percent(majority)} 的训练样本属于该类。损失 ${show(loss)} 表明没有利用输入。`
      },
      ...advise(view, { choice: { id: 'classWeights' }, on: faster }, ...faster)
    }
  }
}
export default imbalance
