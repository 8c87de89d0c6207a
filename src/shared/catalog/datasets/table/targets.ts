import type { Problem } from '../../../base/problems'
import { rounded } from '../../../base/rounded'
import type { DataInfo } from '../types'
import type { Column } from './column'
import { at, fault, refuse } from './faults'
import type { Meant } from './inspect'
import type { Table } from './table'

/** How far the sum of rounded shares may be from 1. */
const ROUNDING = 0.01

/** The problem of a target that holds words where numbers are needed. @param several it is one of several */
export const notNumbers = (target: Column, several: boolean): Problem => {
  const word = JSON.stringify(target.examples[0])
  return several
    ? fault(
        `the target "${target.name}" holds words (such as ${word}): several targets are numbers; choose one column`,
        `目标“${target.name}”是文字（如 ${word}）：多个目标须为数字，请选择一列`,
        at('target')
      )
    : fault(
        `the target "${target.name}" holds words (such as ${word}): regression needs numbers; choose classification`,
        `目标“${target.name}”是文字（如 ${word}）：回归需要数字，请选择分类`,
        at('task')
      )
}

/**
 * What several columns of numbers are as a target: numbers of a regression, or the shares of classes.
 * @throws InputError where a row of shares has a negative one, or does not sum to 1
 */
export function severalTargets(
  table: Table,
  rows: readonly number[],
  task: Meant,
  targets: readonly Column[]
): Pick<DataInfo, 'task' | 'targetShape' | 'classes' | 'targetNames'> {
  const names = targets.map((c) => c.name)
  if (task === 'regression') return { task, targetShape: [names.length], targetNames: names }
  for (const i of rows) {
    const shares = sharesOf(table.rows[i]!, targets)
    const sum = shares.reduce((a, b) => a + b, 0)
    if (shares.every((p) => p >= 0) && Math.abs(sum - 1) <= ROUNDING) continue
    const shown = `${shares.join(' + ')} = ${rounded(sum, 6)}`
    refuse(
      fault(
        `line ${table.lines[i]}: the targets of a classification are shares that sum to 1, these are ${shown}: choose the task regression, or one column`,
        `第 ${table.lines[i]} 行：分类的多个目标是总和为 1 的占比，此处为 ${shown}：请选择回归，或只选一列`,
        at('task')
      )
    )
  }
  return { task: 'multiclass', targetShape: [names.length], classes: names }
}
/** The numbers of several targets in a row. */
const sharesOf = (row: readonly string[], targets: readonly Column[]): number[] =>
  targets.map((c) => c.read(row[c.index]!) as number)

/** The targets of a row as they are trained on: shares that were rounded sum to 1 again, as cross-entropy has it. */
export function targetsIn(row: readonly string[], targets: readonly Column[], task: DataInfo['task']): number[] {
  const values = sharesOf(row, targets)
  const sum = task === 'regression' ? 1 : values.reduce((a, b) => a + b, 0)
  return values.map((v) => v / sum)
}
