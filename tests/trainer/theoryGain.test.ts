import { parseExperiment } from '@shared/experiment'
import { describe, expect, it } from 'vitest'
import { runToEnd } from './support'

describe("a layer's theoretical gain speaks of its measured gain", () => {
  it.each([
    ['relu', { id: 'heNormal' }],
    ['sigmoid', { id: 'glorotUniform' }],
    ['tanh', { id: 'glorotNormal', gain: 1.5 }]
  ])('%s, layer by layer, at the first step', async (activation, initializer) => {
    // Widths that differ tell the factor of one layer from that of its neighbour.
    const widths = [192, 96, 192, 384, 192, 192]
    const told = await runToEnd(
      parseExperiment({
        data: { dataset: { id: 'blobs', count: 400, classes: 10, inputs: 64 } },
        network: {
          nodes: [
            ...widths.map((units, i) => ({ id: `h${i}`, kind: 'dense', params: { units, activation, initializer } })),
            { id: 'out', kind: 'dense', params: { units: 10, activation: 'linear', initializer: 'lecunNormal' } }
          ]
        },
        training: { steps: 1, batchSize: 256, loss: 'softmaxCrossEntropy', optimizer: 'sgd' }
      })
    )
    const { layers } = told.schema!
    const measured = (i: number): number => told.table!.value(0, told.table!.column(i, 'gain'))!
    widths.forEach((_, i) => {
      expect(Math.abs(measured(i) / layers[i]!.theoryGain! - 1), `h${i}: ${measured(i)}`).toBeLessThan(0.15)
      expect(layers[i]!.theoryGain).toBeCloseTo(layers[i]!.theoryProfile! / layers[i + 1]!.theoryProfile!, 10)
    })
    // Nothing lies behind the output.
    expect(layers[widths.length]!.theoryGain).toBeUndefined()
    expect(layers[0]!.theorySpread!).toBeGreaterThan(layers[4]!.theorySpread!)
  })
})
