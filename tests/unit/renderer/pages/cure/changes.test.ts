import { expect, it } from 'vitest'
import '@shared/clinic/remedies'
import { vanishingExperiment } from '@shared/clinic/templates/parts/opening'
import { datasets } from '@shared/catalog/datasets'
import { parseSpec } from '@shared/base/params'
import { lookup } from '@shared/experiment/lookup'
import { changesOf } from '@/pages/cure/changes'

it('what a candidate changes is told by the data of its search', () => {
  const experiment = vanishingExperiment()
  const { id, ...params } = experiment.data.dataset
  const info = datasets.get(id).describe(params, { seed: experiment.seed })
  const candidate = { remedies: [parseSpec('remedies', { id: 'fewerLayers' }, '', [], lookup)], off: [] }
  const parameters = (inputs: number): string | undefined =>
    changesOf({ experiment, info: { ...info, inputShape: [inputs] } }, candidate).find((l) =>
      /Parameters/.test(l.text.en)
    )?.text.en
  expect(parameters(2)).toMatch(/^Parameters: [\d,]+ → /)
  expect(parameters(50)).toMatch(/^Parameters: [\d,]+ → /)
  expect(parameters(50)).not.toBe(parameters(2))
})
