import { describe, expect, it } from 'vitest'
import { sectionsOf } from '@/pages/cure/rows'
import { toldFigure } from '@shared/cure/words'
import type { Outcome } from '@shared/cure/types'

const outcome = (id: string, more: Partial<Outcome>): Outcome => ({
  id,
  remedies: [],
  off: [],
  changes: [],
  advised: false,
  group: 'none',
  seeds: [],
  mean: NaN,
  interval: [NaN, NaN],
  repaired: { share: 0, interval: [0, 1] },
  stepCost: 1,
  identical: false,
  ...more
})

describe('the table of candidates', () => {
  it('numbers those that rank, and none that was not trained on all seeds', () => {
    const sections = sectionsOf([
      outcome('waits', { stage: 'waiting' }),
      outcome('cures', { group: 'cures' }),
      outcome('early', { group: 'dropped', dropped: 'hopeless' }),
      outcome('cost', { dropped: 'cost' }),
      outcome('nothing', { group: 'none' })
    ])
    expect(sections.map(({ section, rows }) => [section, rows.map((r) => [r.outcome.id, r.number])])).toEqual([
      ['cures', [['cures', 1]]],
      ['none', [['nothing', 2]]],
      ['costs', [['cost', undefined]]],
      ['waiting', [['waits', undefined]]],
      ['dropped', [['early', undefined]]]
    ])
  })
})

it('a figure below zero has the same sign in a sentence as in a table', () => {
  expect(toldFigure({ metric: 'r2', better: 'higher' }, -0.2794)).toBe('−0.279')
  expect(toldFigure({ metric: 'loss', better: 'lower' }, 1e-7)).toBe('1e-7')
})
