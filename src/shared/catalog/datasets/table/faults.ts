import { didYouMean } from '../../../base/nearest'
import { InputError, type Problem } from '../../../base/problems'
import type { Text } from '../../../base/text'
import type { Column } from './column'

/** Largest number of problems of one kind that are listed individually. */
const LISTED = 20
const FILE_PATH = 'data.dataset.file'

/** What makes a table unusable. @param path of the field that it is about */
export const fault = (en: string, zh: string, path = FILE_PATH): Problem => ({ path, message: { en, zh } })
/** The first LISTED of a list of problems, and a last one that says how many more there are. */
export function listed(problems: Problem[], total = problems.length): Problem[] {
  const first = problems.slice(0, LISTED)
  const more = total - first.length
  return more > 0
    ? [
        ...first,
        fault(`… and ${more.toLocaleString('en')} more like these`, `……另有 ${more.toLocaleString('en')} 处类似问题`)
      ]
    : first
}
/** Path of one of the data set's fields, for problems. */
export const at = (field: string): string => `data.dataset.${field}`
/** The first of these names, and how many there are. */
export const few = (names: string[]): string =>
  names.slice(0, 30).join(', ') + (names.length > 30 ? ` … (${names.length})` : '')
/** The problem of a column that a field names and the table lacks. */
export function noColumn(name: string, names: string[], field: string): Problem {
  // Every name of one letter is near every other.
  const near = name.length > 2 ? names : names.filter((n) => n.toLowerCase() === name.toLowerCase())
  const meant = didYouMean(name, near)
  return fault(
    `there is no column "${name}"${meant.en ? `${meant.en} There` : '; there'} are: ${few(names)}`,
    `没有列“${name}”${meant.zh || '；'}现有：${few(names)}`,
    at(field)
  )
}
/** The problem of ids and times of which a spreadsheet kept the first digits only. */
export const digitsLost = (name: string, cell: string, field: string): Problem =>
  fault(
    `column "${name}": of ${cell} a spreadsheet has kept the first digits only, so that different ones may be the same now: save the table anew from where it comes, with the column as text or with all digits`,
    `列“${name}”：${cell} 只保留了前几位数字（由电子表格造成），不同的值可能已变为相同：请从来源重新保存，将该列设为文本或写出全部数字`,
    at(field)
  )
/** The problem that says what to do about empty cells. */
export const missingAdvice = (): Problem =>
  fault(
    'fill these cells in, or choose to leave such rows out, or to take the mean of the column',
    '请补全这些单元格，或选择忽略这些行，或以该列均值填补',
    at('missing')
  )
/** The columns that a field names: one, or several with commas between them; none where it is empty. */
export function namesIn(text: string, names: readonly string[]): string[] {
  if (!names.includes(text) && names.includes(text.trim())) return [text.trim()]
  const several = text.split(/ *[,，+] */)
  return names.includes(text) || !several.every((n) => names.includes(n)) ? [text].filter(Boolean) : several
}
/** Never returns. @throws InputError with these problems */
export const refuse = (...problems: Problem[]): never => {
  throw new InputError(problems)
}
/** The problem of a target that has one value only. @param only that value */
export const oneClass = (target: Column, only: string | undefined): Problem =>
  fault(
    `the target "${target.name}" is ${JSON.stringify(only)} everywhere: there is nothing to tell apart`,
    `目标“${target.name}”处处为 ${JSON.stringify(only)}：没有可区分的类别`,
    at('target')
  )

/** Names further lines with the same fault. @param lines the first of them @param count of all */
export function alsoIn(lines: readonly number[], count: number): Text {
  if (!count) return { en: '', zh: '' }
  const all = lines.join(', ') + (count > lines.length ? ' …' : '')
  return {
    en: `; likewise in ${count.toLocaleString('en')} more ${count === 1 ? 'line' : 'lines'}: ${all}`,
    zh: `；另有 ${count.toLocaleString('en')} 行相同：${all}`
  }
}

/** These lines in words, the first few of them. */
export function linesOf(lines: readonly number[]): Text {
  const shown = lines.slice(0, 8).join(', ') + (lines.length > 8 ? ' …' : '')
  return { en: `line${lines.length > 1 ? 's' : ''} ${shown}`, zh: `第 ${shown} 行` }
}

/** The problem of cells that are missing in these lines of a column. @param mark what stands in the first of them */
export const gapsIn = (
  column: string,
  lines: readonly number[],
  path?: string,
  mark = ''
): { line: number; problem: Problem } => {
  const shown = mark && JSON.stringify(mark)
  const more = alsoIn(lines.slice(1, 10), lines.length - 1)
  return {
    line: lines[0]!,
    problem: fault(
      `line ${lines[0]}, column "${column}": the value is missing${shown && ` (${shown} counts as none)`}${more.en}`,
      `第 ${lines[0]} 行，列“${column}”：缺少值${shown && `（${shown} 视为缺失）`}${more.zh}`,
      path
    )
  }
}
/** The first of several problems of one kind, which says how many there are. @param en what they are of */
export const withMore = (first: Problem, count: number, en: string, zh: string): Problem =>
  count < 2
    ? first
    : {
        ...first,
        message: {
          en: `${first.message.en}; likewise in ${(count - 1).toLocaleString('en')} more ${en}`,
          zh: `${first.message.zh}；另有 ${(count - 1).toLocaleString('en')} ${zh}相同`
        }
      }
