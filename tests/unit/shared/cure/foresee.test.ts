import { expect, it } from 'vitest'
import '@shared/clinic/remedies'
import { parseExperiment } from '@shared/experiment'
import { defaultGoal } from '@shared/cure/trial'
import { foresee } from '@shared/cure/foresee'
import type { DataInfo } from '@shared/catalog/datasets'
import type { Finding } from '@shared/run/types'
import { deepSigmoids } from '../../../deepSigmoids'

it('lists first what the findings of a run advise', () => {
  const experiment = parseExperiment(deepSigmoids(8, 20))
  const info: DataInfo = { inputShape: [64], targetShape: [10], task: 'multiclass', count: 1797 }
  const order = { experiment, info, goal: defaultGoal({ info }), seeds: [42], budget: {}, pairs: 0 }
  const faults: Pick<Finding, 'severity' | 'advice'>[] = [{ severity: 'bad', advice: ['layerNorm', 'batchNorm'] }]
  const advised = foresee(order, faults as Finding[]).candidates
  expect(advised.slice(0, 3).map((c) => [c.id, c.advised])).toEqual([
    ['layerNorm', true],
    ['batchNorm', true],
    [expect.any(String), false]
  ])
  const plain = foresee(order).candidates
  expect(plain.some((c) => c.advised)).toBe(false)
  expect(plain.map((c) => c.id).sort()).toEqual(advised.map((c) => c.id).sort())
})
