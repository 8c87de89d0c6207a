import { beatsAll, caseOf } from '../verdict/beats'
import type { Rule } from './types'
import { advise } from './parts/advice'
import { isHarmed, isNoBetter } from './parts/progress'
import { percent } from './parts/shares'
import { show } from './parts/view'

/** Losses that square an error. */
const SQUARED = ['meanSquaredError', 'sumOfSquares']
/** If the other targets, as fed, are nearer to their median than this, steps overshoot all that they tell. */
const NARROW = 0.1

const targetOutliers: Rule = {
  id: 'targetOutliers',
  kind: 'outliers',
  short: { en: 'Outliers', zh: '离群值' },
  name: { en: 'Few targets lie far from all others', zh: '少数目标远离其余目标' },
  doc: {
    en: 'At most 5 % of the targets of a regression lie 50 × as far from the median as 95 % of all do, with a gap of ten times before them. Under a squared loss they make up nearly all of loss and gradient; under another one, standardising has squeezed the others to less than a tenth. A remark before the first step, a warning where the network still guesses; silent once it learns.',
    zh: '回归目标中不超过 5 % 的值到中位数的距离是 95 % 目标的 50 倍以上，且与其余值相隔十倍以上。平方损失下，损失与梯度几乎都来自它们；其他损失下，标准化已把其余目标压到十分之一以下。第一步之前只作提示，网络仍停在猜测水平时为警告，学会后不再提示。'
  },
  fields: {},
  measures: {
    outliers: { en: 'targets far from all others', zh: '远离其余值的目标数' },
    targets: { en: 'targets', zh: '目标数' },
    share: { en: 'their share of the squared distances', zh: '占距离平方和的份额' },
    usual: { en: 'distance of the others, as fed', zh: '其余目标的距离（输入网络的值）' }
  },
  asks: 'data',
  judge(view) {
    const { schema, experiment } = view
    const { outliers } = schema.data ?? {}
    if (!outliers || !view.length) return undefined
    // Only a fixed set of examples counts: the loss of a batch depends on whether an outlier is in it.
    const of = caseOf(view)
    const end = of.trials[of.trials.length - 1]
    if (of.metric && end && of.trials.length > 1 && beatsAll(of, end)) return undefined
    const { count, of: all, output, from, to, low, high, share, usual } = outliers
    const isSquared = SQUARED.includes(experiment?.training.loss.id ?? SQUARED[0]!)
    const isSqueezed = !!experiment?.data.standardize && usual < NARROW
    if (!isSquared && !isSqueezed) return undefined
    const name = schema.info.targetNames?.[output]
    const between = (a: number, b: number): string => (show(a) === show(b) ? show(a) : `${show(a)} … ${show(b)}`)
    const [range, others] = [between(from, to), between(low, high)]
    const is = count === 1 ? 'lies' : 'lie'
    const squared = isSquared
      ? {
          en: ` They make up ${percent(share)} of the squared distances from the mean, and so of loss and gradient: hardly anything is learnt of the others.`,
          zh: `到均值的距离平方和中有 ${percent(share)} 来自它们，损失与梯度也是如此：其余目标几乎学不到。`
        }
      : { en: '', zh: '' }
    const squeezed = isSqueezed
      ? {
          en: ` Standardised together with them, 95 % of the targets lie within ${show(usual)}, where about 1 is usual.`,
          zh: `与它们一起标准化后，95 % 的目标集中在 ${show(usual)} 之内，而通常约为 1。`
        }
      : { en: '', zh: '' }
    // Of a number that is 0 or less there is no logarithm.
    const squeeze =
      Math.min(from, low) > 0
        ? { en: 'the logarithm', zh: '对数' }
        : { en: 'asinh (a logarithm that takes negative numbers, too)', zh: 'asinh（可用于负数的对数）' }
    const right = isSquared
      ? {
          en: `take ${squeeze.en} of the target, or the Huber or absolute loss, for which they count by their distance alone`,
          zh: `请改用目标的${squeeze.zh}，或 Huber 损失、绝对值损失（它们只按距离计）`
        }
      : { en: `take ${squeeze.en} of the target`, zh: `请改用目标的${squeeze.zh}` }
    return {
      severity: isHarmed(view) && isNoBetter(view) ? 'warn' : 'info',
      layers: [],
      measured: { outliers: count, targets: all, share, usual },
      threshold: {},
      text: {
        en: `${count.toLocaleString('en')} of ${all.toLocaleString('en')} targets${name ? ` of “${name}”` : ''} ${is} far from all others: ${range}, where those are ${others}.${squared.en}${squeezed.en} Check their unit and decimal point, and leave out the lines that are wrong (the remarks on a table name them). If they are right, ${right.en}.`,
        zh: `${name ? `“${name}”的 ` : ''}${all.toLocaleString('en')} 个目标中有 ${count.toLocaleString('en')} 个远离其余目标：为 ${range}，而其余为 ${others}。${squared.zh}${squeezed.zh}请检查其单位与小数点，并去掉有误的行（表格的备注会列出这些行）。若它们无误，${right.zh}。`
      },
      ...advise(view)
    }
  }
}
export default targetOutliers
