import { expect, it } from 'vitest'
import { Pace } from '@shared/run/pace'

/** Marks a run every 10 ms of steps. @param lasts milliseconds of each ten steps */
function paced(lasts: readonly number[]): Pace {
  const pace = new Pace()
  let at = 1000
  pace.mark(0, at)
  lasts.forEach((ms, i) => pace.mark(10 * (i + 1), (at += ms)))
  return pace
}

it('tells what a step takes where little else slows it down', () => {
  // A cold start, and something else that the machine did.
  const lasts = [300, 200, ...Array<number>(40).fill(10), 400, 90, 80, 60, ...Array<number>(20).fill(10)]
  const mean = lasts.reduce((a, b) => a + b) / (10 * lasts.length)
  expect(mean).toBeGreaterThan(2)
  expect(paced(lasts).stepMs).toBeCloseTo(1, 6)
})
it('is not deceived by frames that come late and then all at once', () => {
  const pace = new Pace()
  for (let i = 0; i <= 60; i++) pace.mark(10 * i, 10 * i + (i % 3 === 1 ? 9.9 : 0))
  expect(pace.stepMs).toBeGreaterThan(0.75)
})
it('is the mean of a run that is over soon, and unknown where nothing tells', () => {
  expect(paced([5, 15]).stepMs).toBeCloseTo(1)
  expect(paced([]).stepMs).toBeNaN()
  expect(new Pace().stepMs).toBeNaN()
})
it('waits where a run stands still', () => {
  const pace = new Pace()
  for (const [step, at] of [
    [0, 0],
    [0, 500],
    [100, 600],
    [200, 700]
  ] as const)
    pace.mark(step, at)
  expect(pace.stepMs).toBeCloseTo(1)
})
