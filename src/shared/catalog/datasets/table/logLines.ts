// cspell:ignore IWEF
import { counted } from '../../../base/text'
import { remark, type Remark } from '../parts/remark'
import { DELIMITERS } from './separators'

const LEVEL = '(?:TRACE|DEBUG|INFO|NOTICE|WARN(?:ING)?|ERROR|CRITICAL|FATAL|SEVERE)'
const TIME = String.raw`\[?(?:\d{4}[-/]\d\d[-/]\d\d[T ])?\d\d:\d\d:\d\d(?:[.,:]\d+)?(?:Z|[+-]\d\d:?\d\d)?\]?`
/** A line that begins with a time. */
const TIMED = new RegExp(`^${TIME}`)
/** How programs write lines of their logs. */
const LOG = new RegExp(
  [
    String.raw`^${TIME}[ ,:|\t-].*\b${LEVEL}\b`,
    String.raw`^${TIME}: [IWEF] \S+:\d+\]`,
    String.raw`^\[?${LEVEL}\]?(?: ?[:|-]|\]) ?\S`,
    String.raw`^\[${LEVEL}\]`,
    String.raw`^[IWEF]\d{4} \d\d:\d\d:\d\d\.\d+ `,
    String.raw`^\S+\.py:\d+: \w*Warning: `,
    String.raw`^\s+warnings\.warn\(`,
    String.raw`^.*\d+%\|.*\| \d+/\d+ \[.*\]$`
  ].join('|')
)
const ANY = new RegExp(`\\b${LEVEL}\\b|Warning: |^[IWEF]\\d{4} |: [IWEF] |%\\|`, 'm')
/** The end of what an instrument says above its table: [Data], ***End_of_Header***, >>>Begin Spectral Data<<<. */
const HEAD_ENDS =
  /^["\s]*(?:\[data\]|\*{2,} ?(?:end[ _]of[ _]header|data|begin data) ?\*{2,}|[>=#*-]*\s*(?:begin (?:\w+ )?data|end of header|begin of data|start of data)\s*[<=#*:-]*)["\s,;]*$/i
const DATA_ENDS = /^[\s>=#*-]*end (?:of )?(?:\w+ )?data[\s<=#*-]*$/i
/** Lines above which the end of such a head is looked for. */
const HEAD = 200

/** A text without what programs and instruments wrote around its rows: emptied lines keep their numbers. */
export interface Quiet {
  text: string
  emptied: number
  remarks: Remark[]
}
/** How often each separator stands in most lines that are not blank. */
function commonest(lines: readonly string[]): { sign: string; times: number } {
  const signs = [DELIMITERS.tab, DELIMITERS.semicolon, DELIMITERS.pipe, DELIMITERS.comma]
  for (const sign of signs) {
    const counts = new Map<number, number>()
    for (const l of lines) {
      const n = l.split(sign).length - 1
      counts.set(n, (counts.get(n) ?? 0) + 1)
    }
    const [times, how] = [...counts].reduce((a, b) => (b[1] > a[1] ? b : a), [0, 0] as [number, number])
    if (times && how * 2 > lines.length) return { sign, times }
  }
  return { sign: '', times: 0 }
}
/** Empties lines that a program wrote into its log, where the others make a table. */
export function withoutLog(text: string): Quiet {
  const none: Quiet = { text, emptied: 0, remarks: [] }
  if (!ANY.test(text)) return none
  const lines = text.split('\n')
  let open = false
  const found: number[] = []
  const others: string[] = []
  lines.forEach((line, i) => {
    // What stands in quotes belongs to a cell.
    const even = line.split('"').length % 2 === 1
    if (!open && even && LOG.test(line)) found.push(i)
    else if (line.trim()) others.push(line)
    if (!even) open = !open
  })
  if (!found.length || others.length < 2) return none
  const { sign, times } = commonest(others)
  // A longer log is one above or below a table, all of whose lines are cut alike.
  const apart = found.at(-1)! - found[0]! === found.length - 1 && times > 0
  if (found.length > others.length && !(apart && others.every((l) => l.split(sign).length - 1 === times))) return none
  const timed = others.some((l) => TIMED.test(l))
  const width = (l: string): number => (sign ? l.split(sign).length - 1 : l.trim().split(/\s+/).length)
  const usual = sign ? times : width(others.at(-1)!)
  const out = found.filter((i) => width(lines[i]!) !== usual || (!timed && TIMED.test(lines[i]!)))
  if (!out.length) return none
  const at = out[0]! + 1
  const shown = JSON.stringify(lines[out[0]!]!.trim().slice(0, 40))
  for (const i of out) lines[i] = ''
  return {
    text: lines.join('\n'),
    emptied: out.length,
    remarks: [
      remark(
        'comments',
        `${counted(out.length, 'line of the log of a program was', 'lines of the log of a program were')} skipped, such as line ${at}: ${shown}`,
        `跳过了 ${out.length} 行程序日志，如第 ${at} 行：${shown}`,
        { line: at, count: out.length }
      )
    ]
  }
}
/** Empties what an instrument wrote above its table, where a line says that it ends there. */
export function withoutHead(text: string): Quiet {
  const lines = text.split('\n')
  const end = lines.slice(0, HEAD).reduce((last, l, i) => (HEAD_ENDS.test(l) ? i : last), -1)
  if (end < 1 || lines.slice(end + 1).filter((l) => l.trim()).length < 3) return { text, emptied: 0, remarks: [] }
  const first = lines.findIndex((l) => l.trim())
  const shown = JSON.stringify(lines[first]!.trim().slice(0, 40))
  let emptied = 0
  lines.forEach((line, i) => {
    if (!line.trim() || (i > end && !DATA_ENDS.test(line))) return
    lines[i] = ''
    emptied++
  })
  return {
    text: lines.join('\n'),
    emptied,
    remarks: [
      remark(
        'titleLines',
        `${counted(emptied, 'line around the table was', 'lines around the table were')} skipped as what an instrument says of it, such as line ${first + 1}: ${shown}`,
        `跳过了表格周围的 ${emptied} 行仪器说明，如第 ${first + 1} 行：${shown}`,
        { line: first + 1, count: emptied }
      )
    ]
  }
}
