// cspell:ignore Quartal
// cspell:disable
const QUARTER_SIGN = String.raw`Q|quarter|qtr\.?|quartal|trimestre|T`
const QUARTER = String.raw`(?:(?:${QUARTER_SIGN}) ?([1-4])|([1-4])(?:st|nd|rd|th|er|ème|e|º|°|\.)? ?(?:${QUARTER_SIGN}|kwartał|kwartaal|квартал|кв\.?)|第? ?([1-4一二三四]) ?季度?)`
const HALF = String.raw`(?:(?:H|HY|Halbjahr) ?([12])|([12])(?:\.|st|nd)? ?(?:H|half|Halbjahr|HY)|(上|下)半年)`
const BETWEEN = String.raw`(?:年 ?|[-_/.'’ ]| ?(?:de|del|of|von|d['’]) ?)?`
// cspell:enable
const ALONE = new RegExp(`^${QUARTER}$`, 'iu')
const FORMS = [
  { of: QUARTER, months: 3 },
  { of: HALF, months: 6 }
].map(({ of, months }) => ({
  months,
  yearFirst: new RegExp(`^(\\d{4})${BETWEEN}${of}$`, 'iu'),
  yearLast: new RegExp(`^${of},?${BETWEEN} ?(\\d{4})(?: г\\.?)?$`, 'iu')
}))
/** With a year of two digits, only notations that mean nothing else count: Q3 23, 3Q23. */
const SHORT = /^(?:Q([1-4])[-/.'’ ]{1,2}|([1-4])Q[-/.'’ ]{0,2})(\d{2})$/i

/** Of a year of accounts: FY24Q1, Q1 FY2024. */
const FISCAL = /^(?:FY[- ]?['’]?(\d{4}|\d{2})[- ]?Q([1-4])|Q([1-4])[- ]?FY[- ]?['’]?(\d{4}|\d{2}))$/i

/** Of a statistical office: 2024-S1. */
const SEMESTER = /^((?:19|20)\d{2})[- ]?S([12])$/i

const numberOf = (groups: readonly (string | undefined)[]): number => {
  const shown = groups.find((g) => g !== undefined) ?? ''
  const named = '一二三四'.indexOf(shown) + 1 || '上下'.indexOf(shown) + 1
  return shown && named ? named : Number(shown)
}
/** 1 to 4 for a quarter without its year: Q3, 3. Quartal, 第三季度; undefined if this is none. */
export function quarterNamed(cell: string): number | undefined {
  const m = ALONE.exec(cell)
  return m ? numberOf(m.slice(1)) : undefined
}
/** Year and first month of a quarter or half of a year: 2024Q1, 1Q24, 1. Quartal 2024, H2 2024; undefined of others. */
export function quarterOf(cell: string): { year: string; month: number } | undefined {
  // Words pass through here, too, and most have no year.
  if (!/\d\d/.test(cell)) return undefined
  for (const { months, yearFirst, yearLast } of FORMS) {
    const first = yearFirst.exec(cell)
    const last = first ? undefined : yearLast.exec(cell)
    const [year, part] = first ? [first[1]!, first.slice(2)] : [last?.at(-1), last?.slice(1, -1)]
    if (year && part) return { year, month: months * (numberOf(part) - 1) + 1 }
  }
  const fiscal = FISCAL.exec(cell)
  if (fiscal) return { year: (fiscal[1] ?? fiscal[4])!, month: 3 * numberOf([fiscal[2] ?? fiscal[3]]) - 2 }
  const semester = SEMESTER.exec(cell)
  if (semester) return { year: semester[1]!, month: 6 * Number(semester[2]) - 5 }
  const short = SHORT.exec(cell)
  return short ? { year: short[3]!, month: 3 * numberOf(short.slice(1, 3)) - 2 } : undefined
}
