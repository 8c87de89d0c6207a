import type { Attachments } from '@shared/catalog/datasets'
import type { FrameTable } from '@shared/run/frameTable'
import { RunLog } from '@shared/run/runLog'
import type { Checkpoint, Evaluation, Failure, Finding, Progress, RunEvent, RunSchema } from '@shared/run/types'
import type { RunUpdate } from '@shared/run/update'
import { parseSpec } from '@shared/base/params'
import { parseExperiment, takeAdvice, type Experiment } from '@shared/experiment'
import { lookup } from '@shared/experiment/lookup'
import { makeRng } from '@shared/base/random/rng'
import type { NamedArray } from '@shared/takehome/types'
import type { Emit } from '../../src/trainer/session/events'
import { TrainerSession, type SessionOptions } from '../../src/trainer/session/session'

/** All that a session emitted, and the run that it makes. */
export class Told {
  readonly updates: RunUpdate[] = []
  /** Each that was emitted, and the end. */
  readonly progress: Progress[] = []
  readonly snapshots = new Map<number, Map<string, NamedArray>>()
  readonly log: RunLog
  done: { state: 'finished' | 'diverged' | 'stopped' } | undefined
  /** With the words of a library. */
  failed: Failure | undefined

  constructor(experiment: Experiment) {
    this.log = new RunLog({ id: 'run', name: experiment.name, experiment, createdAt: '' })
  }
  get schema(): RunSchema | undefined {
    return this.log.schema
  }
  get table(): FrameTable | undefined {
    return this.log.table
  }
  get evaluations(): readonly Evaluation[] {
    return this.log.evaluations
  }
  get findings(): Finding[] {
    return [...this.log.findings]
  }
  take(update: RunUpdate): void {
    this.updates.push(update)
    if (this.log.apply(update) === 'progress') this.progress.push(this.log.progress)
    if (update.kind === 'done') this.done = { state: update.state }
    if (update.kind === 'failure') this.failed = update.failure
  }
}
export class Running extends Told {
  session!: TrainerSession
  end!: Promise<void>
}

/**
 * Starts a session that acknowledges every batch, and notes everything. `hear` sees each update afterwards. `ready`:
 * all functions are prepared before, so that each step that is not recorded is made by the one that measures nothing.
 */
export function begin(
  experiment: Experiment,
  options: SessionOptions & { files?: Attachments; acknowledge?: boolean; hear?: Emit; ready?: boolean } = {}
): Running {
  const running = new Running(experiment)
  const { files = {}, acknowledge = true, hear, ready, ...rest } = options
  const emit: Emit = (update) => {
    running.take(update)
    if (update.kind === 'frames' && acknowledge) running.session.ack(1)
    hear?.(update)
  }
  running.session = new TrainerSession(experiment, files, emit, {
    onSnapshot: (step, arrays) => running.snapshots.set(step, new Map(arrays.map((a) => [a.name, a]))),
    ...rest
  })
  if (ready) running.session.getReady()
  running.end = running.session.run()
  return running
}
/** Runs to the end. @throws Error with the trainer's words when it failed */
export async function runToEnd(experiment: Experiment, options: Parameters<typeof begin>[1] = {}): Promise<Told> {
  const running = begin(experiment, options)
  await running.end
  if (running.failed) throw new Error(running.failed.message.en)
  return running
}
/** The run with the first advice of a finding, taken whole. */
export function treated(e: Experiment, { advice, choices, along }: Finding, files?: Attachments): Promise<Told> {
  const id = advice[0]!
  const { on = [], off = [] } = along?.[id] ?? {}
  const all = [{ id, ...choices?.[id] }, ...on].map((c) => parseSpec('remedies', c, '', [], lookup))
  return runToEnd(takeAdvice(e, all, off), files && { files })
}
/** Waits until the condition holds. @throws Error when the run ends first */
export const until = (running: Running, condition: () => boolean): Promise<void> =>
  new Promise((resolve, reject) => {
    const look = (): void => {
      if (condition()) resolve()
      else if (running.done || running.failed)
        reject(new Error(`the run ended first: ${JSON.stringify(running.failed ?? running.done)}`))
      else setImmediate(look)
    }
    look()
  })
/** The checkpoints that main would hold by now. */
export const keptOf = (told: Told): readonly Checkpoint[] => told.log.checkpoints
/** The run's events. */
export const eventsOf = (told: Told): RunEvent[] => [...told.log.events]
/** Snapshot arrays at one step. */
export const at = (told: Told, step: number, name: string): Float32Array => {
  const found = told.snapshots.get(step)?.get(name)
  if (!found) throw new Error(`no ${name} at step ${step}: ${[...(told.snapshots.get(step)?.keys() ?? [])].join(', ')}`)
  return found.data
}
/** Bits of all weights and optimizer state at a step. */
export function bits(told: Told, step: number): Record<string, string> {
  const out: Record<string, string> = {}
  for (const [name, a] of told.snapshots.get(step)!)
    if (/^(weights|optimizer)\//.test(name))
      out[name] = Buffer.from(a.data.buffer, a.data.byteOffset, a.data.byteLength).toString('base64')
  return out
}
/** Largest |a − b| over the larger of the two vectors' RMS: how far apart two float32 computations are. */
export function apart(a: ArrayLike<number>, b: ArrayLike<number>): number {
  if (a.length !== b.length) return Infinity
  let [most, sa, sb] = [0, 0, 0]
  for (let i = 0; i < a.length; i++) {
    if (Number.isNaN(a[i]) !== Number.isNaN(b[i])) return Infinity
    if (Number.isNaN(a[i])) continue
    most = Math.max(most, Math.abs(a[i]! - b[i]!))
    sa += a[i]! ** 2
    sb += b[i]! ** 2
  }
  return most === 0 ? 0 : most / Math.sqrt(Math.max(sa, sb) / a.length)
}

type Json = Record<string, unknown>
const dense = (id: string, units: number, more: Json = {}): Json => ({
  id,
  kind: 'dense',
  params: { units, initializer: 'glorotUniform', ...more }
})
const conv2d = (id: string, filters: number, more: Json = {}): Json => ({
  id,
  kind: 'conv2d',
  params: { filters, ...more }
})
/** Small nets of every shape the slice knows, on small data. */
export const nets: Record<string, Json> = {
  plain: {
    data: { dataset: { id: 'moons', count: 120 } },
    network: {
      nodes: [
        dense('first', 8, { activation: 'tanh' }),
        dense('second', 8, { activation: 'elu', bias: false }),
        dense('out', 1, { activation: 'linear' })
      ]
    },
    training: { loss: 'sigmoidCrossEntropy' }
  },
  deepRelu: {
    data: { dataset: { id: 'blobs', count: 200, classes: 4 } },
    network: {
      nodes: [
        dense('first', 16, { activation: 'relu', initializer: 'heNormal' }),
        {
          id: 'hidden',
          kind: 'repeat',
          times: 6,
          body: [dense('dense', 16, { activation: 'relu', initializer: 'heNormal' })]
        },
        dense('out', 4, { activation: 'linear' })
      ]
    },
    training: { loss: 'softmaxCrossEntropy' }
  },
  // The gradients of its branches are the outputs of one operation.
  parallel: {
    data: { dataset: { id: 'digits' } },
    network: {
      nodes: [
        { id: 'picture', kind: 'reshape', params: { shape: '8, 8, 1' } },
        ...[1, 3, 5, 3, 1, 3].map((kernelSize, i) => ({
          ...conv2d(`branch${i}`, 2, { kernelSize, padding: 'same', activation: 'linear' }),
          inputs: ['picture']
        })),
        { id: 'joined', kind: 'concatenate', inputs: [0, 1, 2, 3, 4, 5].map((i) => `branch${i}`) },
        { id: 'flat', kind: 'flatten' },
        dense('out', 10, { activation: 'linear' })
      ]
    },
    training: { loss: 'softmaxCrossEntropy' }
  },
  // Wide enough for its operations to run in turn: src/trainer/graph/turns.ts.
  wide: {
    data: { dataset: { id: 'blobs', count: 200, classes: 4 } },
    network: {
      nodes: [
        dense('first', 512, { activation: 'relu', initializer: 'heNormal' }),
        dense('second', 512, { activation: 'linear', initializer: 'heNormal', bias: false }),
        { id: 'norm', kind: 'batchNorm' },
        { id: 'act', kind: 'activation', params: { activation: 'relu' } },
        dense('third', 512, { activation: 'relu', initializer: 'heNormal' }),
        dense('out', 4, { activation: 'linear' })
      ]
    },
    training: { loss: 'softmaxCrossEntropy' }
  },
  batchNorm: {
    data: { dataset: { id: 'spirals', count: 150 } },
    network: {
      nodes: [
        {
          id: 'block',
          kind: 'repeat',
          times: 3,
          body: [
            dense('dense', 12, { activation: 'linear', bias: false }),
            { id: 'bn', kind: 'batchNorm' },
            { id: 'act', kind: 'activation', params: { activation: 'leakyRelu' } }
          ]
        },
        dense('out', 2, { activation: 'linear' })
      ]
    },
    training: { loss: 'softmaxCrossEntropy' }
  },
  residual: {
    data: { dataset: { id: 'circles', count: 150 } },
    network: {
      nodes: [
        dense('first', 10, { activation: 'tanh' }),
        {
          id: 'block',
          kind: 'repeat',
          times: 3,
          body: [
            dense('dense', 10, { activation: 'selu', initializer: 'lecunNormal' }),
            { id: 'sum', kind: 'add', inputs: ['dense', 'input'] }
          ]
        },
        dense('out', 1, { activation: 'sigmoid' })
      ]
    },
    training: { loss: 'meanSquaredError' }
  },
  conv: {
    data: { dataset: 'digits', validation: 0.9 },
    network: {
      nodes: [
        { id: 'picture', kind: 'reshape', params: { shape: '8, 8, 1' } },
        conv2d('first', 6, { activation: 'relu', initializer: 'heNormal' }),
        { id: 'bn', kind: 'batchNorm' },
        conv2d('second', 6, { activation: { id: 'prelu' }, stride: 2 }),
        { id: 'pool', kind: 'maxPool' },
        conv2d('third', 5, { activation: 'tanh', kernelSize: 2, padding: 'valid', l2: 0.01 }),
        { id: 'row', kind: 'flatten' },
        dense('out', 10, { activation: 'linear' })
      ]
    },
    training: { loss: 'softmaxCrossEntropy' }
  },
  branches: {
    data: { dataset: { id: 'blobs', count: 200, classes: 4, inputs: 12 } },
    network: {
      nodes: [
        { id: 'steps', kind: 'reshape', params: { shape: '6 × -1' } },
        { id: 'one', kind: 'conv1d', params: { filters: 4, activation: 'elu' }, inputs: ['steps'] },
        {
          id: 'two',
          kind: 'conv1d',
          params: { filters: 3, kernelSize: 5, activation: { id: 'prelu', shared: true } },
          inputs: ['steps']
        },
        { id: 'join', kind: 'concatenate', inputs: ['one', 'two', 'steps'] },
        { id: 'soft', kind: 'averagePool', params: { size: 3, stride: 2, padding: 'same' }, inputs: ['join'] },
        { id: 'mean', kind: 'globalAveragePool', inputs: ['soft'] },
        { id: 'peak', kind: 'globalMaxPool', inputs: ['soft'] },
        { id: 'both', kind: 'concatenate', inputs: ['mean', 'peak'] },
        { ...dense('out', 4, { activation: 'linear' }), inputs: ['both'] }
      ]
    },
    training: { loss: 'softmaxCrossEntropy' }
  },
  penalised: {
    data: { dataset: { id: 'randomPairs', count: 40, inputs: 6, outputs: 3 } },
    network: {
      nodes: [
        dense('first', 9, { activation: 'sigmoid', l2: 0.01 }),
        dense('out', 3, { activation: 'linear', l2: 0.02 })
      ]
    },
    // A sum over all examples wants small steps: a net that blows up is compared by the luck of its last digit.
    training: { loss: 'sumOfSquares', batchSize: 0, optimizer: { id: 'sgd', learningRate: 1e-3 } }
  },
  eachStep: {
    data: { dataset: { id: 'copyMemory', count: 60, symbols: 3, items: 2, delay: 4 } },
    network: {
      nodes: [
        { id: 'lstm', kind: 'lstm', params: { units: 7, returnSequences: true } },
        { id: 'rnn', kind: 'simpleRnn', params: { units: 6, returnSequences: true, truncate: 3 } },
        dense('mix', 8, { activation: { id: 'prelu' } }),
        dense('out', 4, { activation: 'linear' })
      ]
    },
    training: { loss: 'softmaxCrossEntropy' }
  },
  lastStep: {
    data: { dataset: { id: 'addingProblem', count: 80, length: 9 }, standardize: true },
    network: { nodes: [{ id: 'gru', kind: 'gru', params: { units: 7 } }, dense('out', 1, { activation: 'linear' })] },
    training: { loss: 'meanSquaredError' }
  },
  unrolled: {
    data: { dataset: 'digitRows', validation: 0.9 },
    network: {
      nodes: [
        { id: 'lstm', kind: 'lstm', params: { units: 6, activation: { id: 'softplus' } } },
        dense('out', 10, { activation: 'linear' })
      ]
    },
    training: { loss: 'softmaxCrossEntropy' }
  },
  noisy: {
    data: { dataset: { id: 'blobs', count: 120 } },
    network: {
      nodes: [
        dense('first', 12, { activation: 'relu' }),
        { id: 'drop', kind: 'dropout', params: { rate: 0.3 } },
        { id: 'norm', kind: 'layerNorm' },
        dense('out', 3, { activation: 'linear' })
      ]
    },
    training: { loss: 'softmaxCrossEntropy' }
  }
}
/** Critics of each kind: against a generator that learns at every third step, and against fixed noise. */
export const critics: Record<string, Json> = {
  generator: {
    data: { dataset: { id: 'eightGaussians', count: 200, criticSteps: 3, generatorWidth: 8, generatorDepth: 2 } },
    network: {
      nodes: [
        dense('first', 16, { activation: 'leakyRelu', initializer: 'heNormal' }),
        { id: 'hidden', kind: 'repeat', times: 2, body: [dense('dense', 16, { activation: 'tanh' })] },
        dense('out', 1, { activation: 'linear' })
      ]
    },
    training: { loss: 'wasserstein', hooks: [{ id: 'weightClip', limit: 0.2 }] }
  },
  noise: {
    data: { dataset: { id: 'swissRoll', count: 200, generator: 'noise' } },
    network: {
      nodes: [
        dense('first', 16, { activation: 'relu', initializer: 'heNormal' }),
        {
          id: 'hidden',
          kind: 'repeat',
          times: 4,
          body: [dense('dense', 16, { activation: 'relu', initializer: 'heNormal' })]
        },
        dense('out', 1, { activation: 'linear' })
      ]
    },
    training: { loss: 'wasserstein', hooks: [{ id: 'weightClip', limit: 0.2 }] }
  }
}
Object.assign(nets, { criticOfGenerator: critics['generator'], criticOfNoise: critics['noise'] })
/** One of the nets as an experiment, with some settings changed. */
export function netOf(name: keyof typeof nets, training: Json = {}, more: Json = {}): Experiment {
  const base = JSON.parse(JSON.stringify(nets[name])) as { training: Json; network: { nodes: Json[] } }
  // spirals are two classes of one 0/1 output by default; here one-hot.
  const text = JSON.parse(
    JSON.stringify({
      name,
      ...base,
      ...more,
      training: {
        batchSize: 32,
        steps: 30,
        optimizer: { id: 'sgd', learningRate: 0.05 },
        ...base.training,
        ...training
      }
    })
  ) as Json
  if (name === 'batchNorm') (text['data'] as Json)['dataset'] = { id: 'spirals', count: 150, coding: 'oneHot' }
  return parseExperiment(text)
}
/** Standard normal numbers. */
export const normals = (n: number, stream: string): Float32Array => {
  const rng = makeRng(7, stream)
  return Float32Array.from({ length: n }, () => rng.normal())
}
