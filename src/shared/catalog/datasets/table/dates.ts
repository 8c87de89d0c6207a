import { monthElsewhere } from './monthNames'
import { quarterOf } from './quarters'

/** Which part of 03/04/24 comes first. A year that is not first comes last. */
export type DayOrder = 'dayFirst' | 'monthFirst' | 'yearFirst'

/** A point in time: seconds since 1970 (UTC), and the digits of the fraction of a second behind them. */
export interface Moment {
  seconds: number
  fraction: string
  /** A zone stands beside the time. */
  zoned?: boolean
}
/** A date as written: year, month and day, or two numbers whose order the column must tell. */
interface Written {
  year: number
  /** Month and day; of `doubtful` ones the first and the second number. */
  first: number
  second: number
  doubtful: boolean
  /** What separates the numbers of doubtful ones; points put the day first. */
  separator?: string
  /** The last of three short numbers, the first of which may be the year. */
  last?: number
  seconds: number
  fraction: string
  /** There is a time of day. */
  timed: boolean
  /** Zone of the time, as written. */
  zone?: string
}

/** What stands before the time of day. */
type Head = Omit<Written, 'seconds' | 'fraction' | 'timed' | 'zone'>

// cspell:disable
const MONTHS = [
  'jan januar january jänner janvier enero ene gennaio gen janeiro januari styczeń stycznia января январь янв',
  'feb februar february février févr fév febrero febbraio fevereiro fev februari luty lutego февраля февраль фев',
  'mar mär mrz märz march mars marzo março maart mrt marzec marca марта март мар',
  'apr april avril avr abril abr aprile kwiecień kwietnia апреля апрель апр',
  'may mai mayo maggio mag maio mei maj maja мая май',
  'jun juni june juin junio giugno giu junho czerwiec czerwca июня июнь июн',
  'jul juli july juillet juil julio luglio lug julho lipiec lipca июля июль июл',
  'aug august août aout agosto ago augustus augusti sierpień sierpnia августа август авг',
  'sep sept september septembre septiembre settembre setembro wrzesień września сентября сентябрь сен сент',
  'oct okt oktober october octobre octubre ottobre ott outubro październik października октября октябрь окт',
  'nov november novembre noviembre novembro listopad listopada ноября ноябрь ноя нояб',
  'dec dez dezember december décembre déc diciembre dic dicembre dezembro grudzień grudnia декабря декабрь дек'
].map((names) => names.split(' '))
// cspell:enable
const MONTH_OF = new Map(MONTHS.flatMap((names, i) => names.map((n) => [n, i + 1] as const)))
/** 1 to 12 for the name of a month; undefined for other words. */
export function monthNamed(word: string): number | undefined {
  const name = word.toLowerCase().replace(/\.$/, '')
  return MONTH_OF.get(name) ?? monthElsewhere(name)
}
const WORD = String.raw`([\p{L}\p{M}]{2,12})\.?`

const WEEKDAY =
  /^(?:mon|tue|wed|thu|fri|sat|sun|mo|di|mi|do|fr|sa|so|lun|mar|mer|jeu|ven|sam|dim)[a-zé]*\.?,? +(?=\d|[a-z]{3})/i
const TAIL =
  /(?:[T ,:]+ *(\d{1,2}):(\d{2})(?::(\d{2})(?:[.,](\d{1,9}))?)?(?: ?([ap])\.?m\.?(?!\p{L}))?)? *(Z|[A-Z]{3,4}|[A-Z]\w+(?:\/[A-Z][\w+-]*)+|(?:(?:GMT|UTC)[+-]\d{1,2}|[+-]\d{2})(?::?\d{2})?)?(?: \([\p{L} ]+\))?$/iu
// cspell:disable
/** Hours that zones are ahead of UTC. */
const ZONES: Readonly<Record<string, number>> = {
  ...{ Z: 0, UTC: 0, GMT: 0, WET: 0, WEST: 1, CET: 1, MEZ: 1, CEST: 2, MESZ: 2, EET: 2, EEST: 3, MSK: 3 },
  ...{ JST: 9, KST: 9, AEST: 10, AEDT: 11, EST: -5, EDT: -4, CDT: -5, MST: -7, MDT: -6, PST: -8, PDT: -7 },
  ...{ PKT: 5, WIB: 7, SGT: 8, HKT: 8, AWST: 8, NZST: 12, NZDT: 13 }
}
/**
 * Names that stand for several zones each, as those of regions do over the year. Where all times have the same name, it
 * does not matter which zone it is.
 */
export const isSeveralZones = (zone: string): boolean => /^(?:CST|IST|BST|AST|.+\/.+)$/i.test(zone)
// cspell:enable
const HEADS: { at: RegExp; read: (m: RegExpExecArray) => Head | undefined }[] = [
  { at: /^(\d{4})([-/.])(\d{1,2})\2(\d{1,2})(?!\d)/, read: (m) => fixed(+m[1]!, +m[3]!, +m[4]!) },
  { at: /^(\d{4})(\d{2})(\d{2})(?=T| \d{1,2}:)/, read: (m) => fixed(+m[1]!, +m[2]!, +m[3]!) },
  {
    at: /^(\d{4}) ?[年년] ?(\d{1,2}) ?[月월](?: ?(\d{1,2}) ?[日号일])?/,
    read: (m) => fixed(+m[1]!, +m[2]!, +(m[3] ?? 1))
  },
  {
    at: /^(\d{1,2})([-/.])(\d{1,2})\2(\d{4}|\d{1,2})(?!\d)/,
    read: ([, first = '', separator = '', second, last = '']) =>
      first.length + last.length < 3 || (last.length === 1 && separator === '.')
        ? undefined
        : {
            year: last.length > 1 ? fullYear(last) : NaN,
            first: +first,
            second: +second!,
            doubtful: true,
            separator,
            ...(first.length === 2 && last.length < 3 && { last: +last })
          }
  },
  { at: /^(\d{4})[-/.](\d{1,2})(?![\d:])/, read: (m) => fixed(+m[1]!, +m[2]!, 1) },
  { at: /^(\d{1,2})[/.-](\d{4})(?!\d)/, read: (m) => fixed(+m[2]!, +m[1]!, 1) },
  {
    at: new RegExp(
      String.raw`^(\d{1,2})(?:st|nd|rd|th|er|º|°)?[-. /]*(?:de )?${WORD}[-, /]*(?:del? )?(\d{4}|\d{2})(?!\d)(?: г\.?)?`,
      'u'
    ),
    read: (m) => fixed(fullYear(m[3]!), monthNamed(m[2]!), +m[1]!)
  },
  {
    at: new RegExp(String.raw`^${WORD} (\d{1,2})(?:st|nd|rd|th)?,? (\d{4})(?!\d)`, 'u'),
    read: (m) => fixed(+m[3]!, monthNamed(m[1]!), +m[2]!)
  },
  {
    at: new RegExp(String.raw`^(\d{4})[-. /]{1,2}${WORD}[- /](\d{1,2})(?!\d)\.?`, 'u'),
    read: (m) => fixed(+m[1]!, monthNamed(m[2]!), +m[3]!)
  },
  {
    at: new RegExp(String.raw`^${WORD}[- /.']*(\d{4}|\d{2})(?!\d)`, 'u'),
    read: (m) => fixed(fullYear(m[2]!), monthNamed(m[1]!), 1)
  },
  {
    at: /^.*$/,
    read: ([cell]) => {
      const found = quarterOf(cell)
      return found && fixed(fullYear(found.year), found.month, 1)
    }
  },
  { at: /^(\d{4})[- ]?M(0?[1-9]|1[0-2])(?!\d)/, read: (m) => fixed(+m[1]!, +m[2]!, 1) },
  { at: /^(\d{4})[-/ ]?(?:W|KW|wk|week) ?(\d{1,2})$/i, read: (m) => week(+m[1]!, +m[2]!, 1) },
  {
    at: /^(?:W|KW|wk|week)\.? ?(\d{1,2})(?:(?:[-/., ]|, )(\d{4})|[-/'’](\d{2}))$/i,
    read: (m) => week(fullYear(m[2] ?? m[3]!), +m[1]!, 1)
  },
  { at: /^(\d{4})-?W(\d{2})(?:-?([1-7]))?/, read: (m) => week(+m[1]!, +m[2]!, +(m[3] ?? 1)) }
]
const fullYear = (digits: string | number): number =>
  +digits > 99 || String(digits).length > 2 ? +digits : +digits + (+digits < 70 ? 2000 : 1900)
const fixed = (year: number, month: number | undefined, day: number): Head | undefined =>
  month === undefined || year < 1000 || year > 2999 ? undefined : { year, first: month, second: day, doubtful: false }
/** The Monday of ISO week 1 is that of the week with 4 January. */
function week(year: number, number: number, day: number): Head | undefined {
  const fourth = new Date(Date.UTC(year, 0, 4))
  const at = new Date(Date.UTC(year, 0, 4 - ((fourth.getUTCDay() + 6) % 7) + 7 * (number - 1) + day - 1))
  return number < 1 || number > 53 ? undefined : fixed(at.getUTCFullYear(), at.getUTCMonth() + 1, at.getUTCDate())
}

/** `Jan 31 10:00:00 CET 2024`, as `date`, C and Java write it: the year goes before the time. */
const YEAR_LAST = /^(\p{L}{3,9} +\d{1,2}) +(\d{1,2}:\d{2}:\d{2})((?: +(?:[A-Z]{1,4}|[+-]\d{4}))?) +(\d{4})$/u

/** `T103000`, as ISO 8601 allows it where the date has no hyphens either. */
const JOINED_TIME = /^(\d{4}-?\d{2}-?\d{2}T\d{2})(\d{2})(\d{2})?(?![\d:])/
/** The parts of a written date; undefined for other cells. @param cell normalised by `normal` */
export function writtenDate(cell: string): Written | undefined {
  if (cell.length < 4 || cell.length > 48) return undefined
  const text = halfNamed(cell)
    .replace(/^\[(.*)\]$/, '$1')
    .replace(/ +/g, ' ')
    .replace(JOINED_TIME, (_, hour: string, minute: string, second = '00') => `${hour}:${minute}:${second}`)
  // Mar and Dic are months, and days of the week.
  return dateIn(text) ?? (WEEKDAY.test(text) ? dateIn(text.replace(WEEKDAY, '')) : undefined)
}
/** The time of Oracle: `05-JAN-24 10.00.00.000000 AM`. */
const POINTED_TIME = /^(\d{1,2}-[A-Z]{3}-\d{2,4} \d{1,2})\.(\d{2})\.(\d{2})(?=\.|\s|$)/i
function dateIn(cell: string): Written | undefined {
  // The name of a region adds nothing to the offset before it.
  const text = cell
    .replace(YEAR_LAST, '$1 $4 $2$3')
    .replace(POINTED_TIME, '$1:$2:$3')
    .replace(/(?<=:\d{2}(?:\.\d+)?(?:Z|[+-]\d{2}:?\d{2}))\[[\w/+-]+\]$/, '')
  for (const { at, read } of HEADS) {
    const head = at.exec(text)
    const date = head && read(head)
    const tail = date && TAIL.exec(text.slice(head[0].length))
    if (!tail || tail.index !== 0) continue
    const hour = hourOf(tail[1], tail[5])
    if (hour === undefined || +(tail[2] ?? 0) > 59 || +(tail[3] ?? 0) > 60) continue
    const east = secondsEast(tail[6] ?? 'Z')
    if (east === undefined) continue
    const seconds = hour * 3600 + +(tail[2] ?? 0) * 60 + +(tail[3] ?? 0) - east
    return {
      ...date,
      seconds,
      fraction: tail[4] ?? '',
      timed: tail[1] !== undefined,
      ...(tail[6] && { zone: tail[6] })
    }
  }
  return undefined
}
/** Seconds by which a zone (+02:00, CET) is ahead of UTC; undefined for an unknown one. */
function secondsEast(zone: string): number | undefined {
  const hours = ZONES[zone.toUpperCase()]
  const offset = /([+-])(\d{1,2}):?(\d{2})?$/.exec(zone)
  if (offset) return (offset[1] === '-' ? -1 : 1) * (+offset[2]! * 3600 + +(offset[3] ?? 0) * 60)
  return hours === undefined ? (isSeveralZones(zone) ? 0 : undefined) : hours * 3600
}
/** Hours since midnight; undefined for what no clock shows. */
function hourOf(digits: string | undefined, half: string | undefined): number | undefined {
  const hour = +(digits ?? 0)
  if (half) return hour < 1 || hour > 12 ? undefined : (hour % 12) + (half.toLowerCase() === 'p' ? 12 : 0)
  return hour > 24 ? undefined : hour
}
/** The point in time of a written date; undefined if there is no such day. */
export function momentOf(w: Written, order: DayOrder): Moment | undefined {
  const [year, month, day] = !w.doubtful
    ? [w.year, w.first, w.second]
    : order === 'yearFirst'
      ? [fullYear(w.first), w.second, w.last ?? NaN]
      : order === 'dayFirst'
        ? [w.year, w.second, w.first]
        : [w.year, w.first, w.second]
  const midnight = Date.UTC(year, month - 1, day)
  const back = new Date(midnight)
  if (back.getUTCMonth() !== month - 1 || back.getUTCDate() !== day) return undefined
  return { seconds: midnight / 1000 + w.seconds, fraction: w.fraction, ...(w.zone && { zoned: true }) }
}

const CLOCK = /^(\d{1,2})[:：h](\d{2})(?::(\d{2})(?:[.,](\d{1,9}))?)?(?: ?([ap])\.?m\.?| ?Uhr)?$/i
// cspell:ignore klockan kello
/** `8.30 Uhr` and `kl. 8.30`: the words say that the point stands before minutes. */
const WITH_POINT = /^(?:(?:kl\.?|klo|klockan|kello) ?(\d{1,2})[.:](\d{2})|(\d{1,2})\.(\d{2})(?:\.(\d{2}))? ?Uhr)$/i
/** `15 Uhr 30`, as it is said. */
const SPOKEN = /^(\d{1,2}) Uhr(?: (\d{2}))?$/
const HOUR = /^(\d{1,2}) ?([ap])\.?m\.?$/i
/** Seconds since midnight of a time of day (`08:30`, `8:30:01.5`, `8:30 pm`); undefined if this is none. */
export function clockOf(cell: string): number | undefined {
  const text = halfNamed(cell)
    .replace(WITH_POINT, (_, ...parts: (string | undefined)[]) => parts.slice(0, 5).filter(Boolean).join(':'))
    .replace(SPOKEN, (_, hour: string, minute = '00') => `${hour}:${minute}`)
  const m = CLOCK.exec(text)
  if (!m) {
    const short = HOUR.exec(text)
    const hour = short && hourOf(short[1], short[2]!)
    return hour === undefined || hour === null ? undefined : hour * 3600
  }
  const hour = hourOf(m[1], m[5])
  if (hour === undefined || +m[2]! > 59 || +(m[3] ?? 0) > 60) return undefined
  return hour * 3600 + +m[2]! * 60 + +(m[3] ?? 0) + +`0.${m[4] ?? 0}`
}
// The half of the day in Chinese, Japanese and Korean, and hours with their sign.
const HALF = /(上午|凌晨|早上|清晨|午前|오전|下午|中午|晚上|傍晚|午後|오후) ?(\d{1,2}(?::\d{2}){0,2})(?![\d:])/
const AM = /上午|凌晨|早上|清晨|午前|오전/
const HOURS = /(\d{1,2})[点點]钟?(半|(\d{1,2})分?)?/
/** The year before the first year of each era of Japan and Taiwan. */
const ERAS: Readonly<Record<string, number>> = {
  令和: 2018,
  平成: 1988,
  昭和: 1925,
  大正: 1911,
  民國: 1911,
  民国: 1911
}
const ERA = new RegExp(`^(${Object.keys(ERAS).join('|')}) ?(\\d{1,3}|元) ?年`)
/** 令和6年 as 2024年, 下午3:15, 8点半 and the like as 3:15 pm and 8:30; other cells as they are. */
const halfNamed = (cell: string): string =>
  /^[\u0000-\u007f]*$/.test(cell)
    ? cell
    : cell
        .replace(ERA, (_, era: string, year: string) => `${ERAS[era]! + (+year || 1)}年`)
        .replace(HOURS, (_, hour: string, half?: string, minute?: string) =>
          half === '半' ? `${hour}:30` : `${hour}:${(minute ?? '').padStart(2, '0')}`
        )
        .replace(HALF, (_, half: string, time: string) =>
          parseInt(time, 10) > 12 ? time : `${time} ${AM.test(half) ? 'am' : 'pm'}`
        )
/** Seconds since midnight of `0830` or `083001`, which are numbers where nothing else says that they are times. */
export function joinedClockOf(cell: string): number | undefined {
  const m = /^([01]\d|2[0-3])([0-5]\d)([0-5]\d)?$/.exec(cell)
  return m ? +m[1]! * 3600 + +m[2]! * 60 + +(m[3] ?? 0) : undefined
}
/** The same of `10.30.00`, which may be a date as well. */
export function pointedSecondsOf(cell: string): number | undefined {
  const m = /^(\d{1,2})\.(\d{2})\.(\d{2})$/.exec(cell)
  return m && +m[1]! < 24 && +m[2]! < 60 && +m[3]! < 60 ? +m[1]! * 3600 + +m[2]! * 60 + +m[3]! : undefined
}
const POINTED = /^(\d{1,2})\.(\d{2})$/
/**
 * Whether cells that `pointedClockOf` reads are times beyond doubt: no number is written 08.30.
 * @param name of the column
 */
export const arePointedClocks = (cells: readonly string[], name: string): boolean =>
  /uhr|clock|时刻/i.test(name) || cells.some((c) => /^0\d\./.test(c))
/** The same of `10.30`, which is a number unless more than its looks says that it is a time. */
export function pointedClockOf(cell: string): number | undefined {
  const m = POINTED.exec(cell)
  return m && +m[1]! < 24 && +m[2]! < 60 ? +m[1]! * 3600 + +m[2]! * 60 : undefined
}
