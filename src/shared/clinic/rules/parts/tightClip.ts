import type { Text } from '../../../base/text'
import type { RunView } from '../types'
import { median, newest, S, show, valuesAt } from './view'

/** Clipping is to blame if it leaves less than this share of the gradient. */
const CLIPPED = 0.01

interface Clip {
  /** Name of the remedy's parameter that says what is left. */
  limit: string
  /** What the gradient measures, in the unit of the limit. */
  size(view: RunView): number
  text(left: string, size: string): Text
}
const byNorm: Clip = {
  limit: 'maxNorm',
  size: (view) => median(newest(view).map((i) => view.scalar(i, 'gradientNorm') ?? NaN)),
  text: (left, size) => ({
    en: `clipping leaves ${left} of a gradient of norm ${size}. Let it leave more`,
    zh: `截断使范数为 ${size} 的梯度只剩 ${left}。请放宽截断`
  })
}
/** Largest over the layers with a kernel. */
const largest = (view: RunView, of: (gradient: number, index: number, count: number) => number): number =>
  Math.max(
    0,
    ...view.main
      .map((l) => of(median(valuesAt(view, newest(view), l.index, S.weightGradient)), l.index, l.paramCount))
      .filter(Number.isFinite)
  )
const CLIPS: Record<string, Clip> = {
  clipByGlobalNorm: byNorm,
  clipByNorm: byNorm,
  clipByValue: {
    limit: 'limit',
    size: (view) => largest(view, (gradient, _index, count) => gradient / Math.sqrt(count)),
    text: (left, size) => ({
      en: `clipping leaves at most ${left} of each entry of the gradient, where they measure ${size} (RMS). Let it leave more`,
      zh: `截断使梯度的每个分量至多为 ${left}，而其 RMS 为 ${size}。请放宽截断`
    })
  },
  adaptiveClip: {
    limit: 'ratio',
    size: (view) =>
      largest(view, (gradient, index) => gradient / median(valuesAt(view, newest(view), index, S.weights))),
    text: (left, size) => ({
      en: `clipping leaves a gradient of ${left} × the weights, where it measures ${size} ×. Let it leave more`,
      zh: `截断使梯度只剩权重的 ${left} 倍，而它原为 ${size} 倍。请放宽截断`
    })
  }
}
/** Says that clipping leaves next to nothing of the gradient; undefined where it leaves enough. */
export function tightClip(view: RunView): Text | undefined {
  for (const hook of view.experiment?.training.hooks ?? []) {
    const clip = CLIPS[hook.id]
    const left = clip && hook[clip.limit]
    const size = clip?.size(view) ?? 0
    if (typeof left === 'number' && left < CLIPPED * size) return clip!.text(show(left), show(size))
  }
  return undefined
}
