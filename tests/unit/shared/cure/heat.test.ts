import { describe, expect, it } from 'vitest'
import { heatOf } from '@shared/cure/heat'

describe('a race', () => {
  it('takes a quarter of the steps and two seeds where there is room', () => {
    expect(heatOf({ steps: 400, seeds: 5, runners: 20, room: 4 })).toEqual({ seeds: 2, until: 100 })
  })
  it('takes at least 60 steps of a short run, and at most half of it', () => {
    expect(heatOf({ steps: 150, seeds: 5, runners: 20, room: 9 })).toEqual({ seeds: 2, until: 60 })
    expect(heatOf({ steps: 80, seeds: 5, runners: 20, room: 9 })).toEqual({ seeds: 2, until: 40 })
  })
  it('becomes shorter before it gives up a seed, and never dearer than its room', () => {
    expect(heatOf({ steps: 150, seeds: 5, runners: 20, room: 2.4 })).toEqual({ seeds: 2, until: 45 })
    expect(heatOf({ steps: 150, seeds: 5, runners: 20, room: 1.25 })).toEqual({ seeds: 2, until: 23 })
    expect(heatOf({ steps: 150, seeds: 5, runners: 20, room: 1.1 })).toEqual({ seeds: 1, until: 41 })
    for (const seeds of [1, 2, 3, 5, 10])
      for (const room of [1, 2, 4])
        for (const steps of [40, 100, 240, 4000]) {
          const heat = heatOf({ steps, seeds, runners: 27, room })
          expect(heat.seeds).toBeLessThanOrEqual(seeds)
          expect((27 * heat.seeds * heat.until) / (seeds * steps)).toBeLessThanOrEqual(room)
        }
  })
})
