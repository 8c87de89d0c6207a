import type { Problem } from '../../../base/problems'
import type { Settings } from './choose'
import type { Column } from './column'
import { looksLikeNumber } from './counts'
import { at, fault } from './faults'
import { normal, numeralOf } from './numerals'
import { isDay } from './spoilt'

// cspell:ignore fehlt
/** What people write for a value that is not there, and programs for one that cannot be. */
const MARK =
  /^(?:[-–—.:*_x/\\]{1,8}|#.*[!?]|#{2,}|'|\p{Sc} ?[-–—]|-nan|0000-00-00(?: [0:]+)?|9999-12-31(?:[ T].*)?|<lod|<?bdl|\\N|n\.?\/?[ad]\.?|\(?(?:none|null|blank|empty)\)?|nil|no ?data|no ?value|k\. ?a\.?|s\/d|missing|unknown|void|tbd|tba|leer|fehlt|无|缺失|[+-]?1\.#\w+)$/iu

/**
 * Problems of columns of numbers: words that are repeated or are marks of missing values, and days or months that a
 * spreadsheet may have made of numbers.
 */
export function marksAdvice(columns: Column[], s: Settings): Problem[] {
  const bad = columns.filter((c) => c.kind !== 'date').flatMap((c) => c.bad)
  const days = [...new Set(bad.flatMap((b) => b.cells.filter(isDay)))]
  const [day] = days
  const spoilt = day
    ? [
        fault(
          `${JSON.stringify(day)} looks like a date that a spreadsheet made of a number or a range (Oct-19 of 10-19, 01.05.2024 of 1.5): write what stood there`,
          `${JSON.stringify(day)} 像是电子表格把数字或区间改成的日期（如 10-19 变为 Oct-19，1.5 变为 01.05.2024）：请恢复原来的内容`
        )
      ]
    : []
  return s.badRows === 'error' ? [...spoilt, ...missingMarks(columns, days)] : []
}
function missingMarks(columns: Column[], days: readonly string[]): Problem[] {
  const marks = columns
    .flatMap((c) => c.bad)
    .flatMap((b) =>
      b.cells.filter(
        (cell) =>
          MARK.test(cell) ||
          (b.cells.length === 1 &&
            b.count > 1 &&
            !looksLikeNumber(cell) &&
            !numeralOf(normal(cell)) &&
            !days.includes(cell))
      )
    )
  const cells = [...new Set(marks)].filter((c) => c.length < 20 && !/[,;]/.test(c)).slice(0, 8)
  if (!cells.length) return []
  const shown = cells.map((c) => JSON.stringify(c)).join(', ')
  return [
    fault(
      `if ${shown} marks a missing value, add it to the missing marks`,
      `若 ${shown} 表示缺失，请加入缺失标记`,
      at('marks')
    )
  ]
}
