import type { Rule } from './types'
import { advise } from './parts/advice'
import { enoughFrames, timeProfiles } from './parts/time'
import { called, learnsWell, show } from './parts/view'

/** State gradient at the first ÷ at the last time step. */
const LIMIT = 200
const CERTAIN = 5

const explodingInTime: Rule = {
  id: 'explodingInTime',
  kind: 'exploding',
  short: { en: 'Exploding', zh: '梯度爆炸' },
  name: { en: 'Exploding through time', zh: '梯度沿时间爆炸' },
  doc: {
    en: 'The gradient of the loss with respect to a recurrent layer’s state at the earliest time step it reaches is more than 200 × that at the last one (medians over recent steps): one step of the optimizer can throw the weights far off (Pascanu 2013).',
    zh: '循环层最早时间步状态的梯度超过最后时间步的 200 倍（取近几步的中位数）：一次更新就可能把权重抛得很远（Pascanu 2013）。'
  },
  fields: {
    ratio: {
      type: 'number',
      default: LIMIT,
      above: 1,
      log: true,
      label: { en: 'First ÷ last time step', zh: '首个 ÷ 末个时间步' }
    }
  },
  measures: {
    ratio: { en: 'first ÷ last', zh: '首层 ÷ 末层' },
    gainPerStep: { en: 'gain per time step', zh: '每时间步增益' },
    firstTime: { en: 'first time step', zh: '首个时间步' },
    lastTime: { en: 'last time step', zh: '末个时间步' }
  },
  judge(view) {
    const found = timeProfiles(view)
      .filter((p) => p.ratio > LIMIT && enoughFrames(p, p.ratio > LIMIT * CERTAIN))
      .sort((a, b) => b.ratio - a.ratio)
    const worst = found[0]
    if (!worst) return undefined
    const { layer, rms, first, ratio, gain } = worst
    const name = called(view, layer.id)
    const [a, b, length] = [show(rms[first]!), show(rms[rms.length - 1]!), rms.length]
    return {
      severity: learnsWell(view) ? 'warn' : 'bad',
      layers: found.map((p) => p.layer.id),
      measured: { ratio, gainPerStep: gain, firstTime: rms[first]!, lastTime: rms[length - 1]! },
      threshold: { ratio: LIMIT },
      text: {
        en: `${name.en}: the gradient with respect to the state is ${b} at the last time step (t = ${length}) and ${a} at t = ${first + 1}: × ${show(gain)} per step back.`,
        zh: `${name.zh}：状态梯度在最后时间步（t = ${length}）为 ${b}，在 t = ${first + 1} 为 ${a}：每回溯一步 × ${show(gain)}。`
      },
      ...advise(
        view,
        'clipByGlobalNorm',
        'truncatedBptt',
        'initializer',
        ...(layer.kind === 'simpleRnn' ? ['recurrentCell'] : [])
      )
    }
  }
}
export default explodingInTime
