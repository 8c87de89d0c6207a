/** A field that stands in the wrong part of an experiment is told where it belongs. */
import { describe, expect, it } from 'vitest'
import '@shared/clinic/remedies'
import { readExperiment } from '@shared/experiment'

const NODES = [{ id: 'h', kind: 'dense', params: { units: 4 } }]
const problems = (document: unknown): string[] =>
  readExperiment(document).problems.map((p) => {
    expect(p.message.zh).toBeTruthy()
    return `${p.path}: ${p.message.en}`
  })
const one = (document: unknown): string => problems(document).join('\n')

describe('a field that stands in the wrong place', () => {
  it.each<[string, object, RegExp]>([
    ['an optimizer at the top', { optimizer: 'adam' }, /^optimizer: is not known here: it belongs into "training"$/],
    ['epochs at the top', { epochs: 5 }, /^epochs: .* it belongs into "training", as "steps"$/],
    ['a batch of another program', { batch_size: 5 }, /belongs into "training", as "batchSize"$/],
    ['a rate at the top', { learningRate: 0.1 }, /belongs into "training\.optimizer"$/],
    ['a rate of the training', { training: { lr: 0.1 } }, /^training\.lr: .*"training\.optimizer", as "learningRate"$/],
    [
      'momentum of another optimizer',
      { training: { optimizer: { id: 'sgd', momentum: 0.9 } } },
      /^training\.optimizer\.momentum: is not a known parameter; known: .*; for it choose "momentum"$/
    ],
    ['a data set at the top', { dataset: 'xor' }, /belongs into "data"$/],
    ['a file of the data', { data: { filename: 't.csv' } }, /^data\.filename: .*"data\.dataset", as "file"$/],
    ['a seed of the training', { training: { seed: 1 } }, /^training\.seed: .* it belongs into the top of the file$/],
    ['layers at the top', { layers: [] }, /belongs into "network", as "nodes"$/],
    ['a network called model', { model: {} }, /belongs into "network", as "nodes"$/],
    ['edges', { network: { nodes: NODES, edges: [] } }, /^network\.edges: .*each layer names those that it reads/],
    [
      'an experiment in another',
      { experiment: {} },
      /a file holds one experiment: write what stands in it at the top$/
    ],
    [
      'one under another name',
      { run: { config: { data: {}, training: {} } } },
      /^run: .*an experiment stands within it/
    ],
    ['losses of PyTorch', { training: { loss: 'BCEWithLogitsLoss' } }, /did you mean "sigmoidCrossEntropy"/],
    ['steps of the record', { record: { steps: 5 } }, /^record\.steps: .*belongs into "training"$/]
  ])('%s', (_name, document, message) => expect(one(document)).toMatch(message))
  it.each<[string, object, RegExp]>([
    ['units of a layer', { units: 4 }, /^network\.nodes\.h\.units: .* it belongs into "params"$/],
    ['a bias of another program', { use_bias: false }, /belongs into "params", as "bias"$/],
    ['copies of a layer', { times: 3 }, /only a block repeats layers: \{ "id": …, "kind": "repeat"/]
  ])('%s', (_name, more, message) =>
    expect(one({ network: { nodes: [{ id: 'h', kind: 'dense', ...more }] } })).toMatch(message)
  )
  it('and what is like a field of its own part is told by that', () => {
    expect(one({ Training: {} })).toMatch(/did you mean "training"\?/)
    expect(one({ training: { batch_size: 5 } })).toMatch(/did you mean "batchSize"\?/)
    expect(one({ network: { layers: [] } })).toMatch(/did you mean "nodes"\?/)
    expect(one({ nonsense: 1 })).toMatch(/^nonsense: is not known here; known: format, /)
  })
})
it('a document may name the schema that checks it', () =>
  expect(problems({ $schema: './experiment.json' })).toEqual([]))
it.each([[5], [''], [null]])('an id that is no text is told as one: %o', (id) =>
  expect(one({ network: { nodes: [{ id, kind: 'dense' }] } })).toMatch(
    /^network\.nodes\.0\.id: must be a text that begins with a letter, such as "h1", not /
  )
)
