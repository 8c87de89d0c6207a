import { describe, expect, it } from 'vitest'
import { criticGain, criticRows } from '../../src/cli/goldCritic'
import { checkRow, goldRows, measureGain, theoryRows } from '../../src/cli/goldTable'
import { loadTf } from './tf'

const tf = loadTf()

describe('gold table A: variance gain per layer, 512 wide, 30 deep', () => {
  it.each(goldRows.map((r) => [r.name, r] as const))('%s', (_name, row) => {
    const { measured, predicted } = checkRow(tf, row)
    expect(Math.abs(measured / row.expected - 1), `measured ${measured}, expected ${row.expected}`).toBeLessThanOrEqual(row.tolerance)
    expect(measured).toBeLessThanOrEqual(row.atMost ?? Infinity)
    // The theory module speaks of this very net.
    expect(Math.abs(measured / predicted! - 1), `measured ${measured}, predicted ${predicted}`).toBeLessThanOrEqual(row.tolerance)
  })
})

describe('a deep critic on the Swiss roll (Gulrajani 2017, fig. 1b)', () => {
  it.each(criticRows.map((r) => [r.name, r] as const))('%s', async (_name, row) => {
    const gain = await criticGain(row.limit)
    expect(gain).toBeGreaterThan(row.from)
    expect(gain).toBeLessThan(row.to)
  })
})

describe('theory by quadrature, every activation × initializer × norm', () => {
  it.each(theoryRows().map((r) => [r.name, r] as const))('%s', (_name, row) => {
    const { measured, predicted } = measureGain(tf, row.block, row.batch, { depth: 9 })
    expect(Math.abs(measured / predicted! - 1), `measured ${measured}, predicted ${predicted}`).toBeLessThanOrEqual(row.tolerance)
  })
})
