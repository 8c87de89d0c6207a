import { asObject, type Json } from '../../base/objects'
import type { Spec } from '../../base/params'
import { rounded } from '../../base/rounded'
import type { Text } from '../../base/text'
import type { ForeignTraining } from '../foreign'
import { cosine, decaying, falling, fallingAt, taken, warmed } from '../schedules'

const plain = (name: unknown): string =>
  String(name)
    .toLowerCase()
    .replace(/[^a-z0-9]/g, '')
/** Keras keeps settings as float32: 0.001 is 0.0010000000474974513 in its files. */
function written(v: number): number {
  const short = rounded(v, 7)
  return Math.fround(v) === v && Math.fround(short) === v ? short : v
}
const number = (v: unknown, otherwise: number): number =>
  typeof v === 'number' && Number.isFinite(v) ? written(v) : otherwise
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
  binarycrossentropy: { id: 'sigmoidCrossEntropy', squashes: 'sigmoid' },
  categoricalfocalcrossentropy: { id: 'softmaxCrossEntropy', squashes: 'softmax' },
  binaryfocalcrossentropy: { id: 'sigmoidCrossEntropy', squashes: 'sigmoid' }
}

function readLoss(value: unknown, notes: Text[]): ForeignTraining['loss'] {
  if (value === undefined || value === null) return undefined
  // A compiled loss is a name, or an object of a class, or a function by name.
  const { class_name, config } = asObject(value)
  const settings = asObject(config)
  const name = typeof value === 'string' ? value : class_name === 'function' ? config : class_name
  const known = LOSSES[plain(name)]
  if (!known) {
    notes.push({ en: `the loss “${String(name)}” has no counterpart`, zh: `损失函数 “${String(name)}” 没有对应项` })
    return undefined
  }
  if (plain(name).includes('focal'))
    notes.push({ en: 'the focal factor of the loss is left out', zh: '损失的焦点因子被略去' })
  if (settings.reduction === 'sum')
    notes.push({ en: 'the loss is the mean over a batch here, not the sum', zh: '这里的损失是批次平均，而非总和' })
  if (number(settings.label_smoothing, 0) > 0)
    notes.push({ en: 'the smoothing of labels is left out', zh: '标签平滑被略去' })
  if (settings.ignore_class !== undefined && settings.ignore_class !== null)
    notes.push({
      en: `class ${String(settings.ignore_class)} counts in the loss as any other`,
      zh: `类别 ${String(settings.ignore_class)} 与其他类别一样计入损失`
    })
  const spec: Spec = { id: known.id, ...(known.id === 'huber' && { delta: number(settings.delta, 1) }) }
  return {
    spec,
    from: !known.squashes ? 'values' : settings.from_logits === true ? 'logits' : 'probabilities',
    ...(known.squashes && { squashes: known.squashes })
  }
}

/** A learning rate: its start, and how it falls. @param steps of the experiment, by which ours are measured */
function readRate(value: unknown, steps: number, notes: Text[]): { rate?: number; schedule?: Spec } {
  if (typeof value === 'number') return { rate: written(value) }
  if (value === undefined || value === null) return {}
  const { class_name, config } = asObject(value)
  const c = asObject(config)
  const list = (key: string): number[] => [c[key]].flat().map(Number)
  const name = String(class_name)
  const rate = number(c.initial_learning_rate ?? list('values')[0], 0.01)
  switch (plain(class_name)) {
    case 'cosinedecay': {
      const [warm, length] = [number(c.warmup_steps, 0), number(c.decay_steps, steps)]
      if (typeof c.warmup_target !== 'number' || warm < 1 || warm >= steps)
        return { rate, ...taken(cosine(number(c.alpha, 0), length, steps), name, rate, notes) }
      const found = warmed(Math.round(warm), cosine(number(c.alpha, 0), length, steps - warm), false)
      return { rate: c.warmup_target, ...taken(found, name, rate, notes) }
    }
    case 'exponentialdecay': {
      const [each, by] = [number(c.decay_steps, 1000), number(c.decay_rate, 0.96)]
      return { rate, ...taken(c.staircase === true ? falling(by, each) : decaying(by, each), name, rate, notes) }
    }
    case 'piecewiseconstantdecay': {
      const values = list('values')
      const by = values[1]! / rate
      const isEven = values.every((v, i) => i === 0 || Math.abs(v / values[i - 1]! / by - 1) < 1e-6)
      return { rate, ...taken(isEven ? fallingAt(by, list('boundaries'), 1) : undefined, name, rate, notes) }
    }
    default:
      return { rate, ...taken(undefined, name, rate, notes) }
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
  if (c.use_ema === true)
    notes.push({ en: 'the moving average of the weights is left out', zh: '权重的滑动平均被略去' })
  const every = number(c.gradient_accumulation_steps, 1)
  if (every > 1)
    notes.push({
      en: `gradients of ${every} batches are not gathered for one step: make the batches ${every} times as large`,
      zh: `不会把 ${every} 个批次的梯度合成一步：请把批次放大 ${every} 倍`
    })
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

/** What is said of a single output: in a list, by the output's name, or as it stands. */
function only(value: unknown): unknown {
  if (Array.isArray(value)) return value[0]
  const object = asObject(value)
  const [one] = Object.values(object)
  return 'class_name' in object || one === undefined ? value : one
}

/**
 * Reads how a model was compiled.
 * @param compiled `compile_config` of Keras 3, or `training_config` of an `.h5` file; undefined where there is none
 * @param steps that the experiment will have
 */
export function readTraining(compiled: unknown, steps: number): ForeignTraining {
  const notes: Text[] = []
  const c = asObject(compiled)
  const { loss: given, loss_weights: weights, optimizer: how, optimizer_config: old } = c
  const loss = readLoss(only(given), notes)
  const weight = number(only(weights), 1)
  if (weight !== 1)
    notes.push({
      en: `the loss is not multiplied by ${weight}: multiply the learning rate of SGD by it`,
      zh: `损失不再乘以 ${weight}：SGD 请把学习率乘以它`
    })
  return { ...readOptimizer(how ?? old, steps, notes), ...(loss && { loss }), notes }
}
