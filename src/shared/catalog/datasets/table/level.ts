import { rounded } from '../../../base/rounded'
import { remark, type Remark } from '../parts/remark'
import { at } from './faults'
import type { Sequences } from './sequences'

/** With fewer examples in either part, means say little. */
const FEWEST = 5
/** How many standard deviations of the training part lie between the means of both. */
const FAR = 2

/** Mean, and how far a value is from it on average (root of the mean square). */
function momentsOf(values: readonly number[]): { mean: number; std: number } {
  const mean = values.reduce((a, b) => a + b, 0) / values.length
  return { mean, std: Math.sqrt(values.reduce((a, b) => a + (b - mean) ** 2, 0) / values.length) }
}
const short = (v: number): string => String(rounded(v, 4))
/**
 * The remark on a series whose last part, which is held out for validation, has another level than what is trained on:
 * a network is asked there for values that it never saw. @param held share of the examples that is held out
 */
export function levelShift({ lines, info, series, examples }: Sequences, held = 0): Remark[] {
  const { target, rows, table } = lines
  const { numbers } = target
  if (!info.inOrder || info.task !== 'regression' || !numbers) return []
  const from = examples.length - Math.round(held * examples.length)
  const values = examples.map((e) => numbers[rows[series[e.series]![e.target]!]!]!)
  const [trained, asked] = [values.slice(0, from), values.slice(from)]
  if (Math.min(trained.length, asked.length) < FEWEST) return []
  const [a, b] = [momentsOf(trained), momentsOf(asked)]
  const [least, most] = trained.reduce(([low, high], v) => [Math.min(low, v), Math.max(high, v)] as const, [
    Infinity,
    -Infinity
  ] as readonly [number, number])
  const outside = asked.filter((v) => v < least || v > most).length
  if (Math.abs(b.mean - a.mean) <= FAR * a.std && outside * 2 <= asked.length) return []
  const first = examples[from]!
  const several = series.length > 1
  const advice = several
    ? {
        en: 'Validation has the series that stand last: put them in an order by chance, or tell the change from one step to the next',
        zh: '用于验证的是排在最后的序列：请打乱各序列的顺序，或改为预测相邻两步之差'
      }
    : {
        en: 'Tell the change from one step to the next, or leave validation a part that training has the like of',
        zh: '请改为预测相邻两步之差，或让验证部分与训练部分相似'
      }
  return [
    remark(
      'levelShifts',
      `the last ${asked.length} sequences, which validation has, have another level of "${target.name}" than those before them: mean ${short(b.mean)}, and ${short(a.mean)} (± ${short(a.std)}) in training; ${outside} of them lie outside all that is trained on. ${advice.en}`,
      `用于验证的最后 ${asked.length} 条序列中“${target.name}”的水平与之前不同：均值 ${short(b.mean)}，训练部分为 ${short(a.mean)}（± ${short(a.std)}）；其中 ${outside} 条超出训练所见的范围。${advice.zh}`,
      {
        path: at('target'),
        column: target.name,
        line: table.lines[rows[series[first.series]![first.target]!]!]!,
        count: asked.length
      }
    )
  ]
}
