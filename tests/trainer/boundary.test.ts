import { parseExperiment } from '@shared/experiment'
import { describe, expect, it } from 'vitest'
import { at, runToEnd } from './support'

const of = (dataset: string, units: number, loss: string) =>
  parseExperiment({
    data: { dataset: { id: dataset }, validation: 0.2, standardize: false },
    network: {
      nodes: [{ id: 'out', kind: 'dense', params: { units, activation: { id: 'linear' } } }]
    },
    training: { steps: 6, batchSize: 16, loss: { id: loss }, optimizer: { id: 'sgd', learningRate: 0.5 } },
    record: { every: 1, evaluateEvery: 3 }
  })

describe('the classes that a network sees in the plane', () => {
  it('are those of its outputs at each point, and of its examples', async () => {
    const told = await runToEnd(of('moons', 1, 'sigmoidCrossEntropy'), { snapshots: [3] })
    const pictured = told.evaluations.filter((e) => e.plane)
    expect(pictured.map((e) => e.step)).toEqual(expect.arrayContaining([0, 3, 6]))
    const plane = pictured.find((e) => e.step === 3)!.plane!
    expect([plane.classes, plane.generated]).toEqual([2, []])
    const [kernel, bias] = ['kernel', 'bias'].map((w) => at(told, 3, `weights/out/${w}`)) as [
      Float32Array,
      Float32Array
    ]
    let unlike = 0
    for (let row = 0; row < plane.side; row++)
      for (let column = 0; column < plane.side; column++) {
        const [x, y] = [column, row].map((k) => plane.reach * ((2 * k) / (plane.side - 1) - 1)) as [number, number]
        const output = kernel[0]! * x - kernel[1]! * y + bias[0]!
        // On the border itself rounding decides.
        if (Math.abs(output) > 1e-4 && plane.values[row * plane.side + column] !== Number(output > 0)) unlike++
      }
    expect(unlike).toBe(0)
    expect(plane.labels).toHaveLength(plane.real.length / 2)
    expect(new Set(plane.labels)).toEqual(new Set([0, 1]))
  })
  it('are as many as the data has, no more and no fewer', async () => {
    const blobs = await runToEnd(of('blobs', 3, 'softmaxCrossEntropy'))
    const { plane } = blobs.evaluations[0]!
    expect(plane!.classes).toBe(3)
    expect(plane!.values.every((k) => k >= 0 && k < 3)).toBe(true)
  })
})
