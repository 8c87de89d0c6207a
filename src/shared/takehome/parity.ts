import type { Spec } from '../base/params'
import { activations } from '../catalog/activations'
import { datasets } from '../catalog/datasets'
import { initializers } from '../catalog/initializers'
import { layers } from '../catalog/layers'
import { losses } from '../catalog/losses'
import { optimizers } from '../catalog/optimizers'
import { schedules } from '../catalog/schedules'
import { effectiveExperiment, parseExperiment, type Experiment } from '../experiment'
import { remedies } from '../experiment/remedies'

/** A small experiment with one entry of a registry in it. */
export interface ParityCase {
  id: string
  group: string
  experiment: Experiment
}
/** What differs from the usual small experiment. */
interface Parts {
  nodes?: object[]
  training?: object
  dataset?: object
  standardize?: boolean
}
type Node = { id: string; kind: string; params?: object; inputs?: string[] }

const dense = (id: string, units: number, activation: string | Spec = 'tanh', more: object = {}): Node => ({
  id,
  kind: 'dense',
  params: { units, activation, ...more }
})
const out = (units: number): Node => dense('out', units, 'linear')

/** A network that gives a layer what it reads, and data for it. */
function around(kind: string): { nodes: object[]; dataset?: object } {
  const own: Node = { id: 'own', kind }
  switch (kind) {
    case 'conv2d':
    case 'maxPool':
    case 'averagePool':
    case 'globalAveragePool':
    case 'globalMaxPool':
      return {
        nodes: [
          { id: 'picture', kind: 'reshape', params: { shape: '4, 4, 2' } },
          {
            id: 'before',
            kind: 'conv2d',
            params: { filters: 3, stride: kind === 'conv2d' ? 2 : 1, activation: 'tanh' }
          },
          own,
          { id: 'flat', kind: 'flatten' },
          out(3)
        ],
        dataset: { id: 'blobs', inputs: 32, classes: 3, count: 120 }
      }
    case 'conv1d':
    case 'simpleRnn':
    case 'lstm':
    case 'gru':
      return {
        nodes: [
          { id: 'sequence', kind: 'reshape', params: { shape: '8, 4' } },
          { ...own, params: kind === 'conv1d' ? { filters: 5, kernelSize: 4 } : { units: 6, returnSequences: true } },
          { id: 'again', kind, params: kind === 'conv1d' ? { filters: 4, stride: 2 } : { units: 5, truncate: 3 } },
          ...(kind === 'conv1d' ? [{ id: 'flat', kind: 'flatten' }] : []),
          out(3)
        ],
        dataset: { id: 'blobs', inputs: 32, classes: 3, count: 120 }
      }
    case 'embedding':
      return {
        nodes: [own, { id: 'rnn', kind: 'gru', params: { units: 6 } }, out(4)],
        dataset: { id: 'temporalOrder', length: 20, coding: 'ids', count: 120 }
      }
    case 'add':
    case 'concatenate':
      return {
        nodes: [
          dense('first', 8),
          dense('branch', 8, 'relu'),
          { ...own, inputs: ['branch', 'first'], ...(kind === 'add' && { params: { scale: 0.5, learnScale: true } }) },
          out(3)
        ]
      }
    case 'reshape':
      return {
        nodes: [dense('first', 8), { ...own, params: { shape: '2, 4' } }, { id: 'flat', kind: 'flatten' }, out(3)]
      }
    default:
      return { nodes: [dense('first', 8), own, out(3)] }
  }
}

/** A layer with windows, padded alike on either side, with a stride. */
function symmetric(node: Node): Node {
  const fields = layers.get(node.kind).fields
  if (!fields.padding) return node
  return { ...node, params: { ...node.params, ...(fields.size && { size: 3 }), stride: 2, padding: 'symmetric' } }
}

const TRAINING = { steps: 30, batchSize: 16, loss: 'softmaxCrossEntropy', optimizer: { id: 'sgd', learningRate: 0.1 } }
const DATA = { id: 'blobs', inputs: 5, classes: 3, count: 120 }

/** One small experiment for each entry that a network, its training or its data can have. */
export function cases(): ParityCase[] {
  const list: ParityCase[] = []
  const add = (group: string, id: string, parts: Parts & { remedies?: object[] }): void => {
    const {
      nodes = [dense('first', 8), { id: 'hidden', kind: 'repeat', times: 3, body: [dense('layer', 6)] }, out(3)]
    } = parts
    const experiment = parseExperiment({
      name: `${group}: ${id}`,
      seed: 7,
      data: {
        dataset: parts.dataset ?? DATA,
        validation: 0.2,
        ...(parts.standardize === false && { standardize: false })
      },
      network: { nodes },
      training: { ...TRAINING, ...parts.training },
      remedies: parts.remedies ?? []
    })
    list.push({ id: `${group}-${id}`, group, experiment })
  }
  for (const id of layers.ids()) {
    const parts = around(id)
    add('layers', id, parts)
    // As in PyTorch, where the windows begin elsewhere.
    if (layers.get(id).fields.padding)
      add('layers', `${id}, symmetric`, { ...parts, nodes: (parts.nodes as Node[]).map(symmetric) })
  }
  for (const id of activations.ids())
    add('activations', id, {
      nodes: [dense('first', 8, id), { id: 'hidden', kind: 'repeat', times: 3, body: [dense('layer', 6, id)] }, out(3)]
    })
  for (const id of initializers.ids())
    add('initializers', id, { nodes: [dense('first', 8, 'tanh', { initializer: id }), out(3)] })
  for (const id of optimizers.ids()) {
    const rate = optimizers.get(id).fields.learningRate!.default as number
    add('optimizers', id, { training: { optimizer: { id, learningRate: rate } } })
  }
  for (const id of schedules.ids())
    add('schedules', id, { training: { schedule: { id, warmUp: 4, ...(id === 'step' && { every: 5 }) } } })
  for (const { id, tasks } of losses.all)
    add('losses', id, {
      training: { loss: id, ...(id === 'sumOfSquares' && { optimizer: { id: 'sgd', learningRate: 0.001 } }) },
      ...(tasks.includes('critic') && { dataset: { id: 'eightGaussians' }, nodes: [dense('first', 8), out(1)] })
    })
  for (const { id } of datasets.all) {
    if (['csv', 'idx', 'digitRows'].includes(id)) continue
    add('datasets', id, taskOf(id))
  }
  for (const [what, parts] of Object.entries(CRITICS)) add('critics', what, parts)
  for (const { id } of remedies.all) {
    const at = remedyCase(id)
    if (at) add('remedies', id, at)
  }
  return list
}

/** Critics whose training differs in more than an entry. */
const CRITICS: Record<string, Parts & { remedies: object[] }> = {
  'fixed noise': {
    nodes: [
      dense('first', 8, 'leakyRelu'),
      { id: 'hidden', kind: 'repeat', times: 2, body: [dense('layer', 6)] },
      out(1)
    ],
    dataset: { id: 'swissRoll', generator: 'noise', spread: 0.5 },
    training: { loss: 'wasserstein', optimizer: { id: 'rmsprop', learningRate: 0.001 } },
    remedies: [{ id: 'weightClip', limit: 0.3 }]
  },
  'own noise': {
    nodes: [dense('first', 8), { id: 'drop', kind: 'dropout' }, out(1)],
    dataset: { id: 'eightGaussians', criticSteps: 1, latent: 1, generatorOptimizer: { id: 'rmsprop' } },
    training: { loss: 'wasserstein', schedule: { id: 'cosine', warmUp: 4 } },
    remedies: [{ id: 'spectralNorm', limit: 0.8 }]
  },
  'orthogonal start': {
    nodes: [
      dense('first', 32, 'relu', { initializer: 'orthogonal' }),
      dense('second', 32, 'relu', { initializer: 'orthogonal' }),
      dense('third', 32, 'relu', { initializer: 'orthogonal' }),
      out(1)
    ],
    dataset: { id: 'swissRoll', generator: 'noise' },
    training: { loss: 'wasserstein', optimizer: { id: 'adam', learningRate: 0.001 } },
    remedies: [{ id: 'spectralNorm', limit: 1 }]
  },
  'batch norm': {
    nodes: [dense('first', 8), { id: 'norm', kind: 'batchNorm' }, out(1)],
    dataset: { id: 'swissRoll', criticSteps: 3, generatorOptimizer: { id: 'sgd', learningRate: 0.02 } },
    training: { loss: 'wasserstein' },
    remedies: []
  },
  'one-sided penalty': {
    nodes: [dense('first', 8), { id: 'norm', kind: 'layerNorm' }, { id: 'drop', kind: 'dropout' }, out(1)],
    dataset: { id: 'swissRoll', criticSteps: 2 },
    training: { loss: 'wasserstein', optimizer: { id: 'adam', learningRate: 0.001 } },
    remedies: [{ id: 'gradientPenalty', lambda: 5, oneSided: true }]
  }
}

/** A network and a loss that suit a data set with its defaults. */
function taskOf(id: string): { nodes: object[]; training: object; dataset: object } {
  const set = datasets.get(id)
  const { dataset } = parseExperiment({ data: { dataset: { id } } }).data
  const { id: _, ...params } = dataset
  const info = set.describe(params, { seed: 7 })
  const sequence = info.inputShape.length > 1
  const last = info.targetShape[info.targetShape.length - 1]!
  const perStep = info.targetShape.length > 1
  const loss =
    info.task === 'multiclass'
      ? 'softmaxCrossEntropy'
      : info.task === 'binary'
        ? 'sigmoidCrossEntropy'
        : info.task === 'critic'
          ? 'wasserstein'
          : 'meanSquaredError'
  return {
    nodes: [
      sequence ? { id: 'rnn', kind: 'simpleRnn', params: { units: 5, returnSequences: perStep } } : dense('first', 6),
      out(last)
    ],
    training: { loss, optimizer: { id: 'sgd', learningRate: 0.01 } },
    dataset: { id }
  }
}

/** An experiment that a remedy can be applied to; undefined where there is none here. */
function remedyCase(id: string): (Parts & { remedies: object[] }) | undefined {
  const blobs = { id: 'blobs', inputs: 32, classes: 3, count: 120 }
  const bases: Parts[] = [
    {},
    { standardize: false },
    {
      nodes: [
        dense('first', 6, 'sigmoid'),
        { id: 'hidden', kind: 'repeat', times: 4, body: [dense('layer', 6, 'sigmoid')] },
        out(3)
      ]
    },
    { nodes: around('simpleRnn').nodes, dataset: blobs },
    { nodes: around('batchNorm').nodes },
    { nodes: [dense('first', 6), dense('out', 3, 'sigmoid')] },
    {
      nodes: [dense('first', 8), out(1)],
      dataset: { id: 'eightGaussians' },
      // Larger steps multiply a rounding by a thousand within twenty.
      training: { loss: 'wasserstein', optimizer: { id: 'adam', learningRate: 0.001 } }
    }
  ]
  for (const base of bases) {
    const parts = { ...base, remedies: [{ id }] }
    const experiment = parseExperiment({
      data: {
        dataset: base.dataset ?? DATA,
        validation: 0.2,
        ...(base.standardize === false && { standardize: false })
      },
      network: {
        nodes: base.nodes ?? [
          dense('first', 8),
          { id: 'hidden', kind: 'repeat', times: 3, body: [dense('layer', 6)] },
          out(3)
        ]
      },
      training: { ...TRAINING, ...base.training },
      remedies: parts.remedies
    })
    const { id: set, ...params } = experiment.data.dataset
    const info = datasets.get(set).describe(params, { seed: 7 })
    if (!effectiveExperiment(experiment, info).problems.length) return parts
  }
  return undefined
}
