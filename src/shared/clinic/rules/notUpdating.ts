import { counted } from '../../base/text'
import type { RunLayer } from '../../run/types'
import type { Rule, RunView, Verdict } from './types'
import { outputBlocks } from './parts/output'
import { revived } from './parts/biases'
import { causes } from './parts/causes'
import { decayOf } from './parts/decay'
import { badStart } from './parts/cells'
import { factorsOf, areNothing } from './parts/factors'
import { currentProfile } from './parts/profile'
import { advise } from './parts/advice'
import { areInputsAlike } from './parts/alike'
import { lower, raise, rateAt } from './parts/rate'
import { RANKED } from './parts/ranking'
import { areWeightsCut } from './parts/regularisation'
import { straight } from './parts/straight'
import { thrown } from './parts/thrown'
import { isIdle, stepOn } from './parts/idle'
import {
  called,
  few,
  framesFor,
  last,
  learnsWell,
  lossesAt,
  median,
  newest,
  oldest,
  S,
  show,
  valuesAt,
  WINDOW
} from './parts/view'

/** ‖ΔW‖/‖W‖ below which a float32 weight mostly keeps all its bits (half a unit in the last place is 6e-8). */
const LIMIT = 1e-8
/** A layer whose steps were this large once has learnt something; later small steps are convergence. */
const MOVED = 1e-7
const CONVERGED = 0.01
const FIRST = 64
/** At least so many examples must send back no gradient: a few may all be on a flat side of their units. */
const SEEN = 32
/** A loss so many times that of a guess comes from a start that is far off: no rate makes up for it. */
const FAR = 1e3

/** The verdict on parameters in no optimizer that steps, which no remedy moves. */
function withoutStep(view: RunView, layers: readonly RunLayer[]): Verdict {
  const ids = layers.map((l) => l.id)
  const where = few(view, ids)
  const [count, all] = [layers.length, view.main.length]
  return {
    severity: 'bad',
    layers: ids,
    measured: { updateRatio: 0, layers: count, of: all },
    threshold: { updateRatio: LIMIT },
    text: {
      en: `${count} of ${counted(all, 'layer')} (${where.en}) ${count === 1 ? 'does' : 'do'} not change at all: ${count === 1 ? 'it' : 'each'} is in no optimizer that steps.`,
      zh: `${all} 层中有 ${count} 层（${where.zh}）完全没有变化：没有任何执行更新的优化器包含其参数。`
    },
    advice: [],
    changes: stepOn(layers)
  }
}

const notUpdating: Rule = {
  id: 'notUpdating',
  kind: 'notUpdating',
  short: { en: 'Not updating', zh: '不更新' },
  name: { en: 'Weights do not move', zh: '权重不更新' },
  doc: {
    en: 'The update/weight ratio of a layer stays under 1e-8 over recent steps and never was much larger, or it is exactly 0 while the loss is still high. In a recorded training, parameters that are in no optimizer that steps are named as such.',
    zh: '某层的更新/权重比在近几步中一直低于 1e-8 且从未更大，或在损失仍高时恰为 0。在记录的训练中，会指出不在任何执行更新的优化器中的参数。'
  },
  fields: {
    ratio: {
      type: 'number',
      default: LIMIT,
      above: 0,
      log: true,
      label: { en: 'Update / weight ratio', zh: '更新/权重比' }
    }
  },
  measures: {
    updateRatio: { en: 'update / weight', zh: '更新/权重' },
    layers: { en: 'layers', zh: '层数' },
    of: { en: 'of', zh: '共' }
  },
  judge(view) {
    // A linear model that has converged does not move.
    const count = framesFor(view, WINDOW, SEEN)
    if (view.length < count || learnsWell(view) || outputBlocks(view)) return undefined
    if (areInputsAlike(view) || straight(view) || areWeightsCut(view)) return undefined
    const frames = newest(view, count)
    const losses = lossesAt(view, frames)
    if (!losses.every(Number.isFinite)) return undefined
    const start = oldest(view, FIRST)
    const converged = median(losses) < CONVERGED * median(lossesAt(view, start.slice(0, 3)))
    // A second optimizer of the recorded program moves weights outside of the measured steps.
    const isMoved = (index: number): boolean => {
      const norms = valuesAt(view, frames, index, S.weights)
      return view.schema.recording !== undefined && norms.some((n) => Math.abs(n - norms[0]!) > MOVED * norms[0]!)
    }
    const still = view.main
      .map((layer) => ({ layer, ratio: median(valuesAt(view, frames, layer.index, S.update)) }))
      .filter(({ layer: { index }, ratio }) => {
        if (!(ratio < LIMIT) || converged || (ratio === 0 && isMoved(index))) return false
        const peak = Math.max(...valuesAt(view, start, index, S.update).filter((v) => !Number.isNaN(v)))
        return peak < MOVED || ratio === 0
      })
      .sort((a, b) => a.ratio - b.ratio)
    const worst = still[0]
    if (!worst) return undefined
    const idle = still.filter((l) => l.ratio === 0 && isIdle(l.layer))
    if (idle.length)
      return withoutStep(
        view,
        idle.map(({ layer }) => layer)
      )
    const ids = still.map(({ layer }) => layer.id)
    const [where, first] = [few(view, ids), called(view, worst.layer.id)]
    const p = currentProfile(view)
    const shrinks = p !== undefined && p.ratio < 0.1
    const noGradient = [S.gradient, S.weightGradient].some((s) => view.value(last(view), worst.layer.index, s) === 0)
    // A larger rate helps only where there is a gradient to multiply, no layer is left behind, and nothing else is
    // wrong.
    const guess = view.schema.baselines?.[0]?.trainingLoss
    const far = guess !== undefined && median(losses) > FAR * guess
    const raised = still.length === view.main.length && !shrinks && !noGradient && !far && !causes(view).length
    // A step that was too long is to blame, not the place where the weights are now.
    const wanted = thrown(view)
      ? [lower(view), ...RANKED.still]
      : shrinks
        ? areNothing(factorsOf(view, p))
          ? RANKED.vanishingWeights
          : RANKED.still
        : noGradient
          ? [...revived(view), ...RANKED.noGradient]
          : far
            ? badStart(view)
            : [raise(view, worst.ratio)]
    const advice = advise(view, ...wanted)
    const rate = show(median(frames.map((i) => rateAt(view, i))))
    // Another rule tells of a schedule that has used up the rate too early.
    if (!noGradient && decayOf(view)) return undefined
    return {
      severity: 'bad',
      layers: ids,
      measured: { updateRatio: worst.ratio, layers: still.length, of: view.main.length },
      threshold: { updateRatio: LIMIT },
      text: {
        en: `${still.length} of ${counted(view.main.length, 'layer')} (${where.en}) ${still.length === 1 ? 'changes by less than 1e-8 of its' : 'change by less than 1e-8 of their'} size per step: ${first.en} by ${show(worst.ratio)}${raised ? `, at a learning rate of ${rate}: raise it` : ''}.`,
        zh: `${view.main.length} 层中有 ${still.length} 层（${where.zh}）每步变化不到自身的 1e-8：${first.zh} 为 ${show(worst.ratio)}${raised ? `，学习率为 ${rate}：请调大` : ''}。`
      },
      // If all of it is switched on or impossible: remedies for any layer that does not move.
      ...(advice.advice.length ? advice : advise(view, ...(far ? [lower(view)] : []), ...RANKED.still))
    }
  }
}
export default notUpdating
