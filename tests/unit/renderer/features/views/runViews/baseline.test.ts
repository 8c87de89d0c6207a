import { describe, expect, it } from 'vitest'
import type { Baseline } from '@shared/run/types'
import { short } from '@/charts/format'
import { curveLines } from '@/features/views/runViews/curves'
import type { Run } from '@/stores/runs'

const majority: Baseline = {
  id: 'majority',
  name: { en: 'majority', zh: '多数类' },
  metrics: { loss: 0.6, accuracy: 0.7 },
  trainingLoss: 38
}
/** A run of three recorded steps out of 50, as far as curves look at it. */
const run = (loss: string, baselines?: Baseline[]): Run => {
  const names = ['loss', 'accuracy']
  const frames = {
    scalarNames: names,
    scalarColumn: (name: string) => names.indexOf(name),
    scalars: Float32Array.of(0.9, 0.5, 0.7, 0.6, 0.5, 0.8),
    scalarWidth: 2,
    length: 3,
    steps: Float64Array.of(0, 1, 2),
    firstStep: 0,
    lastStep: 2
  }
  return {
    frames,
    evaluations: [],
    progress: { state: 'running', step: 3, steps: 50 },
    schema: { baselines },
    experiment: { training: { loss: { id: loss } } }
  } as unknown as Run
}
const lines = (of: Run, id: string): ReturnType<typeof curveLines> =>
  curveLines(of, id, { frame: 2, evaluation: undefined }, (key, { value }) => `${key} ${value}`)

describe('the baseline in the curve', () => {
  it.each([
    ['loss', 'softmaxCrossEntropy', 0.6],
    ['accuracy', 'softmaxCrossEntropy', 0.7],
    // A loss that grows with the batch is compared on a training batch.
    ['loss', 'sumOfSquares', 38]
  ])('is a level line of %s under %s from the first step to the last of the run', (id, loss, value) => {
    const line = lines(run(loss, [majority]), id).find((l) => l.tone === 'baseline')!
    expect(line).toMatchObject({ steps: [0, 50], values: [value, value], label: `baseline ${short(value, 3)}` })
  })
  it('is left out where there is none', () => {
    expect(lines(run('wasserstein', []), 'loss').map((l) => l.tone)).toEqual(['train'])
    expect(lines(run('softmaxCrossEntropy'), 'loss').map((l) => l.tone)).toEqual(['train'])
  })
})
