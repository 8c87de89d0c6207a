import { beatsAll, caseOf } from '../verdict/beats'
import { trainingLoss } from '../verdict/heart'
import type { Rule } from './types'
import { advise } from './parts/advice'
import { areInputsAlike, areTargetsAlike } from './parts/alike'
import { causes } from './parts/causes'
import { wholeMove } from './parts/decay'
import { nothingNear } from './parts/near'
import { hasOutliers } from './parts/outliers'
import { currentProfile } from './parts/profile'
import { isHalfWay, isOnItsWay } from './parts/progress'
import { show } from './parts/view'

/** Looks at the judged examples that have to agree, and steps between the first and the newest. */
const [LOOKS, ENOUGH] = [3, 50]
/** Training loss ÷ that of a guess, of a network that stands at the guess. */
const [LEAST, MOST] = [0.8, 1.25]
/** First ÷ last hidden layer: beyond these the gradient explains it. */
const [VANISHES, EXPLODES] = [0.01, 100]

const noSignal: Rule = {
  id: 'noSignal',
  kind: 'noSignal',
  short: { en: 'No signal', zh: '无可学信息' },
  name: { en: 'The inputs seem to say nothing of the target', zh: '输入似乎与目标无关' },
  doc: {
    en: 'By half of the run the network stands at what a guess has, gradient and steps are sound, and the nearest training examples tell the target no better than a guess either. Inputs and targets may not belong together, or what matters is not among the inputs.',
    zh: '训练过半时网络仍停在猜测的水平，梯度与步长正常，而由最近的训练样本预测目标也不比猜测好。输入与目标可能没有对应，或有用的信息不在输入中。'
  },
  fields: {},
  measures: {
    training: { en: 'training loss', zh: '训练损失' },
    guess: { en: 'training loss of a guess', zh: '猜测的训练损失' },
    neighbours: { en: 'score of the nearest', zh: '最近样本的得分' }
  },
  asks: 'data',
  judge(view) {
    const near = nothingNear(view)
    if (hasOutliers(view)) return undefined
    const of = caseOf(view)
    const { metric, trials, baselines } = of
    const guess = baselines[0]?.trainingLoss
    const [first, end] = [trials[0], trials[trials.length - 1]]
    if (!near || !metric || !guess || !first || !end || trials.length < LOOKS) return undefined
    if (end.step - first.step < ENOUGH || !isHalfWay(view) || isOnItsWay(view)) return undefined
    const training = trainingLoss(view)
    if (!(training > LEAST * guess && training < MOST * guess)) return undefined
    if (trials.slice(-LOOKS).some((t) => beatsAll(of, t))) return undefined
    const ratio = currentProfile(view)?.ratio ?? 1
    if (!(ratio > VANISHES && ratio < EXPLODES) || wholeMove(view).isLittle) return undefined
    if (areInputsAlike(view) || areTargetsAlike(view) || view.twins?.length || causes(view).length) return undefined
    return {
      severity: 'warn',
      layers: [],
      measured: { training, guess, neighbours: near.told },
      threshold: {},
      text: {
        en: `The network stands at what a guess has (training loss ${show(training)}, of a guess ${show(guess)}), though gradient and steps are sound, and examples that are alike do not have targets that are alike (${near.text.en}). Check that each target stands beside its own inputs, and that what tells the target is among them; no remedy finds what is not there.`,
        zh: `网络停在猜测的水平（训练损失 ${show(training)}，猜测为 ${show(guess)}），而梯度与步长正常；相似的样本也没有相似的目标（${near.text.zh}）。请检查目标是否与各自的输入对应，以及能说明目标的量是否在输入之中；输入中没有的信息，任何对策都找不出来。`
      },
      ...advise(view)
    }
  }
}
export default noSignal
