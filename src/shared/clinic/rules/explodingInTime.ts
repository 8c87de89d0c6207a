import type { RunLayer } from '../../run/types'
import type { Rule, RunView, Verdict } from './types'
import { advise, type Advice } from './parts/advice'
import { steadied } from './parts/cells'
import {
  enoughFrames,
  EXPLODES_IN_TIME,
  startsExplodingInTime,
  STATISTIC,
  swollenState,
  timeProfiles
} from './parts/time'
import { RANKED } from './parts/ranking'
import { called, last, learnsWell, S, show, WINDOW } from './parts/view'

const LIMIT = EXPLODES_IN_TIME
const CERTAIN = 5

/** A start that explodes needs another cell or start before all else: clipping changes nothing. */
function advice(view: RunView, layer: RunLayer, length: number): Advice {
  const steady = steadied(layer, length)
  return startsExplodingInTime(view, [layer])
    ? advise(view, ...steady, ...RANKED.explodingInTime)
    : advise(view, ...RANKED.explodingInTime, 'recurrentStart', ...steady)
}
/** A state that is no number before the first update, so that no gradient can say how it grew. */
function overflow(view: RunView): Verdict | undefined {
  if (!view.length || Number.isFinite(view.scalar(0, 'loss')) || last(view) >= WINDOW) return undefined
  const isCell = (l: RunLayer): boolean => view.times?.(0, l.index, STATISTIC) !== undefined
  const layer = view.schema.layers.find((l) => (view.value(0, l.index, S.activationNonFinite) ?? 0) > 0)
  if (!layer || !isCell(layer)) return undefined
  const name = called(view, layer.id)
  const length = view.times!(0, layer.index, STATISTIC)!.length
  return {
    severity: 'bad',
    layers: [layer.id],
    measured: { lastTime: view.times!(0, layer.index, STATISTIC)![length - 1]! },
    threshold: {},
    text: {
      en: `${name.en}: the state overflows within its ${length} time steps, before the first update: it grows at every step.`,
      zh: `${name.zh}：在第一次更新之前，状态就在 ${length} 个时间步内溢出：它每一步都在增大。`
    },
    ...advice(view, layer, length)
  }
}
/** A state so large that what reads it is saturated: no gradient comes back to tell. */
function swollen(view: RunView): Verdict | undefined {
  const found = swollenState(view)
  if (!found) return undefined
  const { layer, size, length } = found
  const name = called(view, layer.id)
  return {
    severity: 'bad',
    layers: [layer.id],
    measured: { state: size },
    threshold: {},
    text: {
      en: `${name.en}: the state has grown to ${show(size)} (RMS) over its ${length} time steps, before the first update. What reads it is saturated, so that no gradient comes back.`,
      zh: `${name.zh}：在第一次更新之前，状态经过 ${length} 个时间步已增大到 ${show(size)}（RMS）。读取它的层已饱和，没有梯度传回。`
    },
    // There is no gradient to clip.
    ...advise(view, ...steadied(layer, length))
  }
}

const explodingInTime: Rule = {
  id: 'explodingInTime',
  kind: 'exploding',
  short: { en: 'Exploding', zh: '梯度爆炸' },
  name: { en: 'Exploding through time', zh: '梯度沿时间爆炸' },
  doc: {
    en: 'The gradient of the loss with respect to a recurrent layer’s state at the earliest time step it reaches is more than 200 × that at the last one (medians over recent steps): one step of the optimizer can throw the weights far off (Pascanu 2013). Or the state overflows before the first update, or grows so large that what reads it sends nothing back.',
    zh: '循环层最早时间步状态的梯度超过最后时间步的 200 倍（取近几步的中位数）：一次更新就可能把权重抛得很远（Pascanu 2013）。或者第一次更新之前状态就已溢出，或大到读取它的层不再传回梯度。'
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
  statistic: 'timeGradientRms',
  measures: {
    ratio: { en: 'first ÷ last', zh: '首层 ÷ 末层' },
    state: { en: 'state (RMS)', zh: '状态（RMS）' },
    gainPerStep: { en: 'gain per time step', zh: '每时间步增益' },
    firstTime: { en: 'first time step', zh: '首个时间步' },
    lastTime: { en: 'last time step', zh: '末个时间步' }
  },
  judge(view) {
    const found = timeProfiles(view)
      .filter((p) => p.ratio > LIMIT && enoughFrames(p, p.ratio > LIMIT * CERTAIN))
      .sort((a, b) => b.ratio - a.ratio)
    const worst = found[0]
    if (!worst) return overflow(view) ?? swollen(view)
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
      ...advice(view, layer, length)
    }
  }
}
export default explodingInTime
