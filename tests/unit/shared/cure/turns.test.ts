import { describe, expect, it } from 'vitest'
import { vanishingExperiment } from '@shared/clinic/templates/parts/opening'
import type { Job } from '@shared/cure/job'
import { nextTurn } from '@shared/cure/turns'

const experiment = vanishingExperiment(20)
const job = (candidate: string, until?: number): Job => ({ experiment, candidate, ...(until && { until }) })
const [a, b, c] = [job('a', 5), job('b', 5), job('c', 5)]

describe('the next job of a trainer', () => {
  it('is another seed of its last one, else what nobody is at, else the first', () => {
    expect(nextTurn([a, b, b, c], b, [c])).toBe(1)
    expect(nextTurn([a, b, c], undefined, [a])).toBe(1)
    expect(nextTurn([a, a, c], b, [a])).toBe(2)
    expect(nextTurn([a, a], b, [a])).toBe(0)
    expect(nextTurn([], a, [])).toBe(0)
  })
  it('is not the same candidate over another number of steps', () => {
    expect(nextTurn([b, job('a'), a], a, [])).toBe(2)
  })
  it('is never far from the first', () => {
    const many = Array.from({ length: 40 }, () => b)
    expect(nextTurn([...many, a], a, [b])).toBe(0)
  })
})
