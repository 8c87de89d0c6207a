import type { Spec } from '../../base/params'
import type { Text } from '../../base/text'
import type { ForeignTraining } from '../foreign'
import { asObject, type Json } from './graph'

const plain = (name: unknown): string =>
  String(name)
    .toLowerCase()
    .replace(/[^a-z0-9]/g, '')
const number = (v: unknown, otherwise: number): number => (typeof v === 'number' && Number.isFinite(v) ? v : otherwise)
const between = (v: number, low: number, high: number): number => Math.min(high, Math.max(low, v))

/** Keras's losses by their names without marks. */
const LOSSES: Record<string, { id: string; squashes?: 'softmax' | 'sigmoid' }> = {
  mse: { id: 'meanSquaredError' },
  meansquarederror: { id: 'meanSquaredError' },
  mae: { id: 'meanAbsoluteError' },
  meanabsoluteerror: { id: 'meanAbsoluteError' },
  huber: { id: 'huber' },
  huberloss: { id: 'huber' },
  categoricalcrossentropy: { id: 'softmaxCrossEntropy', squashes: 'softmax' },
  sparsecategoricalcrossentropy: { id: 'softmaxCrossEntropy', squashes: 'softmax' },
  binarycrossentropy: { id: 'sigmoidCrossEntropy', squashes: 'sigmoid' }
}

function readLoss(value: unknown, notes: Text[]): ForeignTraining['loss'] {
  if (value === undefined || value === null) return undefined
  // A compiled loss is a name, or an object of a class, or a function by name.
  const { class_name, config } = asObject(value)
  const settings = asObject(config)
  const name = typeof value === 'string' ? value : class_name === 'function' ? config : class_name
  const known = LOSSES[plain(name)]
  if (!known) {
    notes.push({
      en: `the loss “${String(name)}” has no counterpart: mean squared error takes its place`,
      zh: `损失函数 “${String(name)}” 没有对应项：以均方误差代替`
    })
    return { spec: { id: 'meanSquaredError' }, from: 'values' }
  }
  if (number(settings.label_smoothing, 0) > 0)
    notes.push({ en: 'the smoothing of labels is left out', zh: '标签平滑被略去' })
  const spec: Spec = { id: known.id, ...(known.id === 'huber' && { delta: number(settings.delta, 1) }) }
  return {
    spec,
    from: !known.squashes ? 'values' : settings.from_logits === true ? 'logits' : 'probabilities',
    ...(known.squashes && { squashes: known.squashes })
  }
}

/** A learning rate: its start, and how it falls. @param steps of the experiment, by which ours are measured */
function readRate(value: unknown, steps: number, notes: Text[]): { rate?: number; schedule?: Spec } {
  if (typeof value === 'number') return { rate: value }
  if (value === undefined || value === null) return {}
  const { class_name, config } = asObject(value)
  const c = asObject(config)
  const rate = number(c.initial_learning_rate, 0.01)
  switch (plain(class_name)) {
    case 'cosinedecay':
      if (number(c.decay_steps, steps) !== steps)
        notes.push({
          en: `the cosine reaches its end at the last of ${steps} steps, not after ${String(c.decay_steps)}`,
          zh: `余弦衰减在第 ${steps} 步（最后一步）到达终点，而非 ${String(c.decay_steps)} 步之后`
        })
      return { rate, schedule: { id: 'cosine', end: between(number(c.alpha, 0), 0, 1) } }
    case 'exponentialdecay': {
      const [each, by] = [number(c.decay_steps, 1000), number(c.decay_rate, 0.96)]
      if (c.staircase === true) return { rate, schedule: { id: 'step', every: each, gamma: between(by, 1e-6, 1) } }
      return { rate, schedule: { id: 'exponential', end: between(by ** (steps / each), 1e-6, 1) } }
    }
    default:
      notes.push({
        en: `the learning rate's schedule “${String(class_name)}” is left out: the rate stays at ${rate}`,
        zh: `学习率调度 “${String(class_name)}” 被略去：学习率保持 ${rate}`
      })
      return { rate }
  }
}

function readOptimizer(
  value: unknown,
  steps: number,
  notes: Text[]
): Pick<ForeignTraining, 'optimizer' | 'schedule' | 'hooks'> {
  const { class_name, config } = asObject(value)
  // Mixed precision wraps the optimizer.
  const { inner_optimizer } = asObject(config)
  if (inner_optimizer !== undefined && class_name === 'LossScaleOptimizer')
    return readOptimizer(inner_optimizer, steps, notes)
  const name = plain(typeof value === 'string' ? value : class_name)
  const c: Json = asObject(config)
  const { rate, schedule } = readRate(c.learning_rate ?? c.lr, steps, notes)
  const own = (defaults: Record<string, number>, names: Record<string, string>): Record<string, number> =>
    Object.fromEntries(Object.entries(names).map(([ours, theirs]) => [ours, number(c[theirs], defaults[ours]!)]))
  const adam = { beta1: 'beta_1', beta2: 'beta_2', epsilon: 'epsilon' }
  const usual = { beta1: 0.9, beta2: 0.999, epsilon: 1e-7 }
  let optimizer: Spec | undefined
  switch (name) {
    case 'sgd':
      optimizer =
        number(c.momentum, 0) > 0
          ? { id: 'momentum', momentum: c.momentum, nesterov: c.nesterov === true }
          : { id: 'sgd' }
      break
    case 'adam':
      optimizer = { id: 'adam', ...own(usual, adam) }
      if (c.amsgrad === true) notes.push({ en: 'AMSGrad is left out', zh: 'AMSGrad 被略去' })
      break
    case 'adamw':
      optimizer = { id: 'adamW', ...own(usual, adam), weightDecay: number(c.weight_decay, 0.004) }
      break
    case 'nadam':
      // Keras lets the momentum warm up by a decay ψ of 1.
      optimizer = { id: 'nadam', ...own(usual, adam), decay: 0.9999 }
      break
    case 'rmsprop':
      optimizer = { id: 'rmsprop', ...own({ rho: 0.9, epsilon: 1e-7 }, { rho: 'rho', epsilon: 'epsilon' }) }
      if (number(c.momentum, 0) > 0 || c.centered === true)
        notes.push({ en: 'momentum and centring of RMSprop are left out', zh: 'RMSprop 的动量与中心化被略去' })
      break
    case 'adagrad':
      optimizer = { id: 'adagrad', ...own({ epsilon: 1e-7 }, { epsilon: 'epsilon' }) }
      notes.push({ en: 'Adagrad starts its sum at 0, not at 0.1', zh: 'Adagrad 的累加从 0 开始，而非 0.1' })
      break
    case 'adadelta':
      optimizer = { id: 'adadelta', ...own({ rho: 0.95, epsilon: 1e-7 }, { rho: 'rho', epsilon: 'epsilon' }) }
      break
    default:
      if (value !== undefined && value !== null)
        notes.push({
          en: `the optimizer “${String(class_name ?? value)}” has no counterpart: Adam takes its place`,
          zh: `优化器 “${String(class_name ?? value)}” 没有对应项：以 Adam 代替`
        })
      optimizer = value === undefined || value === null ? undefined : { id: 'adam' }
  }
  const hooks: Spec[] = []
  if (number(c.clipvalue, 0) > 0) hooks.push({ id: 'clipByValue', limit: c.clipvalue })
  if (number(c.clipnorm, 0) > 0) hooks.push({ id: 'clipByNorm', maxNorm: c.clipnorm })
  if (number(c.global_clipnorm, 0) > 0) hooks.push({ id: 'clipByGlobalNorm', maxNorm: c.global_clipnorm })
  if (name !== 'adamw' && number(c.weight_decay, 0) > 0)
    notes.push({ en: 'the optimizer’s weight decay is left out', zh: '优化器的权重衰减被略去' })
  return {
    ...(optimizer && {
      optimizer: { ...optimizer, ...(rate !== undefined && { learningRate: between(rate, 1e-8, 10) }) }
    }),
    ...(schedule && { schedule }),
    hooks
  }
}

/**
 * Reads how a model was compiled.
 * @param compiled `compile_config` of Keras 3, or `training_config` of an `.h5` file; undefined where there is none
 * @param steps that the experiment will have
 */
export function readTraining(compiled: unknown, steps: number): ForeignTraining {
  const notes: Text[] = []
  const c = asObject(compiled)
  const { loss: given, optimizer: how, optimizer_config: old } = c
  const loss = readLoss(Array.isArray(given) ? given[0] : given, notes)
  return { ...readOptimizer(how ?? old, steps, notes), ...(loss && { loss }), notes }
}
