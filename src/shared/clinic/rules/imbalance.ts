import { losses } from '../../catalog/losses'
import type { Rule } from './types'
import { advise } from './parts/advice'
import { causes } from './parts/causes'
import { raise, ratios } from './parts/rate'
import { framesFor, lossesAt, median, newest, show } from './parts/view'
import { percent } from './parts/shares'

/** Share of the most frequent class from which on always answering it looks like success. */
const MAJORITY = 0.75
/** What a figure may stray from that of always answering it. */
const ROOM = 0.02
/** The loss against that of answering with the shares themselves: above this nothing has been learnt of the inputs. */
const NOTHING = 0.9
const [FRAMES, SEEN] = [50, 500]
/** A rate that is to grow by less than this is not the matter. */
const WORTH = 3

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
    const held = view.evaluations[view.evaluations.length - 1]?.metrics['accuracy']
    const loss = median(lossesAt(view, frames))
    const squashes = view.experiment && losses.find(view.experiment.training.loss.id)?.squashes
    const entropy = -shares.reduce((a, s) => a + (s > 0 ? s * Math.log(s) : 0), 0)
    if (!(Math.abs(accuracy - majority) < ROOM) || (held !== undefined && held > majority + 2 * ROOM)) return undefined
    if (squashes && !(loss > NOTHING * entropy)) return undefined
    const at = shares.indexOf(majority)
    const name = info.classes?.[at] ?? String(at)
    const fastest = Math.max(...ratios(view))
    const { factor, ...rate } = raise(view, fastest, 1) as { id: string; factor: number }
    const faster = fastest > 0 && factor >= WORTH ? [{ ...rate, factor }] : []
    return {
      severity: 'warn',
      layers: [],
      measured: { majority, accuracy, loss },
      threshold: { majority: MAJORITY, ...(squashes && { loss: NOTHING * entropy }) },
      text: {
        en: `An accuracy of ${percent(accuracy)} is what always answering “${name}” gets: ${percent(majority)} of the training examples are of that class. The loss, ${show(loss)}, says nothing is known of the inputs.`,
        zh: `准确率 ${percent(accuracy)} 就是总是回答“${name}”的结果：${percent(majority)} 的训练样本属于该类。损失 ${show(loss)} 表明没有利用输入。`
      },
      ...advise(view, { choice: { id: 'classWeights' }, on: faster }, ...faster)
    }
  }
}
export default imbalance
