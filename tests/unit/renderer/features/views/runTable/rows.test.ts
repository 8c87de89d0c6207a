import { describe, expect, it } from 'vitest'
import { filterRows, sortRows, type Row } from '@/features/views/runTable/rows'

const row = (name: string, rest: Partial<Row> = {}): Row => ({
  run: { id: name } as Row['run'],
  name,
  experiment: 'Deep',
  state: 'finished',
  verdict: '',
  loss: undefined,
  validation: undefined,
  step: 0,
  seconds: undefined,
  created: '2026-01-01T00:00:00.000Z',
  ...rest
})
const names = (rows: readonly Row[]): string[] => rows.map((r) => r.name)

describe('the order of the runs', () => {
  const rows = [
    row('run 10', { loss: 2 }),
    row('run 9', { loss: NaN }),
    row('run 2', { loss: 0.5 }),
    row('run 1', { loss: Infinity }),
    row('run 3')
  ]
  it('reads numbers in names as numbers', () => {
    expect(names(sortRows(rows, 'name', false))).toEqual(['run 1', 'run 2', 'run 3', 'run 9', 'run 10'])
  })
  it('puts figures that are missing or no numbers last in either direction, and infinity with the large', () => {
    expect(names(sortRows(rows, 'loss', false))).toEqual(['run 2', 'run 10', 'run 1', 'run 9', 'run 3'])
    expect(names(sortRows(rows, 'loss', true))).toEqual(['run 1', 'run 10', 'run 2', 'run 9', 'run 3'])
  })
  it('keeps equal ones as they stand, and leaves the list itself alone', () => {
    const before = names(rows)
    expect(names(sortRows(rows, 'step', true))).toEqual(before)
    expect(names(rows)).toEqual(before)
  })
})

describe('the filter', () => {
  const rows = [row('Alpha', { state: 'failed' }), row('Beta', { experiment: 'Alpha net' }), row('Gamma')]
  it('wants every word, in any of the words a row shows', () => {
    expect(names(filterRows(rows, 'alpha'))).toEqual(['Alpha', 'Beta'])
    expect(names(filterRows(rows, ' FAILED  alpha '))).toEqual(['Alpha'])
    expect(names(filterRows(rows, 'alpha nothing'))).toEqual([])
    expect(filterRows(rows, '  ')).toEqual(rows)
  })
})
