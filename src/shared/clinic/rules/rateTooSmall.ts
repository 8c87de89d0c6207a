import type { NumberField } from '../../base/params'
import type { Text } from '../../base/text'
import { optimizers } from '../../catalog/optimizers'
import { learningRateAt } from '../../catalog/schedules'
import type { Experiment } from '../../experiment/types'
import type { Rule, RunView } from './types'
import { advise } from './parts/advice'
import { causes } from './parts/causes'
import { heldProgress, progress } from './parts/progress'
import { adaptiveSteps, raise, ratios, usualRate } from './parts/rate'
import { learnsWell, median, newest, show, WINDOW } from './parts/view'

/**
 * What all steps together would change a layer by, as a share of its size, if they went on like this. Wide networks
 * learn with changes of a few per cent (Jacot 2018), none with less than one.
 */
const WHOLE = 0.01
/** Under a tenth of the optimizer’s default. At the default it is the gradient that is small. */
const BELOW = 0.1
/** Steps at most at which a schedule is looked at. */
const SAMPLES = 1000
/** The loss against its start: more progress than this is progress. */
const STILL = 0.95

/** Mean share of the rate over the run under which it is the schedule that keeps it small. */
const HELD = 0.1
/** What clipping leaves of the gradient, under which it is to blame. */
const CLIPPED = 0.01
const CLIPS = ['clipByGlobalNorm', 'clipByNorm']

const told = new WeakSet<RunView>()

const shares = new WeakMap<Experiment, number>()
/** Mean of the learning rate over the whole run, as a share of the one that was set: the same at every step. */
function shareOf(experiment: Experiment): number {
  const known = shares.get(experiment)
  if (known !== undefined) return known
  const { steps, schedule } = experiment.training
  const count = Math.min(steps, SAMPLES)
  const share = Array.from({ length: count }, (_, i) =>
    learningRateAt(1 / count, schedule, Math.floor((i * steps) / count), steps)
  ).reduce((a, v) => a + v, 0)
  shares.set(experiment, share)
  return share
}
/** Clipping that leaves next to nothing of the gradient, and what it leaves; undefined where there is none. */
function tightClip(view: RunView): { maxNorm: number; norm: number } | undefined {
  const hook = view.experiment?.training.hooks.find((h) => CLIPS.includes(h.id))
  const norm = median(newest(view).map((i) => view.scalar(i, 'gradientNorm') ?? NaN))
  const maxNorm = hook?.['maxNorm']
  return typeof maxNorm === 'number' && maxNorm < CLIPPED * norm ? { maxNorm, norm } : undefined
}
/** What keeps the steps small, and what to do about it. */
function causeOf(view: RunView, share: number, clip: { maxNorm: number; norm: number } | undefined): Text {
  if (clip)
    return {
      en: `clipping leaves ${show(clip.maxNorm)} of a gradient of norm ${show(clip.norm)}. Let it leave more`,
      zh: `截断使范数为 ${show(clip.norm)} 的梯度只剩 ${show(clip.maxNorm)}。请放宽截断`
    }
  if (share > HELD) return { en: 'raise it', zh: '请调大学习率' }
  const mean = show(view.learningRate * share)
  return {
    en: `the schedule holds the rate to ${mean} on average. Shorten the warm-up, or let the rate fall later`,
    zh: `学习率计划使平均学习率只有 ${mean}。请缩短预热，或让学习率更晚下降`
  }
}

const rateTooSmall: Rule = {
  id: 'rateTooSmall',
  kind: 'rateTooSmall',
  asks: 'rangeTest',
  short: { en: 'Rate too small', zh: '学习率过小' },
  name: { en: 'Learning rate too small', zh: '学习率过小' },
  doc: {
    en: 'At the pace of recent steps, the whole run would change no layer by as much as 1 % of its size, the loss stands where it was, and the learning rate, by its mean over the run, is under a tenth of the optimizer’s default, or clipping leaves under a hundredth of the gradient.',
    zh: '按近几步的速度，整个运行中没有任何一层的变化会达到自身的 1 %，损失停在原处，且学习率（取整个运行的平均）不到该优化器默认值的十分之一，或截断使梯度剩下不到百分之一。'
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
    const share = shareOf(experiment)
    const usual = usualRate(view)
    const clip = tightClip(view)
    if (usual === undefined || !(clip || view.learningRate * share < BELOW * usual)) return undefined
    if (!((heldProgress(view) ?? progress(view)) > STILL)) return undefined
    const all = ratios(view)
    const now = median(newest(view).map((i) => view.scalar(i, 'learningRate') ?? view.learningRate))
    const fastest = Math.max(...all) * (view.learningRate / now) * share
    const whole = fastest * experiment.training.steps
    // One that was found once, and lies about the limit, is not found again and again.
    const limit = told.has(view) ? 2 * WHOLE : WHOLE
    if (!all.every((r) => r > 0) || !(whole < limit)) return undefined
    told.add(view)
    const { en, zh } = causeOf(view, share, clip)
    const most = (optimizers.get(experiment.training.optimizer.id).fields['learningRate'] as NumberField).max!
    const factor = Number((1 / share).toPrecision(1))
    return {
      severity: 'bad',
      layers: [],
      measured: { updateRatio: fastest, whole, learningRate: view.learningRate },
      threshold: { whole: WHOLE },
      text: {
        en: `At a learning rate of ${show(view.learningRate)} the fastest layer changes by ${show(fastest)} of its size per step, ${show(100 * whole)} % in all ${experiment.training.steps} steps: ${en}.`,
        zh: `学习率为 ${show(view.learningRate)} 时，最快的层每步也只改变自身的 ${show(fastest)}，全部 ${experiment.training.steps} 步合计 ${show(100 * whole)} %：${zh}。`
      },
      ...(clip
        ? advise(view, ...[adaptiveSteps(view) ?? []].flat())
        : share > HELD
          ? advise(view, raise(view, fastest))
          : advise(view, ...(view.learningRate * factor <= most ? [{ id: 'learningRate', factor }] : [])))
    }
  }
}
export default rateTooSmall
