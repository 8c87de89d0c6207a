import type { RemarkCode } from '../parts/remark'
import { GRADES } from './codeNames'
import { ballot, type Counts } from './counts'
import { normal, numeralOf, PLAIN, signsOf, valueOf, type Decimal } from './numerals'
import { example, kept, type Evidence, type Reading, type Told, type Unread } from './columnReading'
import { isUnit } from './units'

/** The largest number that 32 bits hold. */
export const FLOAT32_MAX = 3.4028234663852886e38

const shown = (cell: string): string => JSON.stringify(cell.length > 40 ? `${cell.slice(0, 40)}…` : cell)
const unread = (why: string, en: string, zh: string): Unread => ({ why, message: { en, zh } })
/** Why a cell stands for no number. @param cell as written */
export const isNot = (cell: string, en: string, zh: string): Unread =>
  unread(`not a ${en}`, `${shown(cell)} is not a ${en}`, `${shown(cell)} 不是${zh}`)
/** The same of any number. */
export const notNumber = (cell: string): Unread =>
  RAISED.test(cell)
    ? unread(
        'a raised figure',
        `${shown(cell)} has a raised figure behind it: leave it out if it is a footnote, or write the number that the power makes`,
        `${shown(cell)} 后有上标数字：若为脚注请去掉，若为幂请写成其数值`
      )
    : isNot(cell, 'number', '数字')
/** A number with a raised figure behind it: a footnote, or a power. */
const RAISED = /\d ?[⁰¹²³⁴⁵⁶⁷⁸⁹]+$/
/** The number, unless 32-bit numbers don't reach it. */
export const inRange = (value: number, cell: string): number | Unread =>
  Math.abs(value) > FLOAT32_MAX
    ? unread('too large', `${shown(cell)} is too large for 32-bit numbers`, `${shown(cell)} 超出 32 位浮点数的范围`)
    : value
/** The number of a cell as programs write it. */
export const plainNumber = (cell: string): number | Unread =>
  PLAIN.test(cell) ? inRange(Number(cell), cell) : notNumber(cell)

// cspell:ignore rupee
/** Signs, codes and words of one currency. */
const CURRENCIES = new Map(
  ['€ eur euro', '£ gbp', '$ us$ usd dollar', '₹ inr rs rupee', '元 cny rmb'].flatMap((names) => {
    const [first, ...others] = names.split(' ') as [string, ...string[]]
    return others.map((name) => [name, first] as const)
  })
)
/** Spellings of one unit: KG and kg, hr and hrs, € and EUR; but not mW and MW. */
const spelling = (unit: string): string => CURRENCIES.get(lowered(unit)) ?? lowered(unit)
const lowered = (unit: string): string =>
  /^(?:st|nd|rd|th|er|re|e|[eè]me|ère)$/.test(unit)
    ? 'th'
    : isUnit(unit) && /^[mM]./.test(unit)
      ? unit.replace(/(..)s$/, '$1')
      : unit
          .toLowerCase()
          .replace(/\.$/, '')
          .replace(/(..)s$/, '$1')

/** Letters that statistical offices put behind a number, to say how sure it is: p, e, be. */
const isFlag = (unit: string): boolean => /^[a-z]{1,3}$/.test(unit) && (unit.length === 1 || !isUnit(unit))
/** Units whose 0 needs no unit: money, shares, and what is counted or weighed. Degrees need one. */
const ZERO = /^(?!°|c$|f$|k$|deg).+$/i
/** How a column of numbers is read in any notation: its unit and its decimal sign. */
export function numeralReading(n: Counts, e: Evidence, cells: () => Iterable<string>): Reading {
  const words: Reading = { kind: 'words', read: notNumber, numeric: false }
  // Units: one for all, or none.
  const kinds = new Map<string, number>()
  for (const [unit, count] of n.units) kinds.set(spelling(unit), (kinds.get(spelling(unit)) ?? 0) + count)
  const named = [...n.units.keys()].filter(Boolean)
  const ofUnits = [...kinds.keys()].filter(Boolean)
  // 0 money is 0 in any currency. 0 degrees depend on the unit.
  const hasZero = ofUnits.length === 1 && ZERO.test(ofUnits[0]!)
  const plain = n.plain - (hasZero ? n.zeros : 0)
  if (plain) kinds.set('', (kinds.get('') ?? 0) + plain)
  if (!n.plain && kinds.size > 1 && !named.every(isUnit)) return words
  const unit = [...kinds].reduce((a, b) => (b[1] > a[1] ? b : a), ['', 0] as [string, number])[0]
  const scaled = n.sizes.size + Number(n.plain > 0 && !n.sizes.has('')) > 1
  const { decimal, doubt } = decimalOf(n, e)

  const read: Reading['read'] = (cell) => {
    if (decimal === '.' && !unit && PLAIN.test(cell)) return inRange(Number(cell), cell)
    const m = numeralOf(normal(cell))
    if (!m) return notNumber(cell)
    if (spelling(m.unit) !== unit && hasZero && PLAIN.test(cell) && Number(cell) === 0) return 0
    if (spelling(m.unit) !== unit)
      return m.unit && !unit && isFlag(m.unit)
        ? unread(
            'a flag',
            `${shown(cell)} has ${JSON.stringify(m.unit)} behind it, other cells are numbers alone: if it is a flag (as p for provisional, e for estimated), leave it out, or write flags into a column of their own`,
            `${shown(cell)} 后有 ${JSON.stringify(m.unit)}，其他单元格只有数字：若为标记（如 p 表示初步值、e 表示估计值），请去掉，或另写入一列`
          )
        : m.unit
          ? unread(
              'another unit',
              `${shown(cell)} is in ${JSON.stringify(m.unit)}, other cells ${unit ? `in ${JSON.stringify(unit)}` : 'have no unit'}`,
              `${shown(cell)} 的单位是 ${JSON.stringify(m.unit)}，其他单元格${unit ? `的单位是 ${JSON.stringify(unit)}` : '没有单位'}`
            )
          : unread(
              'no unit',
              `${shown(cell)} has no unit, other cells are in ${JSON.stringify(unit)}`,
              `${shown(cell)} 没有单位，其他单元格的单位是 ${JSON.stringify(unit)}`
            )
    const value = valueOf(m, decimal)
    if (value !== undefined) return inRange(scaled ? value * m.magnitude : value, cell)
    if (!signsOf(m)[decimal === '.' ? ',' : '.']) return notNumber(cell)
    return decimal === '.'
      ? unread(
          'decimal comma',
          `${shown(cell)} is not a number with a decimal point, which the column has (1.5): it has a decimal comma`,
          `${shown(cell)} 使用小数逗号，而该列使用小数点（1.5）`
        )
      : unread(
          'decimal point',
          `${shown(cell)} is not a number with a decimal comma, which the column has (1,5): it has a decimal point`,
          `${shown(cell)} 使用小数点，而该列使用小数逗号（1,5）`
        )
  }
  const reading: Reading = {
    kind: 'number',
    read: n.numerals || decimal === ',' ? kept(read) : plainNumber,
    plain: decimal === '.' && n.plain === n.present,
    numeric: true
  }
  if (ofUnits.length > 1 && named.every(isUnit))
    reading.refusal = {
      path: 'data.dataset.features',
      message: {
        en: `column "${e.name}" has numbers in several units (${named.slice(0, 6).join(', ')}): write them in one, choose the inputs without it, or name it under “Read as categories”`,
        zh: `列“${e.name}”的数字有多种单位（${named.slice(0, 6).join('、')}）：请统一单位，在输入中去掉它，或将其列入“按类别读取”`
      }
    }
  // Japanese accounts have ▲ and △ for a minus.
  if (n.up && !n.down && n.up < n.present && /^[▲△▴🔺🔼]$/u.test(n.arrow!))
    reading.refusal = {
      path: 'data.dataset.features',
      message: {
        en: `column "${e.name}": ${n.arrow} before ${n.up} of ${n.present} numbers may be a rise, or a minus as accounts in Japan have it, and no other arrow tells: write + or − for it, choose the inputs without the column, or name it under “Read as categories”`,
        zh: `列“${e.name}”：${n.present} 个数中有 ${n.up} 个带 ${n.arrow}，可能表示上升，也可能是日本账目中的负号，没有其他箭头可供判断：请改写为 + 或 −，在输入中去掉该列，或将其列入“按类别读取”`
      }
    }
  if (n.minusBehind && (n.open || GRADES.test(e.name)))
    reading.refusal = {
      path: 'data.dataset.features',
      message: {
        en: `column "${e.name}": is 2- a grade a little below 2, as 2+ is one above, or minus two? Write grades as numbers (2.3) and a minus before its number, choose the inputs without the column, or name it under “Read as categories”`,
        zh: `列“${e.name}”：2- 是略低于 2 的等级（如 2+ 略高），还是负二？请将等级写成数字（2.3），负号写在数前，在输入中去掉该列，或将其列入“按类别读取”`
      }
    }
  const own = named.find((u) => spelling(u) === unit) ?? ''
  const told = tellNumerals(
    n,
    { unit: own, others: n.plain > 0 && !unit && named.length > 0, decimal, doubt, scaled, e },
    cells,
    reading.read
  )
  if (told) reading.told = told
  return reading
}

/** The decimal sign of a column, and whether the other one would fit as well. */
function decimalOf(n: Counts, e: Evidence): { decimal: Decimal; doubt: boolean } {
  const { points, commas, doubtful } = ballot(n)
  // The choice decides where both signs fit, and where neither does.
  if (e.decimal) {
    const other = e.decimal === '.' ? ',' : '.'
    const [chosen, rest] = e.decimal === '.' ? [points, commas] : [commas, points]
    return { decimal: rest === n.present && chosen < rest ? other : e.decimal, doubt: false }
  }
  if (points !== commas) return { decimal: points > commas ? '.' : ',', doubt: false }
  if (!doubtful) return { decimal: (points < n.present && e.fileDecimal) || '.', doubt: false }
  // 1.234 and 12.500 beside 999: whole numbers, for three decimals would be 999.000 or 12.5.
  const signs = new Set(n.unclearSigns)
  if (n.doubtful && n.doubtful === n.dotted) signs.add('.')
  const grouped = signs.size === 1 && n.present > doubtful && n.rounded && !n.long
  if (e.fileShows && e.fileDecimal) return { decimal: e.fileDecimal, doubt: grouped && signs.has(e.fileDecimal) }
  if (grouped) return { decimal: signs.has('.') ? ',' : '.', doubt: true }
  return { decimal: e.fileDecimal ?? (signs.has(',') && signs.size === 1 ? ',' : '.'), doubt: true }
}

interface Dress {
  unit: string
  /** Cells with a unit are no numbers where they stand among plain ones. */
  others: boolean
  decimal: Decimal
  doubt: boolean
  scaled: boolean
  e: Evidence
}
/** A remark on what was left out of or assumed about the numbers of a column; undefined if all are plain. */
function tellNumerals(
  n: Counts,
  { unit, others, decimal, doubt, scaled, e }: Dress,
  cells: () => Iterable<string>,
  read: Reading['read']
): Told | undefined {
  const how: [string, string][] = []
  let code: RemarkCode = 'numbersDressed'
  const comma = decimal === ',' && n.hasComma
  const thousands = n.grouped[decimal] || (decimal === ',' && n.doubtful > 0)
  if (unit === '%') how.push(['per cent signs left out', '去掉百分号'])
  else if (unit) how.push([`${JSON.stringify(unit)} left out`, `去掉 ${JSON.stringify(unit)}`])
  const [size] = [...n.sizes].filter(Boolean)
  if (scaled) how.push(['k, M and the like multiplied out', 'k、M 等已换算'])
  // The same everywhere is a unit: 300 K may be kelvin.
  else if (size) how.push([`${JSON.stringify(size)} left out`, `去掉 ${JSON.stringify(size)}`])
  if (thousands) how.push(['thousands separators left out', '去掉千位分隔符'])
  if (comma) {
    if (!how.length) code = 'decimal'
    how.push(['decimal comma', '小数逗号'])
  }
  if (n.accounting) how.push(['brackets or a sign behind it are a minus', '括号或尾随符号为负号'])
  if (n.up + n.down) how.push(['an arrow up is a plus, one down a minus', '向上箭头为正，向下箭头为负'])
  if (n.noted) how.push(['what stands behind it left out', '去掉其后的附注'])
  if (n.open) how.push(['the plus behind it left out', '去掉末尾的加号'])
  if (decimal === '.' && e.fileShows && e.fileDecimal === ',' && n.dotted > n.doubtful) {
    code = 'decimal'
    how.push(['decimal point, where other columns have a comma', '小数点，而其他列使用逗号'])
  }
  if (!how.length && n.numerals && !others) how.push(['digits and signs rewritten', '数字与符号已转换'])
  if (doubt) {
    code = 'decimal'
    const sign = decimal === ',' ? (comma ? 'comma' : 'point') : thousands ? 'comma' : 'point'
    how.push(
      thousands
        ? [`if the ${sign} is a decimal sign, choose it as such`, '若为小数点，请在“小数点”中选择']
        : [
            `if the ${sign} groups thousands, choose the decimal ${sign === 'comma' ? 'point' : 'comma'}`,
            '若为千位分隔符，请选择另一种小数点'
          ]
    )
  }
  if (!how.length) return undefined
  const dressed = (c: string): boolean => !PLAIN.test(c) || (n.plain === n.present && c.includes('.'))
  let count = n.numerals
  if (!count) for (const c of cells()) if (c.includes('.')) count++
  return {
    code,
    how: { en: how.map((h) => h[0]).join('; '), zh: how.map((h) => h[1]).join('；') },
    count,
    ...example(cells, read, dressed),
    path: `data.dataset.${code === 'decimal' ? 'decimal' : 'categorical'}`
  }
}
