import { own, type Json } from '../../base/objects'
import type { Spec } from '../../base/params'
import type { Text } from '../../base/text'
import { text, type ForeignModel, type ForeignTraining } from '../foreign'
import type { NamedTensor, Tensors } from '../safetensors'
import { correctionOf } from '../state'
import { cosine, decaying, falling, fallingAt, taken, warmed, type Moves } from '../schedules'
import { number } from '../settings'

/** What `gradient_clinic.export` says of an optimizer, a loss or a schedule. */
export interface Told {
  name: string
  settings: Json
  alike?: boolean
  /** Steps that an optimizer has made. */
  step?: number
  /** Its weights have made different numbers of them. */
  uneven?: boolean
  /** Schedules that one of several is made of. */
  parts?: Told[]
}
type Loss = NonNullable<ForeignTraining['loss']>
const between = (v: number, low: number, high: number): number => Math.min(high, Math.max(low, v))
const plain = (name: string): string =>
  name
    .toLowerCase()
    .replace(/[^a-z0-9]/g, '')
    .replace(/loss$/, '')

const LOSSES: Record<string, Pick<Loss, 'from' | 'squashes'> & { id: string }> = {
  crossentropy: { id: 'softmaxCrossEntropy', from: 'logits', squashes: 'softmax' },
  nll: { id: 'softmaxCrossEntropy', from: 'logProbabilities', squashes: 'softmax' },
  bce: { id: 'sigmoidCrossEntropy', from: 'probabilities', squashes: 'sigmoid' },
  binarycrossentropy: { id: 'sigmoidCrossEntropy', from: 'probabilities', squashes: 'sigmoid' },
  bcewithlogits: { id: 'sigmoidCrossEntropy', from: 'logits', squashes: 'sigmoid' },
  binarycrossentropywithlogits: { id: 'sigmoidCrossEntropy', from: 'logits', squashes: 'sigmoid' },
  mse: { id: 'meanSquaredError', from: 'values' },
  l1: { id: 'meanAbsoluteError', from: 'values' },
  huber: { id: 'huber', from: 'values' },
  smoothl1: { id: 'huber', from: 'values' }
}

function lossOf({ name, settings: s }: Told, notes: Text[]): { loss?: Loss } {
  const key = plain(name)
  const known = own(LOSSES, key)
  if (!known) {
    notes.push({ en: `the loss “${name}” has no counterpart`, zh: `损失函数 “${name}” 没有对应项` })
    return {}
  }
  if (number(s.label_smoothing, 0) > 0) notes.push({ en: 'the smoothing of labels is left out', zh: '标签平滑被略去' })
  if (s.weighted === true)
    notes.push({ en: 'the weights of the loss’s classes are left out', zh: '损失的类别权重被略去' })
  if (number(s.ignore_index, -100) !== -100)
    notes.push({
      en: `examples of the class ${String(s.ignore_index)} are not left out of the loss: leave them out of the data`,
      zh: `损失不会跳过类别 ${String(s.ignore_index)} 的样本：请从数据中去掉`
    })
  if (s.reduction === 'sum')
    notes.push({ en: 'the loss is the mean over a batch here, not the sum', zh: '这里的损失是批次平均，而非总和' })
  const delta = number(s.delta ?? s.beta, 1)
  if (key === 'smoothl1' && delta !== 1)
    notes.push({
      en: `smooth L1 is Huber’s loss divided by β = ${delta}`,
      zh: `smooth L1 等于 Huber 损失除以 β = ${delta}`
    })
  const { id, from, squashes } = known
  return { loss: { spec: { id, ...(id === 'huber' && { delta }) }, from, ...(squashes && { squashes }) } }
}

function readOptimizer({ name, settings: s, alike }: Told, notes: Text[]): Spec {
  const left = (en: string, zh: string): void => void notes.push({ en, zh })
  const rate = { learningRate: between(number(s.initial_lr ?? s.lr, 0.001), 1e-8, 10) }
  const [beta1, beta2] = Array.isArray(s.betas) ? (s.betas as unknown[]) : []
  const adam = { ...rate, beta1: number(beta1, 0.9), beta2: number(beta2, 0.999), epsilon: number(s.eps, 1e-8) }
  const decays = number(s.weight_decay, 0) > 0
  if (alike === false)
    left('parameters have several groups of settings: those of the first are taken', '参数有多组设置：采用第一组')
  if (decays && name !== 'AdamW' && s.decoupled_weight_decay !== true)
    left(
      `the optimizer’s weight decay is left out: the remedy L2 with λ = ${number(s.weight_decay, 0) / 2} is the same for the kernels`,
      `优化器的权重衰减被略去：对策 L2 取 λ = ${number(s.weight_decay, 0) / 2} 对权重矩阵等价`
    )
  if (s.amsgrad === true) left('AMSGrad is left out', 'AMSGrad 被略去')
  if (s.maximize === true) left('it maximises; here the loss is minimised', '原为最大化；这里最小化损失')
  switch (name) {
    case 'SGD': {
      if (number(s.dampening, 0)) left('the dampening of the momentum is left out', '动量的阻尼被略去')
      const momentum = number(s.momentum, 0)
      return momentum > 0
        ? { id: 'momentum', ...rate, momentum, nesterov: s.nesterov === true }
        : { id: 'sgd', ...rate }
    }
    case 'Adam':
      return s.decoupled_weight_decay === true && decays
        ? { id: 'adamW', ...adam, weightDecay: s.weight_decay }
        : { id: 'adam', ...adam }
    case 'AdamW':
      return { id: 'adamW', ...adam, weightDecay: number(s.weight_decay, 0.01) }
    case 'NAdam':
      return { id: 'nadam', ...adam, decay: between(number(s.momentum_decay, 0.004), 0, 0.9999) }
    case 'RMSprop':
      left(
        'ε stands outside the root there; here its square stands under it, which is the same where ε is small',
        '原 ε 在根号外；这里其平方在根号内，ε 很小时两者相同'
      )
      if (number(s.momentum, 0) > 0 || s.centered === true)
        left('momentum and centring of RMSprop are left out', 'RMSprop 的动量与中心化被略去')
      return {
        id: 'rmsprop',
        ...rate,
        rho: number(s.alpha, 0.99),
        epsilon: between(number(s.eps, 1e-8) ** 2, 1e-16, 1)
      }
    case 'Adagrad':
      if (number(s.lr_decay, 0)) left('the decay of Adagrad’s rate is left out', 'Adagrad 的学习率衰减被略去')
      return { id: 'adagrad', ...rate, epsilon: number(s.eps, 1e-10) }
    case 'Adadelta':
      return { id: 'adadelta', ...rate, rho: number(s.rho, 0.9), epsilon: number(s.eps, 1e-6) }
    default:
      left(
        `the optimizer “${name}” has no counterpart: Adam takes its place`,
        `优化器 “${name}” 没有对应项：以 Adam 代替`
      )
      return { id: 'adam', ...rate }
  }
}

const COUNTED = text(
  'the schedule counts steps here, as if it were called once a step',
  '这里的调度按步计数，如同每步调用一次'
)
/** A schedule in our words. @param steps that it has. @returns undefined where none of ours says it */
function movesOf({ name, settings: s, parts }: Told, rate: number, steps: number): Moves | undefined {
  switch (name) {
    case 'CosineAnnealingLR':
      return cosine(number(s.eta_min, 0) / rate, number(s.T_max, steps), steps)
    case 'StepLR':
      return falling(number(s.gamma, 0.1), number(s.step_size, 100))
    case 'MultiStepLR':
      return fallingAt(number(s.gamma, 0.1), Array.isArray(s.milestones) ? s.milestones.map(Number) : [0])
    case 'ExponentialLR':
      return decaying(number(s.gamma, 1), 1)
    case 'LinearLR': {
      const length = climbOf({ name, settings: s })
      return length === undefined ? undefined : warmed(length, { schedule: { id: 'constant' }, notes: [] }, true)
    }
    case 'SequentialLR': {
      const [first, second, ...more] = parts ?? []
      const length = first && climbOf(first)
      const [from, ...later] = Array.isArray(s.milestones) ? s.milestones.map(Number) : []
      if (!second || more.length || later.length || length === undefined || from !== length) return undefined
      const found = movesOf(second, rate, steps - length)
      return found && warmed(length, found, true)
    }
    default:
      return undefined
  }
}
/** Steps of a climb to the whole rate by (step + 1)/steps; undefined for another one. */
function climbOf({ name, settings: s }: Told): number | undefined {
  const length = number(s.total_iters, 5) + 1
  const isOurs = Math.abs(number(s.start_factor, 1 / 3) * length - 1) < 1e-9 && number(s.end_factor, 1) === 1
  return name === 'LinearLR' && isOurs ? length : undefined
}
function readSchedule(
  told: Told,
  rate: number,
  steps: number,
  notes: Text[]
): Pick<ForeignTraining, 'schedule' | 'moved'> {
  const found = movesOf(told, rate, steps)
  if (found) notes.push(COUNTED)
  const moved = number(told.settings.last_epoch, 0) > 0
  return { ...taken(found, told.name, rate, notes), ...(moved && { moved }) }
}

/** Our slots by PyTorch's names of what its optimizers keep. */
const KEPT: Record<string, Record<string, string>> = {
  momentum: { velocity: 'momentum_buffer' },
  adam: { m: 'exp_avg', v: 'exp_avg_sq' },
  adamW: { m: 'exp_avg', v: 'exp_avg_sq' },
  nadam: { m: 'exp_avg', v: 'exp_avg_sq' },
  rmsprop: { meanSquare: 'square_avg' },
  adagrad: { sumOfSquares: 'sum' },
  adadelta: { meanSquare: 'square_avg', meanSquareStep: 'acc_delta' }
}

/**
 * The optimizer's state as `gradient_clinic.export` wrote it, and the way to it.
 * @param moment what the optimizer keeps of a weight, by both names in PyTorch
 */
export function readState(
  { name, settings: s, step = 0, uneven }: Told,
  optimizer: Spec,
  tensors: Tensors
): { state?: ForeignModel['state']; moment?: (slot: string, weight: string) => NamedTensor | undefined } {
  if (![...tensors.keys()].some((k) => k.startsWith('optimizer/'))) return {}
  const lost = (en: string, zh: string): { state: { lost: Text } } => ({ state: { lost: text(en, zh) } })
  const kept = KEPT[optimizer.id]
  if (
    plain(optimizer.id) !== plain(name) &&
    !(name === 'SGD' && kept) &&
    !(name === 'Adam' && optimizer.id === 'adamW')
  )
    return lost(`${name} has no counterpart`, `${name} 没有对应项`)
  if (!kept) return {}
  if (s.amsgrad === true || s.centered === true || (name === 'RMSprop' && number(s.momentum, 0) > 0))
    return lost('it keeps more than is kept here', '它保存的内容多于这里')
  if (uneven === true) return lost('its weights have made different numbers of steps', '各权重的步数不同')
  return {
    state: {
      steps: step,
      slots: Object.keys(kept),
      ...(optimizer.id === 'nadam' && { filled: correctionOf(optimizer, step) })
    },
    moment: (slot, weight) => tensors.get(`optimizer/${weight}/${kept[slot]}`)
  }
}

/** How a PyTorch model is trained. @param steps that the experiment will have */
export function readTraining(
  { optimizer: how, loss, schedule: moves }: { optimizer?: Told; loss?: Told; schedule?: Told },
  steps: number
): ForeignTraining {
  const notes: Text[] = []
  const optimizer = how && readOptimizer(how, notes)
  const rate = number(optimizer?.learningRate, 0.01)
  return {
    hooks: [],
    notes,
    ...(optimizer && { optimizer }),
    ...(moves && readSchedule(moves, rate, steps, notes)),
    ...(loss && lossOf(loss, notes))
  }
}
