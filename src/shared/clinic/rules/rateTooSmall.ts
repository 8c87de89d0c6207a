import { counted, type Text } from '../../base/text'
import type { Rule, RunView, Verdict } from './types'
import { advise, type Advice } from './parts/advice'
import { areTargetsAlike } from './parts/alike'
import { causes } from './parts/causes'
import { goneEarly, meanShare, steady, STIRRED, wholeMove } from './parts/decay'
import { currentProfile } from './parts/profile'
import { heldProgress, isCreeping, isHalfWay, isHarmed, isOnItsWay, progress } from './parts/progress'
import { adaptiveSteps, raise, rateAt, ratios, usualRate, WORTH } from './parts/rate'
import { tightClip } from './parts/tightClip'
import { EXPLODES_IN_TIME, timeProfiles } from './parts/time'
import { atLeast, learnsWell, median, newest, show, WINDOW } from './parts/view'

/**
 * The relative change of a layer over all steps if they continued like this. Wide networks learn with changes of a few
 * per cent (Jacot 2018), none with less than one.
 */
const WHOLE = 0.01
/** Under a tenth of the optimizer’s default. At the default it is the gradient that is small. */
const BELOW = 0.1
/** The loss against its start: more progress than this is progress. */
const STILL = 0.95

/** Mean share of the rate over the run under which it is the schedule that keeps it small. */
const HELD = 0.1
const told = new WeakSet<RunView>()

/** The learning rate of recent steps. */
const rateNow = (view: RunView): number => median(newest(view).map((i) => rateAt(view, i)))

/** What keeps the steps small, and what to do about it. */
function causeOf(view: RunView, share: number, clip: Text | undefined, needed?: number): Text {
  if (clip) return clip
  // A usual rate is not too small by itself. There are too few steps.
  if (needed !== undefined && share > HELD && view.learningRate >= BELOW * (usualRate(view) ?? 0)) {
    const count = atLeast(needed)
    return {
      en: `raise it, or train for longer (about ${count.toLocaleString('en')} steps at this rate)`,
      zh: `请调大学习率，或训练更多步（按此学习率约需 ${count.toLocaleString('en')} 步）`
    }
  }
  if (share > HELD) return { en: 'raise it', zh: '请调大学习率' }
  const mean = show(view.learningRate * share)
  return {
    en: `the schedule holds the rate to ${mean} on average. Shorten the warm-up, or let the rate fall later`,
    zh: `学习率计划使平均学习率只有 ${mean}。请缩短预热，或让学习率更晚下降`
  }
}
/** Steps of a size that no clipping takes away. */
const unclipped = (view: RunView): Advice => advise(view, ...[adaptiveSteps(view) ?? []].flat())
/** The schedule has taken the rate away before the network had the time to learn. */
function faded(view: RunView): Verdict | undefined {
  const gone = goneEarly(view)
  if (!gone) return undefined
  const { name, from, to, step, moved } = gone
  const share = show(100 * moved)
  return {
    severity: isHarmed(view) ? 'bad' : 'warn',
    layers: [],
    measured: { whole: moved, learningRate: to },
    threshold: {},
    text: {
      en: `The schedule, ${name.en}, has brought the learning rate from ${show(from)} down to ${show(to)} (under 1 % of it by step ${step}): in all steps before, the fastest layer has changed by ${share} % of its size, and it hardly moves any more. Let the rate fall later, or keep it constant.`,
      zh: `学习率计划（${name.zh}）已把学习率由 ${show(from)} 降到 ${show(to)}（第 ${step} 步起不到其 1 %）：此前所有步中最快的层共改变自身的 ${share} %，如今几乎不再变化。请让学习率更晚下降，或保持恒定。`
    },
    ...advise(view, steady(view))
  }
}

/** Share of the way from chance to perfect from which on a slow network learns all the same. */
const ON_ITS_WAY = 0.25
const slowOnes = new WeakSet<RunView>()
/** First ÷ last hidden layer: beyond these another rule tells what keeps the network from learning. */
const [VANISHES, EXPLODES] = [0.005, 200]
/** At half of the run the network is on its way, but has hardly moved from its start. */
function slow(view: RunView, share: number, clip: Text | undefined): Verdict | undefined {
  const { experiment } = view
  if (!isHalfWay(view) || view.schema.info.task === 'critic' || !(isOnItsWay(view) || isCreeping(view)))
    return undefined
  if (timeProfiles(view).some((p) => p.ratio > EXPLODES_IN_TIME)) return undefined
  const ratio = currentProfile(view)?.ratio ?? 1
  const { whole, isLittle } = wholeMove(view)
  if (!isLittle || !(ratio > VANISHES && ratio < EXPLODES)) return undefined
  const fastest = Math.max(...ratios(view)) * (view.learningRate / rateNow(view))
  const steps = experiment!.training.steps
  const { en, zh } = causeOf(view, share, clip, Math.ceil((steps * STIRRED) / whole))
  slowOnes.add(view)
  return {
    severity: learnsWell(view, ON_ITS_WAY) ? 'info' : 'warn',
    layers: [],
    measured: { updateRatio: fastest, whole, learningRate: view.learningRate },
    threshold: {},
    text: {
      en: `The loss falls, but slowly: at a learning rate of ${show(view.learningRate)} all ${counted(steps, 'step')} together change the fastest layer by no more than ${show(100 * whole)} % of its size: ${en}.`,
      zh: `损失在下降，但很慢：学习率为 ${show(view.learningRate)} 时，全部 ${steps} 步合计最多使最快的层改变自身的 ${show(100 * whole)} %：${zh}。`
    },
    ...(clip ? unclipped(view) : advise(view, share > HELD ? raise(view, fastest, WORTH) : steady(view)))
  }
}

const rateTooSmall: Rule = {
  id: 'rateTooSmall',
  kind: 'rateTooSmall',
  asks: 'rangeTest',
  softens: true,
  short: { en: 'Rate too small', zh: '学习率过小' },
  name: { en: 'Learning rate too small', zh: '学习率过小' },
  doc: {
    en: 'At the pace of recent steps, the whole run would change no layer by as much as 1 % of its size, the loss stands where it was, and the learning rate, by its mean over the run, is under a tenth of the optimizer’s default, or clipping leaves under a hundredth of the gradient; or a schedule has taken the rate away before any layer has changed by 30 % of its size; or at half of the run the loss still falls, and all steps together would change no layer by that much: a mere remark once a quarter of the way from chance to perfect is made.',
    zh: '按近几步的速度，整个运行中没有任何一层的变化会达到自身的 1 %，损失停在原处，且学习率（取整个运行的平均）不到该优化器默认值的十分之一，或截断使梯度剩下不到百分之一；或学习率计划在任何一层改变自身的 30 % 之前就把学习率降没了；或训练过半损失仍在下降，而全部步合计也不会使任何一层改变那么多：网络已走完从随机到完美的四分之一时只作提示。'
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
    if (!experiment || view.length < WINDOW || causes(view).length || areTargetsAlike(view)) return undefined
    const share = meanShare(experiment)
    const clip = tightClip(view)
    if (learnsWell(view)) return slowOnes.has(view) ? slow(view, share, clip) : undefined
    const early = faded(view)
    if (early) return early
    const usual = usualRate(view)
    const isBelow = usual !== undefined && view.learningRate * share < BELOW * usual
    if (!(clip || isBelow) || !((heldProgress(view) ?? progress(view)) > STILL)) return slow(view, share, clip)
    const all = ratios(view)
    const fastest = Math.max(...all) * (view.learningRate / rateNow(view)) * share
    const whole = fastest * experiment.training.steps
    // A fault near the limit that was found once is not found again and again.
    const limit = told.has(view) ? 2 * WHOLE : WHOLE
    if (!all.every((r) => r > 0) || !(whole < limit)) return undefined
    told.add(view)
    const { en, zh } = causeOf(view, share, clip)
    return {
      severity: 'bad',
      layers: [],
      measured: { updateRatio: fastest, whole, learningRate: view.learningRate },
      threshold: { whole: WHOLE },
      text: {
        en: `At a learning rate of ${show(view.learningRate)} the fastest layer changes by ${show(fastest)} of its size per step, ${show(100 * whole)} % in all ${counted(experiment.training.steps, 'step')}: ${en}.`,
        zh: `学习率为 ${show(view.learningRate)} 时，最快的层每步也只改变自身的 ${show(fastest)}，全部 ${experiment.training.steps} 步合计 ${show(100 * whole)} %：${zh}。`
      },
      ...(clip ? unclipped(view) : share > HELD ? advise(view, raise(view, fastest)) : advise(view, steady(view)))
    }
  }
}
export default rateTooSmall
