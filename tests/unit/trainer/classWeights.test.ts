import { expect, it } from 'vitest'
import { balanced } from '../../../src/trainer/model/classWeights'

it('weights of classes make each count alike, with a mean of 1 over the examples', () => {
  const shares = [0.9, 0.06, 0.04]
  const weights = balanced(shares)
  const counts = weights.map((w, i) => w * shares[i]!)
  for (const c of counts) expect(c).toBeCloseTo(1 / 3, 12)
  // A class without examples takes no part.
  expect(balanced([0.75, 0.25, 0])).toEqual([1 / 1.5, 2, 0])
})
