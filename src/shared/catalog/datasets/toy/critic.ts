import type { Fields, Params, Spec } from '../../../base/params'
import { makeRng, type Rng } from '../../../base/random/rng'
import type { Data, DataInfo, Generator } from '../types'

/** Parameters of what a critic is trained against; the same for every set of real points. */
export const generatorFields: Fields = {
  generator: {
    type: 'choice',
    default: 'network',
    label: { en: 'Generator', zh: '生成器' },
    options: [
      { id: 'network', label: { en: 'Small network, learns too', zh: '小型网络，一同学习' } },
      { id: 'noise', label: { en: 'Real points + noise, held fixed', zh: '真实点加噪声，固定不变' } }
    ],
    help: {
      en: 'Where the points come from that the critic must tell from the real ones.',
      zh: '评论家要与真实点区分开的那些点从何而来。'
    }
  },
  criticSteps: {
    type: 'number',
    default: 5,
    integer: true,
    min: 1,
    max: 1000,
    label: { en: 'Critic steps per generator step', zh: '每个生成器步的评论家步数' }
  },
  generatorOptimizer: {
    type: 'ref',
    registry: 'optimizers',
    default: { id: 'adam', learningRate: 0.001, beta1: 0.5, beta2: 0.9 },
    label: { en: "Generator's optimizer", zh: '生成器的优化器' }
  },
  generatorDepth: {
    type: 'number',
    default: 3,
    integer: true,
    min: 1,
    max: 20,
    advanced: true,
    label: { en: "Generator's hidden layers", zh: '生成器的隐藏层数' }
  },
  generatorWidth: {
    type: 'number',
    default: 64,
    integer: true,
    min: 1,
    max: 1024,
    log: true,
    advanced: true,
    label: { en: "Generator's width", zh: '生成器的宽度' }
  },
  latent: {
    type: 'number',
    default: 2,
    integer: true,
    min: 1,
    max: 256,
    advanced: true,
    label: { en: 'Latent numbers', zh: '隐变量个数' },
    help: {
      en: 'Standard normal numbers that the generator turns into a point.',
      zh: '生成器把这些标准正态数变成一个点。'
    }
  },
  spread: {
    type: 'number',
    default: 1,
    above: 0,
    max: 10,
    advanced: true,
    label: { en: 'Spread of the fixed noise', zh: '固定噪声的标准差' },
    help: { en: 'Standard deviation; used without a generator network.', zh: '标准差；仅在没有生成器网络时使用。' }
  }
}

/**
 * The generator that these parameters describe: ReLU layers, then a linear one with the point's coordinates. @param
 * dims coordinates of a point
 */
export function generatorOf(p: Params, dims: number): Generator {
  const dense = (id: string, units: number, activation: string, initializer: string): object => ({
    id,
    kind: 'dense',
    params: { units, activation, initializer }
  })
  const nodes = Array.from({ length: p.generatorDepth as number }, (_, i) =>
    dense(`hidden${i + 1}`, p.generatorWidth as number, 'relu', 'heNormal')
  )
  nodes.push(dense('point', dims, 'linear', 'glorotUniform'))
  return {
    ...(p.generator === 'network' && { network: { nodes } }),
    latent: p.generator === 'network' ? (p.latent as number) : dims,
    spread: p.spread as number,
    optimizer: p.generatorOptimizer as Spec,
    criticSteps: p.criticSteps as number
  }
}

/** What real points in the plane look like to a critic. @param p with `count` */
export const criticInfo = (p: Params): DataInfo => ({
  inputShape: [2],
  targetShape: [1],
  task: 'critic',
  count: p.count as number,
  featureNames: ['x', 'y']
})
/**
 * Real points, whose target is 1. The generated ones, with target 0, are made during training.
 * @param stream name of its random numbers within the seed
 */
export function realPoints(p: Params, seed: number, stream: string, draw: (rng: Rng) => [number, number]): Data {
  const info = criticInfo(p)
  const rng = makeRng(seed, `data/${stream}`)
  const x = new Float32Array(info.count * 2)
  for (let i = 0; i < info.count; i++) x.set(draw(rng), 2 * i)
  return { ...info, x, y: new Float32Array(info.count).fill(1) }
}
