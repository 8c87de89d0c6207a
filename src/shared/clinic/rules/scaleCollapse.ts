import { few, median, newest, show, valuesAt } from './parts/view'
import type { Rule, Verdict } from './types'

/** The scale starts at 65536 and is halved at each overflow: under 1 it makes gradients smaller. */
const SCALE = 1
/** Share of a module's gradient that float16 rounds to 0, over recent steps. */
const LOST = 0.5
const FRAMES = 9

const scaleCollapse: Rule = {
  id: 'scaleCollapse',
  kind: 'scaleCollapse',
  short: { en: 'Scale collapse', zh: '缩放崩溃' },
  name: { en: 'Gradient scale collapses under mixed precision', zh: '混合精度下梯度缩放崩溃' },
  doc: {
    en: 'In a recorded training with mixed precision, the scale of the loss has fallen under 1, or more than half of a module’s gradient is nearer to 0 than any number that float16 holds, in spite of the scale.',
    zh: '在使用混合精度的记录训练中，损失缩放系数降到 1 以下，或某模块一半以上的梯度即使经过缩放仍小于 float16 能表示的最小数。'
  },
  fields: {
    scale: { type: 'number', default: SCALE, above: 0, label: { en: 'Scale', zh: '缩放系数' } },
    lost: { type: 'number', default: LOST, above: 0, max: 1, label: { en: 'Lost share', zh: '丢失比例' } }
  },
  measures: {
    scale: { en: 'scale', zh: '缩放系数' },
    lost: { en: 'below float16’s range', zh: '低于 float16 范围' }
  },
  judge(view): Verdict | undefined {
    if (!view.schema.recording || !view.schema.scalars.includes('ampScale') || view.length < FRAMES) return undefined
    const frames = newest(view, FRAMES)
    const scale = view.scalar(view.length - 1, 'ampScale') ?? NaN
    const changes: Verdict['changes'] = [
      {
        place: 'scaler',
        lines: [
          '# bfloat16 has the range of float32, and needs no scaler',
          'torch.autocast("cuda", dtype=torch.bfloat16)'
        ]
      }
    ]
    if (scale < SCALE)
      return {
        severity: 'bad',
        layers: [],
        measured: { scale },
        threshold: { scale: SCALE },
        text: {
          en: `The gradient scaler is down to ${show(scale)}: a gradient overflows float16 step after step, and most steps are skipped.`,
          zh: `梯度缩放系数已降到 ${show(scale)}：梯度一再超出 float16 的范围，多数步被跳过。`
        },
        advice: [],
        changes
      }
    const lost = view.main
      .map((l) => ({ id: l.id, share: median(valuesAt(view, frames, l.index, 'belowHalfShare')) }))
      .filter((l) => l.share > LOST)
      .sort((a, b) => b.share - a.share)
    const [worst] = lost
    if (!worst) return undefined
    const ids = lost.map((l) => l.id)
    return {
      severity: 'warn',
      layers: ids,
      measured: { scale, lost: worst.share },
      threshold: { lost: LOST },
      text: {
        en: `${show(100 * worst.share)} % of the gradient at ${few(view, ids).en} is nearer to 0 than float16 can hold, at a scale of ${show(scale)}.`,
        zh: `${few(view, ids).zh} 处 ${show(100 * worst.share)} % 的梯度小于 float16 能表示的最小数，缩放系数为 ${show(scale)}。`
      },
      advice: [],
      changes
    }
  }
}
export default scaleCollapse
