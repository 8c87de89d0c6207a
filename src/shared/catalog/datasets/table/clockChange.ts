import { remark, type Remark } from '../parts/remark'
import { at } from './faults'

const HOUR = 3600
/** A step longer than most by more than this factor is a gap. */
const USUAL = 1.5
/** Months, from 0, in which clocks are put back or forward somewhere; in March, April, September and October both. */
const MONTHS: readonly number[] = [2, 3, 8, 9, 10]

/** Whether clocks may change at that time: early on a Sunday. @param seconds since 1970 by the clock on the wall */
export function mayChange(seconds: number): boolean {
  const date = new Date(seconds * 1000)
  return date.getUTCDay() === 0 && date.getUTCHours() < 4 && MONTHS.includes(date.getUTCMonth())
}
/** Times of a column by the clock on the wall, which is put back and forward. */
interface Clocked {
  /** Name of the column. */
  name: string
  /** Seconds since 1970 at time 0. */
  zero: number
  lineOf: (place: number) => number
}
/**
 * Recognises an hour that comes twice or is skipped in a night when clocks are changed. The lines must be in order
 * apart from that hour. Changes `times`, and the order of series that go backwards.
 * @param series places by series, in the order of the file
 */
export function clockChanges(
  times: Float64Array,
  series: readonly number[][],
  { name, zero, lineOf }: Clocked
): Remark[] {
  for (const own of series) {
    const falls = own.filter((k, i) => i > 0 && times[k]! < times[own[i - 1]!]!).length
    if (falls * 2 > own.length) own.reverse()
  }
  const steps = series
    .flatMap((own) => own.slice(1).map((k, i) => times[k]! - times[own[i]!]!))
    .filter((s) => s > 0)
    .sort((a, b) => a - b)
  const usual = steps[steps.length >> 1] ?? Infinity
  if (usual > HOUR) return []
  const back: number[] = []
  const forward: number[] = []
  for (const own of series) {
    let added = 0
    const moved = own.map((k, i) => {
      const [now, before] = [times[k]!, i ? times[own[i - 1]!]! : -Infinity]
      const step = now - before
      const night = mayChange(zero + now)
      if (step <= 0 && step > -HOUR && step + HOUR <= USUAL * usual && night) {
        added += HOUR
        back.push(lineOf(k))
      } else if (step > HOUR && Math.abs(step - HOUR - usual) <= 0.12 * usual && night && mayChange(zero + before)) {
        added -= HOUR
        forward.push(lineOf(k))
      }
      return now + added
    })
    // Clocks do not explain lines that are out of order at other times.
    if (moved.some((t, i) => i > 0 && t <= moved[i - 1]!)) return []
    own.forEach((k, i) => (times[k] = moved[i]!))
  }
  const told = (lines: number[], en: string, zh: string): [string, string][] =>
    lines.length
      ? [
          [
            `${en} in line ${lines[0]}${lines.length > 1 ? ` and ${lines.length - 1} more` : ''}`,
            `${zh}第 ${lines[0]} 行`
          ]
        ]
      : []
  const where = [
    ...told(back, 'an hour comes twice', '一小时重复：'),
    ...told(forward, 'an hour is skipped', '一小时跳过：')
  ]
  if (!where.length) return []
  return [
    remark(
      'clocksChanged',
      `the times in "${name}" are of a clock that is put back and forward: ${where.map((w) => w[0]).join('; ')}; the lines stay in the order of the file, and nothing counts as a gap there`,
      `“${name}”的时间来自会调整夏令时的时钟：${where.map((w) => w[1]).join('；')}；各行保持文件中的顺序，此处不视为间断`,
      { path: at('time'), column: name, line: back[0] ?? forward[0]!, count: back.length + forward.length }
    )
  ]
}
