import { expect, it } from 'vitest'
import type { Goal, Trial } from '../../../../src/shared/cure/types'
import { verdictOn } from '../../../../src/shared/cure/words'

const goal: Goal = { metric: 'accuracy', better: 'higher' }
it.each([
  [1, '1 of 1 seed beats the baseline'],
  [2, '2 of 2 seeds beat the baseline']
])('says of %i healthy seeds how many there are', (n, said) => {
  const untreated = Array<Trial>(n)
  const { text } = verdictOn(goal, [], untreated, { healthy: true, spent: false, blocked: false, judged: 100 })
  expect(text.en).toContain(said)
})
