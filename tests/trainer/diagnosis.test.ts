import { starterExperiment, vanishingExperiment } from '@shared/clinic/templates/parts/opening'
import { parseExperiment, type Experiment } from '@shared/experiment'
import { remedies } from '@shared/clinic/remedies'
import type { Finding } from '@shared/run/types'
import { describe, expect, it } from 'vitest'
import { runToEnd } from './support'

interface Net {
  depth?: number
  units?: number
  activation?: string
  initializer?: unknown
  output?: object
  dataset?: string
  outputs?: number
  loss?: string
  optimizer?: object
  steps?: number
  batchSize?: number
  remedies?: unknown[]
}
function net({
  depth = 5,
  units = 64,
  activation = 'relu',
  initializer = 'heNormal',
  output = {},
  dataset = 'digits',
  outputs = 10,
  loss = 'softmaxCrossEntropy',
  optimizer = { id: 'sgd', learningRate: 0.05 },
  steps = 60,
  batchSize = 64,
  remedies: list = []
}: Net): Experiment {
  const params = { units, activation, initializer }
  return parseExperiment({
    seed: 1,
    data: { dataset },
    training: { steps, batchSize, loss, optimizer },
    remedies: list,
    network: {
      nodes: [
        { id: 'first', kind: 'dense', params },
        { id: 'hidden', kind: 'repeat', times: depth - 2, body: [{ id: 'dense', kind: 'dense', params }] },
        { id: 'out', kind: 'dense', params: { units: outputs, activation: 'linear', ...output } }
      ]
    }
  })
}
const sgd = (learningRate: number): object => ({ id: 'sgd', learningRate })
const short = (e: Experiment, steps: number, optimizer = e.training.optimizer, list = e.remedies): Experiment => ({
  ...e,
  remedies: list,
  training: { ...e.training, steps, optimizer }
})
const starter = (learningRate: number): Experiment => short(starterExperiment(), 120, { id: 'sgd', learningRate })
const sigmoid20 = (list: unknown[]): Experiment =>
  parseExperiment({ ...short(vanishingExperiment(20), 60), remedies: list })

async function diagnose(experiment: Experiment): Promise<Finding[]> {
  const found = (await runToEnd(experiment)).findings
  for (const f of found) {
    expect(f.text.en && f.text.zh).toBeTruthy()
    for (const id of f.advice) expect(remedies.ids()).toContain(id)
  }
  return found
}
const shown = (f: Finding[]): string => f.map((x) => `${x.kind} [${x.from}–${x.to}] ${x.text.en}`).join('\n')

/** What each must be told, what it must not be told, and the advice that comes first. */
const faulty: [string, Experiment, string[], string[], string?][] = [
  [
    '20 layers of sigmoid',
    sigmoid20([]),
    ['vanishing', 'notUpdating'],
    ['exploding', 'unstable', 'lossNaN', 'healthy'],
    'batchNorm'
  ],
  [
    'ReLU with Xavier, 30 deep',
    net({ depth: 31, initializer: 'glorotUniform' }),
    ['vanishing'],
    ['exploding', 'healthy'],
    'initializer'
  ],
  [
    'tanh with U(±1/√n), 20 deep',
    net({ depth: 21, activation: 'tanh', initializer: { id: 'uniform', limit: 0.125 } }),
    ['vanishing'],
    ['exploding'],
    'batchNorm'
  ],
  [
    'ReLU with n·Var(W) = 4, 20 deep',
    net({ depth: 21, initializer: { id: 'normal', std: Math.sqrt(4 / 64) }, optimizer: sgd(1e-6) }),
    ['exploding'],
    ['vanishing', 'healthy'],
    'initializer'
  ],
  [
    'batch norm and ReLU, 50 deep',
    net({ depth: 51, optimizer: sgd(1e-5), steps: 40, remedies: ['batchNorm'] }),
    ['exploding'],
    ['vanishing', 'healthy'],
    'residual'
  ],
  [
    'hidden weights all zero',
    net({ initializer: 'zeros' }),
    ['vanishing', 'notUpdating'],
    ['exploding', 'healthy'],
    'initializer'
  ],
  [
    'a learning rate of 1e-8',
    net({ optimizer: sgd(1e-8) }),
    ['notUpdating'],
    ['vanishing', 'exploding', 'healthy'],
    'learningRate'
  ],
  [
    'the starter experiment at 1e-5',
    starter(1e-5),
    ['lossNaN', 'weightsNaN'],
    ['vanishing', 'exploding', 'healthy'],
    'learningRate'
  ],
  [
    'five layers at a learning rate of 1',
    net({ optimizer: sgd(1), steps: 120 }),
    ['unstable', 'lossNaN', 'weightsNaN'],
    ['vanishing', 'exploding', 'notUpdating'],
    'learningRate'
  ],
  [
    'tanh with weights that let hardly any gradient pass',
    net({ activation: 'tanh', initializer: { id: 'normal', std: 6 } }),
    ['saturated'],
    ['vanishing', 'exploding'],
    'initializer'
  ]
]
const healthy: [string, Experiment][] = [
  ['the starter experiment at 1e-6', starter(1e-6)],
  ['the sigmoid net with ReLU and He', sigmoid20(['activation'])],
  ['the sigmoid net with batch norm', sigmoid20(['batchNorm'])],
  ['the sigmoid net with residual connections', sigmoid20(['residual'])],
  ['the sigmoid net with all three', sigmoid20(['activation', 'batchNorm', 'residual'])],
  ['an output layer that starts at zero', net({ output: { initializer: 'zeros' } })],
  ['tanh with Glorot, 20 deep', net({ depth: 21, activation: 'tanh', initializer: 'glorotNormal' })],
  ['SELU with LeCun, 20 deep', net({ depth: 21, activation: 'selu', initializer: 'lecunNormal' })],
  [
    'a small net trained to the end, whose ratio grows',
    net({
      units: 16,
      dataset: 'circles',
      outputs: 1,
      loss: 'sigmoidCrossEntropy',
      batchSize: 0,
      steps: 500,
      optimizer: { id: 'adam', learningRate: 0.01 }
    })
  ],
  [
    'a regression',
    net({
      units: 32,
      dataset: 'diabetes',
      outputs: 1,
      loss: 'meanSquaredError',
      steps: 200,
      optimizer: { id: 'adam', learningRate: 0.003 }
    })
  ]
]

describe('faulty runs', () => {
  it.each(faulty)('%s', async (_name, experiment, want, not, first) => {
    const found = await diagnose(experiment)
    const kinds = found.map((f) => f.kind)
    for (const k of want) expect(kinds, shown(found)).toContain(k)
    for (const k of not) expect(kinds, shown(found)).not.toContain(k)
    if (first) expect(found.find((f) => f.kind === want[0])!.advice[0]).toBe(first)
  })
  it('say since when, and with which numbers', async () => {
    const found = await diagnose(starter(1e-5))
    const nan = found.find((f) => f.kind === 'lossNaN')!
    expect(nan.from).toBe(nan.measured.step)
    expect(nan.text.en).toMatch(
      /from step \d+ on; before, the gradient’s global norm grew from [\d.e]+ to [\d.e]+; learning rate 1\.0e-5/
    )
    const vanishing = (await diagnose(sigmoid20([]))).find((f) => f.kind === 'vanishing')!
    expect(vanishing.layers[0]).toBe('dense1')
    expect(vanishing.measured.gainPerLayer).toBeGreaterThan(0.2)
    expect(vanishing.measured.gainPerLayer).toBeLessThan(0.26)
    expect(vanishing.text.en).toContain('over 18 layers')
  })
})
describe('healthy runs', () => {
  it.each(healthy)('%s', async (_name, experiment) => {
    const found = await diagnose(experiment)
    expect(
      found.map((f) => f.kind),
      shown(found)
    ).toEqual(['healthy'])
  })
})
