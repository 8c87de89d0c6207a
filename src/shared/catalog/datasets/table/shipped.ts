import type { Text } from '../../../base/text'
import { tableText, type TableName } from '../parts/tables'
import type { DataInfo, Dataset } from '../types'

/**
 * A small table that ships with the app: header, numbers, target in the last column.
 *
 * @param featureNames what its header says, for those who describe the table without loading it
 */
export function shippedTable(
  id: TableName,
  name: Text,
  doc: Text,
  featureNames: readonly string[],
  count: number,
  classes?: string[]
): Dataset {
  const width = featureNames.length
  const outputs = classes && classes.length > 2 ? classes.length : 1
  const info = (): DataInfo => ({
    inputShape: [width],
    targetShape: [outputs],
    count,
    featureNames: [...featureNames],
    task: !classes ? 'regression' : outputs === 1 ? 'binary' : 'multiclass',
    ...(classes && { classes: [...classes] })
  })
  return {
    id,
    name,
    doc,
    fields: {},
    standardize: true,
    python: 'values',
    describe: info,
    load() {
      const [header, ...lines] = tableText(id).trim().split(/\r?\n/)
      if (header!.split(',').slice(0, -1).join() !== featureNames.join()) throw new Error(`${id} has other columns`)
      if (lines.length !== count) throw new Error(`${id} has ${lines.length} rows instead of ${count}`)
      const x = new Float32Array(count * width)
      const y = new Float32Array(count * outputs)
      lines.forEach((line, i) => {
        const cells = line.split(',')
        for (let d = 0; d < width; d++) x[i * width + d] = Number(cells[d])
        const last = cells[width]!
        if (!classes) y[i] = Number(last)
        else if (outputs === 1) y[i] = classes.indexOf(last)
        else y[i * outputs + classes.indexOf(last)] = 1
      })
      return { ...info(), x, y }
    }
  }
}
