import type { Rng } from '@shared/base/random/rng'
import type { Base, Draft, Fault, Json, Label, Node } from './types'

const pick = <T>(rng: Rng, list: readonly T[]): T => list[Math.floor(list.length * rng.uniform())]!
const between = (rng: Rng, low: number, high: number): number => low + (high - low) * rng.uniform()
/** Evenly in powers of ten. */
const power = (rng: Rng, low: number, high: number): number => 10 ** between(rng, Math.log10(low), Math.log10(high))

const KERNELS = ['dense', 'conv1d', 'conv2d', 'maxout']
const CELLS = ['simpleRnn', 'gru', 'lstm']
/** Hidden layers with a kernel, cells not among them. */
export const hiddenOf = (d: Draft): Node[] => d.nodes.filter((n) => n.id !== 'out' && KERNELS.includes(n.kind))
const cellOf = (d: Draft): Node => d.nodes.find((n) => CELLS.includes(n.kind))!
export const outputOf = (d: Draft): Node => d.nodes.find((n) => n.id === 'out')!
export const set = (n: Node, params: Json): void => void (n.params = { ...n.params, ...params })
const ids = (nodes: Node[]): string[] => nodes.map((n) => n.id)
const width = (n: Node): number => (n.params!['units'] ?? 9 * (n.params!['filters'] as number)) as number
/** Normal weights whose variance is `gain`² × that of He. */
const spread = (n: Node, gain: number): Json => ({ id: 'normal', std: gain * Math.sqrt(2 / width(n)) })
const rateOf = (d: Draft): number => d.training.optimizer['learningRate'] as number

const VANISHING = ['vanishing', 'notUpdating']
const NAN = ['lossNaN', 'weightsNaN']
const stacks = (b: Base): boolean => b.stacks === true
const deep = (rng: Rng) => ({ depth: 10 + Math.floor(4 * rng.uniform()) })
const label = (
  kinds: readonly string[],
  layers: readonly string[] | undefined,
  early: boolean,
  ...remedies: string[]
): Label => ({ kinds, ...(layers && { layers }), early, remedies })

export const faults: readonly Fault[] = [
  {
    id: 'sigmoids',
    suits: stacks,
    wish: deep,
    inject(d) {
      const hidden = hiddenOf(d)
      for (const n of hidden) set(n, { activation: 'sigmoid', initializer: 'glorotNormal' })
      return label(VANISHING, ids(hidden.slice(0, -1)), true, 'batchNorm', 'activation', 'residual', 'fewerLayers')
    }
  },
  {
    id: 'weakWeights',
    suits: stacks,
    wish: deep,
    inject(d, rng) {
      const hidden = hiddenOf(d)
      const gain = between(rng, 0.15, 0.4)
      for (const n of hidden) set(n, { initializer: spread(n, gain) })
      return label(VANISHING, ids(hidden.slice(0, -1)), true, 'initializer', 'batchNorm', 'residual', 'fewerLayers')
    }
  },
  {
    id: 'strongWeights',
    suits: stacks,
    wish: deep,
    inject(d, rng) {
      const hidden = hiddenOf(d)
      const gain = between(rng, 3, 6)
      for (const n of hidden) set(n, { initializer: spread(n, gain), activation: 'relu' })
      return label(['exploding', ...NAN], ids(hidden.slice(0, -1)), true, 'initializer', 'batchNorm')
    }
  },
  {
    id: 'overflow',
    suits: stacks,
    wish: deep,
    inject(d, rng) {
      const hidden = hiddenOf(d)
      const gain = power(rng, 1e4, 1e6)
      for (const n of hidden) set(n, { initializer: spread(n, gain), activation: 'relu' })
      return label(['exploding', ...NAN], undefined, true, 'initializer', 'batchNorm')
    }
  },
  {
    id: 'saturated',
    suits: stacks,
    wish: () => ({ depth: 5 }),
    inject(d, rng) {
      const hidden = hiddenOf(d)
      const gain = power(rng, 30, 300)
      for (const n of hidden) set(n, { activation: 'tanh', initializer: spread(n, gain) })
      return label(['saturated', 'exploding', 'vanishing'], ids(hidden), true, 'initializer', 'batchNorm', 'activation')
    }
  },
  {
    id: 'deadRelu',
    suits: (b) => b.family === 'dense' || b.family === 'conv' || b.id === 'residual',
    inject(d, rng, base) {
      const hidden = hiddenOf(d)
      const n = base.id === 'residual' ? hidden[0]! : pick(rng, hidden)
      set(n, { activation: 'relu', biasStart: -between(rng, 30, 100) })
      const from = hidden.indexOf(n)
      return label(
        ['dead', ...(base.id === 'residual' ? [] : VANISHING)],
        ids(hidden.slice(from, from + 1)),
        true,
        'activation',
        'initializer',
        'batchNorm'
      )
    }
  },
  {
    id: 'rateTooSmall',
    suits: () => true,
    inject(d, rng) {
      d.training.optimizer = {
        ...d.training.optimizer,
        learningRate: Math.max(1e-8, rateOf(d) * power(rng, 1e-6, 1e-3))
      }
      return label(['rateTooSmall', 'notUpdating'], undefined, false, 'learningRate')
    }
  },
  {
    id: 'rateTooLarge',
    suits: (b) => b.task !== 'critic',
    inject(d, rng) {
      const sgd = rng.uniform() < 0.5
      d.training.optimizer = sgd
        ? { id: 'sgd', learningRate: power(rng, 0.5, 10) }
        : { ...d.training.optimizer, learningRate: Math.min(10, rateOf(d) * power(rng, 100, 1e4)) }
      return label(['rateTooLarge', 'unstable', ...NAN], undefined, true, 'learningRate', 'clipByGlobalNorm')
    }
  },
  {
    id: 'outputBent',
    suits: (b) => (b.task === 'binary' || b.task === 'regression') && b.id !== 'adding' && b.id !== 'pairs',
    inject(d, rng, base) {
      const n = outputOf(d)
      if (base.task === 'binary') set(n, { activation: pick(rng, ['sigmoid', 'relu', 'hardSigmoid']) })
      else set(n, { activation: 'relu', biasStart: -between(rng, 3, 8) })
      return label(['outputLayer', 'dead'], ['out'], true, 'outputLayer')
    }
  },
  {
    id: 'outputBounded',
    suits: (b) => b.raw?.includes('targets') === true,
    wish: () => ({ raw: 'targets' }),
    twin: {},
    inject(d, rng) {
      set(outputOf(d), { activation: pick(rng, ['sigmoid', 'tanh']) })
      return label(['outputLayer'], ['out'], true, 'outputLayer')
    }
  },
  {
    id: 'rawInputs',
    suits: (b) => b.raw?.includes('inputs') === true,
    wish: () => ({ raw: 'inputs' }),
    twin: {},
    inject(d, rng) {
      const momentum = rng.uniform() < 0.5
      d.training.optimizer = { id: momentum ? 'momentum' : 'sgd', learningRate: power(rng, 0.01, 0.1) }
      return label(['dataScale'], undefined, true, 'scaleData', 'batchNorm')
    }
  },
  {
    id: 'rawTargets',
    suits: (b) => b.raw?.includes('targets') === true,
    wish: () => ({ raw: 'targets' }),
    twin: {},
    inject(d, rng) {
      if (rng.uniform() < 0.5) d.training.optimizer = { id: 'sgd', learningRate: power(rng, 1e-3, 1e-1) }
      return label(['dataScale'], undefined, true, 'scaleData')
    }
  },
  {
    id: 'zeros',
    suits: (b) => b.family === 'dense' || b.family === 'conv',
    inject(d) {
      const hidden = hiddenOf(d)
      for (const n of hidden) set(n, { initializer: 'zeros' })
      return label(['symmetry', ...VANISHING], ids(hidden), true, 'initializer')
    }
  },
  {
    id: 'constant',
    suits: (b) => b.family === 'dense' || b.family === 'conv' || b.family === 'normed',
    inject(d, rng) {
      const value = between(rng, 0.02, 0.2)
      for (const n of d.nodes.filter((m) => KERNELS.includes(m.kind)))
        set(n, { initializer: { id: 'constant', value } })
      return label(['symmetry'], ids(hiddenOf(d)), true, 'initializer')
    }
  },
  {
    id: 'rareClass',
    suits: (b) => b.rare === true,
    wish: (rng) => ({ rare: between(rng, 0.01, 0.04) }),
    twin: {},
    inject(d, rng) {
      d.training.optimizer = { id: 'sgd', learningRate: power(rng, 0.01, 0.05) }
      return label(['imbalance'], undefined, false, 'classWeights')
    }
  },
  {
    id: 'forgetful',
    suits: (b) => ['recall', 'recallWide', 'cue'].includes(b.id),
    wish: () => ({ length: 24 }),
    twin: { length: 24 },
    inject(d, rng) {
      set(cellOf(d), { recurrentInitializer: { id: 'normal', std: between(rng, 0.02, 0.1) } })
      return label(VANISHING, ['cell'], true, 'initializer', 'recurrentCell')
    }
  },
  {
    id: 'chaotic',
    suits: (b) => b.id === 'recall' || b.id === 'recallWide' || b.id === 'sine',
    wish: () => ({ length: 30 }),
    twin: { length: 12 },
    inject(d, rng) {
      const n = cellOf(d)
      if (rng.uniform() < 0.5) set(n, { recurrentInitializer: { id: 'orthogonal', gain: between(rng, 4, 10) } })
      else set(n, { activation: 'relu', recurrentInitializer: { id: 'orthogonal', gain: between(rng, 5, 60) } })
      return label(['exploding', 'saturated', ...NAN], ['cell'], true, 'initializer', 'recurrentCell')
    }
  },
  {
    id: 'weightClip',
    suits: (b) => b.task === 'critic',
    wish: () => ({ depth: 10 }),
    twin: { depth: 4 },
    inject(d, rng) {
      d.training.hooks = [{ id: 'weightClip', limit: power(rng, 5e-4, 5e-3) }]
      return label(VANISHING, ids(hiddenOf(d)), true, 'gradientPenalty', 'spectralNorm')
    }
  },
  {
    id: 'normLag',
    suits: (b) => b.id.toLowerCase().endsWith('normed') && b.id !== 'layerNormed' && b.id !== 'selfNormed',
    inject(d, rng) {
      const norms = d.nodes.filter((n) => n.kind === 'batchNorm')
      const momentum = 1 - power(rng, 3e-4, 2e-3)
      for (const n of norms) set(n, { momentum })
      for (const n of hiddenOf(d)) set(n, { bias: true, biasStart: between(rng, 4, 10) })
      return label(['evaluationGap'], ids(norms), false, 'normStatistics')
    }
  },
  {
    id: 'outputSquashed',
    suits: (b) => b.task === 'multiclass' && b.family !== 'recurrent' && b.family !== 'embedding',
    setting(d, rng) {
      d.training.optimizer = { id: 'sgd', learningRate: power(rng, 0.02, 0.1) }
      set(outputOf(d), { initializer: { id: 'normal', std: between(rng, 2, 4) } })
    },
    inject(d, rng) {
      set(outputOf(d), { activation: pick(rng, ['sigmoid', 'hardSigmoid', 'tanh']) })
      return label(['outputLayer'], ['out'], true, 'outputLayer')
    }
  },
  {
    id: 'linear',
    suits: (b) => ['xor', 'circles', 'checkerboard', 'spirals'].includes(b.id),
    inject(d, rng) {
      const hidden = hiddenOf(d)
      const isBare = rng.uniform() < 0.5
      if (isBare) d.nodes = [outputOf(d)]
      else for (const n of hidden) set(n, { activation: 'linear', initializer: 'glorotNormal' })
      return label(['linear'], isBare ? undefined : ids(hidden), false, isBare ? 'hiddenLayer' : 'activation')
    }
  },
  {
    id: 'constantNorm',
    suits: (b) => b.family === 'dense' && (b.task === 'binary' || (b.task === 'regression' && b.id !== 'pairs')),
    inject(d) {
      d.nodes.push({ id: 'end', kind: 'layerNorm' })
      return label(['constant'], ['end'], true, 'outputLayer')
    }
  }
]
