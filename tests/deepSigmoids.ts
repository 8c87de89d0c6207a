/** An experiment of eight sigmoid layers, whose gradient vanishes: it learns nothing. @param units of each layer */
export const deepSigmoids = (units: number, steps: number) => ({
  name: 'deep',
  seed: 42,
  data: { dataset: { id: 'digits' } },
  network: {
    nodes: [
      {
        id: 'hidden',
        kind: 'repeat',
        times: 8,
        body: [{ id: 'dense', kind: 'dense', params: { units, activation: 'sigmoid' } }]
      },
      { id: 'out', kind: 'dense', params: { units: 10, activation: 'linear' } }
    ]
  },
  training: { steps, batchSize: 32, optimizer: { id: 'sgd', learningRate: 0.1 } }
})
