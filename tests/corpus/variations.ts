import type { Variation } from './types'
import { hiddenOf, outputOf, set } from './faults'

const layered = (family: string): boolean => family === 'dense' || family === 'conv'
const rate = (v: unknown, factor: number): number => (v as number) * factor

/** What people do that is no fault. Each still has to learn to count as healthy. */
export const variations: readonly Variation[] = [
  { id: 'plain', suits: () => true, change: () => undefined },
  {
    id: 'deep',
    suits: (b) => b.stacks === true,
    wish: () => ({ depth: 8 }),
    change: () => undefined
  },
  {
    id: 'tinyBatch',
    suits: (b) => b.task !== 'critic' && b.family !== 'normed',
    change(d) {
      d.training.batchSize = 2
      d.training.steps *= 2
      d.training.optimizer['learningRate'] = rate(d.training.optimizer['learningRate'], 0.3)
    }
  },
  {
    id: 'tanh',
    suits: (b) => layered(b.family),
    change: (d) => hiddenOf(d).forEach((n) => set(n, { activation: 'tanh', initializer: 'glorotNormal' }))
  },
  {
    id: 'wideStart',
    suits: (b) => layered(b.family),
    change: (d) => hiddenOf(d).forEach((n) => set(n, { activation: 'tanh', initializer: { id: 'normal', std: 0.8 } }))
  },
  {
    id: 'zeroOutput',
    suits: (b) => b.task !== 'critic',
    change: (d) => set(outputOf(d), { initializer: 'zeros' })
  },
  {
    id: 'momentum',
    suits: (b) => layered(b.family) && b.task !== 'critic',
    change(d) {
      d.training.optimizer = { id: 'momentum', learningRate: 0.03 }
      d.training.steps *= 2
    }
  },
  {
    id: 'long',
    suits: () => true,
    change: (d) => void (d.training.steps *= 3)
  },
  {
    id: 'leaky',
    suits: (b) => layered(b.family),
    change: (d) => hiddenOf(d).forEach((n, i) => set(n, { activation: i ? 'leakyRelu' : 'prelu' }))
  },
  {
    id: 'brisk',
    suits: (b) => b.task !== 'critic',
    change(d) {
      d.training.optimizer['learningRate'] = rate(d.training.optimizer['learningRate'], 3)
    }
  }
]
