import { cellsOf } from './cells'
import { clockOf, pointedClockOf, writtenDate } from './dates'
import { durationOf } from './durations'
import { GROUP, isDoubtful, normal, notesIn, numeralOf, PLAIN, signsOf, type Decimal } from './numerals'
import { isPair, seasonOf, spanOf } from './spans'
import { timeSpanOf } from './spans'
import { isUnit } from './units'
import { unwrapped } from './wrapped'

/** Cells after which a column without anything like a number counts as words. */
const HOPELESS = 2000
// cspell:disable
const TRUE =
  'true yes y t ja j oui si sí sim on wahr vrai vero verdadero verdadeiro tak ano áno evet kyllä igen waar sant да ναι はい 예 네 نعم हाँ 是 真 有 对 ✓ ✔ ✅ ☑ .t.'.split(
    ' '
  )
const FALSE =
  'false no n f nein non não nao off falsch faux falso nie ne hayır ei nem nee onwaar falskt нет όχι いいえ 아니오 아니요 لا नहीं 否 假 无 错 ✗ ✘ ❌ ☐ .f.'.split(
    ' '
  )
// cspell:enable
/** Words for yes (1) and no (0), in small letters. */
export const BOOLEAN = new Map([...TRUE.map((w) => [w, 1] as const), ...FALSE.map((w) => [w, 0] as const)])
const HEX = /^[+-]?0(?:[xX][\da-fA-F]+|[bB][01]+|[oO][0-7]+)$/
/** The number that a hexadecimal, binary or octal cell stands for. */
export const hexOf = (cell: string): number | undefined =>
  HEX.test(cell) ? (cell[0] === '-' ? -1 : 1) * Number(cell.replace(/^[+-]/, '')) : undefined
const FRACTION = /^([+-])?(?:(\d+)(?: +|-))?(\d+(?:\.\d+)?) ?\/ ?([1-9]\d*)$/
/** The number that a fraction (1/2, 1 1/2, 4.5/5) stands for. */
export function fractionOf(cell: string): number | undefined {
  const m = FRACTION.exec(cell)
  return m ? (m[1] === '-' ? -1 : 1) * (Number(m[2] ?? 0) + Number(m[3]) / Number(m[4])) : undefined
}
const HAS_DIGIT = /[\p{Nd}¼½¾⅐-⅞①-⑳⓪]|^[-负負]?[百千]分之/u
/** A date in digits only: a month (202401), a day, and with a time of day to the minute or the second. */
export const COMPACT =
  /^(?:19|20)\d{2}(?:0[1-9]|1[0-2])(?:(?:0[1-9]|[12]\d|3[01])(?:(?:[01]\d|2[0-3])[0-5]\d(?:[0-5]\d)?)?)?$/
// cspell:ignore heure fecha
/** Names of columns whose digits may be days: 31012024, and 31.01 without a year. */
export const DAY_NAME = /date|datum|fecha|日期/i
/** Names of columns that hold times of day. */
export const CLOCK_NAME = /time|zeit|uhr|clock|heure|hora|时间|时刻/i

/** What the cells of a column look like, counted. */
export interface Counts {
  present: number
  /** Numbers as programs write them; with a point, and with one that may stand for thousands. */
  plain: number
  dotted: number
  /** Plain numbers that are 0, which is the same in every unit. */
  zeros: number
  doubtful: number
  /** Whole numbers of four digits and more without separators. */
  long: boolean
  compact: number
  /** How many dates in digits are months. */
  months: boolean
  pointedClocks: number
  /** Other numbers, and what their separators may mean. */
  numerals: number
  as: Record<Decimal, number>
  unclear: number
  unclearSigns: Set<Decimal>
  rounded: boolean
  hasComma: boolean
  grouped: Record<Decimal, boolean>
  accounting: boolean
  open: boolean
  /** A minus stands behind a number. */
  minusBehind: boolean
  /** Cells with an arrow up and down, and one that points up. */
  up: number
  down: number
  arrow?: string
  /** Cells with a note behind the number, and those among them whose note is in words. */
  noted: number
  labelled: number
  sizes: Set<string>
  units: Map<string, number>
  hex: number
  dates: number
  clocks: number
  durations: number
  fractions: number
  /** What they are of; the first few. */
  denominators: Set<number>
  ranges: number
  bounds: number
  /** Cells that go from one date or time of day to another. */
  timeSpans: number
  /** Pairs of numbers that are no ranges, such as results of games. */
  pairs: number
  /** Cells that may be seasons (2010/11), and the years in which these begin. */
  seasons: number
  seasonStarts: Set<number>
  /** Of these, cells with four digits of the year, or a word that says so. */
  longSeasons: number
  booleans: Set<number>
  booleanCells: number
}
/** Counts what the cells of a column look like. @param cells those that are not missing */
export function countCells(cells: readonly string[]): Counts {
  const n: Counts = {
    present: cells.length,
    plain: 0,
    dotted: 0,
    zeros: 0,
    doubtful: 0,
    long: false,
    compact: 0,
    months: false,
    pointedClocks: 0,
    numerals: 0,
    as: { '.': 0, ',': 0 },
    unclear: 0,
    unclearSigns: new Set(),
    rounded: false,
    hasComma: false,
    grouped: { '.': false, ',': false },
    accounting: false,
    open: false,
    minusBehind: false,
    up: 0,
    down: 0,
    noted: 0,
    labelled: 0,
    sizes: new Set(),
    units: new Map(),
    hex: 0,
    dates: 0,
    clocks: 0,
    durations: 0,
    fractions: 0,
    denominators: new Set(),
    ranges: 0,
    bounds: 0,
    timeSpans: 0,
    pairs: 0,
    seasons: 0,
    seasonStarts: new Set(),
    longSeasons: 0,
    booleans: new Set(),
    booleanCells: 0
  }
  let seen = 0
  for (const cell of cells) {
    seen++
    if (PLAIN.test(cell)) {
      if (cell.includes('.')) {
        if (n.pointedClocks === n.plain && pointedClockOf(cell) !== undefined) n.pointedClocks++
        if (n.doubtful === n.dotted && isDoubtful(cell.replace(/^[+-]/, ''))) {
          n.doubtful++
          n.rounded ||= cell.endsWith('0')
        }
        n.dotted++
      } else if (cell.length > 3) {
        n.long = true
        if (n.compact === n.plain && cell.length > 5 && COMPACT.test(cell)) {
          n.compact++
          n.months ||= cell.length === 6
        }
      }
      n.plain++
      if (Number(cell) === 0) n.zeros++
      continue
    }
    const spans = n.ranges + n.bounds + n.timeSpans
    const found = n.plain + n.numerals + n.hex + n.dates + n.clocks + n.durations + n.fractions + spans
    if (seen > HOPELESS && !found) continue
    if (HAS_DIGIT.test(cell)) {
      const before = n.numerals
      countDressed(normal(cell), n)
      const notes = notesIn(unwrapped(cell))
      if (notes.any && n.numerals > before) n.noted++
      if (notes.words) n.labelled++
    } else {
      const truth = BOOLEAN.get(unwrapped(cell).toLowerCase())
      if (truth === undefined) continue
      n.booleans.add(truth)
      n.booleanCells++
    }
  }
  return n
}
function countDressed(text: string, n: Counts): void {
  const numeral = numeralOf(text)
  const signs = numeral && signsOf(numeral)
  // 31 Jan 2024 might be 31 of some unit.
  const known = !numeral?.unit || isUnit(numeral.unit)
  // 3 to 5 might be 3 of one, too.
  if (
    numeral &&
    (signs!['.'] || signs![',']) &&
    (known || (!writtenDate(text) && !spanOf(text) && !isPair(text) && !timeSpanOf(text)))
  ) {
    const { body } = numeral
    n.numerals++
    for (const sign of ['.', ','] as const) {
      if (!signs![sign]) continue
      n.as[sign]++
      n.grouped[sign] ||= GROUP.test(body.split(sign)[0]!)
    }
    if (signs!['.'] && signs![','] && !numeral.exponent && isDoubtful(body)) {
      n.unclear++
      n.unclearSigns.add(body.includes('.') ? '.' : ',')
      n.rounded ||= body.endsWith('0')
    }
    n.hasComma ||= body.includes(',')
    n.accounting ||= numeral.accounting
    n.open ||= numeral.open
    n.minusBehind ||= numeral.accounting && text.endsWith('-')
    if (numeral.arrow) {
      n[numeral.negative ? 'down' : 'up']++
      if (!numeral.negative) n.arrow ??= numeral.arrow
    }
    n.sizes.add(numeral.magnitudeSign)
    n.units.set(numeral.unit, (n.units.get(numeral.unit) ?? 0) + 1)
  } else if (hexOf(text) !== undefined) n.hex++
  else if (writtenDate(text)) n.dates++
  else if (fractionOf(text) !== undefined) {
    n.fractions++
    n.denominators.add(Number(/\d+$/.exec(text)![0]))
  } else {
    const span = spanOf(text)
    if (timeSpanOf(text)) n.timeSpans++
    else if (span) n[span.kind === 'range' ? 'ranges' : 'bounds']++
    else if (isPair(text)) n.pairs++
  }
  const season = seasonOf(text, true)
  if (season !== undefined) {
    n.seasons++
    if (/\d{4}|^(?:FY|AY|SY|Season|Saison)/i.test(text)) n.longSeasons++
    n.seasonStarts.add(season)
  }
  if (clockOf(text) !== undefined) n.clocks++
  if (durationOf(text) !== undefined) n.durations++
}

/** Whether these may be denominators: all the same (4/5), or a few usual ones. 120/80 is a blood pressure. */
export const areShares = (denominators: ReadonlySet<number>): boolean =>
  denominators.size < 2 || [...denominators].every((d) => d <= 16 || [20, 25, 32, 50, 64, 100, 128, 1000].includes(d))
/** Whether all cells are single numbers, with units that are known or none. */
export const onlyUnits = (n: Counts): boolean =>
  n.numerals === n.present && [...n.units.keys()].every((u) => !u || isUnit(u))

// cspell:ignore NSEWO saison
const HEMISPHERE = /^° ?[NSEWO]$/
/** Whether the units are hemispheres: with a degree sign, or both of an axis. N alone may be a newton. */
export function onGlobe(units: ReadonlyMap<string, number>): boolean {
  const all = [...units.keys()]
  const halves = all.map((u) => u.replace(/^° ?/, '')).sort()
  return (
    all.length > 0 &&
    (all.every((u) => HEMISPHERE.test(u)) || ['N,S', 'E,W', 'O,W'].includes([...new Set(halves)].join()))
  )
}

/** The decimal sign that these cells show beyond doubt. @param name of the column */
export function signShown(
  rows: string[][],
  index: number,
  name: string,
  isMissing: (c: string) => boolean
): Decimal | undefined {
  const cells = cellsOf({ rows }, index).filter((c) => !isMissing(c))
  // The point of 31.01 stands between a day and its month.
  if (DAY_NAME.test(name) && cells.every((c) => /^\d{1,2}\.\d{2}$/.test(c))) return undefined
  const n = countCells(cells)
  if (n.plain && n.pointedClocks === n.plain && CLOCK_NAME.test(name)) return undefined
  const { points, commas } = ballot(n)
  return points === commas ? undefined : points > commas ? '.' : ','
}
/** Cells that are numbers with each decimal sign. */
export function ballot(n: Counts): { points: number; commas: number; doubtful: number } {
  const doubtful = n.doubtful === n.dotted ? n.doubtful : 0
  return {
    points: n.plain + n.as['.'],
    commas: n.plain - n.dotted + doubtful + n.as[','],
    doubtful: doubtful + n.unclear
  }
}
/** Whether a single cell looks like a number, a date or a time in any notation. */
export function looksLikeNumber(cell: string): boolean {
  if (PLAIN.test(cell)) return true
  if (!HAS_DIGIT.test(cell)) return false
  const text = normal(cell)
  const numeral = numeralOf(text)
  if (numeral && (!numeral.unit || isUnit(numeral.unit))) {
    const signs = signsOf(numeral)
    return signs['.'] || signs[',']
  }
  return (
    [hexOf, fractionOf, clockOf, durationOf, spanOf, timeSpanOf].some((of) => of(text) !== undefined) ||
    !!writtenDate(text)
  )
}
