import { sizeOf } from '../base/sizeOf'
import type { DataInfo } from '../catalog/datasets/types'
import { optimizers } from '../catalog/optimizers'
import { contextOf, fitting } from '../catalog/statistics/parts/fit'
import type { Source } from '../catalog/statistics/types'
import type { Problem } from '../base/problems'
import type { Plan } from './plan/types'
import type { Experiment } from './types'

/** Where the machine's memory isn't known. */
export const USUAL_MEMORY = 8e9
/**
 * What the trainer takes before it knows of a network, and the shares of it below, as measured with nets of 0.3 to 4
 * GB.
 */
const BASE = 0.4e9
const PER_VARIABLE = 7
const PER_OUTPUT = 6
/** As loaded, and once more as prepared. */
const PER_VALUE = 2
/** The system and the window need some too. */
const SHARE = 0.9

/** Main keeps the record and the window another; each grows by doubling, and a file is made of it. */
const RECORD_SHARE = 1 / 8
/** An array in the window holds 2 GB, and may have just doubled. */
const RECORD_MOST = 1e9
/** Values of a frame besides its columns: step, loss, metrics … */
const SCALARS = 8

/**
 * Bytes that training takes at its peak, roughly: weights and the optimizer's state with their gradients and copies;
 * outputs of all layers for one batch, and what else they keep for the way back, with their gradients.
 * @param examples per step
 */
export function memoryNeeded(plan: Plan, experiment: Experiment, examples: number): number {
  const slots = optimizers.find(experiment.training.optimizer.id)?.slots.length ?? 0
  const outputs = plan.layers.reduce(
    (sum, l) => sum + sizeOf(l.outputShape) + (l.kind.kept?.(l.params, l.inputShapes) ?? 0),
    0
  )
  return BASE + 4 * (PER_VARIABLE * plan.paramCount * (1 + slots) + PER_OUTPUT * examples * outputs)
}

const gigabytes = (bytes: number): string => (bytes / 1e9).toFixed(bytes < 1e10 ? 1 : 0)

/** Bytes that the examples take in the trainer. */
const dataMemory = (info: DataInfo): number =>
  4 * PER_VALUE * info.count * (sizeOf(info.inputShape) + sizeOf(info.targetShape))

/** What is wrong when training takes more memory than there is. @param memory bytes of the machine */
export function memoryProblem(
  plan: Plan,
  experiment: Experiment,
  trainCount: number,
  memory: number,
  info?: DataInfo
): Problem | undefined {
  const examples = experiment.training.batchSize || trainCount
  const data = info ? dataMemory(info) : 0
  const needed = memoryNeeded(plan, experiment, examples) + data
  if (needed <= SHARE * memory) return undefined
  const [n, m] = [gigabytes(needed), gigabytes(memory)]
  if (data > needed / 2)
    return {
      path: 'data.dataset',
      message: {
        en: `has ${info!.count.toLocaleString('en')} examples of ${info!.inputShape.join(' × ')} values; training on them takes about ${n} GB, and this machine has ${m} GB: take fewer examples or inputs`,
        zh: `有 ${info!.count.toLocaleString('en')} 个 ${info!.inputShape.join(' × ')} 的样本，训练约需 ${n} GB 内存，而本机只有 ${m} GB：请减少样本或输入`
      }
    }
  const weights = memoryNeeded(plan, experiment, 0)
  if (weights > needed / 2)
    return {
      path: 'network.nodes',
      message: {
        en: `has ${plan.paramCount.toLocaleString('en')} parameters; training it takes about ${n} GB, and this machine has ${m} GB: make layers narrower or fewer`,
        zh: `有 ${plan.paramCount.toLocaleString('en')} 个参数，训练约需 ${n} GB 内存，而本机只有 ${m} GB：请减小层宽或层数`
      }
    }
  return {
    path: 'training.batchSize',
    message: {
      en: `is ${examples.toLocaleString('en')}; with what all layers keep of so many examples training takes about ${n} GB, and this machine has ${m} GB: make batches smaller`,
      zh: `为 ${examples.toLocaleString('en')}；各层需为这些样本保留中间结果，训练约需 ${n} GB 内存，而本机只有 ${m} GB：请减小批大小`
    }
  }
}

/** Columns of a frame, roughly: no layer has more statistics than are counted here. */
export function columnsOf(plan: Plan): number {
  let count = 0
  for (const l of plan.layers) {
    const there = new Set<Source>(['activation', 'activationGradient'])
    if (l.activation) there.add('preActivation').add('preActivationGradient')
    if (l.weights.some((w) => w.role === 'kernel')) there.add('kernel').add('kernelGradient').add('kernelUpdate')
    if (l.weights.some((w) => w.role === 'bias')) there.add('bias').add('biasGradient')
    if (l.kind.fields['truncate']) there.add('stateGradient')
    for (const s of fitting(there, contextOf(l.activation))) count += s.perTime ? l.inputShapes[0]![0]! : 1
  }
  return count
}

const frameBytes = (plan: Plan): number => 4 * (columnsOf(plan) + SCALARS)
const roomFor = (memory: number): number => Math.min(RECORD_SHARE * memory, RECORD_MOST)

/** The smallest `record.every` whose record there is room for. @param memory bytes of the machine */
export const leastEvery = (plan: Plan, { training }: Experiment, memory = USUAL_MEMORY): number =>
  Math.ceil(training.steps / Math.max(1, Math.floor(roomFor(memory) / frameBytes(plan))))

/** What is wrong when the record of a run gets larger than there is room for. @param memory bytes of the machine */
export function recordProblem(plan: Plan, experiment: Experiment, memory: number): Problem | undefined {
  const { every } = experiment.record
  const frames = Math.ceil(experiment.training.steps / every)
  const [bytes, room] = [frames * frameBytes(plan), roomFor(memory)]
  if (bytes <= room) return undefined
  const count = (n: number): string => n.toLocaleString('en')
  const [values, least] = [count(frameBytes(plan) / 4), count(leastEvery(plan, experiment, memory))]
  const [n, m] = [gigabytes(bytes), gigabytes(room)]
  return {
    path: 'record.every',
    message: {
      en: `is ${every}: ${count(frames)} frames of ${values} values take ${n} GB, and on this machine the record of a run may take ${m} GB: record every ${least} steps, or train fewer`,
      zh: `为 ${every}：${count(frames)} 帧、每帧 ${values} 个值共 ${n} GB，而在本机上一次运行的记录最多占 ${m} GB：请每 ${least} 步记录一次，或减少步数`
    }
  }
}
