import type { Params } from '../../../base/params'
import { remark, type Remark } from '../parts/remark'
import { at } from './faults'
import type { Table } from './read'

const SERIES =
  /^(.*[_ ])?(id|series|sequence|seq|subject|patient|unit|group|trajectory)$|^(编号|序列|受试者|患者|样本)$/i
const TIME =
  /^(t|time|times?tamp|step|time[_ ]?step|date|date[_ ]?time|day|hour|month|year|frame)$|^(时间|日期|时刻|步|步数|时间步)$/i

/** The columns that say which sequence and which time a line belongs to: as chosen, else guessed by their names. */
export function sequenceColumns(names: readonly string[], p: Params): { series?: string; time?: string } {
  const free = names.filter((n) => n !== p.target)
  const series = (p.series as string) || (p.lines === 'steps' ? free.find((n) => SERIES.test(n)) : undefined)
  const time = (p.time as string) || free.find((n) => n !== series && TIME.test(n))
  return { ...(series && { series }), ...(time && { time }) }
}

/** Which value is the target of a sequence: one of the whole sequence, the one in its last line, or a later one. */
export const aimOf = (p: Params): 'constant' | 'last' | 'ahead' =>
  p.aim === 'auto' ? (p.lines === 'windows' ? 'ahead' : 'constant') : (p.aim as 'constant' | 'last' | 'ahead')

/** A remark when lines are read as separate examples but look like steps of sequences. */
export function looksLikeSteps(table: Table, p: Params): Remark[] {
  const { series, time } = sequenceColumns(table.names, { lines: 'steps', target: p.target })
  if (!series || !time) return []
  const i = table.names.indexOf(series)
  if (new Set(table.rows.map((r) => r[i]!)).size * 2 > table.rows.length) return []
  return [
    remark(
      'looksLikeSteps',
      `"${series}" and "${time}" look as if each line was a step of a sequence: if so, choose "A step, by id"`,
      `从“${series}”和“${time}”看，每行似乎是序列中的一步：若是，请选择“一步（按 id）”`,
      { path: at('lines') }
    )
  ]
}
