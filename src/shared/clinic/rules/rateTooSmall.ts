import type { Rule } from './types'
import { advise } from './parts/advice'
import { causes } from './parts/causes'
import { heldProgress, progress } from './parts/progress'
import { raise, ratios, usualRate } from './parts/rate'
import { learnsWell, median, newest, show, WINDOW } from './parts/view'

/**
 * What all steps together would change a layer by, as a share of its size, if they went on like this. Wide networks
 * learn with changes of a few per cent (Jacot 2018), none with less than one.
 */
const WHOLE = 0.01
/** Under a tenth of the optimizer’s default. At the default it is the gradient that is small. */
const BELOW = 0.1
/** The loss against its start: more progress than this is progress. */
const STILL = 0.95

const rateTooSmall: Rule = {
  id: 'rateTooSmall',
  kind: 'rateTooSmall',
  asks: 'rangeTest',
  short: { en: 'Rate too small', zh: '学习率过小' },
  name: { en: 'Learning rate too small', zh: '学习率过小' },
  doc: {
    en: 'At the pace of recent steps, the whole run would change no layer by as much as 1 % of its size, the loss stands where it was, and the learning rate is under a tenth of the optimizer’s default.',
    zh: '按近几步的速度，整个运行中没有任何一层的变化会达到自身的 1 %，损失停在原处，且学习率不到该优化器默认值的十分之一。'
  },
  fields: {
    whole: {
      type: 'number',
      default: WHOLE,
      above: 0,
      log: true,
      label: { en: 'Change over the run', zh: '整个运行的变化' }
    }
  },
  measures: {
    updateRatio: { en: 'update / weight, fastest layer', zh: '更新/权重（最快的层）' },
    whole: { en: 'change over the run', zh: '整个运行的变化' },
    learningRate: { en: 'learning rate', zh: '学习率' }
  },
  judge(view) {
    const { experiment } = view
    if (!experiment || view.length < WINDOW || learnsWell(view) || causes(view).length) return undefined
    const usual = usualRate(view)
    if (
      usual === undefined ||
      !(view.learningRate < BELOW * usual) ||
      !((heldProgress(view) ?? progress(view)) > STILL)
    )
      return undefined
    const all = ratios(view)
    // A schedule may begin low; a warm-up is not over yet.
    const now = median(newest(view).map((i) => view.scalar(i, 'learningRate') ?? view.learningRate))
    const warming = experiment.training.hooks.some((h) => h.id === 'warmUp')
    const fastest = Math.max(...all) * (view.learningRate / now)
    const { steps } = experiment.training
    if (warming || !all.every((r) => r > 0) || !(fastest * steps < WHOLE)) return undefined
    return {
      severity: 'bad',
      layers: [],
      measured: { updateRatio: fastest, whole: fastest * steps, learningRate: view.learningRate },
      threshold: { whole: WHOLE },
      text: {
        en: `At a learning rate of ${show(view.learningRate)} the fastest layer changes by ${show(fastest)} of its size per step, ${show(100 * fastest * steps)} % in all ${steps} steps: raise it.`,
        zh: `学习率为 ${show(view.learningRate)} 时，最快的层每步也只改变自身的 ${show(fastest)}，全部 ${steps} 步合计 ${show(100 * fastest * steps)} %：请调大学习率。`
      },
      ...advise(view, raise(view, fastest))
    }
  }
}
export default rateTooSmall
