import { counted } from '../../base/text'
import { beatsAny, caseOf } from '../verdict/beats'
import type { Rule } from './types'
import { advise } from './parts/advice'
import { causes } from './parts/causes'
import { wholeMove } from './parts/decay'
import { currentProfile } from './parts/profile'
import { isOnItsWay, newerHalf } from './parts/progress'
import { raise, ratios, suits, WORTH } from './parts/rate'
import { atLeast, last, show } from './parts/view'

/** Looks at the judged examples that have to agree. */
const LOOKS = 3
/** First ÷ last hidden layer: beyond these another rule tells what keeps the network from learning. */
const [VANISHES, EXPLODES] = [0.005, 200]
/** A loss below this share of a guess’s is better than noise explains. */
const BELOW = 0.9
/** A run so many times as long is no remedy. */
const MOST = 50

const tooFewSteps: Rule = {
  id: 'tooFewSteps',
  kind: 'tooFewSteps',
  short: { en: 'Too few steps', zh: '步数太少' },
  name: { en: 'The run ends while the loss still falls', zh: '损失仍在下降时训练就结束了' },
  doc: {
    en: 'At its last step the loss on the judged examples still falls, and has beaten no baseline by more than noise: the network is on its way, and the run ends too early. Silent where the rate or something else keeps the steps small, and once the network learns.',
    zh: '到最后一步，评判样本上的损失仍在下降，但尚未明显优于任何基线：网络正在学习，训练却结束得太早。若是学习率或其他原因使步长太小，或网络已学会，则不提示。'
  },
  fields: {},
  measures: {
    before: { en: 'loss at half of the run', zh: '训练过半时的损失' },
    now: { en: 'loss at its end', zh: '训练结束时的损失' },
    guess: { en: 'loss of a guess', zh: '猜测的损失' },
    steps: { en: 'steps at this pace', zh: '按此速度所需步数' }
  },
  asks: 'moreSteps',
  judge(view) {
    const of = caseOf(view)
    const { metric, trials, baselines } = of
    const steps = view.experiment?.training.steps ?? Infinity
    const half = newerHalf(trials)
    const guess = baselines[0]?.metrics['loss']
    if (!half || !metric || !guess || trials.length < LOOKS || view.step(last(view)) + 1 < steps) return undefined
    if (!isOnItsWay(view) || wholeMove(view).isLittle) return undefined
    if (trials.slice(-LOOKS).some((t) => beatsAny(of, t))) return undefined
    const ratio = currentProfile(view)?.ratio ?? 1
    if (!(ratio > VANISHES && ratio < EXPLODES) || causes(view).length) return undefined
    // More steps of the same would go after these few.
    if (view.schema.data?.outliers) return undefined
    const [before, now] = [half.before.metrics['loss']!, half.end.metrics['loss']!]
    const halves = Math.max(1, Math.log((BELOW * guess) / now) / Math.log(now / before))
    if (!(halves < 2 * MOST)) return undefined
    const fastest = Math.max(...ratios(view))
    const needed = atLeast(steps * (1 + halves / 2))
    return {
      severity: 'warn',
      layers: [],
      measured: { before, now, guess, steps: needed },
      threshold: {},
      text: {
        en: `The run ends while the loss still falls: from ${show(before)} at its half to ${show(now)} (a guess has ${show(guess)}). ${counted(steps, 'step')} are too few; at this pace it takes about ${needed.toLocaleString('en')}. Train for longer, or raise the learning rate.`,
        zh: `训练结束时损失仍在下降：由过半时的 ${show(before)} 降到 ${show(now)}（猜测为 ${show(guess)}）。${steps} 步太少；按此速度约需 ${needed.toLocaleString('en')} 步。请训练更多步，或调大学习率。`
      },
      ...advise(view, ...(suits(view) > WORTH * fastest ? [raise(view, fastest, WORTH)] : []))
    }
  }
}
export default tooFewSteps
