import { rounded } from '../../base/rounded'
import { advise } from './parts/advice'
import { called, few, median, newest, S, show, valuesAt } from './parts/view'
import type { Rule, RunView, Verdict } from './types'

/** The step of a module against its own median, and the loss against that of the frames before. */
const [RISE, LOSS] = [5, 2]
/** A smaller step against the weights explains no spike, however much larger than before it is. */
const LEAST = 5e-3
/** Frames that the medians rest on at least, and at most. */
const [BEFORE, REACH] = [8, 64]
/** Newest frames in which a spike is looked for. */
const RECENT = 6

/** Largest loss of the steps from a frame on, and its step. */
function peak(view: RunView, frame: number): { loss: number; step: number } {
  const [from, to] = [view.step(frame), view.step(view.length - 1)]
  let out = { loss: -Infinity, step: from }
  for (let step = from; step <= to; step++) {
    const loss = view.lossAt?.(step)
    if (loss !== undefined && loss > out.loss) out = { loss, step }
  }
  return out
}
/** The modules whose step at a frame was long against their own median, the furthest first. */
function long(view: RunView, frame: number): { id: string; ratio: number; times: number }[] {
  const before = Array.from({ length: Math.min(REACH, frame) }, (_, i) => frame - Math.min(REACH, frame) + i)
  return view.main
    .flatMap((l) => {
      const ratio = view.value(frame, l.index, S.update)
      if (ratio === undefined || !(ratio > LEAST)) return []
      const values = valuesAt(view, before, l.index, S.update)
      const times = ratio / median(values)
      return values.length >= BEFORE && times > RISE ? [{ id: l.id, ratio, times }] : []
    })
    .sort((a, b) => b.times - a.times)
}

const lossSpike: Rule = {
  id: 'lossSpike',
  kind: 'lossSpike',
  short: { en: 'Loss spike', zh: '损失尖峰' },
  name: { en: 'Loss spike', zh: '损失尖峰' },
  doc: {
    en: 'In a recorded training, a module takes a step 5 × as long as its own median, and the loss jumps to 2 × what it was.',
    zh: '在记录的训练中，某模块的一步达到其自身中位数的 5 倍，且损失跳到此前的 2 倍。'
  },
  statistic: S.update,
  fields: {
    rise: { type: 'number', default: RISE, above: 1, label: { en: 'Step ÷ its median', zh: '步长 ÷ 其中位数' } },
    loss: { type: 'number', default: LOSS, above: 1, label: { en: 'Loss ÷ that before', zh: '损失 ÷ 此前' } }
  },
  measures: {
    updateRatio: { en: 'update / weight', zh: '更新/权重' },
    times: { en: '÷ its median', zh: '÷ 其中位数' },
    loss: { en: 'loss', zh: '损失' },
    before: { en: 'loss before', zh: '此前损失' },
    rise: { en: 'loss ÷ before', zh: '损失 ÷ 此前' }
  },
  judge(view): Verdict | undefined {
    if (!view.schema.recording || view.schema.info.task === 'critic' || view.length <= BEFORE) return undefined
    for (const frame of newest(view, RECENT)) {
      if (frame < BEFORE) continue
      const modules = long(view, frame)
      const [worst] = modules
      if (!worst) continue
      const before = median(Array.from({ length: BEFORE }, (_, i) => view.scalar(frame - BEFORE + i, 'loss') ?? NaN))
      const top = peak(view, frame)
      if (!(before > 0) || !(top.loss > LOSS * before)) continue
      const now = view.scalar(view.length - 1, 'loss') ?? NaN
      const step = view.step(frame)
      const where = few(
        view,
        modules.map((m) => m.id)
      )
      // A limit at the usual norm clips nothing but the spike.
      const usual = 2 * median(newest(view, REACH).map((i) => view.scalar(i, 'gradientNorm') ?? NaN))
      const clip = usual > 0 ? [{ id: 'clipByGlobalNorm', maxNorm: rounded(usual, 1) }] : []
      return {
        severity: now < LOSS * before ? 'warn' : 'bad',
        layers: modules.map((m) => m.id),
        measured: { updateRatio: worst.ratio, times: worst.times, loss: top.loss, before, rise: top.loss / before },
        threshold: { times: RISE, rise: LOSS },
        text: {
          en: `Step ${step} changed ${where.en} by ${show(worst.ratio)} of its size, × ${show(worst.times)} of the median of ${called(view, worst.id).en}; the loss went from ${show(before)} to ${show(top.loss)} (step ${top.step}).`,
          zh: `第 ${step} 步使 ${where.zh} 改变了自身的 ${show(worst.ratio)}，为 ${called(view, worst.id).zh} 中位数的 ${show(worst.times)} 倍；损失从 ${show(before)} 升到 ${show(top.loss)}（第 ${top.step} 步）。`
        },
        since: step,
        ...advise(view, ...clip, { id: 'warmUp', steps: 100 }, { id: 'learningRate', factor: 0.3 })
      }
    }
    return undefined
  }
}
export default lossSpike
