import { datasets } from '../shared/catalog/datasets'
import { parseExperiment, type Experiment } from '../shared/experiment'
import { lookup } from '../shared/experiment/lookup'
import { defaultsOf } from '../shared/base/params'
import type { FrameTable } from '../shared/run/frameTable'
import type { RunSchema } from '../shared/run/types'
import { trainRun } from '../trainer/collect'

/** A number that is known, and how the product comes by it. */
export interface Anchor {
  name: string
  /** In words or as a formula. */
  theory: string
  expected: number
  tolerance: number
  measure: () => Promise<number>
}

/** Trains for one step. @returns what was recorded of it. @throws Error in the trainer's words */
async function firstFrame(experiment: Experiment): Promise<{ table: FrameTable; schema: RunSchema }> {
  const { table, schema } = await trainRun(experiment)
  if (!table?.length || !schema) throw new Error('nothing was trained')
  return { table, schema }
}
const TRAINING = { steps: 1, batchSize: 0, loss: 'sumOfSquares', optimizer: { id: 'sgd', learningRate: 1e-8 } }

/**
 * ∂loss/∂h of a linear recurrent layer so many steps before the last state over that at it: ρ^steps, for an orthogonal
 * matrix times ρ.
 */
async function linearRnn(rho: number, steps: number): Promise<number> {
  const { table, schema } = await firstFrame(
    parseExperiment({
      data: { dataset: { id: 'addingProblem', count: 16, length: steps + 1 }, validation: 0 },
      network: {
        nodes: [
          {
            id: 'rnn',
            kind: 'simpleRnn',
            params: { units: 64, activation: 'linear', recurrentInitializer: { id: 'orthogonal', gain: rho } }
          },
          { id: 'out', kind: 'dense', params: { units: 1, activation: 'linear' } }
        ]
      },
      training: TRAINING
    })
  )
  const layer = schema.layers.find((l) => l.node === 'rnn')!.index
  const columns = table.timeColumns(layer, 'timeGradientRms')
  return table.value(0, columns[0]!)! / table.value(0, columns[columns.length - 1]!)!
}
/** Glorot & Bengio 2010: RMS of ∂loss/∂z at the first of five tanh layers of 1000 over that at the fifth. */
async function glorot(initializer: string): Promise<number> {
  const { table, schema } = await firstFrame(
    parseExperiment({
      data: { dataset: { id: 'randomPairs', count: 256, inputs: 1024, outputs: 9 } },
      network: {
        nodes: [
          {
            id: 'hidden',
            kind: 'repeat',
            times: 5,
            body: [{ id: 'dense', kind: 'dense', params: { units: 1000, activation: 'tanh', initializer } }]
          },
          { id: 'out', kind: 'dense', params: { units: 9, activation: 'linear', initializer } }
        ]
      },
      training: TRAINING
    })
  )
  const hidden = schema.layers.filter((l) => l.main).slice(0, 5)
  const rms = (at: number): number => table.value(0, table.column(hidden[at]!.index, 'preActivationGradientRms'))!
  return rms(0) / rms(4)
}
const load = (id: string, more: object) =>
  datasets.get(id).load({ ...defaultsOf(datasets.get(id).fields, lookup), ...more }, { seed: 1 })
/** Mean squared error of always answering the same. */
async function constantError(answer: number): Promise<number> {
  const { y } = load('addingProblem', { count: 20_000 })
  return y.reduce((a, v) => a + (v - answer) ** 2 / y.length, 0)
}
/** Share of right answers of always naming the first class. */
async function firstClassShare(): Promise<number> {
  const { y, count } = load('temporalOrder', { count: 20_000 })
  let right = 0
  for (let i = 0; i < count; i++) right += y[4 * i]! / count
  return right
}

export const anchors: Anchor[] = [
  ...([0.9, 1, 1.1] as const).map((rho): Anchor => ({
    name: `linear RNN, ρ = ${rho}, τ = 1 ÷ τ = 101`,
    theory: `${rho}^100`,
    expected: rho ** 100,
    tolerance: 0.01,
    measure: () => linearRnn(rho, 100)
  })),
  {
    name: 'adding problem, always 1',
    theory: 'MSE 1/6',
    expected: 1 / 6,
    tolerance: 0.03,
    measure: () => constantError(1)
  },
  {
    name: 'temporal order, always AA',
    theory: 'chance 25 %',
    expected: 0.25,
    tolerance: 1e-6,
    measure: firstClassShare
  },
  {
    name: 'Glorot 2010, standard initialisation',
    theory: '∂L/∂z, 1 ÷ 5',
    expected: 0.084,
    tolerance: 0.05,
    measure: () => glorot('standardUniform')
  },
  {
    name: 'Glorot 2010, normalised',
    theory: '∂L/∂z, 1 ÷ 5',
    expected: 0.406,
    tolerance: 0.05,
    measure: () => glorot('glorotUniform')
  }
]
