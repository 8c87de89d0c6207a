import { clone } from '../../base/clone'
import { number } from '../../base/python'
import { parseSpec, type Params, type Spec } from '../../base/params'
import { optimizers } from '../../catalog/optimizers'
import { lookup } from '../../experiment/lookup'
import type { Remedy } from '../../experiment/remedies'

/** Optimizers that are offered, as PyTorch makes them. */
const TORCH: Record<string, (rate: string) => string> = {
  adam: (rate) => `Adam(model.parameters(), lr=${rate})`,
  nadam: (rate) => `NAdam(model.parameters(), lr=${rate})`,
  rmsprop: (rate) => `RMSprop(model.parameters(), lr=${rate})`,
  momentum: (rate) => `SGD(model.parameters(), lr=${rate}, momentum=0.9)`,
  sgd: (rate) => `SGD(model.parameters(), lr=${rate})`
}
const specOf = ({ to, learningRate }: Params): Spec => parseSpec('optimizers', { id: to, learningRate }, '', [], lookup)

const optimizer: Remedy = {
  id: 'optimizer',
  name: { en: 'Swap or reset optimizer', zh: '更换或重置优化器' },
  words:
    'adaptive steps, optimizer, optimiser, swap optimizer, default optimizer settings, epsilon, beta, Adam, RMSprop, AdaGrad, Nadam, momentum, SGD, adaptive learning rate; 优化器, 更换优化器, 优化器默认设置, 自适应学习率, 动量',
  doc: {
    en: 'Another optimizer takes the place of this one, or the same one with its usual settings. Adam (Kingma & Ba 2015) divides each weight’s gradient by its own recent size, so that steps have the size of the learning rate, however small or large gradients are.',
    zh: '更换优化器，或让同一优化器恢复通常的设置。Adam（Kingma & Ba 2015）把每个权重的梯度除以它近期的大小，因此无论梯度多大多小，步长都与学习率相当。'
  },
  backfires: {
    en: 'A gradient that is only noise makes steps just as long. At the end of a long training plain descent can generalise better (Wilson 2017).',
    zh: '只是噪声的梯度也会产生同样长的步。长时间训练的末期，普通梯度下降的泛化可能更好（Wilson 2017）。'
  },
  group: 'training',
  conflicts: [],
  settings: () => [{ learningRate: 0.01 }],
  fields: {
    to: {
      type: 'choice',
      default: 'adam',
      label: { en: 'Optimizer', zh: '优化器' },
      options: Object.keys(TORCH).map((id) => ({ id, label: optimizers.get(id).name }))
    },
    learningRate: {
      type: 'number',
      default: 0.001,
      min: 1e-8,
      max: 10,
      log: true,
      label: { en: 'Learning rate', zh: '学习率' }
    }
  },
  apply(experiment, p) {
    const next = clone(experiment)
    next.training.optimizer = specOf(p)
    return next
  },
  blocked({ training }, p) {
    const { name } = optimizers.get(p.to as string)
    const isUsual = Object.entries(specOf(p)).every(
      ([key, value]) => key === 'learningRate' || training.optimizer[key] === value
    )
    return isUsual
      ? {
          en: `The optimizer is ${name.en} with its usual settings already: change its learning rate instead.`,
          zh: `优化器已经是采用通常设置的${name.zh}：请改为调整其学习率。`
        }
      : undefined
  },
  inTorch: (p) => [
    {
      place: 'optimizer',
      lines: [`optimizer = torch.optim.${TORCH[p.to as string]!(number(p.learningRate))}`]
    }
  ]
}
export default optimizer
