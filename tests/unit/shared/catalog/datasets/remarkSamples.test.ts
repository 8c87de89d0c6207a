import { strToU8 } from 'fflate'
import { shallowRef } from 'vue'
import { REMARK_CODES } from '@shared/catalog/datasets/parts/remark'
import { parseExperiment } from '@shared/experiment'
import { makeData } from '@/stores/project/data'
import { describe, expect, it } from 'vitest'
import { remarkSample } from '../../../../fixtures/remarks'

describe('every remark is in the window', () => {
  it.each(REMARK_CODES)('%s', (code) => {
    const { experiment, files } = remarkSample(code)
    const told = makeData(shallowRef(files)).describeData(parseExperiment(experiment))
    expect(told.problems).toEqual([])
    expect(told.remarks.map((r) => r.code)).toContain(code)
  })
  it('what was guessed of data that is refused, too', () => {
    const files = { 'table.csv': strToU8('a;t\n1,5;2\n2,5;x\n3,5;4\n4,5;7\n') }
    const told = makeData(shallowRef(files)).describeData(
      parseExperiment({ data: { dataset: { id: 'csv', file: 'table.csv', task: 'regression' } } })
    )
    expect(told.problems.map((p) => p.path)).toContain('data.dataset.badRows')
    expect(told.remarks.map((r) => r.code)).toEqual(['separator', 'decimal'])
  })
})
