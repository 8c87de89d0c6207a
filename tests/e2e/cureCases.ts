const dense = (units: number, activation: string) => ({ kind: 'dense', params: { units, activation } })
/** A network that learns by itself. */
export const HEALTHY = {
  name: 'Two small layers',
  seed: 7,
  data: { dataset: { id: 'digits' } },
  network: {
    nodes: [
      { id: 'hidden', ...dense(32, 'relu') },
      { id: 'out', ...dense(10, 'linear') }
    ]
  },
  training: { steps: 200, batchSize: 32, optimizer: { id: 'adam', learningRate: 0.01 } }
}
/** Targets that have nothing to do with the inputs: no remedy can help. @param times hidden layers */
export const hopeless = (times: number, steps: number): Record<string, unknown> & { name: string } => ({
  name: 'Random pairs',
  seed: 7,
  data: { dataset: { id: 'randomPairs', count: 200, inputs: 8, outputs: 1 }, validation: 0.25 },
  network: {
    nodes: [
      { id: 'hidden', kind: 'repeat', times, body: [{ id: 'dense', ...dense(16, 'tanh') }] },
      { id: 'out', ...dense(1, 'linear') }
    ]
  },
  training: { steps, batchSize: 32, optimizer: { id: 'adam', learningRate: 0.003 } }
})
