import type { Rule } from './types'
import { advise } from './parts/advice'
import { steadied } from './parts/cells'
import { isHarmed } from './parts/progress'
import { heldByRegularisation } from './parts/regularisation'
import { enoughFrames, timeProfiles } from './parts/time'
import { called, last, learnsWell, show } from './parts/view'

/** State gradient at the first ÷ at the last time step. */
const LIMIT = 1e-3
const CERTAIN = 1e-2
/** Remedies for the cell itself; others are for what lies behind. */
const OWN = ['recurrentCell', 'recurrentStart']

const vanishingInTime: Rule = {
  id: 'vanishingInTime',
  kind: 'vanishing',
  short: { en: 'Vanishing', zh: '梯度消失' },
  name: { en: 'Vanishing through time', zh: '梯度沿时间消失' },
  doc: {
    en: 'The gradient of the loss with respect to a recurrent layer’s state at the earliest time step it reaches is under 0.001 of that at the last one (medians over recent steps): what happened early in the sequence is hardly learnt from.',
    zh: '循环层最早时间步状态的梯度不足最后时间步的 0.001（取近几步的中位数）：序列前段的信息几乎学不到。'
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
    firstTime: { en: 'first time step', zh: '首个时间步' },
    lastTime: { en: 'last time step', zh: '末个时间步' },
    reach: { en: 'time steps reached', zh: '到达的时间步数' }
  },
  judge(view) {
    const found = timeProfiles(view)
      .filter((p) => p.ratio < LIMIT && enoughFrames(p, p.ratio < LIMIT * CERTAIN))
      .sort((a, b) => a.ratio - b.ratio)
    const worst = found[0]
    if (!worst || heldByRegularisation(view)) return undefined
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
