import type { Problem } from '../../../base/problems'
import type { Settings } from './choose'
import type { Column } from './column'
import { at, fault } from './faults'

// cspell:ignore fehlt
/** What people write for a value that is not there, and programs for one that cannot be. */
const MARK =
  /^(?:[-–—.:*_x/\\]{1,8}|#.*[!?]|#{2,}|'|\p{Sc} ?[-–—]|-nan|0000-00-00(?: [0:]+)?|9999-12-31(?:[ T].*)?|<lod|<?bdl|\\N|n\.?\/?[ad]\.?|\(?(?:none|null|blank|empty)\)?|nil|no ?data|no ?value|k\. ?a\.?|s\/d|missing|unknown|void|tbd|tba|leer|fehlt|无|缺失|[+-]?1\.#\w+)$/iu

/** The problem of words in columns of numbers that come again and again, or are nothing but marks. */
export function marksAdvice(columns: Column[], s: Settings): Problem[] {
  const marks = columns
    .flatMap((c) => c.bad)
    .flatMap((b) => b.cells.filter((cell) => (b.cells.length === 1 && b.count > 1) || MARK.test(cell)))
  const cells = [...new Set(marks)].filter((c) => c.length < 20 && !/[,;]/.test(c)).slice(0, 8)
  if (!cells.length || s.badRows !== 'error') return []
  const shown = cells.map((c) => JSON.stringify(c)).join(', ')
  return [
    fault(
      `if ${shown} marks a missing value, add it to the missing marks`,
      `若 ${shown} 表示缺失，请加入缺失标记`,
      at('marks')
    )
  ]
}
