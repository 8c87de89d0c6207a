import type { Rule, RunView, Verdict } from './types'
import { advise } from './parts/advice'
import { steadied, steadiedSequence } from './parts/cells'
import { isHarmed, isNoBetter } from './parts/progress'
import { heldByRegularisation } from './parts/regularisation'
import { enoughFrames, narrowing, timeProfiles, type Narrowing, type TimeProfile } from './parts/time'
import { called, last, learnsWell, show } from './parts/view'

/** State gradient at the first ÷ at the last time step. */
const LIMIT = 1e-3
const CERTAIN = 1e-2
/** Remedies for the cell itself; others are for what lies behind. */
const OWN = ['recurrentCell', 'recurrentStart']

/** A layer and the narrowest place of its gradient. */
type Narrow = TimeProfile & { least: Narrowing }
/** A layer that returns its sequence, and gets almost no gradient from the loss of later steps. */
function narrow(view: RunView): Verdict | undefined {
  const found = timeProfiles(view)
    .flatMap((p): Narrow[] => {
      const least = narrowing(view, p)
      return least && least.ratio < LIMIT && enoughFrames(p, least.ratio < LIMIT * CERTAIN) ? [{ ...p, least }] : []
    })
    .sort((a, b) => a.least.ratio - b.least.ratio)
  const worst = found[0]
  if (!worst || heldByRegularisation(view)) return undefined
  const { layer, rms, least } = worst
  const { at, ratio, gain, reach } = least
  const name = called(view, layer.id)
  const length = rms.length
  const [a, b, last] = [show(rms[at]!), show(rms[length - 1]!), length]
  const severity = !isNoBetter(view) ? 'info' : layer.kind === 'simpleRnn' ? 'bad' : 'warn'
  return {
    severity,
    layers: found.map((p) => p.layer.id),
    measured: { ratio, gainPerStep: gain, narrowestTime: rms[at]!, lastTime: rms[length - 1]!, reach },
    threshold: { ratio: LIMIT },
    text: {
      en: `${name.en}: the gradient with respect to the state is ${b} at the last time step (t = ${last}) and only ${a} at t = ${at + 1}: × ${show(gain)} per step back. All that comes back from later steps to those before it has to pass there. What they get besides is from losses of their own. Only the last ${reach} of ${length} steps get more than a hundredth.`,
      zh: `${name.zh}：状态梯度在最后时间步（t = ${last}）为 ${b}，在 t = ${at + 1} 仅为 ${a}：每回溯一步 × ${show(gain)}。后面各步传回更早各步的梯度都须经过此处；更早各步的其余梯度来自它们自己的损失。${length} 步中只有最后 ${reach} 步得到超过百分之一的梯度。`
    },
    ...advise(view, ...steadiedSequence(layer, length))
  }
}

const vanishingInTime: Rule = {
  id: 'vanishingInTime',
  kind: 'vanishing',
  softens: true,
  short: { en: 'Vanishing', zh: '梯度消失' },
  name: { en: 'Vanishing through time', zh: '梯度沿时间消失' },
  doc: {
    en: 'The gradient of the loss with respect to a recurrent layer’s state at the earliest time step it reaches is under 0.001 of that at the last one (medians over recent steps): what happened early in the sequence is hardly learnt from. Of a layer that returns its sequence, the time step with the least gradient counts: each may have a loss of its own, but what comes back from later steps passes all of those between.',
    zh: '循环层最早时间步状态的梯度不足最后时间步的 0.001（取近几步的中位数）：序列前段的信息几乎学不到。对返回整个序列的层，看梯度最小的时间步：每步可有自己的损失，但后面各步传回的梯度须经过其间的每一步。'
  },
  fields: {
    ratio: {
      type: 'number',
      default: LIMIT,
      above: 0,
      below: 1,
      log: true,
      label: { en: 'First ÷ last time step', zh: '首个 ÷ 末个时间步' }
    }
  },
  statistic: 'timeGradientRms',
  measures: {
    ratio: { en: 'first ÷ last', zh: '首层 ÷ 末层' },
    gainPerStep: { en: 'gain per time step', zh: '每时间步增益' },
    narrowestTime: { en: 'narrowest time step', zh: '最窄的时间步' },
    firstTime: { en: 'first time step', zh: '首个时间步' },
    lastTime: { en: 'last time step', zh: '末个时间步' },
    reach: { en: 'time steps reached', zh: '到达的时间步数' }
  },
  judge(view) {
    const found = timeProfiles(view)
      .filter((p) => p.ratio < LIMIT && enoughFrames(p, p.ratio < LIMIT * CERTAIN))
      .sort((a, b) => a.ratio - b.ratio)
    const worst = found[0]
    if (!worst) return narrow(view)
    if (heldByRegularisation(view)) return undefined
    const { layer, rms, first, ratio, gain, reach } = worst
    const name = called(view, layer.id)
    const [a, b, length] = [show(rms[first]!), show(rms[rms.length - 1]!), rms.length]
    const gated = layer.kind !== 'simpleRnn'
    const cut =
      first > 0
        ? { en: ` Before t = ${first + 1} it is exactly 0.`, zh: `t = ${first + 1} 之前恰为 0。` }
        : { en: '', zh: '' }
    const isLate = gated && isHarmed(view) && 2 * view.step(last(view)) >= (view.experiment?.training.steps ?? Infinity)
    const advised = advise(view, ...steadied(layer, length, isLate))
    return {
      // A gate can open as it learns. Where nothing is to be done about it, it is how such a cell starts; and a network
      // that learns needs no more than the last steps.
      severity:
        learnsWell(view) || (gated && !advised.advice.some((id) => OWN.includes(id))) ? 'info' : gated ? 'warn' : 'bad',
      layers: found.map((p) => p.layer.id),
      measured: { ratio, gainPerStep: gain, firstTime: rms[first]!, lastTime: rms[length - 1]!, reach },
      threshold: { ratio: LIMIT },
      text: {
        en: `${name.en}: the gradient with respect to the state is ${b} at the last time step (t = ${length}) and ${a} at t = ${first + 1}: × ${show(gain)} per step back. Only the last ${reach} of ${length} steps get more than a hundredth of it.${cut.en}`,
        zh: `${name.zh}：状态梯度在最后时间步（t = ${length}）为 ${b}，在 t = ${first + 1} 为 ${a}：每回溯一步 × ${show(gain)}。${length} 步中只有最后 ${reach} 步得到超过百分之一的梯度。${cut.zh}`
      },
      ...advised
    }
  }
}
export default vanishingInTime
