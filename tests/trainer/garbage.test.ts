import { expect, it } from 'vitest'
import { TrainerSession } from '../../src/trainer/session/session'
import { netOf } from './support'

// A file of its own, because what other trainings leave in the process decides when V8 collects.
it('a long run makes no garbage that piles up between collections', async () => {
  /** The least of each 3,000 steps, MB: just after a collection. */
  const seen: number[] = []
  // Nobody keeps what it says here, and it is longer than what it keeps for the rules.
  const session: TrainerSession = new TrainerSession(
    netOf('plain', { steps: 12_000 }, { record: { evaluateEvery: 1e6 } }),
    {},
    (update) => {
      if (update.kind !== 'frames') return
      session.ack(1)
      const k = Math.floor(update.frames.steps.at(-1)! / 3000)
      seen[k] = Math.min(seen[k] ?? Infinity, process.memoryUsage().external / 1e6)
    }
  )
  await session.run()
  expect(seen.length).toBe(4)
  expect(seen[3]! - seen[1]!).toBeLessThan(2)
})
