import { clone } from '../../../base/clone'
import { putClass } from '../toy/common'
import type { Data, DataInfo } from '../types'
import { cellsOf } from './cells'
import { label } from './choose'
import { targetsIn } from './targets'
import type { Understood } from './understand'

/**
 * The examples. Numbers stay as they are, categories become one-hot; a missing input is its column's mean, or the
 * shares of its categories.
 */
export function encode({ table, info, inputs, target, more, rows }: Understood): Data {
  const width = info.featureNames!.length
  const x = new Float32Array(rows.length * width)
  const y = new Float32Array(rows.length * info.targetShape[0]!)
  let offset = 0
  for (const c of inputs) {
    const size = c.values?.length ?? 1
    const place = new Map(c.values?.map((v, k) => [v, k]))
    const gaps: number[] = []
    const mean = new Float64Array(size)
    let seen = 0
    if (c.numbers && !c.values && !c.missing) {
      for (let i = 0; i < rows.length; i++) x[i * width + offset] = c.numbers[rows[i]!]!
      offset++
      continue
    }
    const cells = cellsOf(table, c.index)
    rows.forEach((r, i) => {
      const cell = cells[r]!
      if (table.isMissing(cell)) return void gaps.push(i)
      seen++
      const k = c.values ? place.get(cell)! : 0
      const v = c.values ? 1 : (c.read(cell) as number)
      x[i * width + offset + k] = v
      for (let j = 0; j < size; j++) mean[j]! += ((j === k ? v : 0) - mean[j]!) / seen
    })
    for (const i of gaps) x.set(mean, i * width + offset)
    offset += size
  }
  if (more.length) {
    const targets = [target, ...more]
    rows.forEach((r, i) => y.set(targetsIn(table.rows[r]!, targets, info.task), i * targets.length))
    return { ...copyInfo(info), x, y }
  }
  if (info.task === 'regression' && target.numbers && !target.missing) {
    rows.forEach((r, i) => (y[i] = target.numbers![r]!))
    return { ...copyInfo(info), x, y }
  }
  const classes = new Map(target.values?.map((v, k) => [v, k]))
  const cells = cellsOf(table, target.index)
  rows.forEach((r, i) => {
    const cell = cells[r]!
    // Of a sequence not every line has a target.
    if (table.isMissing(cell)) return
    if (info.task === 'regression') y[i] = target.read(cell) as number
    else {
      const k = classes.get(label(cell, target))
      if (k !== undefined) putClass(y, i, k, info)
    }
  })
  return { ...copyInfo(info), x, y }
}
/** A deep copy, which callers may change: the remembered original stays as it is. */
export const copyInfo = (info: DataInfo): DataInfo => clone(info)
