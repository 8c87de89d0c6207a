import { describe, expect, it } from 'vitest'
import { combinations, gridOf, sweepOutcome } from '@shared/cure/sweep'
import type { Goal, Trial } from '@shared/cure/types'

const goal: Goal = { metric: 'accuracy', better: 'higher' }
const trial = (seed: number, value: number, more: Partial<Trial> = {}): Trial => ({
  seed,
  steps: 100,
  value,
  repaired: value > 0.8,
  state: 'finished',
  verdict: 'learned',
  span: 1,
  bad: [],
  fingerprint: String(value),
  stepMs: 2,
  run: `r${seed}`,
  ...more
})

describe('the grid of a sweep', () => {
  it('has every combination, the last list varying fastest', () => {
    expect(
      combinations<number | string>([
        [1, 2],
        ['a', 'b', 'c']
      ])
    ).toEqual([
      [1, 'a'],
      [1, 'b'],
      [1, 'c'],
      [2, 'a'],
      [2, 'b'],
      [2, 'c']
    ])
    expect(combinations([])).toEqual([[]])
  })
  it('names its points by what they set, with whole paths where the last members are alike', () => {
    const named = (settings: Record<string, unknown[]>): string[] => gridOf(settings, []).map((p) => p.id)
    expect(named({ 'training.steps': [10, 20], 'training.optimizer.learningRate': [0.1] })).toEqual([
      'steps=10, learningRate=0.1',
      'steps=20, learningRate=0.1'
    ])
    expect(named({ 'a.units': [1], 'b.units': [2] })).toEqual(['a.units=1, b.units=2'])
    expect(named({})).toEqual(['as it is'])
    expect(gridOf({ seed: [1] }, [[], [{ id: 'batchNorm' }]]).map((p) => [p.id, p.remedies.length])).toEqual([
      ['seed=1', 0],
      ['seed=1, batchNorm', 1]
    ])
  })
})

describe('what came of a point', () => {
  const first = [trial(1, 0.1), trial(2, 0.2), trial(3, 0.3)]
  const [point] = gridOf({ seed: [1] }, [])
  it('is held against the first point seed by seed, in whatever order its trainings end', () => {
    const o = sweepOutcome(point!, goal, [], [trial(3, 0.8), trial(1, 0.6), trial(2, 0.7)], first, 3)
    expect(o.seeds.map((t) => t.seed)).toEqual([1, 2, 3])
    expect(o.mean).toBeCloseTo(0.7)
    // Every difference is 0.5: the seeds' own spread is none of the difference's.
    expect(o.difference!.mean).toBeCloseTo(0.5)
    expect(o.difference!.interval[1] - o.difference!.interval[0]).toBeLessThan(1e-9)
    expect(o.interval[1] - o.interval[0]).toBeGreaterThan(0.4)
    expect(o.unfinished).toBeUndefined()
  })
  it('says when the budget ended before its last seed, and has no difference from itself', () => {
    const o = sweepOutcome(point!, goal, [], first.slice(0, 2), first, 3)
    expect(o.unfinished).toBe(true)
    expect(o.difference).toBeUndefined()
  })
  it('counts the seeds repaired, and what a step costs', () => {
    const o = sweepOutcome(point!, goal, [], [trial(1, 0.9, { stepMs: 6 }), trial(2, 0.1, { stepMs: 8 })], first, 2)
    expect(o.repaired.share).toBe(0.5)
    expect(o.stepCost).toBe(3)
  })
})
