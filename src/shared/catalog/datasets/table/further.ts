import type { Remark } from '../parts/remark'
import { figureNamed, leftOut, type Line } from './summary'

// cspell:disable
/** Names of statistics that are words of other meanings, too. */
const FURTHER =
  /^(?:n|s\.?e\.?m?\.?|std\.? ?err(?:or)?|standard ?error|c\.?v\.?|var(?:iance)?|varianz|stabw\.?|stdabw\.?|stdev\.?[ps]|σ|σ²|iqr|range|spannweite|rmse?|skew(?:ness)?|kurt(?:osis)?|schiefe|(?:95 ?% ?)?ci(?: ?95 ?%)?|标准误|极差|偏度|峰度|变异系数|样本数)[:=.]?$/iu
// cspell:enable
/** Rows at the end among which statistics are looked for. */
const MOST = 15

/**
 * Leaves out rows of further statistics (N, SEM, CV) that stand among those that `without` leaves out at the end.
 * @param without leaves out totals and the statistics that it can check; gets the list that its remarks go to
 */
export function withoutFurther(
  lines: Line[],
  remarks: Remark[],
  without: (lines: Line[], remarks: Remark[]) => Line[]
): Line[] {
  let from = lines.length
  const further: Line[] = []
  while (from > 1 && lines.length - from < MOST) {
    const line = lines[from - 1]!
    const name = line.row.find((c) => c !== '') ?? ''
    const column = line.row.indexOf(name)
    const is = FURTHER.test(name) && !lines.slice(0, from - 1).some((l) => l.row[column] === name)
    if (!is && !figureNamed(name)) break
    if (is) further.push(line)
    from--
  }
  if (!further.length || further.length === lines.length - from) return without(lines, remarks)
  const told: Remark[] = []
  const left = without(
    lines.filter((l) => !further.includes(l)),
    told
  )
  // Where one of the others is no statistic, these may be none either.
  if (left.length > from || left.at(-1) !== lines[from - 1]) return without(lines, remarks)
  further.reverse()
  remarks.push(
    ...told,
    leftOut(
      further,
      further[0]!.row.filter(Boolean).join(' '),
      ['line that stands among these was left out', 'lines that stand among these were left out'],
      '其中的 # 行统计量'
    )
  )
  return left
}
