import { describe, expect, it } from 'vitest'
import { criticGain, criticRows } from '../../src/cli/goldCritic'
import { initializers } from '@shared/catalog/initializers'
import { lookup } from '@shared/experiment/lookup'
import { defaultsOf } from '@shared/base/params'
import { anchors } from '../../src/cli/goldAnchors'
import { isFixed, kindRows, theoryRows } from '../../src/cli/goldRows'
import { checkRow, goldRows, measureGain, measureRow } from '../../src/cli/goldTable'
import { loadTf } from './tf'

const tf = loadTf()

describe('gold table A: variance gain per layer, 512 wide, 30 deep', () => {
  it.each(goldRows.map((r) => [r.name, r] as const))('%s', (_name, row) => {
    const { measured, predicted } = checkRow(tf, row)
    expect(Math.abs(measured / row.expected - 1), `measured ${measured}, expected ${row.expected}`).toBeLessThanOrEqual(
      row.tolerance
    )
    expect(measured).toBeLessThanOrEqual(row.atMost ?? Infinity)
    // The theory module speaks of this very net.
    expect(Math.abs(measured / predicted! - 1), `measured ${measured}, predicted ${predicted}`).toBeLessThanOrEqual(
      row.tolerance
    )
  })
})

describe('a deep critic on the Swiss roll (Gulrajani 2017, fig. 1b)', () => {
  it.each(criticRows.map((r) => [r.name, r] as const))('%s', async (_name, row) => {
    const gain = await criticGain(row.held)
    expect(gain).toBeGreaterThan(row.from)
    expect(gain).toBeLessThan(row.to)
  })
})

describe('recurrent nets, data sets and Glorot 2010', () => {
  it('expect of a linear RNN what the table says: over T = 100 factors', () =>
    expect(
      anchors.filter((a) => a.name.startsWith('linear RNN')).map((a) => Number(a.expected.toPrecision(2)))
    ).toEqual([2.7e-5, 1, 1.4e4]))
  it.each(anchors.map((a) => [a.name, a] as const))('%s', async (_name, a) => {
    const measured = await a.measure()
    expect(Math.abs(measured / a.expected - 1), `measured ${measured}, expected ${a.expected}`).toBeLessThanOrEqual(
      a.tolerance
    )
  })
})

describe('theory of the other kinds of layer', () => {
  it.each(kindRows().map((r) => [r.name, r] as const))('%s', (_name, row) => {
    const { measured, predicted } = measureRow(tf, row, 2)
    expect(Math.abs(measured / predicted! - 1), `measured ${measured}, predicted ${predicted}`).toBeLessThanOrEqual(
      row.tolerance
    )
  })
})

describe('theory by quadrature, every activation × initializer × norm', () => {
  // Narrower than the gold table, for time: the deviation of a finite width is that much larger.
  const [WIDTH, TOLERANCE] = [192, 0.12]
  it.each(theoryRows(WIDTH, TOLERANCE).map((r) => [r.name, r] as const))('%s', (_name, row) => {
    const { measured, predicted } = measureGain(tf, row.block, row.batch, {
      depth: 7,
      width: WIDTH,
      ...(row.deep && { deep: true })
    })
    expect(Math.abs(measured / predicted! - 1), `measured ${measured}, predicted ${predicted}`).toBeLessThanOrEqual(
      row.tolerance
    )
  })
  it('has no word for weights that are not random, and for these alone', () => {
    for (const i of initializers.all) {
      const init = { id: i.id, ...defaultsOf(i.fields, lookup) }
      const { predicted } = measureGain(
        tf,
        [{ id: 'dense', kind: 'dense', params: { units: 16, activation: { id: 'tanh' }, initializer: init } }],
        8,
        { depth: 3, width: 16 }
      )
      // Nothing gets through zeros: 0, or 0 over 0.
      expect(predicted === undefined || !(predicted > 0), i.id).toBe(isFixed(i))
    }
  })
})
