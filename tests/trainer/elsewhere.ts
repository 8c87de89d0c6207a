import { readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'

/** Five sigmoid layers. */
export const deepNet = (steps: number): object => ({
  name: 'deep',
  seed: 7,
  data: { dataset: { id: 'csv', file: 'table.csv', target: 'c' } },
  network: {
    nodes: [
      {
        id: 'hidden',
        kind: 'repeat',
        times: 5,
        body: [{ id: 'dense', kind: 'dense', params: { units: 12, activation: 'sigmoid' } }]
      },
      { id: 'out', kind: 'dense', params: { units: 1, activation: 'linear' } }
    ]
  },
  training: { steps, batchSize: 32, loss: 'sigmoidCrossEntropy', optimizer: { id: 'sgd', learningRate: 0.1 } }
})
/** Writes an experiment, and beside it a table of its own, so that files travel with the jobs. */
export function writeDeepNet(file: string, steps: number): void {
  const rows = Array.from({ length: 120 }, (_, i) => {
    const [a, b] = [Math.sin(i), Math.cos(1.7 * i)]
    return `${a.toFixed(4)},${b.toFixed(4)},${a * b > 0 ? 'yes' : 'no'}`
  })
  writeFileSync(file, JSON.stringify(deepNet(steps)))
  writeFileSync(join(dirname(file), 'table.csv'), ['a,b,c', ...rows].join('\n'))
}

/** All of a prescription but times. */
export function told(out: string): unknown {
  const text = readFileSync(join(out, 'prescription.json'), 'utf8')
  return JSON.parse(text, (key, value: unknown) => (key === 'stepMs' || key === 'stepCost' ? 0 : value))
}
