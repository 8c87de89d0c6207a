import type { Params } from '../../../base/params'
import { counted } from '../../../base/text'
import { remark, type Remark, type RemarkCode } from '../parts/remark'
import { at, fault, refuse } from './faults'

/** Time steps of a window where none are asked for. */
const WINDOW = 20

/** One example: steps `from` … `to` − 1 of a series, and the place of its target in it. */
export interface Example {
  series: number
  from: number
  to: number
  target: number
}

/**
 * Cuts series into examples: each one whole, or into windows. @param series places of lines, in order of time @param
 * horizon steps at the end that are forecast @throws InputError
 */
export function cutExamples(
  series: readonly number[][],
  p: Params,
  horizon: number
): { steps: number; examples: Example[]; remarks: Remark[] } {
  const windows = p.lines === 'windows'
  const remarks: Remark[] = []
  const lengths = series.map((own) => own.length - horizon)
  const most = Math.max(...lengths)
  if (most < 1)
    refuse(
      fault(
        `no series is longer than the ${counted(horizon, 'step')} to forecast: at most ${most + horizon - 1} can be`,
        `没有序列长于预测步数 ${horizon}：最多 ${most + horizon - 1}`,
        at('horizon')
      )
    )
  const long = lengths.filter((n) => n > 0)
  const asked = p.length as number
  if (asked > most)
    refuse(
      fault(
        `is ${asked}, but the longest series has ${counted(most, 'time step')}${horizon ? ` before its last ${horizon}, which are forecast` : ''}: at most ${most}`,
        `为 ${asked}，但最长的序列${horizon ? `除去要预测的最后 ${horizon} 步外` : ''}只有 ${most} 个时间步：最多 ${most}`,
        at('length')
      )
    )
  const steps =
    asked || (windows ? Math.min(WINDOW, most) : p.unequal === 'cut' ? long.reduce((a, b) => Math.min(a, b)) : most)
  if (windows && !asked)
    remarks.push(
      remark('windowLength', `windows are ${steps} time steps long`, `窗口长 ${steps} 个时间步`, {
        path: at('length'),
        count: steps
      })
    )
  const examples: Example[] = []
  const left = { short: 0, padded: 0, cut: 0 }
  series.forEach((own, s) => {
    const n = lengths[s]!
    if (windows) {
      if (n < steps) left.short++
      for (let from = 0; from + steps <= n; from += p.stride as number)
        examples.push({ series: s, from, to: from + steps, target: from + steps - 1 + horizon })
      return
    }
    if (n < 1 || (n < steps && p.unequal === 'cut')) return void left.short++
    if (n < steps) left.padded++
    if (n > steps) left.cut++
    examples.push({ series: s, from: Math.max(0, n - steps), to: n, target: own.length - 1 })
  })
  const tell = (code: RemarkCode, count: number, en: string, zh: string, field: string): void =>
    void (count && remarks.push(remark(code, en, zh, { path: at(field), count })))
  tell(
    'sequencesDropped',
    left.short,
    `${left.short} series were left out: shorter than ${counted(steps, 'time step')}${horizon ? ` and ${horizon} to forecast` : ''}`,
    `忽略了 ${left.short} 条序列：短于 ${steps} 个时间步${horizon ? `加预测的 ${horizon} 步` : ''}`,
    'length'
  )
  tell(
    'sequencesPadded',
    left.padded,
    `${left.padded} of ${examples.length} sequences are shorter than ${steps} time steps: zeros stand before them`,
    `${examples.length} 条序列中有 ${left.padded} 条短于 ${steps} 个时间步：在前面补零`,
    'unequal'
  )
  tell(
    'sequencesCut',
    left.cut,
    `of ${left.cut} of ${examples.length} sequences only the last ${steps} time steps are used`,
    `${examples.length} 条序列中有 ${left.cut} 条只使用最后 ${steps} 个时间步`,
    'length'
  )
  return { steps, examples, remarks }
}
