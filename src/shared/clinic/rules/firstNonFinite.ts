import type { RunLayer } from '../../run/types'
import { counted, type Text } from '../../base/text'
import { called, S } from './parts/view'
import type { Rule, RunView, Verdict } from './types'

/** The tensor of a module that is no number any more. */
interface Origin {
  frame: number
  layer: RunLayer
  tensor: Text
  count: number
}
const count = (view: RunView, frame: number, { index }: RunLayer, ...statistics: string[]): number =>
  statistics.reduce((n, s) => n + (view.value(frame, index, s) ?? 0), 0)

/**
 * The tensor of a frame from which NaN spread: the output of the first module in the order of the run, or else the
 * gradient of the module nearest to the loss.
 */
function originIn(view: RunView, frame: number): Origin | undefined {
  const { layers, scalars } = view.schema
  const found = (layer: RunLayer | undefined, tensor: Text, ...statistics: string[]): Origin | undefined =>
    layer && { frame, layer, tensor, count: count(view, frame, layer, ...statistics) }
  const output = layers.find((l) => count(view, frame, l, S.activationNonFinite) > 0)
  if (output) return found(output, { en: 'output', zh: '输出' }, S.activationNonFinite)
  // A scaler finds gradients that are too large, and skips the step: that is how it looks for its scale.
  if (!scalars.includes('ampScale')) {
    const gradient = [...layers].reverse().find((l) => count(view, frame, l, 'gradientNaN', 'gradientInf') > 0)
    if (gradient) return found(gradient, { en: 'weight gradient', zh: '权重梯度' }, 'gradientNaN', 'gradientInf')
  }
  const weights = layers.find((l) => count(view, frame, l, S.weightNonFinite) > 0)
  return found(weights, { en: 'weights', zh: '权重' }, S.weightNonFinite)
}

/** Where the stretch of frames with NaN began, and the frame that was looked at last. */
const known = new WeakMap<RunView, { seen: number; origin: Origin | undefined }>()
function originOf(view: RunView): Origin | undefined {
  const end = view.length - 1
  const before = known.get(view) ?? { seen: -1, origin: undefined }
  let { origin } = before
  for (let frame = before.seen + 1; frame <= end; frame++) {
    const here = originIn(view, frame)
    origin = here && (origin ?? here)
  }
  known.set(view, { seen: end, origin })
  return origin
}

const firstNonFinite: Rule = {
  id: 'firstNonFinite',
  kind: 'nonFinite',
  short: { en: 'Non-finite', zh: '非有限值' },
  name: { en: 'First tensor that is no number', zh: '最早出现的非有限张量' },
  doc: {
    en: 'In a recorded training, the module whose output, gradient or weights are NaN or infinite first, in the order of the computation: what follows it is spoilt by it.',
    zh: '在记录的训练中，按计算顺序最早出现 NaN 或无穷大的输出、梯度或权重所在的模块：之后的都由它而起。'
  },
  statistic: S.activationNonFinite,
  fields: {},
  measures: {
    step: { en: 'since step', zh: '起始步' },
    values: { en: 'values', zh: '数值个数' }
  },
  judge(view): Verdict | undefined {
    if (!view.schema.recording || !view.length) return undefined
    const origin = originOf(view)
    if (!origin) return undefined
    const { layer, tensor, frame } = origin
    const step = view.step(frame)
    const name = called(view, layer.id)
    const kind = layer.recorded?.className ?? layer.kind
    const code = layer.recorded?.code
    const at = code ? { en: `, ${code.file}:${code.line}`, zh: `，${code.file}:${code.line}` } : { en: '', zh: '' }
    return {
      severity: 'bad',
      layers: [layer.id],
      measured: { step, values: origin.count },
      threshold: { values: 0 },
      text: {
        en: `The first tensor with NaN or Inf is the ${tensor.en} of ${name.en} (${kind}${at.en}): ${counted(origin.count, 'value')}, at step ${step}.`,
        zh: `最早出现 NaN 或 Inf 的张量是 ${name.zh} 的${tensor.zh}（${kind}${at.zh}）：${origin.count} 个值，第 ${step} 步。`
      },
      since: step,
      advice: ['learningRate', 'clipByGlobalNorm']
    }
  }
}
export default firstNonFinite
